"""The client against the app itself: what one sends, the other takes, and what it answers, the client reads."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from chalicelib.cases import service
from chalicelib.cases.model import LIFECYCLE
from tests.support.api import BASE_URL, AppTransport
from tests.support.cloud import add_user
from zerodistance_client import (
    Case,
    IllegalMove,
    Invalid,
    LockedOut,
    MemoryTokens,
    NotAllowed,
    NotFound,
    Retry,
    SignInNeeded,
    Tokens,
    WrongCredentials,
    ZeroDistance,
)
from zerodistance_client.command.app import app as command
from zerodistance_client.command.around import Around
from zerodistance_client.command.display import COMMANDS
from zerodistance_client.command.words import TERMS

URL, PASSWORD = BASE_URL, "Correct-horse-9"
PEOPLE = {
    "deputy.lin": "deputy",
    "deputy.gao": "deputy",
    "officer.heating": "officer",
    "manager.qiao": "manager",
    "supervisor.tang": "supervisor",
}
COLD = "家里暖气不热，只有12度，老人受不了"

SignedIn = Callable[[str], ZeroDistance]


class LosesAnAnswer(AppTransport):
    """Does what it is asked for, and loses the answer to the first request of this path's end."""

    def __init__(self, end: str) -> None:
        super().__init__()
        self._end = end

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if self._end and request.url.path.endswith(self._end):
            self._end = ""
            raise httpx.ReadTimeout("the answer was lost on the way")
        return answer


@pytest.fixture
def signed_in(app_transport: httpx.BaseTransport) -> SignedIn:
    """A client of one of the demo district's people."""

    def signed_in(username: str) -> ZeroDistance:
        add_user(username, PEOPLE[username], PASSWORD)
        person = ZeroDistance(URL, retry=Retry(attempts=1), transport=app_transport)
        person.sign_in(username, PASSWORD)
        return person

    return signed_in


@pytest.fixture
def lin(signed_in: SignedIn) -> ZeroDistance:
    return signed_in("deputy.lin")


def taken(by: ZeroDistance, text: str = COLD, **known: Any) -> Case:
    """A message taken down, and routed as the stream's worker would."""
    case = by.take_down(text, "lin-jianwei", **known)
    service.route(case.id, datetime.now(UTC))
    return by.case(case.id)


@pytest.mark.parametrize(("username", "role"), PEOPLE.items())
def test_everyone_signs_in_and_is_known(signed_in: SignedIn, username: str, role: str) -> None:
    me = signed_in(username).me()
    assert (me.username, me.role) == (username, role)
    assert bool(me.deputy) == (role == "deputy")
    assert bool(me.body) == (role == "officer")


def test_wrong_credentials_and_then_the_lock(lin: ZeroDistance) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            lin.sign_in("deputy.lin", "wrong")
    with pytest.raises(LockedOut) as told:
        lin.sign_in("deputy.lin", PASSWORD)
    assert told.value.retry_after > 0


def test_a_session_is_renewed_by_itself(lin: ZeroDistance, app_transport: httpx.BaseTransport) -> None:
    kept = lin._wire.tokens.load()
    assert kept is not None
    spoilt = Tokens(kept.access[:-6] + "broken", kept.refresh)
    store = MemoryTokens(spoilt)
    assert ZeroDistance(URL, store, retry=Retry(attempts=1), transport=app_transport).me().username == "deputy.lin"
    assert store.load() != spoilt


def test_after_signing_out_the_tokens_open_nothing(
    lin: ZeroDistance, app_transport: httpx.BaseTransport, revoked: list[str]
) -> None:
    kept = lin._wire.tokens.load()
    assert kept is not None
    lin.sign_out()
    assert revoked == [kept.refresh]
    with pytest.raises(SignInNeeded):
        ZeroDistance(URL, MemoryTokens(Tokens(kept.access)), retry=Retry(attempts=1), transport=app_transport).me()
    with pytest.raises(SignInNeeded):
        lin.me()


def test_a_message_taken_down_has_promises_and_a_tracking_page(lin: ZeroDistance) -> None:
    contact = {"name": "王", "phone": "13900000000", "language": "zh", "tell": "phone"}
    case = lin.take_down(COLD, "lin-jianwei", address="12号楼", contact=contact, door="cli")
    assert case.tracking_url.startswith(f"{URL}/m/{case.id}")
    assert (case.status, case.text, case.address, case.door, case.has_contact) == ("received", COLD, "12号楼", "cli", True)
    assert {promise.step for promise in case.promises} == {"acknowledge", "answer"}
    assert case.due_at is not None
    assert case.due_at.tzinfo is not None


