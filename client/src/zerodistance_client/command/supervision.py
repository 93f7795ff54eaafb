"""deputy supervision …: notices to bodies, what they did about it, and looks on the spot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zerodistance_client.command import appraisals
from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.reading import MOST_A_PAGE, All, Limit, gathered
from zerodistance_client.command.writing import Draft, Text, TextFile, draft
from zerodistance_client.supervision_records import Supervision

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

TheItem = Annotated[str, typer.Argument(metavar="ITEM", help="The item's id, e.g. V-7K3M-9QXA-2B4C.")]
Which = Annotated[
    Literal["opened", "due", "verify", "passed", "all"],
    typer.Option("--list", help="What waits for a notice, the body, deputies who look, the last word; or all, newest first."),
]
Body = Annotated[str, typer.Argument(metavar="BODY", help="The id of the body that is to set it right.")]
BodyOption = Annotated[str, typer.Option("--body", help="The body, where the item has none yet.")]
Title = Annotated[str, typer.Option("--title", "-t", help="In a few words; public once it is overdue. Asked for if not given.")]
Category = Annotated[str, typer.Option("--category", help="The id of its category.")]
Of = Annotated[str, typer.Option("--of", help="The case, demand or suggestion that it is about.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it becomes part of the item. Asked for if not given.")]
Papers = Annotated[
    list[Path] | None, typer.Option("--attach", "-a", exists=True, help="A file that shows it. May be repeated.")
]
Pictures = Annotated[list[Path], typer.Option("--picture", "-p", exists=True, help="A picture of the spot. May be repeated.")]
At = Annotated[tuple[float, float], typer.Option("--at", help="Where you stood: latitude and longitude in degrees.")]
Passes = Annotated[bool, typer.Option("--pass/--fail", help="Whether it is set right.")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this section."""
    group = typer.Typer(no_args_is_help=True, help="Oversight: what was promised and not kept.")
    group.command("list")(list_items)
    group.command("open")(open_item)
    for command in (show, notice, rectify, verify, close, drop):
        group.command(command.__name__)(command)
    app.add_typer(group, name="supervision")
    appraisals.add_to(app)


def list_items(ctx: typer.Context, which: Which = "due", limit: Limit = 25, every: All = False, as_json: Json = False) -> None:
    """List items; an officer sees those of their body, whatever list is asked for."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.supervision_display import item_list

    here = around(ctx, as_json)
    with here.server() as server:
        pages = server.supervision_pages(list=which, page=MOST_A_PAGE if every else min(limit, MOST_A_PAGE))
        found, more = gathered(pages, None if every else limit)
    if as_json:
        return print_json({"items": [item.raw for item in found], "more": more})
    if not found:
        return here.say("nothing_waits")
    here.screen.print(item_list(here, found))
    return here.say("more_items") if more else None


def show(ctx: typer.Context, item: TheItem, as_json: Json = False) -> None:
    """Show an item: what it is about, the date, what was done, who looked, what happened, what can be done."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.supervision_display import whole_item

    here = around(ctx, as_json)
    with here.server() as server:
        got = server.supervision(item)
    return print_json(got.raw) if as_json else here.screen.print(whole_item(here, got))


def open_item(
    ctx: typer.Context, body: Body, text: Text = "", title: Title = "", category: Category = "", of: Of = "",
    file: TextFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Open an item by hand: who is to set what right."""
    here = around(ctx, as_json)
    called = here.asked(title, "ask_public_title", "--title")
    paper = draft(here, "supervision open", "", body, "--title", called)
    said = paper.text(text, file, beside=lambda: "")
    with here.server() as server, paper.sending(said):
        _done(here, server.open_supervision(called, body, said, category=category, of=of))


def notice(
    ctx: typer.Context, item: TheItem, text: Text = "", body: BodyOption = "", file: TextFile = None, as_json: Json = False
) -> None:
    """Give the body notice; from now its date runs."""
    paper = draft(around(ctx, as_json), "supervision notice", item, *(("--body", body) if body else ()))
    _written(paper, (text, file), lambda server, said, _: server.give_notice(item, said, body=body))


def rectify(
    ctx: typer.Context, item: TheItem, text: Text = "", attach: Papers = None, file: TextFile = None, as_json: Json = False
) -> None:
    """Show what your body did, with files."""
    files = Sent("--attach", "document", tuple(attach or ()))
    paper = draft(around(ctx, as_json), "supervision rectify", item, *files.options)
    _written(paper, (text, file), lambda server, said, ids: server.rectify(item, said, ids), files)


def verify(
    ctx: typer.Context, item: TheItem, at: At, picture: Pictures, passes: Passes, text: Text = "", file: TextFile = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Say what you saw on the spot, with pictures. Two deputies pass it, or it begins again."""
    lat, lon = at
    files = Sent("--picture", "photo", tuple(picture))
    again = ("--pass" if passes else "--fail", "--at", str(lat), str(lon), *files.options)
    paper = draft(around(ctx, as_json), "supervision verify", item, *again)
    _written(paper, (text, file), lambda server, said, ids: server.verify_on_site(item, passes, said, lat, lon, ids), files)


def close(ctx: typer.Context, item: TheItem, as_json: Json = False) -> None:
    """Close what has passed."""
    here = around(ctx, as_json)
    with here.server() as server:
        _done(here, server.close_supervision(item))


def drop(ctx: typer.Context, item: TheItem, reason: Reason = "", as_json: Json = False) -> None:
    """Say why it was no matter for supervision."""
    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        _done(here, server.drop_supervision(item, why))


@dataclass(frozen=True)
class Sent:
    """Files that go along with a move: by which option they were named, what they are for, where they lie."""

    option: str = ""
    purpose: str = ""
    paths: tuple[Path, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """The options that send the same once more."""
        return tuple(word for path in self.paths for word in (self.option, str(path)))

    def ids(self, server: "ZeroDistance") -> list[str]:
        """Send them; the ids that stand for them."""
        return [server.upload(path, self.purpose) for path in self.paths]


Deed = Callable[["ZeroDistance", str, Sequence[str]], Supervision]


def _written(paper: Draft, given: tuple[str, typer.FileText | None], deed: Deed, files: Sent | None = None) -> None:
    """A move with a text that the person gives, or writes with the item before their eyes; its files are sent first."""
    from zerodistance_client.command.display import on_paper
    from zerodistance_client.command.supervision_display import whole_item

    here = paper.here
    with here.server() as server:
        text = paper.text(*given, beside=lambda: on_paper(whole_item(here, server.supervision(paper.case))))
        with paper.sending(text):
            got = deed(server, text, files.ids(server) if files else [])
    _done(here, got)


def _done(here: Around, item: Supervision) -> None:
    """Tell how the item stands after a move."""
    from zerodistance_client.command.display import plain, possible, print_json, shown_id
    from zerodistance_client.command.supervision_display import term

    if here.as_json:
        return print_json(item.raw)
    here.say("moved", id=shown_id(item.id), status=plain(term(here, item.status)))
    return here.screen.print(possible(here, item.moves), soft_wrap=True)
