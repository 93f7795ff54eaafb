"""Open311 GeoReport v2, driven by clients that are not ours: ``georeport`` reads, ``three`` reads and posts."""

import importlib
import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
import requests
from georeport import GeoReport

from chalicelib.cases import service
from chalicelib.people import vault
from chalicelib.people.roles import A_RESIDENT
from chalicelib.settings import settings
from tests.support.api import undescribed
from tests.support.casework import COLD, EMAIL, facts, routed, sent
from tests.support.serve import served
from tests.support.visitor import visitor
from tests.support.wanglan import HEATING

pytestmark = pytest.mark.usefixtures("district", "noon")

KEY = "demo-open311-key"
CODE = "heating.supply.cold-flat"
WEIDU_1 = {"lat": "30.0061", "long": "123.5041"}
POST = {"api_key": KEY, "service_code": CODE, "description": COLD, **WEIDU_1}
HERE = "/open311/v2"


@pytest.fixture
def address(district: None) -> Iterator[str]:  # noqa: ARG001 - who lives there
    """The interface, behind a web server of this machine."""
    with served() as site:
        yield f"{site}{HERE}"


@pytest.fixture
def three(address: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client ``three``. It was written for Python 2, where itertools had a lazy ``filter``; that is all it lacks."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    return importlib.import_module("three").Three(address, api_key=KEY)


def post(**fields: str) -> httpx.Response:
    return visitor().post(f"{HERE}/requests.json", data={name: text for name, text in {**POST, **fields}.items() if text})


def posted(**fields: str) -> str:
    answer = post(**fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()[0]["service_request_id"])


def ids(**query: str) -> list[str]:
    answer = visitor().get(f"{HERE}/requests.json", params=query)
    assert answer.status_code == 200, answer.text
    return [each["service_request_id"] for each in answer.json()]


def faults(answer: httpx.Response) -> list[tuple[int, str]]:
    """The faults of a refused request, each with its code."""
    assert all(each.keys() == {"code", "description"} for each in answer.json())
    return [(each["code"], each["description"]) for each in answer.json()]


# Clients not ours


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_reading_client_finds_services_their_attributes_and_requests(form: str, address: str) -> None:
    ours = [routed(now=settings.now() - timedelta(days=day), grid="weidu-1").id for day in (1, 2)]
    client = GeoReport(address, jurisdiction="wanglan", output_format=form)
    services = {each["service_code"]: each for each in client.get_service_list()}
    assert services[CODE]["type"] == "realtime"
    assert services[CODE]["group"] == "供暖"
    attributes = client.get_service_definition(CODE)["attributes"]
    grid = (attributes["attribute"] if form == "xml" else attributes)[0]
    assert (grid["code"], grid["datatype"]) == ("GRID", "singlevaluelist")
    assert [each["service_request_id"] for each in client.get_service_requests(service_code=CODE, status="open")] == ours
    one = client.get_service_request(ours[0])
    assert (one["status"], one["agency_responsible"], one["address_id"]) == ("open", "望澜热力公司", "weidu-1")
    assert (float(one["lat"]), float(one["long"])) == (30.006, 123.504)
    assert datetime.fromisoformat(one["requested_datetime"]).utcoffset() == timedelta(hours=8)


def test_a_writing_client_posts_and_follows_its_request(three: Any) -> None:
    assert three.discovery()["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert CODE in {each["service_code"] for each in three.services()}
    assert three.services(CODE)["service_code"] == CODE
    created = three.post(CODE, description=COLD, address="霁月花园3号楼", name="秀英 王", email=EMAIL)[0]
    case = service.found(created["service_request_id"])
    assert (case.door, case.client, case.deputy, case.grid) == ("open311", "demo-app", "lin-jianwei", "weidu-1")
    contact = vault.unseal(case.id)
    assert contact is not None
    assert (contact.name, contact.email) == ("王秀英", EMAIL)
    assert three.request(case.id)[0]["service_request_id"] == case.id
    assert [each["service_request_id"] for each in three.requests(CODE, count=10)] == [case.id]
    assert three.token(contact.tracking_token)[0]["service_request_id"] == case.id
    assert three.request("000000000000") == [{"code": 404, "description": "service_request_id '000000000000' was not found"}]


def test_a_plain_client_of_http_gets_xml_with_its_declaration(address: str) -> None:
    answer = requests.post(f"{address}/requests.xml", data=POST, headers={"Accept-Language": "en"}, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "text/xml; charset=utf-8")
    assert answer.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    id = ElementTree.fromstring(answer.content).findtext("request/service_request_id")
    assert facts(str(id)) == ["received"]


# What comes in


def test_a_request_has_its_promise_and_a_private_page_for_the_one_who_wrote() -> None:
    notice = post().json()[0]["service_notice"]
    link = notice.rpartition(" ")[2]
    assert "An answer is promised by 20" in notice
    assert COLD in visitor().get(link.removeprefix(settings.base_url)).text


@pytest.mark.parametrize(
    ("fields", "deputy", "grid"),
    [
        ({}, "lin-jianwei", "weidu-1"),
        ({"lat": "", "long": "", "address_id": "luqi-4"}, "ma-shoutian", "luqi-4"),
        ({"lat": "", "long": "", "attribute[GRID]": "luyu-1"}, "chen-yanqiu", "luyu-1"),
        ({"lat": "", "long": "", "address_string": "橹声苑2号楼"}, "shen-ruoxi", "qinglu-1"),
        ({"attribute[DEPUTY]": "gao-xiulan"}, "gao-xiulan", "weidu-1"),
        ({"lat": "", "long": "", "attribute[DEPUTY]": "gao-xiulan"}, "gao-xiulan", ""),
    ],
)
def test_the_deputy_is_found_by_the_place_or_is_named(fields: dict[str, str], deputy: str, grid: str) -> None:
    case = service.found(posted(**fields))
    assert (case.deputy, case.grid) == (deputy, grid)


def test_a_picture_s_address_stands_with_the_words() -> None:
    case = service.found(posted(media_url="https://pictures.example/1.jpg"))
    assert case.words[0].text == f"{COLD}\nhttps://pictures.example/1.jpg"


def test_a_request_sent_twice_is_one_case_and_other_words_are_another() -> None:
    first, again, other = posted(), posted(), posted(description="楼道灯不亮")
    assert first == again != other
    headers = {"Idempotency-Key": "k1"}
    kept = [visitor().post(f"{HERE}/requests.json", data=POST, headers=headers).json()[0] for _ in range(2)]
    assert kept[0]["service_request_id"] == kept[1]["service_request_id"] != first
    changed = visitor().post(f"{HERE}/requests.json", data={**POST, "description": "x"}, headers=headers)
    assert changed.status_code == 409


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"service_code": ""}, "service_code was not provided"),
        ({"service_code": "dragons"}, "service_code: "),
        ({"description": ""}, "description: "),
        ({"description": "x" * 4001}, "description: "),
        ({"email": "nobody"}, "email: "),
        ({"phone": "12"}, "phone: "),
        ({"lat": "north"}, "lat, long: "),
        ({"lat": "", "long": ""}, "No deputy was found"),
        ({"lat": "10", "long": "10"}, "No deputy was found"),
        ({"attribute[GRID]": "nowhere"}, "attribute[GRID]: "),
        ({"attribute[DEPUTY]": "feng-baoguo"}, "attribute[DEPUTY]: "),
        ({"media_url": "javascript:alert(1)"}, "media_url: "),
    ],
)
def test_what_is_wrong_with_a_request_is_said_and_nothing_is_kept(fields: dict[str, str], said: str) -> None:
    answer = post(**fields)
    assert answer.status_code == 400
    (fault,) = faults(answer)
    assert fault[0] == 400
    assert fault[1].startswith(said)
    assert ids() == []


