"""The private page over HTTP: the resident sees what is public and true, and has the last word, once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from chalicelib.cases import service
from chalicelib.cases.model import MOST_WORDS, Case
from chalicelib.errors import Conflict
from chalicelib.people.form import FormToken
from chalicelib.spine.dossiers import DossierRow
from tests.support import casework
from tests.support.visitor import counted, form_of, forms, opened, visitor
from tests.support.wanglan import GAO, HEATING, LIN, QIAO

pytestmark = pytest.mark.usefixtures("district")

NOW = datetime.now(UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def client() -> httpx.Client:
    return visitor()


@pytest.fixture
def token(district: None) -> FormToken:  # noqa: ARG001 - the district is set up before anything is written in it
    return opened(minutes=6 * 60)


@pytest.fixture
def case(token: FormToken) -> Case:
    """A cold flat, an hour ago: passed to the heating company, an answer promised within two hours."""
    return casework.routed(token, NOW - HOUR, grid="weidu-1")


def page(token: FormToken) -> str:
    return f"/m/{token.tracking_token}"


def staff(case: Case, move: str, by: Any = LIN, ago: timedelta = 30 * MINUTE, **given: Any) -> Case:
    return service.move(move, case.id, by=by, now=NOW - ago, **given)


def answered(case: Case) -> Case:
    return staff(case, "answer", by=HEATING, text="泵已更换")


def say(client: httpx.Client, token: FormToken, move: str, **fields: str) -> httpx.Response:
    return client.post(page(token), data={"move": move} | fields)


def now_so(case: Case) -> Case:
    return service.found(case.id)


# Looking at it


@pytest.mark.usefixtures("case")
def test_a_look_costs_two_reads(client: httpx.Client, token: FormToken) -> None:
    client.get(page(token))
    with counted() as calls:
        assert client.get(page(token)).status_code == 200
    assert calls == ["GetItem", "Query"]


@pytest.mark.usefixtures("case")
def test_the_page_is_never_cached_indexed_or_told_to_another_site(client: httpx.Client, token: FormToken) -> None:
    headers = client.get(page(token)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("token", ["", "ABC", "Z" * 38, "0" * 38, "<script>"])
def test_a_link_that_leads_nowhere_says_so_and_how_to_find_the_right_one(client: httpx.Client, token: str) -> None:
    answer = client.get(f"/m/{token or 'x'}")
    assert answer.status_code == 404
    assert "This link leads to no message" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


@pytest.mark.usefixtures("case")
def test_the_case_number_alone_opens_nothing(client: httpx.Client, token: FormToken) -> None:
    other = opened()
    assert client.get(f"/m/{token.case_id}{other.secret}").status_code == 404


@pytest.mark.usefixtures("case")
def test_a_token_is_taken_as_people_copy_it_by_hand(client: httpx.Client, token: FormToken) -> None:
    text = token.tracking_token.lower()
    assert client.get(f"/m/{text[:8]}-{text[8:20]}-{text[20:]}").status_code == 200


@pytest.mark.usefixtures("case")
def test_it_says_by_when_who_and_how_far(client: httpx.Client, token: FormToken) -> None:
    text = client.get(page(token)).text
    due = NOW + HOUR + timedelta(hours=8)
    assert "Passed on" in text
    assert "Wanglan Heating Company" in text
    assert "Lin Jianwei" in text
    assert f"{due:%H:%M}" in text
    assert 'aria-current="step"' in text


def test_overdue_is_said_plainly(client: httpx.Client, token: FormToken) -> None:
    casework.routed(token, NOW - 5 * HOUR, grid="weidu-1")
    text = client.get(page(token)).text
    assert '<span class="badge">overdue</span>' in text
    assert "Overdue by 3 hours" in text
    assert "已超时3小时" in visitor("zh").get(page(token)).text


def test_a_promise_kept_late_says_how_late(client: httpx.Client, token: FormToken) -> None:
    case = casework.routed(token, NOW - 5 * HOUR, grid="weidu-1")
    service.move("answer", case.id, by=HEATING, now=NOW - 2 * HOUR, text="已修好")
    assert "1 hour late" in client.get(page(token)).text


def test_internal_notes_and_looks_at_contact_details_are_not_shown(client: httpx.Client, token: FormToken, case: Case) -> None:
    staff(case, "acknowledge")
    staff(case, "note", by=HEATING, text="内部：先查换热站", public=False)
    staff(case, "note", by=HEATING, text="维修班已出发", public=True)
    service.contact(case.id, "上门前联系，理由不公开", by=HEATING, now=NOW)
    service.assign(case.id, "housing-bureau", "转办的内部理由", by=QIAO, now=NOW)
    text = client.get(page(token)).text
    assert "维修班已出发" in text
    assert "Handed on to Housing and Construction Bureau" in text
    for hidden in ("先查换热站", "理由不公开", "转办的内部理由", "contact_viewed", "officer.heating", "孙热力", casework.EMAIL):
        assert hidden not in text


def test_what_people_wrote_is_shown_as_text_and_never_as_markup(client: httpx.Client, token: FormToken) -> None:
    case = casework.routed(token, NOW - HOUR, text="<script>alert(1)</script> 暖气", category="heating/supply/cold-flat")
    staff(case, "answer", by=HEATING, text="<img src=x onerror=alert(1)>")
    text = client.get(page(token)).text
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_an_answer_stands_out_and_the_resident_is_asked(client: httpx.Client, token: FormToken, case: Case) -> None:
    answered(case)
    answer = client.get(page(token))
    assert "You have an answer" in answer.text
    assert answer.text.count("泵已更换") == 1
    assert {found.get("move") for found in forms(answer)} == {"confirm", "reopen", "add", "withdraw", "erase"}


def test_a_declined_matter_says_why_and_where_to_go_instead(client: httpx.Client, token: FormToken, case: Case) -> None:
    staff(case, "decline", reason="属于小区物业", instead="请找物业 000-555-0199")
    text = client.get(page(token)).text
    for words in ("This can’t be done here", "属于小区物业", "Where you can turn instead", "请找物业 000-555-0199"):
        assert words in text


def test_erased_words_are_said_to_be_erased(client: httpx.Client, token: FormToken, case: Case) -> None:
    row = DossierRow.get(case.id)
    row.update(actions=[DossierRow.apart.set("{}")])
    assert "(These words have been erased.)" in client.get(page(token)).text


def test_closed_by_silence_is_not_called_solved(client: httpx.Client, token: FormToken, case: Case) -> None:
    done = answered(case)
    service.enforce(done, done.next_duty, NOW + timedelta(days=8))  # type: ignore[arg-type]
    text = client.get(page(token)).text
    assert "We did not hear from you again" in text
    assert "You told us that it is solved" not in text
    assert 'value="reopen"' in text


# Joined with another


def joined(case: Case) -> tuple[Case, FormToken]:
    other_token = opened(minutes=6 * 60)
    other = casework.routed(other_token, NOW - 2 * HOUR, text="我家在另一个单元，暖气也不热，电话13911112222", grid="weidu-1")
    service.merge(case.id, other.id, "同一个换热站", by=LIN, now=NOW - 50 * MINUTE)
    return now_so(other), other_token


def test_a_joined_matter_shows_the_others_answer_and_nothing_of_the_other_resident(
    client: httpx.Client, token: FormToken, case: Case
) -> None:
    other, _ = joined(case)
    staff(other, "note", by=HEATING, text="给那一位居民的话", public=True)
    staff(other, "answer", by=HEATING, text="全小区管道已修好")
    text = client.get(page(token)).text
    assert "Joined with others" in text
    assert "全小区管道已修好" in text
    for hidden in ("另一个单元", "13911112222", "给那一位居民的话", other.id):
        assert hidden not in text


def test_a_joined_matter_costs_two_reads_too_and_keeps_its_own_story(
    client: httpx.Client, token: FormToken, case: Case
) -> None:
    joined(case)
    client.get(page(token))
    with counted() as calls:
        assert "What everyone was told" in client.get(page(token)).text
    assert calls == ["GetItem", "Query"]
    with counted() as calls:
        assert casework.COLD in client.get(page(token), params={"before": "1"}).text
    assert calls == ["GetItem", "Query"]


def test_a_matter_joined_on_and_on_shows_where_it_ended(client: httpx.Client, token: FormToken, case: Case) -> None:
    other, _ = joined(case)
    third, _ = joined(other)
    staff(third, "answer", by=HEATING, text="最后的答复")
    assert "最后的答复" in client.get(page(token)).text


def test_the_other_resident_sees_that_someone_joined_and_not_who(client: httpx.Client, case: Case) -> None:
    _, other_token = joined(case)
    text = client.get(page(other_token)).text
    assert "Another resident’s message about the same problem was joined to yours" in text
    assert case.id not in text


# Saying something


def test_a_reply_runs_the_clock_again(client: httpx.Client, token: FormToken, case: Case) -> None:
    staff(case, "ask", by=HEATING, text="几单元？")
    shown = client.get(page(token))
    assert "The clock is paused until you do" in shown.text
    with counted() as calls:
        answer = client.post(page(token), data=form_of(shown, "reply") | {"text": "3单元402"})
    assert (answer.status_code, answer.headers["location"]) == (303, "?done=reply")
    assert calls == ["GetItem", "TransactWriteItems"]
    assert now_so(case).status == "in_progress"
    text = client.get(page(token), params={"done": "reply"}).text
    assert "Your reply has been sent" in text
    assert "3单元402" in text


def test_a_double_press_says_it_once(client: httpx.Client, token: FormToken, case: Case) -> None:
    fields = form_of(client.get(page(token)), "add") | {"text": "孩子才三个月"}
    assert [client.post(page(token), data=fields).status_code for _ in range(2)] == [303, 303]
    assert [words.text for words in now_so(case).words] == [casework.COLD, "孩子才三个月"]


def test_the_same_words_said_again_another_day_are_said_again(client: httpx.Client, token: FormToken, case: Case) -> None:
    for _ in range(2):
        client.post(page(token), data=form_of(client.get(page(token)), "add") | {"text": "还是不热"})
    assert [words.text for words in now_so(case).words] == [casework.COLD, "还是不热", "还是不热"]


@pytest.mark.parametrize("move", ["reply", "add", "reopen"])
def test_an_empty_text_is_told_at_its_field(client: httpx.Client, token: FormToken, case: Case, move: str) -> None:
    staff(case, "ask", by=HEATING, text="几单元？") if move == "reply" else answered(case)
    answer = say(client, token, move, text="  ")
    assert answer.status_code == 422
    assert f'id="{move}-fault"' in answer.text
    assert "<title>Error: " in answer.text


def test_a_text_too_long_is_kept(client: httpx.Client, token: FormToken, case: Case) -> None:
    answer = say(client, token, "add", text="冷" * 4001)
    assert answer.status_code == 422
    assert form_of(answer, "add")["text"] == "冷" * 4001
    assert len(now_so(case).words) == 1


def test_who_has_written_all_that_fits_is_told_where_to_write_on(client: httpx.Client, token: FormToken, case: Case) -> None:
    for number in range(MOST_WORDS - 1):
        service.say(now_so(case), "add", f"第{number}次", "s", now=NOW)
    answer = say(client, token, "add", text="再补充一次")
    assert answer.status_code == 422
    assert "no more words" in answer.text
    assert form_of(answer, "add")["text"] == "再补充一次"


def test_solved_is_the_residents_word_with_how_satisfied_they_are(client: httpx.Client, token: FormToken, case: Case) -> None:
    answered(case)
    assert say(client, token, "confirm", satisfaction="4").status_code == 303
    assert (now_so(case).status, now_so(case).verdict, now_so(case).satisfaction) == ("resolved", "solved", 4)
    assert "satisfied" in client.get(page(token)).text


@pytest.mark.parametrize("grade", ["", "0", "6", "-1", "٤", "very"])
def test_a_grade_that_is_none_counts_as_not_said(client: httpx.Client, token: FormToken, case: Case, grade: str) -> None:
    answered(case)
    assert say(client, token, "confirm", satisfaction=grade).status_code == 303
    assert now_so(case).satisfaction == 0


def test_not_solved_opens_it_again_and_those_responsible_read_why(client: httpx.Client, token: FormToken, case: Case) -> None:
    answered(case)
    assert say(client, token, "reopen", text="还是不热").status_code == 303
    assert now_so(case).status == "reopened"
    assert now_so(case).clocks["answer"].met_at is None
    assert "You reported: not solved" in client.get(page(token)).text


def test_a_reason_said_before_still_reopens(client: httpx.Client, token: FormToken, case: Case) -> None:
    client.post(page(token), data=form_of(client.get(page(token)), "add") | {"text": "还是不热"})
    answered(case)
    assert say(client, token, "reopen", text="还是不热").status_code == 303
    assert now_so(case).status == "reopened"


def test_withdrawing_asks_once_more(client: httpx.Client, token: FormToken, case: Case) -> None:
    asked = client.post(page(token), data=form_of(client.get(page(token)), "withdraw"))
    assert asked.status_code == 200
    assert "Withdraw your message?" in asked.text
    assert now_so(case).status == "routed"
    assert client.post(page(token), data=form_of(asked, "withdraw")).status_code == 303
    assert now_so(case).status == "withdrawn"
    text = client.get(page(token)).text
    assert "You have withdrawn this message" in text
    assert 'class="promises"' not in text


@pytest.mark.parametrize(
    ("move", "fields"),
    [
        ("confirm", {"satisfaction": "5"}),
        ("reopen", {"text": "还是不热"}),
        ("withdraw", {"sure": "1"}),
        ("reply", {"text": "3单元"}),
    ],
)
def test_a_move_made_twice_is_one_fact_and_shows_that_it_is_done(
    client: httpx.Client, token: FormToken, case: Case, move: str, fields: dict[str, str]
) -> None:
    staff(case, "ask", by=HEATING, text="几单元？") if move == "reply" else answered(case)
    facts = len(casework.facts(case.id))
    for _ in range(2):
        assert say(client, token, move, **fields).headers["location"] == f"?done={move}"
    assert len(casework.facts(case.id)) == facts + 1


def test_a_move_that_came_too_late_shows_how_it_stands_and_keeps_the_words(
    client: httpx.Client, token: FormToken, case: Case
) -> None:
    staff(case, "ask", by=HEATING, text="几单元？")
    reply = form_of(client.get(page(token)), "reply") | {"text": "3单元402"}
    staff(case, "answer", by=HEATING, ago=MINUTE, text="已修好")
    answer = client.post(page(token), data=reply)
    assert answer.status_code == 409
    assert "Something changed while this page was open" in answer.text
    assert "You have an answer" in answer.text
    assert "3单元402" in answer.text


def test_a_word_at_the_same_moment_as_someone_elses_is_said_all_the_same(
    client: httpx.Client, token: FormToken, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_it, met = service.say, iter([Conflict("someone else was faster")])

    def contended(*args: Any, **given: Any) -> Case:
        for refusal in met:
            staff(case, "acknowledge")
            raise refusal
        return say_it(*args, **given)

    monkeypatch.setattr(service, "say", contended)
    assert say(client, token, "add", text="孩子才三个月").status_code == 303
    assert casework.facts(case.id)[-2:] == ["acknowledged", "added"]


@pytest.mark.usefixtures("case")
def test_a_move_that_does_not_exist_shows_the_page_and_does_nothing(client: httpx.Client, token: FormToken) -> None:
    answer = say(client, token, "answer", text="我自己答复")
    assert answer.status_code == 200
    assert casework.facts(token.case_id) == ["received", "routed"]
    assert "我自己答复" in answer.text


def test_someone_elses_deputy_is_never_named_as_the_one_who_acted(client: httpx.Client, token: FormToken, case: Case) -> None:
    staff(case, "acknowledge")
    text = client.get(page(token)).text
    assert "Deputy Lin Jianwei has taken it up" in text
    assert GAO.name not in text


def test_the_receipt_shows_the_link_whole_and_the_number(client: httpx.Client, token: FormToken, case: Case) -> None:
    text = client.get(page(token), params={"new": "1"}).text
    assert f"http://127.0.0.1:8000/m/{token.tracking_token}" in text
    assert f'data-sent="{case.id}"' in text
    assert "Your message has arrived" not in client.get(page(token)).text
