"""deputy library …: what there is to learn, and how far one is."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zerodistance_client.bulletin_records import LibraryItem
from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.reading import MOST_A_PAGE, All, Limit, gathered
from zerodistance_client.command.writing import Text, TextFile, whole_text

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

TheItem = Annotated[str, typer.Argument(metavar="ITEM", help="The item's id, e.g. L-7K3M-9QXA-2B4C.")]
Title = Annotated[str, typer.Argument(metavar="TITLE", help="What it is called.")]
Url = Annotated[str, typer.Option("--url", help="Where it is found: an address that begins https://.")]
Topic = Annotated[str, typer.Option("--topic", help="What it belongs to, in a word.")]
Attached = Annotated[list[Path] | None, typer.Option("--attach", exists=True, dir_okay=False, help="A file; may be repeated.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it is recorded. Asked for if not given.")]
OfDeputy = Annotated[str, typer.Option("--deputy", help="Whose progress (for managers and supervisors).")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The learning library, and your progress.")
    group.command("list")(list_items)
    for command in (show, complete, progress, add, edit, retire):
        group.command(command.__name__)(command)
    app.add_typer(group, name="library")


def list_items(ctx: typer.Context, limit: Limit = 25, every: All = False, as_json: Json = False) -> None:
    """List what there is to learn, with your own progress."""
    from zerodistance_client.command.bulletin_display import item_list
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        pages = server.library_pages(page=MOST_A_PAGE if every else min(limit, MOST_A_PAGE))
        found, more = gathered(pages, None if every else limit)
    if as_json:
        return print_json({"items": [each.raw for each in found], "more": more})
    if not found:
        return here.say("nothing_to_learn")
    here.screen.print(item_list(here, found))
    return here.say("more_to_learn") if more else None


def show(ctx: typer.Context, item: TheItem, as_json: Json = False) -> None:
    """Show an item. For a deputy it counts as opened."""

    def looked(server: "ZeroDistance") -> LibraryItem:
        return server.open_library_item(item) if server.me().role == "deputy" else server.library_item(item)

    _with(ctx, as_json, looked, whole=True)


def complete(ctx: typer.Context, item: TheItem, as_json: Json = False) -> None:
    """Say that you learned it. It counts in your file, once."""
    _with(ctx, as_json, lambda server: server.complete_library_item(item))


def progress(ctx: typer.Context, deputy: OfDeputy = "", as_json: Json = False) -> None:
    """Show all that you, or a deputy, opened or completed."""
    from zerodistance_client.command.bulletin_display import progress_table
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        found = server.library_progress(deputy)
    return print_json(found.raw) if as_json else here.screen.print(progress_table(here, found))


def add(
    ctx: typer.Context,
    title: Title,
    text: Text = "",
    file: TextFile = None,
    url: Url = "",
    attach: Attached = None,
    topic: Topic = "",
    as_json: Json = False,
) -> None:
    """Add something to learn: a text, files (--attach), or a link (--url)."""
    said = text or (whole_text(file) if file else "")

    def added(server: "ZeroDistance") -> LibraryItem:
        if url:
            return server.add_link(title, url, text=said, topic=topic)
        if attach:
            return server.add_files(title, [server.upload(path) for path in attach], text=said, topic=topic)
        return server.add_text(title, said, topic=topic)

    _with(ctx, as_json, added)


def edit(
    ctx: typer.Context,
    item: TheItem,
    title: Title,
    text: Text = "",
    file: TextFile = None,
    url: Url = "",
    attach: Attached = None,
    topic: Topic = "",
    as_json: Json = False,
) -> None:
    """Replace what an item says, all of it."""
    said = text or (whole_text(file) if file else "")

    def edited(server: "ZeroDistance") -> LibraryItem:
        files = [server.upload(path) for path in attach or []]
        return server.edit_library_item(item, title, text=said, url=url, topic=topic, files=files)

    _with(ctx, as_json, edited)


def retire(ctx: typer.Context, item: TheItem, reason: Reason = "", as_json: Json = False) -> None:
    """Take an item out of the library. What was learned stays so."""
    why = around(ctx, as_json).asked(reason, "ask_reason", "--reason")
    _with(ctx, as_json, lambda server: server.retire_library_item(item, why))


def _with(ctx: typer.Context, as_json: bool, deed: "Callable[[ZeroDistance], LibraryItem]", *, whole: bool = False) -> None:
    from zerodistance_client.command.bulletin_display import whole_item

    here = around(ctx, as_json)
    with here.server() as server:
        item = deed(server)
    return here.screen.print(whole_item(here, item)) if whole and not as_json else _done(here, item)


def _done(here: Around, item: LibraryItem) -> None:
    from zerodistance_client.command.display import plain, print_json, shown_id

    if here.as_json:
        return print_json(item.raw)
    status = "completed" if item.completed_at else item.status
    return here.say("moved", id=shown_id(item.id), status=plain(here.words.bulletin_term(status)))
