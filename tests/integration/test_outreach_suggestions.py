"""Who is told of what happens to a suggestion, in which words; and never a resident's."""

from string import Formatter

import pytest

from chalicelib.directory import service as directory
from chalicelib.outreach import suggestions as of_suggestions
from chalicelib.outreach import workers as outreach
from chalicelib.outreach.model import Notice
from chalicelib.spine import journal
from chalicelib.suggestions import service, workers
from chalicelib.suggestions.model import LIFECYCLE, Suggestion
from tests.integration.test_suggestions import DAY, swept
from tests.support.demands import confirmed, written
from tests.support.suggestions import (
    TITLE,
    asked,
    assigned,
    cosigned,
    documented,
    draft,
    evaluated,
    invited,
    replied,
    submitted,
)
from tests.support.wanglan import GAO, LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")
AT = "@wanglan.example.org"
LIN_MAIL, GAO_MAIL, QIAO_MAIL, HEATING_MAIL, HEAD_MAIL = (
    f"{who}{AT}" for who in ("lin", "gao", "qiao", "heating", "head.heating")
)


def sent(suggestion: Suggestion, fact: str = "") -> list[Notice]:
    """The notices of its newest fact of this type, by mail."""
    held = service.found(suggestion.id)
    entry = next(each for each in reversed(journal.entries(held.id)) if fact in ("", each.type))
    found = of_suggestions.notices(entry, held, directory.edition(NOON))
    return [notice for notice in found if notice.channel == "email"]


def reached(suggestion: Suggestion, fact: str = "") -> set[str]:
    return {notice.to for notice in sent(suggestion, fact)}


def test_every_fact_that_is_told_happens_and_has_its_words() -> None:
    happening = {f"suggestion.{move.fact}" for move in LIFECYCLE.moves} | {
        f"suggestion.{fact}" for fact in ("absorbed", "reminded", "breached", "escalated")
    }
    assert of_suggestions.TOLD.keys() == of_suggestions.TEXTS.keys() <= happening & outreach.TOLD_BY_US
    values = of_suggestions.values(journal.entries(draft().id)[0], draft(), directory.edition(NOON))
    for wording in of_suggestions.TEXTS.values():
        for text in (wording.subject, wording.text, wording.short):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= values.keys()
            assert "\n" not in wording.subject


def test_who_is_invited_is_asked_and_who_leads_hears_the_answer() -> None:
    held = invited(draft())
    assert reached(held) == {GAO_MAIL}
    service.cosign(held.id, by=GAO, now=NOON)
    assert reached(held) == {LIN_MAIL}
    assert "高秀岚代表已联名" in sent(held)[0].text


def test_whose_signature_fell_is_asked_again_and_nobody_is_told_of_another_edit() -> None:
    held = cosigned()
    service.edit(held.id, renew=True, by=LIN, now=NOON)
    assert reached(held) == set()
    service.edit(held.id, text="另一段话", by=LIN, now=NOON)
    assert reached(held) == {GAO_MAIL}


def test_the_manager_hears_of_what_waits_for_them() -> None:
    assert reached(submitted()) == {QIAO_MAIL}
    assert reached(asked()) == {QIAO_MAIL}


def test_the_bodies_and_the_deputies_hear_of_the_assignment_with_its_date() -> None:
    held = assigned(cosigned())
    assert {LIN_MAIL, GAO_MAIL, HEATING_MAIL} < reached(held)
    assert "答复时限 2027-02-22" in sent(held)[0].text
    assert all(TITLE in notice.text and f"deputy suggestions show {held.id}" in notice.text for notice in sent(held))


def test_the_deputy_hears_of_the_reply_and_the_body_of_the_evaluation() -> None:
    held = replied()
    assert reached(held) == {LIN_MAIL, QIAO_MAIL}
    assert "类别：列入计划" in sent(held)[0].text
    told = evaluated(held, "dissatisfied")
    assert {HEATING_MAIL, QIAO_MAIL} < reached(told)
    assert "办理态度满意，办理结果不满意" in sent(told)[0].text
    entry = journal.entries(told.id)[-1]
    workers.work({"dossier": told.id, "seq": entry.seq, "kind": entry.kind, "type": entry.type}, NOON)
    assert HEATING_MAIL in reached(told, "sent_back")
    assert "答复时限 2026-12-24" in sent(told, "sent_back")[0].text


def test_a_breach_is_told_to_body_head_manager_and_deputies() -> None:
    held = swept(assigned(cosigned()), NOON + 91 * DAY)
    assert {LIN_MAIL, GAO_MAIL, QIAO_MAIL, HEATING_MAIL, HEAD_MAIL} <= reached(held, "breached")
    assert HEATING_MAIL in reached(held, "reminded")
    held = swept(held, NOON + 200 * DAY)
    escalated = [each for each in journal.entries(held.id) if each.type == "escalated"]
    people = [
        {it.to for it in of_suggestions.notices(each, held, directory.edition(NOON)) if it.channel == "email"}
        for each in escalated
    ]
    assert people == [{HEAD_MAIL}, {QIAO_MAIL}]


def test_a_deputy_who_does_not_evaluate_is_reminded_and_nobody_else() -> None:
    held = swept(replied(), NOON + 20 * DAY)
    assert reached(held) == {LIN_MAIL}
    assert "等待您评价答复" in sent(held)[0].text


def test_no_notice_holds_a_residents_word() -> None:
    held = documented(assigned(draft(confirmed(written("楼道里暖气管爆了"), written()))))
    service.hand_over(held.id, "gao-xiulan", "离任", by=QIAO, now=NOON)
    edition = directory.edition(NOON)
    told = [entry for entry in journal.entries(held.id) if f"suggestion.{entry.type}" in of_suggestions.TOLD]
    texts = [notice.text for entry in told for notice in of_suggestions.notices(entry, service.found(held.id), edition)]
    assert texts
    assert not [text for text in texts if "暖气管爆了" in text]