def test_every_fault_is_told_at_once() -> None:
    assert len(faults(post(description="", service_code="", email="x", lat="y"))) == 4


@pytest.mark.parametrize("key", ["", "guessed", "zd_"])
def test_nothing_comes_in_without_a_good_key(key: str) -> None:
    answer = post(api_key=key)
    assert (answer.status_code, faults(answer)) == (403, [(403, "Missing or invalid api_key")])
    assert visitor().get(f"{HERE}/requests.json?api_key=guessed").status_code == 403


def test_a_flood_of_one_client_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.people import guard

    monkeypatch.setitem(guard.LIMITS, "code_solved", guard.Limit(guard.SHARDS, guard.HOUR, "too many"))
    answers = [post(description=f"第{number}条") for number in range(40)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert all("retry-after" in answer.headers for answer in refused)


# What goes out


def test_nobody_s_words_place_or_name_leave_but_to_the_client_that_sent_them() -> None:
    ours = posted(email=EMAIL, last_name="王", address_string="霁月花园3号楼2单元")
    service.route(ours, settings.now())
    service.move("answer", ours, by=HEATING, now=settings.now(), text="今晚派人到三号楼")
    answers = [visitor().get(f"{HERE}/{path}").text for path in ("requests.json", f"requests/{ours}.json", "requests.xml")]
    assert all(ours in text for text in answers)
    for secret in (COLD, EMAIL, "王", "2单元", "30.0061", "三号楼"):
        assert not any(secret in text for text in answers)
    (own,) = visitor().get(f"{HERE}/requests/{ours}.json", params={"api_key": KEY}).json()
    assert (own["description"], own["address"], own["lat"]) == (COLD, "霁月花园3号楼2单元", 30.0061)
    assert "今晚派人到三号楼" in own["status_notes"]
    assert EMAIL not in str(own)


def test_of_what_came_by_another_door_a_client_sees_what_all_see() -> None:
    other = routed(now=settings.now(), grid="weidu-1", address="3号楼").id
    (seen,) = visitor().get(f"{HERE}/requests/{other}.json", params={"api_key": KEY}).json()
    assert (seen["description"], seen["address"]) == (None, "Jiyue Garden area")


def test_moments_are_told_to_the_hour() -> None:
    at = settings.now().replace(minute=37, second=12) - timedelta(days=1)
    routed(now=at)
    (seen,) = visitor().get(f"{HERE}/requests.json").json()
    assert datetime.fromisoformat(seen["requested_datetime"]) == at.replace(minute=0, second=0, microsecond=0)
    # nor can they be found out by asking for ever shorter times
    for minute in (0, 20, 59):
        inside = at.replace(minute=minute).isoformat()
        assert len(ids(start_date=inside, end_date=inside)) == 1


def test_a_case_in_danger_taken_back_or_not_sorted_yet_is_not_there() -> None:
    now = settings.now()
    danger = routed(now=now, text="闻到煤气味，有人昏迷", category=CODE.replace(".", "/"))
    taken_back, unsorted = routed(now=now), sent(now=now)
    service.withdraw(taken_back, by=A_RESIDENT, now=now)
    assert danger.urgency == "danger"
    assert ids() == []
    for case in (danger, taken_back, unsorted):
        assert visitor().get(f"{HERE}/requests/{case.id}.json").status_code == 404
        assert ids(service_request_id=case.id) == []


def test_an_answer_closes_nothing_and_the_last_word_does() -> None:
    now = settings.now()
    case = routed(now=now)
    assert ids(status="open") == [case.id]
    service.move("answer", case.id, by=HEATING, now=now, text="修好了")
    assert (ids(status="open"), ids(status="closed")) == ([case.id], [])
    service.confirm(service.found(case.id), 5, now=now)
    assert (ids(status="open"), ids(status="closed"), ids(status="open,closed")) == ([], [case.id], [case.id])


def test_what_is_overdue_is_said_plainly() -> None:
    routed(now=settings.now() - timedelta(days=3))
    (seen,) = visitor().get(f"{HERE}/requests.json").json()
    assert seen["service_notice"].startswith("The promised time has passed")


# Asking for some


def test_without_dates_the_last_ninety_days_are_meant_and_more_can_not_be_asked_for() -> None:
    now = settings.now()
    recent, old = routed(now=now - timedelta(days=80)).id, routed(now=now - timedelta(days=100)).id
    assert ids() == [recent]
    assert ids(start_date=(now - timedelta(days=120)).isoformat()) == [recent, old]
    assert ids(start_date=(now - timedelta(days=90)).isoformat()) == [recent]
    assert ids(end_date=(now - timedelta(days=90)).isoformat()) == [old]
    too_long = {"start_date": (now - timedelta(days=120)).isoformat(), "end_date": now.isoformat()}
    assert (
        faults(visitor().get(f"{HERE}/requests.json", params=too_long))[0][1] == "From start_date to end_date are 0 to 90 days"
    )


@pytest.mark.parametrize("text", ["yesterday", "2026-11-24", "2026-11-24T12:00:00", "1800-01-01T00:00:00Z"])
def test_a_moment_needs_its_offset(text: str) -> None:
    answer = visitor().get(f"{HERE}/requests.json", params={"start_date": text})
    assert answer.status_code == 400
    assert faults(answer)[0][1].startswith(f"start_date '{text}'")


def test_a_plus_that_was_not_encoded_is_a_plus() -> None:
    assert visitor().get(f"{HERE}/requests.json?start_date=2026-11-24T12:00:00+08:00").status_code == 200


def test_pages_hold_every_request_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.cases.arrivals.PAGE", 2)
    monkeypatch.setattr("chalicelib.open311.service.MOST", 4)
    now = settings.now()
    ours = [routed(now=now - timedelta(days=5 * number)).id for number in range(9)]  # over two months and more
    assert ids(page="2", page_size="2") == ours[2:4]
    seen: list[str] = []
    link = f"{HERE}/requests.json?page_size=2"
    while link:
        answer = visitor().get(link.removeprefix(settings.base_url))
        seen += [each["service_request_id"] for each in answer.json()]
        link = answer.links.get("next", {}).get("url", "")
    assert seen == ours


def test_several_services_and_all_below_one_can_be_asked_for() -> None:
    now = settings.now()
    cold, light = routed(now=now).id, routed(now=now, text="路灯不亮", category="").id
    other = service.found(light).category.replace("/", ".")
    assert set(ids(service_code=f"{CODE},{other}")) == {cold, light}
    assert ids(service_code="heating") == [cold]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("requests.yaml", 404), ("nothing.json", 404), (".json", 404), ("services/nothing.json", 404),
        ("services/heating.supply.json", 200), ("requests/garbage.json", 404), ("tokens/garbage.json", 404),
        ("services.json?jurisdiction_id=elsewhere", 404), ("services.json?jurisdiction_id=wanglan", 200),
        ("requests.json?status=half", 400), ("requests.json?page=0", 400), ("requests.json?page_size=1001", 400),
        ("requests.json?page=3&page_size=1000", 400), ("requests.json?cursor=x", 400), ("requests.json?cursor=2026-11.x", 400),
    ],
)  # fmt: skip
def test_every_other_name_has_its_answer(path: str, status: int) -> None:
    for form_ in ("json", "xml"):
        answer = visitor().get(f"{HERE}/{path.replace('.json', f'.{form_}')}")
        assert answer.status_code == status, answer.text
    if status >= 400 and not path.endswith(".yaml"):
        tree = ElementTree.fromstring(answer.content)
        assert (tree.tag, tree[0].tag, tree.findtext("error/code")) == ("errors", "error", str(status))


