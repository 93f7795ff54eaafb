"""How items of supervision and appraisals look on a terminal."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zerodistance_client.ballots import GRADES
from zerodistance_client.command.around import Around
from zerodistance_client.command.display import plain, possible, shown_id, timeline
from zerodistance_client.supervision_records import Appraisal, Supervision, SupervisionSummary

# The API's words, in Chinese. English shows them as they are.
TERMS: Final[Mapping[str, str]] = {
    "opened": "已立项", "noticed": "整改中", "rectified": "待核查", "verified": "现场核查", "passed": "核查通过",
    "failed": "核查未通过", "closed": "已办结", "reminded": "已提醒", "breached": "逾期", "escalated": "已上报",
    "by_hand": "人工提出", "breach": "承诺逾期", "dissatisfied": "不满意", "breaches": "多件逾期",
    "called": "已发起", "sealed": "投票中", "published": "已公布", "cancelled": "已取消",
    "promises": "履行承诺", "results": "办理实效", "attitude": "办理态度", "satisfied": "满意", "basically": "基本满意",
}  # fmt: skip
APPRAISAL_TERMS: Final[Mapping[str, str]] = {"opened": "盖章中", "closed": "已闭箱"}


def term(here: Around, word: str) -> str:
    """A state, fact or cause in the reader's language."""
    return TERMS.get(word) or here.words.term(word) if here.words.language == "zh" else word


def appraisal_term(here: Around, word: str) -> str:
    """The same where an appraisal's word means something else."""
    return APPRAISAL_TERMS.get(word) or term(here, word) if here.words.language == "zh" else word


def item_list(here: Around, items: Iterable[SupervisionSummary]) -> Table:
    """Items, two lines each."""
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for item in items:
        which = Text.assemble((shown_id(item.id), "bold"), "\n", (plain(term(here, item.status)), "dim"))
        table.add_row(which, _when(here, item), _what(here, item))
    return table


def _when(here: Around, item: SupervisionSummary) -> Text:
    if item.due_at is None:
        return Text(here.words("nothing_due"), style="dim")
    span = here.words.time(item.due_at - here.now())
    says, style = ("overdue_by", "bold red") if item.overdue else ("left", "")
    return Text.assemble((here.words(says, time=span), style), "\n", (here.local(item.due_at), "dim"))


def _what(here: Around, item: SupervisionSummary) -> Text:
    facts = (term(here, item.cause), shown_id(item.of), item.category, item.body, _failures(here, item))
    title = item.title or term(here, item.cause)
    return Text.assemble(plain(title), "\n", (" · ".join(filter(None, map(plain, facts))), "dim"))


def _failures(here: Around, item: SupervisionSummary) -> str:
    return here.words("looked_in_vain", times=item.failures) if item.failures else ""


def whole_item(here: Around, item: Supervision) -> Group:
    """An item: what it is about, its date, what the body did, who looked, what happened, what can be done."""
    parts: list[RenderableType] = [Text.assemble((shown_id(item.id), "bold"), f"  {plain(term(here, item.status))}")]
    parts += [_what(here, item), _when(here, item)]
    if item.text:
        parts.append(Padding(Text(plain(item.text)), (1, 0, 0, 2)))
    for title, lines in (("was_done", _evidence(here, item)), ("looks", _looks(here, item))):
        if shown := list(lines):
            parts += ["", Text(here.words(title), style="bold"), *(Padding(line, (0, 0, 0, 2)) for line in shown)]
    if item.timeline:
        told = timeline(here, item.timeline, lambda word: term(here, word))
        parts += ["", Text(here.words("timeline"), style="bold"), told]
    return Group(*parts, "", possible(here, item.moves))


def _evidence(here: Around, item: Supervision) -> Iterator[Text]:
    for each in item.evidence:
        when = here.local(each.at) if each.at else ""
        yield Text.assemble((f"{when} {plain(each.by)}  ", "dim"), plain(each.text), _files(each.files))


def _looks(here: Around, item: Supervision) -> Iterator[Text]:
    for each in item.visits:
        passes, style = ("passes", "green") if each.passes else ("does_not_pass", "bold red")
        where = f"{each.lat:.5f} {each.lon:.5f}"
        when = here.local(each.at) if each.at else ""
        yield Text.assemble(
            (f"{when} {plain(each.deputy)} ({where})  ", "dim"),
            (here.words(passes), style),
            "  ",
            plain(each.text),
            _files(each.files),
        )


def _files(files: Iterable[object]) -> tuple[str, str]:
    lines = [f"\n    {plain(getattr(file, 'name', ''))}  {plain(getattr(file, 'url', ''))}" for file in files]
    return "".join(lines), "dim"


# Appraisals


def fingerprint(modulus: str) -> str:
    """A key's short form, to compare by eye with others and with the public page."""
    digits = hashlib.sha256(bytes.fromhex(modulus)).hexdigest()[:32] if modulus else ""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def appraisal_list(here: Around, appraisals: Iterable[Appraisal]) -> Table:
    """Appraisals, two lines each."""
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    for each in appraisals:
        status = plain(appraisal_term(here, each.status))
        table.add_row(Text.assemble((shown_id(each.id), "bold"), "\n", (status, "dim")), _dates(here, each))
    return table


def _dates(here: Around, appraisal: Appraisal) -> Text:
    dates = [here.local(at) if at else "" for at in (appraisal.opens_at, appraisal.seals_at, appraisal.closes_at)]
    says = here.words("appraisal_dates", opens=dates[0], seals=dates[1], closes=dates[2])
    return Text.assemble(plain(appraisal.title), "\n", (says, "dim"))


def whole_appraisal(here: Around, appraisal: Appraisal) -> Group:
    """An appraisal: its dates, its key, and once it is published, turnout and results."""
    parts: list[RenderableType] = [appraisal_list(here, [appraisal])]
    parts.append(Text(here.words("key_is", key=fingerprint(appraisal.modulus)), style="dim"))
    if appraisal.status == "published":
        numbers = {"cast": appraisal.cast, "stamped": appraisal.stamped, "all": appraisal.electorate}
        parts.append(Text(here.words("turnout", **numbers)))
        parts += [_results(here, appraisal)] if appraisal.results else [Text(here.words("too_few"))]
    return Group(*parts)


def _results(here: Around, appraisal: Appraisal) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("", "", *(term(here, grade) for grade in GRADES)):
        table.add_column(title, justify="right" if title else "left")
    for body, by_criterion in appraisal.results.items():
        for number, (criterion, counts) in enumerate(by_criterion.items()):
            grades = [str(counts.get(grade, 0)) for grade in GRADES]
            table.add_row(plain(body) if not number else "", plain(term(here, criterion)), *grades)
    return table
