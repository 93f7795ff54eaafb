"""Who is told of what happens under supervision and of appraisals: staff only, and never what stands on a ballot."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from chalicelib.directory.model import Directory
from chalicelib.outreach import staff
from chalicelib.outreach.model import Notice
from chalicelib.outreach.staff import Mailbox, Wording
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from chalicelib.supervision.appraisal import Appraisal
from chalicelib.supervision.model import Item

# Whom a fact concerns, in words of the field.
TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "supervision.opened": ("manager", "supervisor"),
    "supervision.noticed": ("body", "head"),
    "supervision.reminded": ("body",),
    "supervision.breached": ("body", "head", "supervisor"),
    "supervision.escalated": ("head", "manager", "supervisor"),
    "supervision.rectified": ("deputy", "manager", "supervisor"),
    "supervision.failed": ("body", "head", "supervisor"),
    "supervision.passed": ("body", "manager", "supervisor"),
    "supervision.closed": ("body",),
    "appraisal.opened": ("deputies",),
    "appraisal.sealed": ("deputies",),
    "appraisal.published": ("deputies", "manager", "supervisor"),
    "appraisal.cancelled": ("deputies",),
}

_SHOW: Final = "\n\ndeputy supervision show {id}"
TEXTS: Final[Mapping[str, Wording]] = {
    "supervision.opened": Wording(
        "新的监督事项：{what}", "{body}：{what}（{why}）。请审核并发出整改通知。" + _SHOW, "新的监督事项：{what}"
    ),
    "supervision.noticed": Wording(
        "整改通知：{what}",
        "人大代表对贵单位发出整改通知：{what}。\n{text}\n整改期限：{until}。" + _SHOW,
        "整改通知：{what}，期限{until}",
    ),
    "supervision.reminded": Wording(
        "整改即将到期：{what}", "监督事项“{what}”应于 {until} 前完成整改，尚未提交。" + _SHOW, "整改即将到期：{what}（{until}）"
    ),
    "supervision.breached": Wording(
        "整改逾期：{what}",
        "{body}未在 {until} 前完成监督事项“{what}”的整改，已列入公开逾期名单。" + _SHOW,
        "整改逾期：{what}，已公开",
    ),
    "supervision.escalated": Wording(
        "整改逾期仍未提交：{what}", "{body}的监督事项“{what}”逾期后仍未提交整改情况。" + _SHOW, "整改仍未提交：{what}"
    ),
    "supervision.rectified": Wording(
        "请现场核查：{what}",
        "{body}已提交监督事项“{what}”的整改情况，需两名代表到现场核查。" + _SHOW,
        "请现场核查：{what}",
    ),
    "supervision.failed": Wording(
        "核查未通过：{what}", "监督事项“{what}”现场核查未通过（第 {failures} 次），请重新整改，期限 {until}。" + _SHOW,
        "核查未通过：{what}，期限{until}",
    ),
    "supervision.passed": Wording(
        "核查通过：{what}", "监督事项“{what}”经两名代表现场核查通过，等待销号。" + _SHOW, "核查通过：{what}"
    ),
    "supervision.closed": Wording("监督事项已办结：{what}", "监督事项“{what}”已办结。" + _SHOW, "监督事项已办结：{what}"),
    "appraisal.opened": Wording(
        "评议开始：{title}",
        "请在 {until} 前填好选票并盖章：deputy appraisals form {id}，再 deputy appraisals seal {id} 选票.csv。"
        "信封平台无法读取；盖章每人一次。{opens} 起凭盖章的选票投票，不需登录。",
        "评议开始：{title}，{until}前盖章",
    ),
    "appraisal.sealed": Wording(
        "票箱已开：{title}", "请在 {closes} 前投出已盖章的选票：deputy appraisals cast {id}。投票不需登录。",
        "票箱已开：{title}，{closes}前投票",
    ),
    "appraisal.published": Wording(
        "评议结果：{title}", "{title}计票完成，投票 {cast} 张。结果：{link}", "评议结果：{title} {link}"
    ),
    "appraisal.cancelled": Wording("评议取消：{title}", "{title}已取消：{reason}", "评议取消：{title}"),
}  # fmt: skip
WHY: Final[Mapping[str, str]] = {
    "by_hand": "人工提出",
    "breach": "承诺逾期，督办到头仍未兑现",
    "dissatisfied": "对建议答复两次不满意",
    "breaches": "共同诉求多件逾期",
}

_WHOM: Final[Mapping[str, Callable[[Item, Directory], Iterable[Mailbox]]]] = {
    "body": lambda item, directory: staff.body(directory, item.body),
    "head": lambda item, directory: staff.head(directory, item.body),
    "deputy": lambda item, directory: staff.deputies(directory, [item.deputy]),
    "manager": lambda _, directory: staff.having(directory, "manager"),
    "supervisor": lambda _, directory: staff.having(directory, "supervisor"),
}


def of_item(entry: Entry, item: Item, directory: Directory) -> Iterator[Notice]:
    """All notices of a fact of an item. A body hears nothing of what it never had notice of."""
    fact = f"{entry.kind}.{entry.type}"
    whom = [who for who in TOLD[fact] if who not in ("body", "head") or item.clock]
    return staff.notices(TEXTS[fact], item_values(entry, item, directory), *(_WHOM[who](item, directory) for who in whom))


def item_values(entry: Entry, item: Item, directory: Directory) -> dict[str, str]:
    """What a text may name."""
    body, category = directory.body(item.body), directory.category(item.category)
    named = category.name_zh if category else "未分类"
    due = entry.data.get("until") or entry.data.get("due_at")
    return {
        "id": item.id,
        "what": item.title or f"{named}（{WHY[item.cause]}）",
        "why": WHY[item.cause],
        "body": body.name_zh if body else "（未定）",
        "text": str(entry.data.get("text", "")),
        "until": _local(datetime.fromisoformat(str(due))) if due else "",
        "failures": str(item.failures),
    }


def of_appraisal(entry: Entry, appraisal: Appraisal, directory: Directory) -> Iterator[Notice]:
    """All notices of a fact of an appraisal: the deputies are all told, as nobody knows who has cast a ballot."""
    fact = f"{entry.kind}.{entry.type}"
    whom = {
        "deputies": lambda: staff.having(directory, "deputy"),
        "manager": lambda: staff.having(directory, "manager"),
        "supervisor": lambda: staff.having(directory, "supervisor"),
    }
    return staff.notices(TEXTS[fact], appraisal_values(entry, appraisal), *(whom[who]() for who in TOLD[fact]))


def appraisal_values(entry: Entry, appraisal: Appraisal) -> dict[str, str]:
    """What a text may name."""
    return {
        "id": appraisal.id,
        "title": appraisal.title,
        "until": _local(appraisal.seals_at),
        "opens": _local(appraisal.seals_at),
        "closes": _local(appraisal.closes_at),
        "cast": str(appraisal.cast),
        "reason": str(entry.data.get("reason", "")),
        "link": f"{settings.base_url}/open/appraisals/{appraisal.id}",
    }


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(settings.zone):%m月%d日 %H:%M}"
