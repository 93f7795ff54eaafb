"""The form over HTTP: whatever a resident, their phone or their network does, it is one message and nothing is lost."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from altcha import Challenge, Payload, solve_challenge

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.directory import service as directory_service
from chalicelib.errors import Conflict
from chalicelib.people import form, guard, vault
from chalicelib.people.guard import LIMITS, Limit
from chalicelib.people.table import VaultRow
from chalicelib.spine.dossiers import DossierRow
from tests.support.visitor import FORM, counted, forms, message, opened, visitor
from tests.support.wanglan import LIN_CODE, QIAO

pytestmark = pytest.mark.usefixtures("district")


def send(client: httpx.Client, **fields: str) -> httpx.Response:
    return client.post(FORM, data=message() | fields)


def all_cases() -> list[Case]:
    return [service.found(row.id) for row in DossierRow.scan() if row.kind == "case"]


def case_behind(answer: httpx.Response) -> Case:
    token = answer.headers["location"].removeprefix("../m/").removesuffix("?new=1")
    return service.tracked(form.case_of(token), form.token_hash(token))


def solved(token: form.FormToken) -> str:
    challenge = visitor().get(f"{FORM}/challenge", params={"for": token.case_id}).json()
    solution = solve_challenge(Challenge.from_dict(challenge))
    assert solution
    return Payload(Challenge.from_dict(challenge), solution).to_base64()


@pytest.fixture
def client() -> httpx.Client:
    return visitor()


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("address_bare", "address_solved"):
        monkeypatch.setitem(LIMITS, name, Limit(2, 3600, "too many"))


# Opening it


def test_the_form_names_the_deputy_the_ward_and_what_is_promised(client: httpx.Client) -> None:
    answer = client.get(FORM)
    assert answer.status_code == 200
    for words in ("Write to Deputy Lin Jianwei", "Weidu Ward", "within 1 working day", "within 5 working days", "Flat is cold"):
        assert words in answer.text
    assert "call 119" in answer.text


def test_a_form_is_opened_without_a_read_once_the_directory_is_known(client: httpx.Client) -> None:
    client.get(FORM)
    with counted() as calls:
        client.get(FORM)
    assert calls == []


def test_the_first_look_costs_one_read(client: httpx.Client) -> None:
    client.get(FORM)
    directory_service.forget()
    with counted() as calls:
        client.get(FORM)
    assert calls == ["GetItem"]


@pytest.mark.parametrize("code", ["dem00001", "DEM0-0001", "demooooi", "DEM 0000 1"])
def test_a_code_is_taken_as_people_type_it(client: httpx.Client, code: str) -> None:
    assert client.get(f"/d/{code}").status_code == 200


def test_every_form_is_another_one(client: httpx.Client) -> None:
    assert forms(client.get(FORM))[0]["form"] != forms(client.get(FORM))[0]["form"]


# Sending it


def test_a_message_becomes_a_case_and_its_receipt_is_the_private_page(client: httpx.Client) -> None:
    answer = send(client, grid="weidu-1", address="3单元402", category="heating/supply/cold-flat", lat="30.006", lon="123.504")
    assert answer.status_code == 303
    case = case_behind(answer)
    assert (case.deputy, case.grid, case.category, case.door) == ("lin-jianwei", "weidu-1", "heating/supply/cold-flat", "form")
    assert (case.words[0].text, case.words[0].address) == ("家里暖气不热，只有14度", "3单元402")
    assert case.words[0].position == (30.006, 123.504)
    assert set(case.clocks) == {"acknowledge", "answer"}
    receipt = client.get(answer.headers["location"].removeprefix(".."))
    assert "Your message has arrived" in receipt.text
    assert "-".join((case.id[:4], case.id[4:8], case.id[8:])) in receipt.text


def test_what_it_speaks_is_the_language_of_the_page(client: httpx.Client) -> None:
    assert case_behind(send(client)).language == "en"
    assert case_behind(send(visitor("zh-CN"))).language == "zh"


def test_a_submission_costs_one_guard_update_and_one_transaction(client: httpx.Client) -> None:
    send(client)
    with counted() as calls:
        assert send(client).status_code == 303
    assert calls == ["UpdateItem", "TransactWriteItems"]


def test_with_contact_details_one_key_is_asked_for_beside_it(client: httpx.Client) -> None:
    with counted() as calls:
        send(client, tell="email", email="w@example.org")
    assert calls.count("GenerateDataKey") == 1


def test_contact_details_are_in_the_vault_and_nowhere_else(client: httpx.Client) -> None:
    case = case_behind(send(client, tell="phone", phone="138 0013 8000", name="王秀英", email="unused@example.org"))
    kept = vault.unseal(case.id)
    assert kept
    assert (kept.name, kept.phone, kept.email, kept.tell) == ("王秀英", "13800138000", "", "phone")
    assert kept.tracking_token.startswith(case.id)
    row = DossierRow.get(case.id)
    assert all("13800138000" not in str(value) and "王秀英" not in str(value) for value in (row.state, row.apart))


def test_who_leaves_no_contact_leaves_no_row_in_the_vault(client: httpx.Client) -> None:
    send(client, name="王秀英")
    assert list(VaultRow.scan()) == []


# Something to put right


def test_an_error_keeps_all_that_was_typed_and_names_the_field(client: httpx.Client) -> None:
    typed = {
        "text": "冷" * 4001, "grid": "weidu-2", "address": "<b>&\"'</b> 3号", "category": "heating/supply/cold-flat",
        "tell": "email", "email": "not an address", "name": "王秀英", "lat": "30.00600", "lon": "123.50400",
    }  # fmt: skip
    token = opened()
    answer = client.post(FORM, data=message(token) | typed)
    assert answer.status_code == 422
    again = forms(answer)[0]
    assert {name: again[name] for name in typed} == typed
    assert again["form"] == str(token)
    assert "<title>Error: " in answer.text
    assert '<a href="#text">Your text is too long' in answer.text
    assert '<a href="#email">This address doesn’t look right' in answer.text
    assert 'aria-describedby="email-fault" aria-invalid="true"' in answer.text
    assert all_cases() == []


def test_an_error_costs_nothing(client: httpx.Client) -> None:
    client.get(FORM)
    with counted() as calls:
        send(client, text="")
    assert calls == []


def test_the_language_is_switched_in_the_middle_and_nothing_typed_is_lost(client: httpx.Client) -> None:
    answer = send(client, address="3单元", lang="zh")
    assert answer.status_code == 200
    assert "给林见微代表留言" in answer.text
    assert forms(answer)[0]["text"] == "家里暖气不热，只有14度"
    assert "lang=zh" in answer.headers["set-cookie"]
    assert "给林见微代表留言" in client.get(FORM).text


# Machines


@pytest.mark.parametrize(("trap", "minutes"), [("http://x", 5), ("", 0)], ids=["trap filled", "too fast"])
def test_what_looks_like_a_machine_costs_one_more_press_and_nothing_else(
    client: httpx.Client, trap: str, minutes: float
) -> None:
    token = opened(minutes)
    fields = {"website": trap}
    answer = client.post(FORM, data=message(token) | fields)
    assert answer.status_code == 422
    assert "once more" in answer.text
    again = forms(answer)[0]
    assert (again["text"], again["form"], again["website"]) == ("家里暖气不热，只有14度", str(token), "")
    assert all_cases() == []


@pytest.mark.parametrize("kind", ["none", "forged", "old"])
def test_a_form_that_is_not_ours_any_more_comes_back_with_a_new_token_and_the_text(client: httpx.Client, kind: str) -> None:
    token = {"none": "", "forged": "forged.by.some.one", "old": str(opened(minutes=8 * 24 * 60))}[kind]
    answer = send(client, form=token)
    again = forms(answer)[0]
    assert (answer.status_code, again["text"]) == (422, "家里暖气不热，只有14度")
    assert again["form"] not in ("", token)
    assert form.read_form(again["form"], datetime.now(UTC))


@pytest.mark.usefixtures("small_limits")
def test_a_solved_challenge_counts_against_the_generous_limit(client: httpx.Client) -> None:
    for _ in range(2):
        assert send(client).status_code == 303
    assert send(client).status_code == 429
    token = opened()
    assert client.post(FORM, data=message(token, altcha=solved(token))).status_code == 303


@pytest.mark.usefixtures("small_limits")
def test_anothers_solution_or_a_forged_one_is_as_good_as_none(client: httpx.Client) -> None:
    stolen = solved(opened())
    forged = base64.b64encode(json.dumps({"challenge": {}, "solution": {}}).encode()).decode()
    for payload in (stolen, forged):
        assert send(client, altcha=payload).status_code == 303
    assert send(client, altcha=stolen).status_code == 429


@pytest.mark.usefixtures("small_limits")
def test_too_many_from_one_network_is_told_with_the_time_to_come_back_and_the_text_kept(client: httpx.Client) -> None:
    for _ in range(2):
        send(client)
    token = opened()
    answer = client.post(FORM, data=message(token, address="3单元"))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    until = datetime.fromtimestamp(guard.LIMITS["address_bare"].ends(datetime.now(UTC)), UTC) + timedelta(hours=8)
    assert f"send it again after {until:%H:%M}" in answer.text
    assert forms(answer)[0]["address"] == "3单元"
    assert len(all_cases()) == 2


def test_too_many_to_one_deputy_is_told_likewise(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "code_bare", Limit(8, 3600, "too many"))
    token = opened()
    assert client.post(FORM, data=message(token)).status_code == 303
    same_row = next(t for t in (opened() for _ in range(200)) if _row_of(t) == _row_of(token))
    answer = client.post(FORM, data=message(same_row))
    assert answer.status_code == 429
    assert "to this deputy in the last hour" in answer.text
    assert forms(answer)[0]["form"] == str(same_row)
    assert len(all_cases()) == 1


def _row_of(token: form.FormToken) -> int:
    from zlib import crc32

    return crc32(token.case_id.encode()) % guard.SHARDS


def test_a_fresh_challenge_is_given_for_a_case_id_only(client: httpx.Client) -> None:
    assert (
        client.get(f"{FORM}/challenge", params={"for": "7K3M9QXA2B4C"}).json()["parameters"]["data"]["case"] == "7K3M9QXA2B4C"
    )
    assert client.get(f"{FORM}/challenge", params={"for": "7K3M"}).status_code == 422
    assert client.get(f"{FORM}/challenge").status_code == 422


# Sent twice


def test_a_message_sent_twice_is_one_case_and_shows_the_first_receipt(client: httpx.Client) -> None:
    token = opened()
    first, second = (client.post(FORM, data=message(token, address="3单元")) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert len(all_cases()) == 1


def test_another_text_on_a_used_form_is_asked_about_and_lost_in_no_case(client: httpx.Client) -> None:
    token = opened()
    client.post(FORM, data=message(token))
    answer = client.post(FORM, data=message(token, text="路灯坏了"))
    assert answer.status_code == 409
    assert f'href="../m/{token.tracking_token}"' in answer.text
    assert "Send it as a new message?" in answer.text
    again = forms(answer)[0]
    assert again["text"] == "路灯坏了"
    assert again["form"] != str(token)
    old = str(opened())  # as if the person had taken more than three seconds
    assert client.post(FORM, data=again | {"form": old}).status_code == 303
    assert {case.words[0].text for case in all_cases()} == {"家里暖气不热，只有14度", "路灯坏了"}


def test_a_submission_that_meets_another_on_a_busy_row_is_tried_again(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit, met = service.submit, iter([Conflict("contended")])

    def contended(*args: Any, **given: Any) -> Case:
        for refusal in met:
            raise refusal
        return submit(*args, **given)

    monkeypatch.setattr(service, "submit", contended)
    assert send(client).status_code == 303
    assert len(all_cases()) == 1


def test_one_that_always_meets_another_is_shown_again_to_be_sent_once_more(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def contended(*_: Any, **__: Any) -> Case:
        raise Conflict("contended")

    monkeypatch.setattr(service, "submit", contended)
    answer = send(client)
    assert answer.status_code == 503
    assert forms(answer)[0]["text"] == "家里暖气不热，只有14度"


# Faults


def test_a_fault_of_ours_gives_back_everything_typed_with_the_same_token(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Case:
        raise RuntimeError("the table is gone")

    token = opened()
    with monkeypatch.context() as patched:
        patched.setattr(service, "submit", broken)
        answer = client.post(FORM, data=message(token, address="3单元", tell="email", email="w@example.org"))
    assert answer.status_code == 500
    assert "table is gone" not in answer.text
    again = forms(answer)[0]
    assert (again["text"], again["address"], again["email"]) == ("家里暖气不热，只有14度", "3单元", "w@example.org")
    del again["action"]
    assert client.post(FORM, data=again).status_code == 303


def test_a_body_that_is_no_text_is_told_in_plain_words(client: httpx.Client) -> None:
    answer = client.post(FORM, content=b"text=\xff\xfe", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 422
    assert "We could not read that" in answer.text


# Codes that lead elsewhere


def test_an_unknown_code_helps_to_find_a_deputy(client: httpx.Client) -> None:
    answer = client.get("/d/ZZZZZZZZ")
    assert answer.status_code == 404
    assert "We don’t know this code" in answer.text
    assert f'href="../d/{LIN_CODE}"' in answer.text


def test_a_replaced_code_offers_the_same_deputys_new_one(client: httpx.Client) -> None:
    fresh = directory_service.replace_code("lin-jianwei", "torn down", by=QIAO, now=datetime.now(UTC))
    answer = client.get(FORM)
    assert answer.status_code == 410
    assert f'href="../d/{fresh.code}"' in answer.text
    assert "This is the new way to Deputy Lin Jianwei" in answer.text


def test_a_message_on_its_way_while_the_code_is_replaced_goes_along_to_the_new_form(client: httpx.Client) -> None:
    token = opened()
    fresh = directory_service.replace_code("lin-jianwei", "torn down", by=QIAO, now=datetime.now(UTC))
    answer = client.post(FORM, data=message(token, address="3单元", tell="phone", phone="13800138000"))
    assert answer.status_code == 410
    carried = forms(answer)[0]
    assert carried.pop("action") == f"../d/{fresh.code}"
    there = client.post(f"/d/{fresh.code}", data=carried | {"lang": "en"})
    arrived = forms(there)[0]
    assert (arrived["text"], arrived["address"], arrived["phone"], arrived["form"]) == (
        "家里暖气不热，只有14度", "3单元", "13800138000", str(token),
    )  # fmt: skip
    del arrived["action"]
    assert client.post(f"/d/{fresh.code}", data=arrived).status_code == 303


def test_the_print_of_a_deputy_who_left_leads_to_the_successor(client: httpx.Client) -> None:
    retired = next(
        code.code for code in directory_service.edition(datetime.now(UTC)).edition.codes if code.deputy == "feng-baoguo"
    )
    answer = client.get(f"/d/{retired}")
    assert answer.status_code == 410
    assert "The poster of Deputy Feng Baoguo is an old one" in answer.text
    assert "Lin Jianwei" in answer.text