def test_the_inbox_shows_what_falls_due_next_over_cursors(lin: ZeroDistance) -> None:
    cases = [taken(lin, f"{COLD} {number}") for number in range(3)]
    listed = list(lin.inbox(page=2))
    assert {case.id for case in listed} == {case.id for case in cases}
    assert [case.due_at for case in listed] == sorted(case.due_at for case in listed if case.due_at)
    assert all(case.summary.startswith("家里暖气不热") for case in listed)


def test_a_case_from_the_first_word_to_the_answer(lin: ZeroDistance) -> None:
    id = taken(lin).id
    assert lin.acknowledge(id).status == "acknowledged"
    noted = lin.note(id, "已联系供热公司", public=True)
    assert noted.status == "in_progress"
    assert lin.case(id).timeline[-1].text == "已联系供热公司"
    waiting = lin.ask(id, "几楼？")
    assert (waiting.status, waiting.paused) == ("waiting", True)
    answered = lin.answer(id, "今晚恢复供热")
    assert answered.status == "answered"
    assert all(promise.met_at for promise in answered.promises)
    assert lin.case(id).timeline[-1].actor.role == "deputy"


def test_a_case_is_handed_on_once_and_then_by_the_manager(lin: ZeroDistance, signed_in: SignedIn) -> None:
    id = taken(lin).id
    assert lin.assign(id, "water-company", "是水的事").body == "water-company"
    with pytest.raises((NotAllowed, IllegalMove)):
        lin.assign(id, "heating-company", "还是暖气")
    assert signed_in("manager.qiao").assign(id, "heating-company", "还是暖气").hand_ons == 2


def test_a_category_is_corrected(lin: ZeroDistance, signed_in: SignedIn) -> None:
    id = taken(lin).id
    categories = signed_in("manager.qiao").directory("categories")
    other = next(str(category["id"]) for category in categories if category["id"].startswith("water"))
    moved = lin.recategorise(id, other, "是水管", urgency="urgent")
    assert (moved.category, moved.urgency) == (other, "urgent")


def test_a_case_is_declined_or_merged(lin: ZeroDistance) -> None:
    first, second, third = (taken(lin, f"{COLD} {number}").id for number in range(3))
    assert lin.decline(first, "不属于本区", "请联系邻区").status == "declined"
    merged = lin.merge(second, third, "同一件事")
    assert (merged.status, merged.merged_into) == ("merged", third)
    assert lin.case(third).joined == (second,)


def test_an_id_may_be_written_with_dashes_and_in_small_letters(lin: ZeroDistance) -> None:
    id = taken(lin).id
    assert lin.case(f"{id[:4]}-{id[4:8]}-{id[8:]}".lower()).id == id


def test_an_illegal_move_names_the_legal_ones(lin: ZeroDistance) -> None:
    id = taken(lin).id
    lin.ask(id, "几楼？")
    with pytest.raises(IllegalMove) as told:
        lin.acknowledge(id)
    assert "answer" in told.value.legal_moves


def test_what_is_not_yours_is_not_there(lin: ZeroDistance, signed_in: SignedIn) -> None:
    id, gao = taken(lin).id, signed_in("deputy.gao")
    for look in (gao.case, gao.verify, gao.acknowledge):
        with pytest.raises(NotFound):
            look(id)


def test_a_role_does_what_it_may(lin: ZeroDistance, signed_in: SignedIn) -> None:
    id, supervisor = taken(lin).id, signed_in("supervisor.tang")
    assert supervisor.case(id).moves == ()
    with pytest.raises(NotAllowed):
        supervisor.acknowledge(id)
    with pytest.raises(NotAllowed):
        lin.import_directory("bodies: []")


def test_an_empty_text_is_invalid_and_its_field_named(lin: ZeroDistance) -> None:
    id = taken(lin).id
    with pytest.raises(Invalid) as told:
        lin.answer(id, "")
    assert told.value.field == "text"


def test_an_answer_that_was_lost_on_the_way_is_one_fact(lin: ZeroDistance) -> None:
    id = taken(lin).id
    losing = ZeroDistance(URL, lin._wire.tokens, retry=Retry(sleep=lambda _: None), transport=LosesAnAnswer("/note"))
    noted = losing.note(id, "只记一次")
    assert [entry.text for entry in lin.case(noted.id).timeline].count("只记一次") == 1


def test_contact_details_are_shown_and_the_look_recorded(lin: ZeroDistance, signed_in: SignedIn) -> None:
    id = taken(lin, contact={"name": "王", "phone": "13900000000", "tell": "phone"}).id
    found = lin.contact(id, "回电话")
    assert (found.name, found.phone, found.language) == ("王", "13900000000", "zh")
    assert lin.case(id).timeline[-1].data["reason"] == "回电话"
    with pytest.raises(NotAllowed):
        signed_in("manager.qiao").contact(id, "好奇")


