"""Who is told of what happens to performance records: those whose turn it is. What the platform makes nobody is written to."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from chalicelib.directory.model import Directory
from chalicelib.outreach import staff
from chalicelib.outreach.model import Notice
from chalicelib.outreach.staff import Mailbox, Wording
from chalicelib.performance.model import Record
from chalicelib.spine.chain import Entry

Found = Callable[[Record, Directory], Iterator[Mailbox]]

_END: Final = "\n\ndeputy performance show {id}"


def _deputy(record: Record, directory: Directory) -> Iterator[Mailbox]:
    return staff.deputies(directory, [record.deputy])


def _manager(_: Record, directory: Directory) -> Iterator[Mailbox]:
    return staff.having(directory, "manager")


def _deciders(record: Record, directory: Directory) -> Iterator[Mailbox]:
    """Whoever may decide an appeal, without the one whose decision it is about."""
    may = ("manager", "supervisor")
    names = [user.username for user in directory.users if user.role in may and user.username != record.returned_by]
    return staff.persons(directory, names)


TOLD: Final[Mapping[str, Found]] = {
    "record.submitted": _manager,
    "record.returned": _deputy,
    "record.appealed": _deciders,
    "record.upheld": _deputy,
    "record.overturned": _deputy,
}

TEXTS: Final[Mapping[str, Wording]] = {
    "record.submitted": Wording(
        "履职记录待审核：{deputy}", "{deputy}代表提交了一条履职记录（{kind}，{day}），请审核。" + _END,
        "{deputy}代表的履职记录待审核"
    ),
    "record.returned": Wording(
        "履职记录被退回", "您{day}的履职记录（{kind}）被退回，原因：{reason}\n可以修改后重新提交，也可以申诉。" + _END,
        "履职记录被退回"
    ),
    "record.appealed": Wording(
        "履职记录申诉：{deputy}", "{deputy}代表对{day}的履职记录（{kind}）被退回提出申诉：{reason}\n请作出决定。" + _END,
        "履职记录申诉待决定"
    ),
    "record.upheld": Wording(
        "申诉结果：维持退回", "您{day}的履职记录（{kind}）的申诉未获支持，原因：{reason}" + _END, "履职记录申诉：维持退回"
    ),
    "record.overturned": Wording(
        "申诉结果：申诉成立", "您{day}的履职记录（{kind}）申诉成立，已计入履职档案：{reason}" + _END, "履职记录申诉成立"
    ),
}  # fmt: skip


def notices(entry: Entry, record: Record, directory: Directory) -> Iterator[Notice]:
    """All notices of this fact."""
    fact = f"{entry.kind}.{entry.type}"
    return staff.notices(TEXTS[fact], _values(entry, record, directory), TOLD[fact](record, directory))


def _values(entry: Entry, record: Record, directory: Directory) -> dict[str, str]:
    deputy, kind = directory.deputy(record.deputy), directory.record_kind(record.category)
    return {
        "id": record.id,
        "deputy": deputy.name_zh if deputy else record.deputy,
        "kind": kind.name_zh if kind else record.category,
        "day": record.day,
        "reason": str(entry.data.get("reason", "")),
    }