def test_what_no_document_may_hold_is_left_out_of_xml() -> None:
    from chalicelib.open311.xml import document

    text = document("errors", [{"code": 400, "description": "a\x00b\x1b<&>\ufffe"}])
    assert ElementTree.fromstring(text).findtext("error/description") == "ab<&>"


def test_a_key_is_made_once_and_only_its_hash_is_kept() -> None:
    from infra.keys import new_key

    key, hashed = new_key(lambda size: "x" * size)
    assert key == "zd_" + "x" * 24
    assert len(hashed) == 64
    assert new_key() != new_key()


def test_a_list_costs_a_query_a_hundred_cases_and_no_more() -> None:
    from tests.support.calls import counted

    visitor().get(f"{HERE}/requests.json")
    routed(now=settings.now())
    span = {"start_date": settings.now().isoformat(), "end_date": settings.now().isoformat()}
    with counted() as calls:
        ids(**span)
    assert calls == ["Query dossiers by-shelf"]


def test_every_answer_is_as_the_description_says() -> None:
    browser = visitor()
    case = posted()
    service.route(case, settings.now())
    for path in ("discovery", "services", "requests", f"services/{CODE}", f"requests/{case}", "requests/none", "tokens/none"):
        for form in ("json", "xml"):
            browser.get(f"{HERE}/{path}.{form}")
            browser.post(f"{HERE}/requests.{form}", data={"description": COLD})
    seen = browser._transport.seen  # type: ignore[attr-defined]
    assert {answer.status_code for _, answer in seen} == {200, 403, 404}
    assert [fault for route, answer in seen for fault in undescribed(route, answer)] == []