def test_a_history_is_verified(lin: ZeroDistance) -> None:
    found = lin.verify(taken(lin).id)
    assert (found.sound, found.first_changed) == (True, None)
    assert found.entries == 2


def test_what_could_not_be_routed_is_on_the_managers_list(lin: ZeroDistance, signed_in: SignedIn) -> None:
    id = taken(lin, "啊啊啊 ???").id
    manager = signed_in("manager.qiao")
    assert [case.id for case in manager.inbox(list="triage")] == [id]
    assert [case.id for case in manager.inbox(deputy="lin-jianwei")] == [id]
    assert list(manager.inbox(body="heating-company")) == []


def test_an_officer_sees_and_answers_what_is_their_bodys(lin: ZeroDistance, signed_in: SignedIn) -> None:
    id = taken(lin).id
    officer = signed_in("officer.heating")
    assert [case.id for case in officer.inbox()] == [id]
    assert officer.answer(id, "今晚恢复").status == "answered"


def test_deputies_and_their_codes_are_public(app_transport: httpx.BaseTransport) -> None:
    public = ZeroDistance(URL, transport=app_transport)
    lin = next(deputy for deputy in public.deputies() if deputy.id == "lin-jianwei")
    assert (lin.name_zh, lin.code) == ("林见微", "DEM00001")
    assert public.code_print(lin.code, "qr.png") == (public.code_print(lin.code, "qr.png")[0], "image/png")
    assert public.code_print(lin.code, "qr.png")[0].startswith(b"\x89PNG")
    assert b"<svg" in public.code_print(lin.code)[0]
    poster, media_type = public.code_print(lin.code, "poster", size="A4")
    assert media_type == "text/html"
    assert "林见微" in poster.decode()


def test_a_code_is_replaced_and_the_old_one_no_longer_printed(signed_in: SignedIn) -> None:
    manager = signed_in("manager.qiao")
    code = manager.replace_code("lin-jianwei", "海报被撕")
    assert manager.code_print(code.code)[1] == "image/svg+xml"
    with pytest.raises(NotFound):
        manager.code_print("DEM00001")


def test_the_directory_comes_back_as_it_went_out(signed_in: SignedIn) -> None:
    manager = signed_in("manager.qiao")
    exported = manager.export_directory()
    assert "heating-company" in exported
    again = manager.import_directory(exported, dry_run=True)
    assert (again.changes, again.written) == ((), False)
    added = manager.import_directory("id,name_zh,name_en\npark-office,公园,Parks\n", kind="bodies")
    assert added.written
    assert [(change.id, change.did) for change in added.changes] == [("park-office", "added")]


def test_every_fault_of_a_file_is_told_at_once_with_its_line(signed_in: SignedIn) -> None:
    manager = signed_in("manager.qiao")
    with pytest.raises(Invalid) as told:
        manager.import_directory("id,name_zh,name_en\nBAD ID,公园,Parks\nroad-office,,Roads\n", kind="bodies")
    assert [fault.line for fault in told.value.faults] == [2, 3]


def test_the_command_goes_from_login_to_an_answered_case(
    lin: ZeroDistance, app_transport: httpx.BaseTransport, tmp_path: Path
) -> None:
    id = taken(lin).id
    environment = {"DEPUTY_HOME": str(tmp_path), "DEPUTY_PASSWORD": PASSWORD}

    def deputy(*args: str) -> str:
        here = Around(environment=environment, transport=app_transport, tokens=store, retry=Retry(attempts=1))
        result = CliRunner(env={"COLUMNS": "120"}).invoke(command, args, obj=here, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    store = MemoryTokens()
    assert "林见微" in deputy("login", "--url", URL, "-u", "deputy.lin")
    assert "家里暖气不热" in deputy("inbox")
    assert "acknowledged" in deputy("ack", id)
    assert "answered" in deputy("answer", id, "今晚恢复供热")
    assert json.loads(deputy("show", id, "--json"))["status"] == "answered"
    assert "none changed" in deputy("verify", id)
    assert deputy("inbox") == "Nothing is waiting.\n"


def test_every_state_and_fact_of_a_case_has_a_word_in_chinese() -> None:
    moves = list(LIFECYCLE.moves)
    outside = {"received", "breached", "reminded", "escalated", "contact_viewed", "contact_erased", "joined"}
    facts = {move.fact for move in moves} | {move.target for move in moves if move.target} | outside
    assert facts - set(TERMS) == set()


def test_every_move_of_staff_has_its_command() -> None:
    staff = {move.name for move in LIFECYCLE.moves if not {"resident", "system"} >= set(move.by)}
    commands = set(get_command(command).commands)  # type: ignore[attr-defined]
    assert {COMMANDS.get(move, move) for move in staff} <= commands
