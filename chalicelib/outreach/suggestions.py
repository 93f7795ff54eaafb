"""Who is told of what happens to deputies' suggestions: staff only. Residents hear of a document by their own case."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.directory.model import Directory
from chalicelib.outreach import staff
from chalicelib.outreach.model import Notice
from chalicelib.outreach.staff import Mailbox, Wording
from chalicelib.spine.chain import Entry
from chalicelib.suggestions.model import Suggestion

Found = Callable[[Suggestion, Entry, Directory], Iterator[Mailbox]]

_END: Final = "\n\ndeputy suggestions show {id}"
CLASSES: Final = {
    "solved": "已经解决", "in_progress": "正在解决", "planned": "列入计划", "for_reference": "留作参考", "cannot": "无法解决",
}  # fmt: skip
GRADES: Final = {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}


def _deputies(suggestion: Suggestion, _: Entry, directory: Directory) -> Iterator[Mailbox]:
    return staff.deputies(directory, suggestion.deputies)


def _lead(suggestion: Suggestion, _: Entry, directory: Directory) -> Iterator[Mailbox]:
    return staff.deputies(directory, [suggestion.deputy])


def _named(field: str) -> Found:
    return lambda _, entry, directory: staff.deputies(directory, entry.data.get(field, ()))


def _bodies(suggestion: Suggestion, _: Entry, directory: Directory) -> Iterator[Mailbox]:
    for body in suggestion.bodies:
        yield from staff.body(directory, body)


def _head(suggestion: Suggestion, _: Entry, directory: Directory) -> Iterator[Mailbox]:
    return staff.head(directory, suggestion.body)


def _manager(_: Suggestion, __: Entry, directory: Directory) -> Iterator[Mailbox]:
    return staff.having(directory, "manager")


def _reminded(suggestion: Suggestion, entry: Entry, directory: Directory) -> Iterator[Mailbox]:
    """Whose turn it is: the body's to reply, the deputy's to evaluate."""
    if entry.data.get("step") == "evaluate":
        return _lead(suggestion, entry, directory)
    return _bodies(suggestion, entry, directory)


def _above(suggestion: Suggestion, entry: Entry, directory: Directory) -> Iterator[Mailbox]:
    """The rung says whom: the head of the body, then the manager."""
    return (_head if entry.data.get("to") == "head" else _manager)(suggestion, entry, directory)


TOLD: Final[Mapping[str, tuple[Found, ...]]] = {
    "suggestion.invited": (_named("deputies"),),
    "suggestion.cosigned": (_lead,),
    "suggestion.declined": (_lead,),
    "suggestion.edited": (_named("unsigned"),),  # whose signature was for other words
    "suggestion.submitted": (_manager,),
    "suggestion.accepted": (_deputies,),
    "suggestion.returned": (_deputies,),
    "suggestion.merged": (_deputies,),
    "suggestion.absorbed": (_deputies,),
    "suggestion.assigned": (_bodies, _deputies),
    "suggestion.interim_replied": (_deputies,),
    "suggestion.extension_asked": (_manager,),
    "suggestion.extended": (_bodies, _deputies),
    "suggestion.extension_refused": (_bodies,),
    "suggestion.replied": (_deputies, _manager),
    "suggestion.evaluated": (_bodies, _manager),
    "suggestion.sent_back": (_bodies,),
    "suggestion.documented": (_deputies, _bodies),
    "suggestion.handed_over": (_deputies,),
    "suggestion.reminded": (_reminded,),
    "suggestion.breached": (_bodies, _head, _manager, _deputies),
    "suggestion.escalated": (_above,),
}

# fact → subject, text, short form for a chat; no resident's words are in them
TEXTS: Final[Mapping[str, Wording]] = {
    "suggestion.invited": Wording("请您联名：{title}", "{lead}代表邀请您联名提出建议“{title}”。请阅读全文后联名或谢绝。", "邀请联名：{title}"),
    "suggestion.cosigned": Wording("已联名：{title}", "{deputy}代表已联名您的建议“{title}”。", "{deputy}代表已联名：{title}"),
    "suggestion.declined": Wording("未联名：{title}", "{deputy}代表没有联名您的建议“{title}”。", "{deputy}代表未联名：{title}"),
    "suggestion.edited": Wording("请重新联名：{title}", "您联名的建议“{title}”内容有改动，原签名不再有效，请重新确认。", "内容有改动，请重新联名：{title}"),
    "suggestion.submitted": Wording("待审核建议：{title}", "{lead}代表提交了建议“{title}”，请审核。", "待审核建议：{title}"),
    "suggestion.accepted": Wording("建议已立案：{title}", "建议“{title}”已立案，编号{number}，即日起公开。", "建议已立案（{number}）：{title}"),
    "suggestion.returned": Wording("建议退回：{title}", "建议“{title}”已退回修改，原因：{reason}", "建议退回：{title}"),
    "suggestion.merged": Wording("建议并案：{title}", "建议“{title}”已与同类建议并案办理，原因：{reason}", "建议并案：{title}"),
    "suggestion.absorbed": Wording("建议并入：{title}", "另一件同类建议已并入“{title}”，提出该建议的代表列为联名代表。", "有建议并入：{title}"),
    "suggestion.assigned": Wording("建议交办：{title}", "建议“{title}”（{number}）交由{bodies}办理，答复时限 {due}。", "建议交办：{title}，{bodies}，{due}前答复"),
    "suggestion.interim_replied": Wording("办理进展：{title}", "建议“{title}”（{number}）有阶段性答复。", "建议有阶段性答复：{title}"),
    "suggestion.extension_asked": Wording("申请延期：{title}", "{bodies}申请将建议“{title}”的答复延期至 {until}，原因：{reason}", "申请延期至{until}：{title}"),
    "suggestion.extended": Wording("同意延期：{title}", "建议“{title}”的答复时限延至 {due}。", "同意延期：{title}，{due}前答复"),
    "suggestion.extension_refused": Wording("不同意延期：{title}", "建议“{title}”的延期申请未获同意，原因：{reason}。答复时限仍为 {due}。", "不同意延期：{title}，{due}前答复"),
    "suggestion.replied": Wording("建议已答复：{title}", "{bodies}已答复建议“{title}”（{number}），类别：{kind}。请代表评价办理态度和办理结果。", "建议已答复（{kind}）：{title}"),
    "suggestion.evaluated": Wording("代表已评价：{title}", "代表对建议“{title}”（{number}）的评价：办理态度{attitude}，办理结果{result}。", "代表评价：态度{attitude}，结果{result}：{title}"),
    "suggestion.sent_back": Wording("重新办理：{title}", "代表对建议“{title}”（{number}）的办理结果不满意，请重新办理，答复时限 {due}。", "重新办理：{title}，{due}前答复"),
    "suggestion.documented": Wording("建议促成文件：{title}", "建议“{title}”（{number}）促成了《{document}》。有关居民将逐一得到告知。", "建议促成《{document}》：{title}"),
    "suggestion.handed_over": Wording("建议改由他人领衔：{title}", "建议“{title}”现由{lead}代表领衔，原因：{reason}", "建议改由{lead}代表领衔：{title}"),
    "suggestion.reminded": Wording("待办提醒：{title}", "建议“{title}”（{number}）等待您{what}。", "建议等待{what}：{title}"),
    "suggestion.breached": Wording("答复超时：{title}", "建议“{title}”（{number}，{bodies}）已超过答复时限 {due}，超时已记录并公开。", "建议答复超时：{title}（{bodies}），时限{due}"),
    "suggestion.escalated": Wording("超时上报：{title}", "建议“{title}”（{number}，{bodies}）超过答复时限 {due} 后仍未答复，现上报，请督促。", "超时上报：{title}（{bodies}），时限{due}"),
}  # fmt: skip


def notices(entry: Entry, suggestion: Suggestion, directory: Directory) -> Iterator[Notice]:
    """All notices of this fact."""
    fact = f"{entry.kind}.{entry.type}"
    wording = TEXTS[fact]
    full = Wording(wording.subject, wording.text + _END, wording.short)
    return staff.notices(full, values(entry, suggestion, directory), *(who(suggestion, entry, directory) for who in TOLD[fact]))


def values(entry: Entry, suggestion: Suggestion, directory: Directory) -> dict[str, str]:
    """What a text may name."""
    data, due = entry.data, _due(entry, suggestion)
    bodies = [body.name_zh for body in map(directory.body, suggestion.bodies) if body]
    return {
        "id": suggestion.id,
        "title": suggestion.title,
        "number": f"{suggestion.year}年第{suggestion.number}号" if suggestion.number else "未编号",
        "lead": _deputy(directory, suggestion.deputy),
        "deputy": _deputy(directory, _text(data, "deputy")),
        "bodies": "、".join(bodies),
        "reason": _text(data, "reason"),
        "until": _text(data, "until"),
        "due": f"{due.astimezone(directory.calendar_for().zone):%Y-%m-%d}" if due else "待定",
        "kind": CLASSES.get(_text(data, "class"), ""),
        "attitude": GRADES.get(_text(data, "attitude"), ""),
        "result": GRADES.get(_text(data, "result"), ""),
        "document": _text(data, "title"),
        "what": "评价答复" if data.get("step") == "evaluate" else "答复，时限将至",
    }


def _due(entry: Entry, suggestion: Suggestion) -> datetime | None:
    """When the reply falls due, as the fact says; else as it stands now."""
    said = _text(entry.data, "due_at")
    return datetime.fromisoformat(said) if said else suggestion.clock.due_at if suggestion.clock else None


def _deputy(directory: Directory, id: str) -> str:
    found = directory.deputy(id)
    return found.name_zh if found else ""


def _text(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "")
