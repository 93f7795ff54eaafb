"""The public page of a deputy's year: what the law and the deputy make public, and nothing else."""

import re
from collections.abc import Iterator

import httpx
import pytest

from chalicelib.directory import service as directory_service
from chalicelib.performance import importing, service
from infra.demo import performance as demo
from tests.support.api import BASE_URL, AppTransport
from tests.support.performance import YEAR, approved, rows, submitted
from tests.support.wanglan import GAO, LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")
FILE = f"/open/performance/lin-jianwei?year={YEAR}"


@pytest.fixture
def anyone() -> Iterator[httpx.Client]:
    with httpx.Client(transport=AppTransport(), base_url=BASE_URL, headers={"Accept-Language": "zh"}) as client:
        yield client


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_words_are_shown_only_of_what_counts_and_the_deputy_shows(anyone: httpx.Client) -> None:
    approved(title="给大家看的", shown=True)
    approved(title="不给人看的")
    submitted(title="还没有审核的", shown=True)
    page = words(anyone.get(FILE).text)
    assert "给大家看的" in page
    assert not {"不给人看的", "还没有审核的"} & set(page.split())


def test_a_kind_that_the_law_makes_public_is_named_and_one_that_is_never_public_is_not(anyone: httpx.Client) -> None:
    approved(kind="inspection", title="视察换热站", day="2026-11-18")
    approved(kind="family-help", title="看望某户", shown=True)
    page = words(anyone.get(FILE).text)
    assert "参加视察检查" in page
    assert "2026-11-18" in page
    assert "视察换热站" not in page
    assert not {"结对帮扶", "看望某户"} & set(page.split())


def test_what_is_hidden_again_is_gone(anyone: httpx.Client) -> None:
    record = approved(title="给大家看的", shown=True)
    service.move("hide", record.id, by=LIN, now=NOON)
    assert "给大家看的" not in anyone.get(FILE).text


def test_no_points_and_no_rank_are_public_unless_the_district_publishes_them(anyone: httpx.Client) -> None:
    importing.bring_in(rows(7, day="2026-01-05"), by=QIAO, now=NOON)
    approved(by=GAO)
    assert "14分" not in words(anyone.get(FILE).text)
    listed = anyone.get(f"/open/performance?year={YEAR}").text
    assert "分" not in words(listed).replace("不分先后", "")
    report = directory_service.put("settings", "settings", {"publish_ranking": True}, by=QIAO, now=NOON)
    assert report.written, report.errors
    directory_service.forget()
    assert "14分，全体代表第1名" in words(anyone.get(FILE).text)
    listed = anyone.get(f"/open/performance?year={YEAR}").text
    assert listed.index("lin-jianwei") < listed.index("gao-xiulan")


def test_a_deputy_who_left_office_still_has_their_page_and_nobody_else_has_one(anyone: httpx.Client) -> None:
    assert anyone.get("/open/performance/feng-baoguo?year=2024").status_code == 200
    for path, status in (("/open/performance/nobody", 404), ("/open/performance/lin-jianwei?year=x", 422)):
        answer = anyone.get(path)
        assert (answer.status_code, "text/html" in answer.headers["content-type"]) == (status, True)


def test_the_page_is_in_both_languages_and_needs_nothing_from_elsewhere(anyone: httpx.Client) -> None:
    approved(shown=True)
    english = anyone.get(FILE, headers={"Accept-Language": "en"}).text
    assert "Median of the congress" in english
    assert "Visit to residents" in english
    for page in (english, anyone.get(FILE).text):
        assert not re.search(r'style="|<script|https?://(?!127)', page.replace("http://www.w3.org", ""))


def test_what_a_deputy_wrote_is_text_on_the_page(anyone: httpx.Client) -> None:
    approved(title="<script>alert(1)</script>", shown=True)
    page = anyone.get(FILE).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_demo_has_a_year_that_fills_one_for_review_and_one_that_is_appealed(anyone: httpx.Client) -> None:
    deputy = demo.load(NOON)
    page = words(anyone.get(f"/open/performance/{deputy}?year={YEAR}").text)
    assert "入户听取供暖意见" in page
    waiting = service.waiting(by=QIAO, limit=10).items
    assert sorted(record.status for record, _ in waiting) == ["appealed", "submitted"]
    assert "述职" in words(anyone.get(f"/open/performance/{deputy}?year={int(YEAR) - 1}").text)
