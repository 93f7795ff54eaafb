"""The public page of a common demand: everyone may see what is being done, and nobody's words; one tap counts once."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.demands import service
from chalicelib.demands.model import Demand
from chalicelib.directory import service as directory_service
from chalicelib.people import form
from chalicelib.people.guard import LIMITS, Limit
from chalicelib.people.roles import Actor
from chalicelib.spine.dossiers import DossierRow
from tests.support.api import BASE_URL, AppTransport
from tests.support.casework import EMAIL, PHONE, routed
from tests.support.casework import NAME as WRITER
from tests.support.demands import NAME, confirmed, proposed, together, written
from tests.support.house import House
from tests.support.visitor import counted, forms, opened, visitor
from tests.support.wanglan import LIN, NOON, QIAO
from tests.unit.test_qr import MODULE, drawn, read

pytestmark = pytest.mark.usefixtures("district")
LUYU = Actor("officer", "officer.luyu-heating", body="luyu-heating")
LIN_HAS_LEFT = """
deputies:
  - {id: lin-jianwei, name_zh: 林, name_en: Lin, ward_zh: 苇渡, ward_en: Weidu, grids: [weidu-1],
     retired: true, successor: gao-xiulan}
users:
  - {username: deputy.lin, role: deputy, name: 林见微, deputy: lin-jianwei, retired: true}
