"""How notices and the learning library look on a terminal."""

from collections.abc import Iterable
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zerodistance_client.bulletin_records import Attachment, ItemSummary, LibraryItem, Notice, NoticeSummary, Progress, Readers
from zerodistance_client.command.around import Around
from zerodistance_client.command.display import plain, possible, shown_id


def _two_columns() -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    return table


def notice_list(here: Around, notices: Iterable[NoticeSummary]) -> Table:
    """Notices, the newest first, two lines each; what is yours and not read yet stands out."""
    table = _two_columns()
    for notice in notices:
        which = Text.assemble((shown_id(notice.id), "bold"), "\n", _standing(here, notice))
        table.add_row(which, Text.assemble(plain(notice.title), "\n", (_facts(here, notice), "dim")))
    return table


def _standing(here: Around, notice: NoticeSummary) -> tuple[str, str]:
    if notice.status != "published":
        return plain(here.words.bulletin_term(notice.status)), "dim"
    if not notice.mine:
        return "", ""
    return (here.words("you_read_it"), "dim") if notice.read_at else (here.words("not_read_yet"), "bold yellow")


def _facts(here: Around, notice: NoticeSummary) -> str:
    when = here.local(notice.published_at) if notice.published_at else ""
    public = here.words("everyones") if notice.public else ""
    facts = (when, ", ".join(notice.groups), public, here.words("so_many_read", reads=notice.reads))
    return " · ".join(plain(fact) for fact in facts if fact)


def whole_notice(here: Around, notice: Notice) -> Group:
    """A notice in full, and what can be done."""
    head = Text.assemble((shown_id(notice.id), "bold"), f"  {plain(notice.title)}\n", (_facts(here, notice), "dim"))
    parts: list[RenderableType] = [head, "", Padding(Text(plain(notice.text)), (0, 0, 0, 2)), ""]
    parts += _files(notice.files)
    if notice.read_at:
        parts.append(Text(here.words("you_read_at", at=here.local(notice.read_at)), style="dim"))
    return Group(*parts, possible(here, notice.moves))


def _files(files: Iterable[Attachment]) -> list[RenderableType]:
    return [Text(f"  {plain(file.name)}  {plain(file.url)}", overflow="fold") for file in files]


def reader_table(here: Around, readers: Readers) -> Table:
    """Who did not read it yet, then who did and when."""
    table = Table.grid(padding=(0, 2))
    for reader in (*readers.unread, *readers.read):
        when = here.local(reader.at) if reader.at else here.words("not_read_yet")
        table.add_row(plain(reader.username), plain(reader.name), Text(when, style="" if reader.at else "bold yellow"))
    return table


def item_list(here: Around, items: Iterable[ItemSummary]) -> Table:
    """The library, the newest first, two lines each, with one's own progress."""
    table = _two_columns()
    for item in items:
        which = Text.assemble((shown_id(item.id), "bold"), "\n", (_progress(here, item.opened_at, item.completed_at), "dim"))
        facts = (here.words.bulletin_term(item.form), item.topic, here.words("so_many_learned", learned=item.learned))
        table.add_row(which, Text.assemble(plain(item.title), "\n", (" · ".join(plain(f) for f in facts if f), "dim")))
    return table


def _progress(here: Around, opened: datetime | None, completed: datetime | None) -> str:
    return here.words.bulletin_term("completed" if completed else "opened") if completed or opened else ""


def whole_item(here: Around, item: LibraryItem) -> Group:
    """An item in full, and what can be done."""
    head = Text.assemble((shown_id(item.id), "bold"), f"  {plain(item.title)}")
    parts: list[RenderableType] = [head, ""]
    if item.text:
        parts += [Padding(Text(plain(item.text)), (0, 0, 0, 2)), ""]
    if item.url:
        parts += [Text(f"  {plain(item.url)}", overflow="fold"), ""]
    return Group(*parts, *_files(item.files), possible(here, item.moves))


def progress_table(here: Around, progress: Progress) -> Table:
    """What a deputy opened and completed, and when."""
    table = Table.grid(padding=(0, 2))
    for learned in progress.items:
        at = learned.completed_at or learned.opened_at
        word = _progress(here, learned.opened_at, learned.completed_at)
        table.add_row(shown_id(learned.item), plain(word), here.local(at) if at else "")
    return table
