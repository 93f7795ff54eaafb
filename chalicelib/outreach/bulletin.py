"""The words of a notice to those whom it goes to. Whom that is, the bulletin says, some at a time."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from chalicelib.bulletin.model import Notice
from chalicelib.directory.model import Directory
from chalicelib.outreach import model, staff
from chalicelib.outreach.staff import Wording
from chalicelib.spine.chain import Entry

_READ: Final = "\n\n请确认已读：deputy bulletin read {id}"
TEXTS: Final[Mapping[str, Wording]] = {
    "published": Wording("通知：{title}", "{text}" + _READ, "通知：{title}"),
    "reminded": Wording("请查阅通知：{title}", "您还没有确认已读这份通知：\n\n{text}" + _READ, "请查阅通知：{title}"),
}


def notices(entry: Entry, notice: Notice, users: Iterable[str], directory: Directory) -> Iterator[model.Notice]:
    """One mail to each of these users who has an address; of facts that are not told, none."""
    wording = TEXTS.get(entry.type)
    if wording and notice.status == "published":
        values = {"id": notice.id, "title": notice.title, "text": notice.text}
        yield from staff.notices(wording, values, staff.persons(directory, users))
