"""On the private page a resident takes a copy of all that is held, and has all of it erased: at once, for good, provably."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from chalicelib.cases import lessons, photos, service
from chalicelib.cases.model import Case
from chalicelib.demands import workers as demands
from chalicelib.demands.index import FingerprintRow
from chalicelib.errors import Conflict, NotFound
from chalicelib.people import vault
from chalicelib.people.form import FormToken
from chalicelib.people.table import VaultRow
from chalicelib.spine import dossiers, journal
from chalicelib.spine.chain import walk
from chalicelib.spine.dossiers import DossierRow
from chalicelib.spine.journal import JournalRow
from tests.support import casework
from tests.support.casework import EMAIL, NAME, PHONE, facts
from tests.support.files import picture, sent, stored
from tests.support.visitor import form_of, opened, visitor
from tests.support.wanglan import HEATING, LIN

pytestmark = pytest.mark.usefixtures("district")

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
TEXT, PLACE, ADDED = "暖气不热，我家老人九十岁了", "维度花园三号楼二单元502", "昨晚只有九度"


@pytest.fixture
def client() -> httpx.Client:
    return visitor()


@pytest.fixture
def token(district: None) -> FormToken:  # noqa: ARG001 - the district is set up before anything is written in it
    return opened(minutes=6 * 60)


@pytest.fixture
def case(token: FormToken) -> Case:
    """A matter with all that a matter can hold: words twice, a place, contact details, a photo."""
    case = casework.routed(token, NOW - HOUR, text=TEXT, address=PLACE, grid="weidu-1")
    case = service.say(case, "add", ADDED, "pepper", now=NOW - HOUR / 2)
    case = photos.send(case, [sent(picture())], now=NOW - HOUR / 2)
    return photos.keep(case, NOW - HOUR / 2)


def page(token: FormToken) -> str:
    return f"/m/{token.tracking_token}"


def erased(client: httpx.Client, token: FormToken) -> httpx.Response:
    return client.post(page(token), data={"move": "erase", "sure": "1"})


def everywhere() -> str:
    """All that lies in the tables of dossiers, journal and fingerprints, as text."""
    rows = [row.serialize() for model in (DossierRow, JournalRow, FingerprintRow, VaultRow) for row in model.scan()]
    return json.dumps(rows, ensure_ascii=False, default=str)


# Erasing


def test_it_is_asked_once_more_and_then_nothing_of_the_resident_is_left(
    case: Case, client: httpx.Client, token: FormToken
) -> None:
    ask = form_of(client.get(page(token)), "erase")
    sure = client.post(page(token), data=ask)
    assert "Erase what you wrote?" in sure.text
    assert service.found(case.id) == case
    assert client.post(page(token), data=form_of(sure, "erase")).headers["location"] == "?done=erase"
    left = everywhere()
    for mine in (TEXT, PLACE, ADDED, NAME, EMAIL, PHONE, "pepper"):
        assert mine not in left
    assert VaultRow.count() == 0
    after = service.found(case.id)
    assert not after.holds_anything
    assert (after.tell, after.writer, after.photos, after.summary) == ("none", "", (), "")
    with pytest.raises(Exception, match="NoSuchKey"):
        stored(case.photos[0].key)


def test_the_journal_is_as_it_was_and_its_chain_still_proves_it(case: Case, client: httpx.Client, token: FormToken) -> None:
    before = journal.entries(case.id)
    erased(client, token)
    entries = journal.entries(case.id)
    assert entries[: len(before)] == before
    assert facts(case.id)[-2:] == ["withdrawn", "erased"]
    verdict = walk(entries, service.found(case.id).head)
    assert (verdict.sound, verdict.entries) == (True, len(before) + 2)


def test_a_state_made_anew_from_the_journal_brings_nothing_back(case: Case, client: httpx.Client, token: FormToken) -> None:
    erased(client, token)
    found = service.found(case.id)
    assert dossiers.fold(Case, journal.entries(case.id), {"words": found.words}) == found


@pytest.mark.usefixtures("case")
def test_the_page_says_so_and_holds_no_word_of_it(client: httpx.Client, token: FormToken) -> None:
    erased(client, token)
    text = client.get(page(token), params={"done": "erase"}).text
    assert "Your words, photos and contact details have been erased." in text
    assert "You had your words, photos and contact details erased" in text
    assert "(These words have been erased.)" in text
    assert TEXT not in text
    assert 'value="erase"' not in text


def test_asked_twice_it_is_one_fact(case: Case, client: httpx.Client, token: FormToken) -> None:
    assert [erased(client, token).status_code for _ in range(2)] == [303, 303]
    assert facts(case.id).count("erased") == facts(case.id).count("withdrawn") == 1


def test_nobody_can_reach_the_resident_any_more(case: Case, client: httpx.Client, token: FormToken) -> None:
    erased(client, token)
    with pytest.raises(NotFound):
        service.contact(case.id, "想再联系", by=LIN, now=NOW)
    assert vault.unseal(case.id) is None
    assert service.found(case.id).next_duty is None


def test_what_was_closed_stays_as_it_ended(case: Case, client: httpx.Client, token: FormToken) -> None:
    service.move("answer", case.id, by=HEATING, now=NOW, text="泵已更换")
    service.confirm(service.found(case.id), 5, now=NOW)
    erased(client, token)
    after = service.found(case.id)
    assert (after.status, after.verdict, after.satisfaction) == ("resolved", "solved", 5)
    assert facts(case.id)[-2:] == ["confirmed", "erased"]


def test_what_was_written_after_an_erasing_can_be_erased_as_well(case: Case, client: httpx.Client, token: FormToken) -> None:
    service.move("answer", case.id, by=HEATING, now=NOW, text="泵已更换")
    service.confirm(service.found(case.id), 5, now=NOW)
    erased(client, token)
    client.post(page(token), data={"move": "reopen", "text": "又不热了"})
    assert service.found(case.id).holds_anything
    erased(client, token)
    assert not service.found(case.id).holds_anything
    assert "又不热了" not in everywhere()


def test_the_index_of_alike_messages_forgets_it(case: Case, client: httpx.Client, token: FormToken) -> None:
    demands.work({"kind": "case", "type": "routed", "dossier": case.id, "seq": 2}, NOW)
    assert case.id in {row.case or row.dossier for row in FingerprintRow.scan()}
    erased(client, token)
    demands.work({"kind": "case", "type": "erased", "dossier": case.id, "seq": case.version + 2}, NOW)
    assert case.id not in {row.case or row.dossier for row in FingerprintRow.scan()}


def test_no_router_learns_from_it(case: Case, client: httpx.Client, token: FormToken) -> None:
    lessons.note(case)
    assert [lesson.text for lesson in lessons.examples()] == [TEXT]
    erased(client, token)
    assert lessons.examples() == []


def test_an_erasing_that_met_another_deed_is_done_none_the_less(
    case: Case, client: httpx.Client, token: FormToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, met = dossiers.record, []

    def once_too_late(*steps: object, **given: object) -> object:
        if not met:
            met.append("another deed")
            raise Conflict("Someone else was faster")
        return record(*steps, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(dossiers, "record", once_too_late)
    assert erased(client, token).status_code == 303
    assert not service.found(case.id).holds_anything


# A copy of all of it


def test_a_copy_holds_all_that_is_held(case: Case, client: httpx.Client, token: FormToken) -> None:
    service.move("note", case.id, by=HEATING, now=NOW, text="只给同事看", public=False)
    service.contact(case.id, "上门前联系", by=HEATING, now=NOW)
    service.move("answer", case.id, by=HEATING, now=NOW, text="泵已更换")
    answer = client.get(f"{page(token)}/export")
    copy = answer.json()
    assert answer.headers["content-disposition"] == f'attachment; filename="{case.id}.json"'
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert [(said["text"], said["address"]) for said in copy["words"]] == [(TEXT, PLACE), (ADDED, "")]
    assert copy["contact"] == {"name": NAME, "email": EMAIL, "phone": PHONE, "language": "zh", "tell": "email"}
    assert [fact["type"] for fact in copy["facts"]] == facts(case.id)
    assert copy["facts"][-1]["text"] == "泵已更换"
    assert "contact_viewed" in [fact["type"] for fact in copy["facts"]]
    (photo,) = copy["photos"]
    assert client.get(photo.removeprefix("http://127.0.0.1:8000")).status_code == 303


def test_a_copy_holds_nothing_that_colleagues_said_to_each_other(case: Case, client: httpx.Client, token: FormToken) -> None:
    service.move("note", case.id, by=HEATING, now=NOW, text="只给同事看", public=False)
    service.contact(case.id, "上门前联系", by=HEATING, now=NOW)
    text = client.get(f"{page(token)}/export").text
    assert "只给同事看" not in text
    assert "上门前联系" not in text
    assert "pepper" not in text
    assert case.token_hash not in text


@pytest.mark.usefixtures("case")
def test_after_erasing_the_copy_is_empty_of_the_resident(client: httpx.Client, token: FormToken) -> None:
    erased(client, token)
    copy = client.get(f"{page(token)}/export").json()
    assert (copy["contact"], copy["photos"]) == (None, [])
    assert {said["text"] + said["address"] for said in copy["words"]} == {""}


@pytest.mark.usefixtures("case")
def test_whoever_knows_the_number_only_gets_no_copy(client: httpx.Client, token: FormToken) -> None:
    other = opened()
    assert client.get(f"/m/{token.case_id}{other.secret}/export").status_code == 404