"""
WORDS = "我家302室的老人冻病了，身份证尾号4417"


def page_of(demand: Demand) -> str:
    return f"/open/demands/{demand.id}"


def a_phone(agent: str = "Phone/1", address: str = "203.0.113.9", language: str = "en") -> httpx.Client:
    """A browser of its own, at an address."""
    headers = {"Accept-Language": language, "User-Agent": agent}
    return httpx.Client(transport=AppTransport(address), base_url=BASE_URL, headers=headers)


def tap(demand: Demand, phone: httpx.Client, paper: str = "") -> httpx.Response:
    """Open the page and tap "I have this too"; ``paper`` is the form of an earlier look."""
    shown = paper or forms(phone.get(page_of(demand)))[0]["form"]
    return phone.post(page_of(demand), data={"form": shown})


def light_cases() -> list[Case]:
    found = [cases.found(row.id) for row in DossierRow.scan() if row.kind == "case"]
    return [case for case in found if case.door == "demand"]


def receipt(answer: httpx.Response) -> str:
    assert answer.status_code == 303
    return answer.headers["location"]


# What is to be seen


def test_a_demand_that_people_have_not_confirmed_has_no_page() -> None:
    gone = together()
    service.move("dismiss", gone.id, by=QIAO, now=NOON, reason="两回事")
    for id in (proposed().id, gone.id, "D00000000000", "x y", "%2e%2e"):
        for path in (f"/open/demands/{id}", f"/open/demands/{id}/qr.svg"):
            answer = visitor().get(path)
            assert answer.status_code == 404
            assert "There is no such matter" in answer.text
        assert visitor().post(f"/open/demands/{id}", data={"form": str(opened())}).status_code == 404
    assert light_cases() == []


def test_it_shows_the_name_how_many_people_where_and_who_works_on_it() -> None:
    demand = confirmed(written(), written(grid="weidu-2"), written())
    text = visitor().get(page_of(demand)).text
    assert f'<h1 id="name">{NAME}</h1>' in text
    assert "<strong>3</strong>" in text
    assert "Jiyue Garden area, Ferry West Lane area" in text
    assert "Wanglan Heating Company" in text
    assert "Several residents reported this" in text


def test_no_word_of_a_resident_and_nothing_of_them_is_on_it() -> None:
    members = [routed(text=f"暖气不热，{WORDS}", grid="weidu-1", address="3单元402") for _ in range(2)]
    demand = confirmed(*members)
    cases.move("note", members[0].id, by=LIN, now=NOON, text="打过电话给王阿姨", public=True)
    service.take_up(demand.id, by=LIN, now=NOON)
    cases.move("answer", members[1].id, by=LIN, now=NOON, text="单独的答复")
    for language in ("zh", "en"):
        shown = visitor(language).get(page_of(demand)).text
        private = (WORDS, "302", "暖气不热，", "3单元402", WRITER, EMAIL, PHONE, "王阿姨", "单独的答复", LIN.id)
        assert [word for word in (*private, *(case.id for case in members)) if word in shown] == []


def test_what_is_done_about_it_is_told_in_both_languages() -> None:
    demand = confirmed()
    service.take_up(demand.id, by=LIN, now=NOON)
    service.assign(demand.id, "luyu-heating", "内部理由", by=LIN, now=NOON)
    service.promise(demand.id, "换掉主阀门", "2099-12-01", by=LUYU, now=NOON)
    service.move("answer", demand.id, by=LIN, now=NOON, text="阀门<b>换好</b>了")
    english, chinese = (visitor(language).get(page_of(demand)).text for language in ("en", "zh-CN"))
    for words in ("Taken up by Deputy Lin Jianwei", "Given to Luyu Heating Works", "Promised by 2099-12-01", "Answered"):
        assert words in english
    for words in ("林见微代表牵头办理", "交由麓屿供热站办理", "承诺 2099-12-01 前办结", "已答复", "确认为共同诉求"):
        assert words in chinese
    for text in (english, chinese):
        assert "换掉主阀门" in text
        assert "阀门&lt;b&gt;换好&lt;/b&gt;了" in text
        assert "内部理由" not in text


def test_a_page_is_in_one_language() -> None:
    for language, foreign in (("zh-CN", "[A-Za-z]{4,}"), ("en", "反映|代表|诉求")):
        shown = visitor(language).get(page_of(together())).text
        visible = re.sub(r"<[^>]+>", " ", shown.partition('<main id="main">')[2].partition("</main>")[0]).replace(NAME, "")
        assert re.findall(foreign, visible) == []


def test_a_page_costs_one_read_and_one_query() -> None:
    demand, reader = together(), visitor()
    reader.get(page_of(demand))
    with counted() as calls:
        reader.get(page_of(demand))
    assert sorted(calls) == ["GetItem", "Query"]


def test_the_page_of_a_demand_that_was_merged_is_the_other_s() -> None:
    old, new = together(), together(name="整片供热不足")
    service.merge(old.id, new.id, "同一根管", by=QIAO, now=NOON)
    assert "整片供热不足" in visitor().get(page_of(old)).text
    assert decoded(visitor().get(f"{page_of(old)}/qr.svg").content) == BASE_URL + page_of(new)
    tap(old, a_phone())
    assert [case.demand for case in light_cases()] == [new.id]


# The code for the stairwell


def decoded(svg: bytes) -> str | None:
    """What a phone reads in a QR code drawn as SVG."""
    return read(drawn(svg.decode(), MODULE))


def test_the_code_leads_to_the_page() -> None:
    demand = together()
    answer = visitor().get(f"{page_of(demand)}/qr.svg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert decoded(answer.content) == BASE_URL + page_of(demand)


# I have this too


def test_one_tap_is_a_light_case_with_a_page_of_its_own() -> None:
    demand, phone = together(), a_phone()
    answer = tap(demand, phone)
    [case] = light_cases()
    assert (case.deputy, case.grid, case.category) == ("lin-jianwei", "weidu-1", "heating/supply/cold-flat")
    assert (case.demand, case.language, case.tell) == (demand.id, "en", "none")
    assert [said.text for said in case.words] == [NAME]
    assert set(case.clocks) == {"acknowledge", "answer"}
    private = phone.get(receipt(answer).removeprefix("../.."))
    assert private.status_code == 200
    assert "Your message has arrived" in private.text


def test_it_is_routed_and_counted_in_the_demand_and_answered_with_the_others() -> None:
    demand, house = confirmed(), House()
    tap(demand, a_phone())
    house.run()
    assert (service.found(demand.id).people, service.found(demand.id).cases) == (4, 4)
    service.move("answer", demand.id, by=LIN, now=NOON, text="今晚修好")
    house.run()
    [case] = light_cases()
    assert (case.status, case.body, case.demand) == ("answered", "heating-company", demand.id)
    service.grow(case.id, NOON)
    assert service.found(demand.id).cases == 4


def test_a_case_of_several_places_is_of_none() -> None:
    tap(together(written(), written(grid="weidu-2")), a_phone())
    assert light_cases()[0].grid == ""


def test_a_double_tap_is_one_case_and_both_show_its_receipt() -> None:
    demand = together()
    paper = str(opened())
    first, second = tap(demand, a_phone(), paper), tap(demand, a_phone(), paper)
    assert receipt(first) == receipt(second)
    assert len(light_cases()) == 1


def test_a_second_tap_with_the_cookie_is_told_that_it_is_counted() -> None:
    demand, phone = together(), a_phone()
    tap(demand, phone)
    elsewhere = a_phone(address="198.51.100.7")
    elsewhere.cookies = phone.cookies
    again = tap(demand, elsewhere)
    assert receipt(again) == "?counted"
    assert "You are counted already" in elsewhere.get(page_of(demand) + "?counted").text
    assert len(light_cases()) == 1


def test_the_cookie_is_of_this_demand_only_and_out_of_scripts_reach() -> None:
    one, other, phone = together(), together(), a_phone()
    cookie = tap(one, phone).headers["set-cookie"]
    assert cookie.startswith(f"too-{one.id}=1; Path=/; Max-Age=")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert receipt(tap(other, phone)).startswith("../../m/")


def test_without_the_cookie_the_same_network_and_browser_count_once() -> None:
    demand = together()
    tap(demand, a_phone())
    assert receipt(tap(demand, a_phone())) == "?counted"
    assert len(light_cases()) == 1


def test_another_browser_or_another_network_counts() -> None:
    demand = together()
    for phone in (a_phone(), a_phone("Phone/2"), a_phone(address="198.51.100.7")):
        assert receipt(tap(demand, phone)).startswith("../../m/")
    assert len(light_cases()) == 3


def test_a_tap_costs_one_read_one_guard_update_and_one_transaction() -> None:
    demand = together()
    tap(demand, a_phone())
    paper = str(opened())
    with counted() as calls:
        tap(demand, a_phone("Phone/2"), paper)
    assert calls == ["GetItem", "UpdateItem", "TransactWriteItems"]


@pytest.mark.parametrize(("move", "standing"), [("answer", "Answered"), ("resolve", "Solved")])
def test_what_is_answered_or_done_takes_no_more_taps(move: str, standing: str) -> None:
    demand, phone = confirmed(), a_phone()
    paper = forms(phone.get(page_of(demand)))[0]["form"]
    service.move(move, demand.id, by=LIN, now=NOON, text="今晚修好")
    shown = phone.get(page_of(demand))
    assert (forms(shown), f"<strong>{standing}</strong>" in shown.text) == ([], True)
    assert receipt(tap(demand, phone, paper)) == "?closed"
    assert "answered meanwhile" in phone.get(page_of(demand) + "?closed").text
    assert light_cases() == []


def test_whoever_has_it_otherwise_is_led_to_the_form_of_the_deputy_in_charge() -> None:
    demand = confirmed()
    assert 'href="../../d/DEM00001">Write to Deputy Lin Jianwei' in visitor().get(page_of(demand)).text
    service.move("resolve", demand.id, by=LIN, now=NOON, text="修好了")
    assert 'href="../../d/DEM00001"' in visitor().get(page_of(demand)).text


@pytest.mark.parametrize("paper", ["", "made.up.by.me", str(datetime(2026, 1, 1, tzinfo=UTC))])
def test_a_form_that_is_none_of_ours_brings_the_page_again(paper: str) -> None:
    answer = a_phone().post(page_of(together()), data={"form": paper})
    assert (answer.status_code, "Please tap once more" in answer.text) == (422, True)
    assert form.read_form(forms(answer)[0]["form"], datetime.now(UTC))
    assert light_cases() == []


def test_a_page_that_was_open_for_days_brings_a_fresh_one() -> None:
    old = str(opened(minutes=timedelta(days=8) / timedelta(minutes=1)))
    answer = tap(together(), a_phone(), old)
    assert (answer.status_code, forms(answer)[0]["form"] != old) == (422, True)


def test_one_network_can_not_tap_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "address_bare", Limit(1, 3600, "too many"))
    demand = together()
    tap(demand, a_phone())
    answer = tap(demand, a_phone("Phone/2"))
    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (429, True)
    assert len(light_cases()) == 1


def test_where_the_deputy_has_left_office_the_one_in_charge_now_gets_it() -> None:
    demand = together()
    report = directory_service.import_file(LIN_HAS_LEFT, "yaml", by=QIAO, now=NOON)
    assert report.written, report.errors
    directory_service.forget()
    tap(demand, a_phone())
    assert [case.deputy for case in light_cases()] == ["gao-xiulan"]
