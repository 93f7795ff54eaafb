"""deputy bulletin …: notices to groups, and who read them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zerodistance_client.bulletin_records import Notice
from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.reading import MOST_A_PAGE, All, Limit, gathered
from zerodistance_client.command.writing import Text, TextFile, draft

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

TheNotice = Annotated[str, typer.Argument(metavar="NOTICE", help="The notice's id, e.g. N-7K3M-9QXA-2B4C.")]
Title = Annotated[str, typer.Argument(metavar="TITLE", help="What it is about, in a line.")]
To = Annotated[
    list[str], typer.Option("--to", help="deputies, officers, managers, supervisors, body:ID, ward:GRID; may be repeated.")
]
Public = Annotated[bool, typer.Option("--public", help="Everyone may read it on the public page too.")]
RemindDays = Annotated[
    int | None, typer.Option("--remind-days", min=0, max=60, help="When who did not read it is reminded; 0: nobody.")
]
Attached = Annotated[list[Path] | None, typer.Option("--attach", exists=True, dir_okay=False, help="A file; may be repeated.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it is recorded. Asked for if not given.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Notices to groups, and who read them.")
    group.command("list")(list_notices)
    for command in (show, read, publish, readers, withdraw):
        group.command(command.__name__)(command)
    app.add_typer(group, name="bulletin")


def list_notices(ctx: typer.Context, limit: Limit = 25, every: All = False, as_json: Json = False) -> None:
    """List the notices that you may see, the newest first; those you have not read yet are marked."""
    from zerodistance_client.command.bulletin_display import notice_list
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        pages = server.notice_pages(page=MOST_A_PAGE if every else min(limit, MOST_A_PAGE))
        found, more = gathered(pages, None if every else limit)
    if as_json:
        return print_json({"items": [each.raw for each in found], "more": more})
    if not found:
        return here.say("no_notices")
    here.screen.print(notice_list(here, found))
    return here.say("more_notices") if more else None


def show(ctx: typer.Context, notice: TheNotice, as_json: Json = False) -> None:
    """Show a notice. To acknowledge it: deputy bulletin read NOTICE."""
    _with(ctx, as_json, lambda server: server.notice(notice), whole=True)


def read(ctx: typer.Context, notice: TheNotice, as_json: Json = False) -> None:
    """Show a notice and acknowledge that you read it."""
    _with(ctx, as_json, lambda server: server.read_notice(notice), whole=True)


def publish(
    ctx: typer.Context,
    title: Title,
    to: To,
    text: Text = "",
    file: TextFile = None,
    public: Public = False,
    remind_days: RemindDays = None,
    attach: Attached = None,
    as_json: Json = False,
) -> None:
    """Publish a notice. Everyone in the groups is told."""
    here = around(ctx, as_json)
    paper = draft(here, "bulletin publish", title)
    said = paper.text(text, file, beside=lambda: "")
    with here.server() as server, paper.sending(said):
        files = [server.upload(path) for path in attach or []]
        notice = server.publish_notice(title, said, to, public=public, remind_days=remind_days, files=files)
    _done(here, notice)


def readers(ctx: typer.Context, notice: TheNotice, as_json: Json = False) -> None:
    """Show who read a notice, and who did not."""
    from zerodistance_client.command.bulletin_display import reader_table
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        found = server.notice_readers(notice)
    return print_json(found.raw) if as_json else here.screen.print(reader_table(here, found))


def withdraw(ctx: typer.Context, notice: TheNotice, reason: Reason = "", as_json: Json = False) -> None:
    """Take a notice back."""
    why = around(ctx, as_json).asked(reason, "ask_reason", "--reason")
    _with(ctx, as_json, lambda server: server.withdraw_notice(notice, why))


def _with(ctx: typer.Context, as_json: bool, deed: "Callable[[ZeroDistance], Notice]", *, whole: bool = False) -> None:
    from zerodistance_client.command.bulletin_display import whole_notice

    here = around(ctx, as_json)
    with here.server() as server:
        notice = deed(server)
    return here.screen.print(whole_notice(here, notice)) if whole and not as_json else _done(here, notice)


def _done(here: Around, notice: Notice) -> None:
    from zerodistance_client.command.display import plain, print_json, shown_id

    if here.as_json:
        return print_json(notice.raw)
    return here.say("moved", id=shown_id(notice.id), status=plain(here.words.bulletin_term(notice.status)))
