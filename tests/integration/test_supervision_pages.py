"""What everyone may see of supervision: who is overdue with what, and how bodies were appraised, in both languages."""

from datetime import timedelta

import httpx
import pytest

from chalicelib.cases import service as cases
from chalicelib.cases.model import Case
from chalicelib.settings import settings
from chalicelib.spine import agenda, journal
from chalicelib.supervision import ballots, service, workers
from chalicelib.supervision.model import item_of
from tests.support.api import BASE_URL, AppTransport
from tests.support.casework import COLD, routed
from tests.support.supervision import TITLE, an_appraisal, came, looked, noticed, published, rectified
from tests.support.wanglan import HEATING, NOON, QIAO, TANG

pytestmark = pytest.mark.usefixtures("district")
LONG_AGO = NOON - timedelta(days=60)
CHINESE, ENGLISH = {"Accept-Language": "zh"}, {"Accept-Language": "en"}


@pytest.fixture
def anyone() -> httpx.Client:
    return httpx.Client(transport=AppTransport(), base_url=BASE_URL)


def shown(anyone: httpx.Client, path: str, headers: dict[str, str] = ENGLISH) -> str:
    answer = anyone.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.text


def test_who_is_overdue_stands_there_with_what_and_since_when(anyone: httpx.Client) -> None:
    noticed(LONG_AGO)
    page = shown(anyone, "/open/supervision")
    for part in ("Wanglan Heating Company", TITLE, "Notice given", "To be set right by", "Heating"):
        assert part in page
    chinese = shown(anyone, "/open/supervision", CHINESE)
    assert "望澜热力公司" in chinese
    assert "整改期限" in chinese


def test_what_is_not_overdue_is_not_named(anyone: httpx.Client) -> None:
    came(), noticed(settings.now())
    item = noticed(LONG_AGO)
    service.rectify(item.id, "修好了", by=HEATING, now=NOON)
    dropped = noticed(LONG_AGO)
    service.drop(dropped.id, "另案", by=TANG, now=NOON)
    page = shown(anyone, "/open/supervision")
    assert "Nothing is overdue." in page
    assert TITLE not in page


def test_an_item_that_opened_by_itself_says_why_and_nobodys_words(anyone: httpx.Client) -> None:
    case = routed()
    agenda.enforce({"dossier": case.id, "kind": "case"}, NOON + timedelta(hours=10), {"case": (Case, cases.enforce)})
    for entry in journal.entries(case.id):
        if f"case.{entry.type}" in workers.WANTED:
            workers.work({"kind": "case", "type": entry.type, "dossier": case.id, "seq": entry.seq}, NOON)
    item = service.found(item_of("breach", case.id, "answer"))
    service.notice(item.id, f"请办理：{COLD}", by=QIAO, now=LONG_AGO)
    page = shown(anyone, "/open/supervision")
    assert "A promised date was missed and not made good" in page
    assert COLD not in page
    assert case.id not in page


def test_how_often_it_was_found_wanting_is_said(anyone: httpx.Client) -> None:
    looked(rectified(), passes=False, now=LONG_AGO)
    assert "1 time" in shown(anyone, "/open/supervision")
    assert "1 次" in shown(anyone, "/open/supervision", CHINESE)


def test_a_long_list_goes_on_over_a_link(anyone: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_PUBLIC", 2)
    for day in range(3):
        noticed(LONG_AGO + timedelta(days=day), title=f"事项{day}")
    first = shown(anyone, "/open/supervision")
    assert ("事项0" in first, "事项2" in first) == (True, False)
    follow = first.partition('href="?cursor=')[2].partition('"')[0]
    second = shown(anyone, f"/open/supervision?cursor={follow}")
    assert ("事项0" in second, "事项2" in second) == (False, True)


def test_a_bad_cursor_is_a_page_and_not_a_fault(anyone: httpx.Client) -> None:
    assert anyone.get("/open/supervision?cursor=@@@").status_code == 422


def test_results_are_public_with_their_turnout(anyone: httpx.Client) -> None:
    appraisal = published("satisfied", "satisfied", "basically", "dissatisfied")
    page = shown(anyone, f"/open/appraisals/{appraisal.id}")
    for part in ("4 of 8 deputies (50 in a hundred)", "Wanglan Water Company", "Keeps its promises", "basically satisfied"):
        assert part in page
    assert page.count("<td>2</td><td>1</td><td>1</td>") == 6
    assert appraisal.key.fingerprint[:4] in page
    assert "百分之 50" in shown(anyone, f"/open/appraisals/{appraisal.id}", CHINESE)


def test_before_the_count_and_of_too_few_ballots_no_grade_is_shown(anyone: httpx.Client) -> None:
    before, few = an_appraisal(), published("satisfied", "dissatisfied")
    assert "<table" not in shown(anyone, f"/open/appraisals/{before.id}")
    page = shown(anyone, f"/open/appraisals/{few.id}")
    assert "<table" not in page
    assert "Fewer than 3 ballots were cast" in page


def test_every_appraisal_is_on_the_list_and_one_that_is_not_there_is_a_page(anyone: httpx.Client) -> None:
    assert "There was none yet." in shown(anyone, "/open/appraisals")
    appraisal = an_appraisal()
    ballots.cancel(appraisal.id, "改期", by=QIAO, now=NOON)
    page = shown(anyone, "/open/appraisals")
    assert f"open/appraisals/{appraisal.id}" in page
    assert "It was called off" in page
    missing = anyone.get("/open/appraisals/Q00000000000Z", headers=ENGLISH)
    assert (missing.status_code, "There is no such appraisal" in missing.text) == (404, True)
