"""Work lists by the page, ETags, what is shown of a case, and the directory's answers."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
import yaml

from chalicelib.cases import service
from chalicelib.people import form
from tests.contract.conftest import AsRole
from tests.support.casework import COLD, EMAIL, NAME, PHONE, facts, routed, sent
from tests.support.wanglan import HEATING, LIN, NOON

SUMMARY = {
    "id", "status", "summary", "category", "body", "deputy", "grid", "urgency", "due_step", "due_at", "overdue", "paused",
    "received_at", "updated_at", "demand",
}  # fmt: skip


def pages(who: httpx.Client, limit: int, **query: str) -> list[list[str]]:
    """The ids of every page of a list, by its cursors."""
    found, cursor = [], ""
    while True:
        answer = who.get("/v1/cases", params={"limit": str(limit), "cursor": cursor, **query}).json()
        found.append([line["id"] for line in answer["items"]])
        cursor = answer["next"]
        if cursor is None:
            return found


def test_a_list_comes_by_pages_what_falls_due_next_first(as_role: AsRole) -> None:
    cases = [routed(now=NOON - timedelta(minutes=age)).id for age in range(7)]
    found = pages(as_role("deputy"), 3)
    assert [id for page in found for id in page] == cases[::-1]
    assert [len(page) for page in found if page] == [3, 3, 1]


def test_a_page_that_holds_all_has_no_next(as_role: AsRole) -> None:
    routed()
    assert as_role("deputy").get("/v1/cases").json()["next"] is None
    assert as_role("other_deputy").get("/v1/cases").json() == {"items": [], "next": None}


def test_a_cursor_of_one_list_shows_nothing_of_it_to_another(as_role: AsRole) -> None:
    for _ in range(3):
        routed()
    cursor = as_role("deputy").get("/v1/cases", params={"limit": "1"}).json()["next"]
    assert as_role("other_deputy").get("/v1/cases", params={"cursor": cursor}).json()["items"] == []


@pytest.mark.parametrize("whose", ["manager", "supervisor"])
@pytest.mark.parametrize("field", ["body", "deputy"])
def test_the_list_of_all_demands_is_no_list_of_cases(as_role: AsRole, whose: str, field: str) -> None:
    answer = as_role(whose).get("/v1/cases", params={field: "#demands"})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "not_of_cases", field)


def test_cases_that_wait_or_are_kept_stand_after_those_that_fall_due(as_role: AsRole) -> None:
    waiting, due, far = routed().id, routed().id, routed(text="路灯不亮").id
    service.move("ask", waiting, by=LIN, now=NOON, text="几号楼？")
    service.move("answer", routed().id, by=LIN, now=NOON, text="已修好")
    assert pages(as_role("deputy"), 10) == [[due, far, waiting]]


def test_a_line_of_a_list_says_all_that_one_needs_to_choose(as_role: AsRole) -> None:
    case = routed(grid="weidu-1")
    (line,) = as_role("officer").get("/v1/cases").json()["items"]
    assert line.keys() == SUMMARY
    assert (line["id"], line["summary"], line["due_step"]) == (case.id, COLD, "acknowledge")
    assert line["due_at"] == "2026-11-24T04:30:00Z"
    assert (line["overdue"], line["paused"]) == (datetime.now(UTC) > NOON + timedelta(minutes=30), False)


def test_a_case_in_full_has_its_words_promises_timeline_and_moves(as_role: AsRole) -> None:
    case = routed(grid="weidu-1", address="3号楼501")
    answer = as_role("deputy").get(f"/v1/cases/{case.id}")
    shown = answer.json()
    assert answer.headers["etag"] == f'"{case.version}"'
    assert answer.headers["cache-control"] == "no-store"
    assert [said["text"] for said in shown["words"]] == [COLD]
    assert shown["words"][0]["address"] == "3号楼501"
    assert {promise["step"]: promise["amount"] for promise in shown["promises"]} == {"acknowledge": 30.0, "answer": 120.0}
    assert [(entry["seq"], entry["type"], entry["actor"]["role"]) for entry in shown["timeline"]] == [
        (1, "received", "resident"), (2, "routed", "system"),
    ]  # fmt: skip
    assert {"move": "decline", "needs": ["instead", "reason"]} in shown["moves"]
    assert shown["has_contact"] is True


@pytest.mark.parametrize("role", ["deputy", "officer", "manager", "supervisor"])
def test_contact_details_stand_in_no_case(role: str, as_role: AsRole) -> None:
    case = routed()
    service.contact(case.id, "上门前联系", by=LIN, now=NOON)
    for path in ("/v1/cases", f"/v1/cases/{case.id}", f"/v1/cases/{case.id}/verify"):
        assert not any(detail in as_role(role).get(path).text for detail in (NAME, EMAIL, PHONE))


def test_words_stand_once_and_not_in_the_timeline(as_role: AsRole) -> None:
    case = service.say(routed(), "add", "补充：是3单元", "s", now=NOON)
    shown = as_role("deputy").get(f"/v1/cases/{case.id}").json()
    assert [said["text"] for said in shown["words"]] == [COLD, "补充：是3单元"]
    assert "3单元" not in str(shown["timeline"])
    assert "digest" not in str(shown["timeline"])


def test_the_promise_of_a_case_that_waits_has_no_date(as_role: AsRole) -> None:
    case = service.move("ask", routed().id, by=HEATING, now=NOON + timedelta(minutes=5), text="几号楼？")
    shown = as_role("officer").get(f"/v1/cases/{case.id}").json()
    assert (shown["paused"], shown["due_at"], shown["due_step"]) == (True, None, None)
    answer = next(promise for promise in shown["promises"] if promise["step"] == "answer")
    assert (answer["paused"], answer["due_at"], answer["overdue"]) == (True, None, False)


def test_a_message_taken_down_has_its_promises_and_its_own_page(as_role: AsRole) -> None:
    asked = {
        "text": "老人家里没暖气", "deputy": "lin-jianwei", "grid": "weidu-2", "address": "5号楼", "door": "cli",
        "contact": {"name": "王", "phone": "138 0013 8000", "tell": "phone", "language": "en"},
    }  # fmt: skip
    answer = as_role("manager").post("/v1/cases", json=asked, headers={"Idempotency-Key": str(uuid4())})
    case = service.found(answer.json()["id"])
    assert answer.headers["location"] == f"http://127.0.0.1:8000/v1/cases/{case.id}"
    assert {"acknowledge", "answer"} == {promise["step"] for promise in answer.json()["promises"]}
    token = answer.links["related"]["url"].rpartition("/")[2]
    assert service.tracked(case.id, form.token_hash(token)) == case
    seen = service.contact(case.id, "回电", by=LIN, now=NOON)
    assert (seen.phone, seen.language, seen.tell, seen.tracking_token) == ("13800138000", "en", "phone", token)
    assert (case.door, facts(case.id)[0]) == ("cli", "received")


def test_a_look_at_contact_details_shows_them_and_is_on_record(as_role: AsRole) -> None:
    case = routed()
    answer = as_role("officer").post(
        f"/v1/cases/{case.id}/contact", json={"reason": "上门前联系"}, headers={"Idempotency-Key": "1"}
    )
    assert answer.json() == {"name": NAME, "email": EMAIL, "phone": PHONE, "language": "zh"}
    (look,) = [entry for entry in service.timeline(case) if entry.type == "contact_viewed"]
    assert (look.actor, look.data) == ("officer.heating", {"reason": "上门前联系"})


def test_there_is_nothing_to_look_at_where_nothing_was_left(as_role: AsRole) -> None:
    case = routed(tell="none")
    answer = as_role("deputy").post(f"/v1/cases/{case.id}/contact", json={"reason": "?"}, headers={"Idempotency-Key": "1"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_contact")


def test_an_untouched_journal_is_sound(as_role: AsRole) -> None:
    case = routed()
    assert as_role("supervisor").get(f"/v1/cases/{case.id}/verify").json() == {
        "entries": 2, "sound": True, "first_changed": None,
    }  # fmt: skip


def test_the_deputies_are_public_and_unchanged_until_they_change(anyone: httpx.Client, as_role: AsRole) -> None:
    first = anyone.get("/v1/deputies")
    assert first.headers["cache-control"] == "public, max-age=60"
    lin = next(deputy for deputy in first.json()["items"] if deputy["id"] == "lin-jianwei")
    assert lin["form_url"] == "http://127.0.0.1:8000/d/DEM00001"
    assert "feng-baoguo" not in first.text  # left office
    again = anyone.get("/v1/deputies", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    as_role("manager").post("/v1/deputies/lin-jianwei/code", json={"reason": "撕坏了"}, headers={"Idempotency-Key": "1"})
    changed = anyone.get("/v1/deputies", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("tags", ['"other", {tag}', "W/{tag}", "*"])
def test_an_etag_is_known_again_in_a_list_or_weakened_by_a_proxy(tags: str, anyone: httpx.Client) -> None:
    tag = anyone.get("/v1/deputies").headers["etag"]
    assert anyone.get("/v1/deputies", headers={"If-None-Match": tags.format(tag=tag)}).status_code == 304


def test_the_directory_goes_out_as_a_file_and_comes_in_again(as_role: AsRole) -> None:
    who = as_role("manager")
    file = who.get("/v1/directory")
    assert file.headers["content-type"] == "application/yaml"
    assert len(yaml.safe_load(file.text)["bodies"]) == 13
    table = who.get("/v1/directory", params={"format": "csv", "kind": "bodies"})
    assert table.headers["content-type"] == "text/csv"
    back = who.post("/v1/directory", content=table.content, params={"kind": "bodies"}, headers={"Content-Type": "text/csv"})
    assert (back.status_code, back.json()["errors"], back.json()["changes"]) == (200, [], [])


def test_a_file_with_errors_is_refused_whole_and_all_of_them_are_told(as_role: AsRole) -> None:
    who = as_role("manager")
    wrong = "bodies:\n  - {id: one, name_zh: 一}\n  - {id: two, name_zh: 二, name_en: Two, mail: nonsense}\n"
    answer = who.post("/v1/directory", content=wrong, headers={"Content-Type": "application/yaml"})
    assert (answer.status_code, answer.json()["written"]) == (422, False)
    assert {(error["line"], error["field"]) for error in answer.json()["errors"]} == {(2, "name_en"), (3, "mail")}
    assert "one" not in [body["id"] for body in who.get("/v1/directory/bodies").json()["items"]]


def test_a_dry_run_tells_and_writes_nothing(as_role: AsRole) -> None:
    who = as_role("manager")
    file = "bodies:\n  - {id: one, name_zh: 一, name_en: One}\n"
    answer = who.post("/v1/directory", params={"dry_run": "true"}, content=file, headers={"Content-Type": "text/yaml"})
    assert (answer.status_code, answer.json()["written"]) == (200, False)
    assert [change["did"] for change in answer.json()["changes"]] == ["added"]
    assert "one" not in [body["id"] for body in who.get("/v1/directory/bodies").json()["items"]]


@pytest.mark.parametrize(("path", "code"), [("/v1/directory/nonsense", "unknown_kind"), ("/v1/directory?format=xml", "")])
def test_a_kind_or_a_form_that_there_is_not_is_refused(path: str, code: str, as_role: AsRole) -> None:
    answer = as_role("manager").get(path)
    assert answer.status_code == 422
    assert code in answer.json()["code"]


def test_a_case_received_and_not_routed_yet_is_on_the_deputys_and_the_managers_list(as_role: AsRole) -> None:
    case = sent()
    for role in ("deputy", "manager"):
        assert [line["id"] for line in as_role(role).get("/v1/cases").json()["items"]] == [case.id]
