"""Consultations from the draft to the results, on moto: what is counted once, what lies where, what time brings."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from app import ENFORCED
from chalicelib.consultations import once, service, table
from chalicelib.consultations.model import Consultation
from chalicelib.consultations.service import CountedAlready, Paper
from chalicelib.errors import IllegalMove, Invalid, NotAllowed, NotFound
from chalicelib.people import form, vault
from chalicelib.people.table import VaultRow
from chalicelib.spine import agenda, journal
from tests.support.calls import counted
from tests.support.consultations import DRAFT, WEEK, answered, answers, closed, drafted, opened
from tests.support.wanglan import GAO, LIN, NOON, QIAO, TANG

pytestmark = pytest.mark.usefixtures("district")

HOUR = timedelta(hours=1)
ADDRESS = "resident.a@wanglan.example.org"


def enforced(consultation: Consultation, now: timedelta) -> Consultation:
    """Whatever of the agenda is due by then is taken into effect."""
    agenda.enforce({"dossier": consultation.id, "kind": "consultation"}, NOON + now, ENFORCED)
    return service.found(consultation.id)


def facts(consultation: Consultation) -> list[str]:
    return [entry.type for entry in service.timeline(consultation)]


def journal_text(consultation: Consultation) -> str:
    return msgspec.json.encode(journal.entries(consultation.id)).decode()


# Its life


def test_a_consultation_from_the_draft_to_the_results() -> None:
    made = drafted()
    assert (made.status, made.deputy, made.maker, [q.id for q in made.questions]) == (
        "drafted", "lin-jianwei", "deputy.lin", ["q1", "q2", "q3", "q4"],
    )  # fmt: skip
    running = service.open_now(made.id, NOON + WEEK, by=LIN, now=NOON)
    id = answered(running, answers({"q1": (3,)}, q4="送到三楼"))
    service.close(made.id, by=LIN, now=NOON + HOUR)
    service.take_up(made.id, id, "q4", "已和食堂商定送餐到户", by=LIN, now=NOON + HOUR)
    done = service.publish(made.id, "先办送餐", by=LIN, now=NOON + 2 * HOUR)
    assert (done.status, done.conclusion, done.quotes) == ("published", "先办送餐", {f"{id}.q4": "送到三楼"})
    assert facts(done) == ["drafted", "opened", "closed", "taken_up", "published"]


def test_the_agenda_opens_and_closes_it_at_the_given_times() -> None:
    planned = service.schedule(drafted().id, NOON + HOUR, NOON + WEEK, by=LIN, now=NOON)
    assert enforced(planned, HOUR - timedelta(seconds=1)).status == "scheduled"
    running = enforced(planned, HOUR)
    assert (running.status, running.closes_at) == ("open", NOON + WEEK)
    answered(running, now=NOON + 2 * HOUR)
    over = enforced(running, WEEK)
    assert (over.status, service.results(over).people) == ("closed", 1)
    assert facts(over) == ["drafted", "scheduled", "opened", "closed"]


def test_after_an_outage_it_opens_and_closes_in_its_order() -> None:
    planned = service.schedule(drafted().id, NOON + HOUR, NOON + WEEK, by=LIN, now=NOON)
    assert facts(enforced(planned, 2 * WEEK)) == ["drafted", "scheduled", "opened", "closed"]


def test_no_answer_is_taken_before_or_after_its_time() -> None:
    planned = service.schedule(drafted().id, NOON + HOUR, NOON + WEEK, by=LIN, now=NOON)
    running = opened()
    for consultation, now in ((planned, NOON + 2 * HOUR), (running, NOON + WEEK), (closed(), NOON)):
        with pytest.raises(IllegalMove):
            answered(consultation, now=now)


def test_more_time_can_be_given_but_none_taken_away() -> None:
    running = opened()
    with pytest.raises(Invalid, match="closes_at"):
        service.extend(running.id, NOON + HOUR, "快些", by=LIN, now=NOON)
    longer = service.extend(running.id, NOON + 2 * WEEK, "很多人刚听说", by=LIN, now=NOON)
    assert enforced(longer, WEEK).status == "open"
    assert enforced(longer, 2 * WEEK).status == "closed"


# Once


def test_the_same_form_sent_twice_is_one_answer() -> None:
    consultation, paper = opened(), form.new_form(NOON)
    for _ in range(2):
        service.answer(consultation, Paper(paper.case_id, "a browser", answers()), NOON)
    assert service.results(consultation).people == 1


def test_a_browser_counts_once_whatever_form_it_sends() -> None:
    consultation = opened()
    answered(consultation, browser="b")
    with pytest.raises(CountedAlready):
        answered(consultation, answers({"q1": (2,)}), browser="b")
    assert service.results(consultation).outcomes[0].chosen == (1, 0, 0)
    answered(opened(), browser="b")  # elsewhere it counts anew


def test_a_browsers_mark_holds_until_the_end_however_long_it_is_open() -> None:
    consultation = opened(closes=timedelta(days=300))
    answered(consultation, browser="b")
    with pytest.raises(CountedAlready):
        answered(consultation, browser="b", now=NOON + timedelta(days=299))


def test_a_cookie_of_another_consultation_or_of_nobody_is_none() -> None:
    browser = once.new_browser("C1")
    assert once.known("C1", str(browser)) == browser
    assert once.known("C1", str(browser.done())) == replace(browser, answered=True)
    for cookie in ("", "a.b", str(browser)[:-1], str(browser).replace(".0.", ".1."), f"x{browser}"):
        assert once.known("C1", cookie) is None
    assert once.known("C2", str(browser)) is None


def test_many_answers_add_up_over_all_shards() -> None:
    consultation = opened()
    for number in range(30):
        answered(consultation, answers({"q1": (number % 3 + 1,), "q2": (1, 2), "q3": (5,)}))
    results = service.results(consultation)
    assert (results.people, [outcome.chosen for outcome in results.outcomes]) == (
        30, [(10, 10, 10), (30, 30), (0, 0, 0, 0, 30), ()],
    )  # fmt: skip
    assert results.outcomes[2].mean == 5
    assert len({row.id for row in table.TallyRow.query(f"tally#{consultation.id}") if row.counts["people"]}) > 1


# What lies where


def test_the_journal_holds_no_answer_no_address_and_no_quoted_word() -> None:
    consultation = opened()
    id = answered(consultation, answers(q4="我家住三号楼501"), email=ADDRESS)
    service.take_up(consultation.id, id, "q4", "已联系", "三号楼", by=LIN, now=NOON)
    done = service.close(consultation.id, by=LIN, now=NOON + HOUR)
    text = journal_text(done)
    assert "三号楼" not in text
    assert ADDRESS not in text
    assert done.quotes == {f"{id}.q4": "三号楼"}


def test_staff_read_comments_page_by_page_the_newest_first_and_none_without_words() -> None:
    consultation = opened()
    for number in range(5):
        answered(consultation, answers(q4=f"第{number}条"), now=NOON + number * HOUR)
        answered(consultation, now=NOON + number * HOUR)
    first, cursor = service.comments(consultation, limit=3)
    rest, end = service.comments(consultation, limit=3, cursor=cursor or "")
    assert [answer.given.texts["q4"] for answer in first + rest] == [f"第{n}条" for n in (4, 3, 2, 1, 0)]
    assert end is None
    with pytest.raises(Invalid, match="cursor"):
        service.comments(consultation, limit=3, cursor="nonsense")


def test_of_an_answer_without_words_the_moment_is_not_kept() -> None:
    consultation = opened()
    assert table.answer(consultation.id, answered(consultation)).at is None


def test_a_quote_stands_in_the_comment_word_by_word() -> None:
    consultation = opened("draft")
    id = answered(consultation, answers({}, p1="太少了，\n一户两车怎么办？我叫王秀英"))
    with pytest.raises(Invalid, match="word by word"):
        service.take_up(consultation.id, id, "p1", "改了", "太多了", by=LIN, now=NOON)
    taken = service.take_up(consultation.id, id, "p1", "改了", "一户两车怎么办？", by=LIN, now=NOON)
    assert list(taken.quotes.values()) == ["一户两车怎么办？"]
    again = service.take_up(consultation.id, id, "p1", "又改了", "太少了， 一户两车怎么办？", by=LIN, now=NOON)
    assert (len(again.taken_up), again.taken_up[0].text) == (1, "又改了")


@pytest.mark.parametrize(("answer", "question"), [("000000000000", "p1"), ("", "p2"), ("", "q1")])
def test_only_a_comment_that_there_is_can_be_taken_up(answer: str, question: str) -> None:
    consultation = opened("draft")
    id = answered(consultation, answers({}, p1="太少了"))
    with pytest.raises((NotFound, Invalid)):
        service.take_up(consultation.id, answer or id, question, "改了", by=LIN, now=NOON)
    assert service.found(consultation.id) == consultation


def test_a_draft_is_cut_into_its_paragraphs_and_a_place_for_the_whole() -> None:
    asked = drafted("draft").questions
    assert [(q.id, q.text[:3]) for q in asked] == [("p1", "第一条"), ("p2", "第二条"), ("p3", "第三条"), ("all", "")]
    lines = drafted("draft", text=DRAFT.replace("\n\n", "\r\n")).questions
    assert [q.text for q in lines] == [q.text for q in asked]


# Who asked to be told


def test_an_address_lies_in_the_vault_alone_and_goes_in_time() -> None:
    consultation = opened()
    id = answered(consultation, email=ADDRESS)
    where = service.vault_id(consultation.id, id)
    contact = vault.unseal(where)
    assert contact
    assert contact.email == ADDRESS
    over = enforced(consultation, WEEK)
    assert vault.unseal(where)
    gone = enforced(over, WEEK + timedelta(days=90))
    assert (vault.unseal(where), service.askers(gone.id), gone.timers) == (None, [], {})
    assert facts(gone)[-1] == "contacts_erased"


def test_however_many_addresses_there_are_all_go() -> None:
    consultation = opened()
    for number in range(45):
        answered(consultation, email=f"r{number}@wanglan.example.org")
    assert len(list(VaultRow.scan())) == 45
    service.withdraw(consultation.id, "办错了", by=LIN, now=NOON + HOUR)
    enforced(consultation, HOUR)
    assert (list(VaultRow.scan()), service.askers(consultation.id)) == ([], [])


# Whose it is


def test_a_draft_is_seen_by_its_maker_managers_and_supervisors_and_worked_on_by_the_first_two() -> None:
    made = drafted()
    for by, sees in ((LIN, True), (QIAO, True), (TANG, True), (GAO, False)):
        assert made.seen_by(by) == sees
        assert [each.id for each in service.listed(by, limit=10).items] == ([made.id] if sees else [])
    with pytest.raises(NotFound):
        service.open_now(made.id, NOON + WEEK, by=GAO, now=NOON)
    running = service.open_now(made.id, NOON + WEEK, by=QIAO, now=NOON)
    with pytest.raises(NotAllowed):
        service.close(running.id, by=GAO, now=NOON)
    assert service.loaded(running.id, GAO) == running


def test_what_the_public_is_asked_stands_on_its_list_the_newest_first() -> None:
    first, second = opened(), opened(now=NOON + HOUR)
    drafted()
    page = service.listed_in_public(limit=1)
    assert [each.id for each in page.items] == [second.id]
    assert [each.id for each in service.listed_in_public(limit=1, cursor=page.next or "").items] == [first.id]


# What it costs


def test_an_answer_costs_one_transaction_and_results_one_query_however_many_answered() -> None:
    consultation = opened()
    with counted() as calls:
        answered(consultation)
    assert calls == ["TransactWriteItems"]
    for _ in range(20):
        answered(consultation)
    with counted() as calls:
        service.results(consultation)
    assert calls == ["Query library"]
