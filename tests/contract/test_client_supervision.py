"""Supervision and appraisals, the client against the app itself: what one sends, the other takes and answers."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import requests
from typer.main import get_command
from typer.testing import CliRunner, Result

from chalicelib.files.model import PNG
from chalicelib.settings import settings
from chalicelib.supervision import ballots, service
from chalicelib.supervision.model import LIFECYCLE
from tests.contract.conftest import Person
from tests.support.api import BASE_URL, AppTransport
from tests.support.files import picture
from tests.support.supervision import (
    BODIES,
    HERE,
    TITLE,
    an_appraisal,
    came,
    counted_out,
    grades,
    noticed,
    opened,
    passed,
    rectified,
    sealed,
)
from tests.support.wanglan import LIN
from zerodistance_client import BadAnswer, Conflict, MemoryTokens, NotAllowed, NotFound, Retry, Tokens, ZeroDistance
from zerodistance_client.ballots import BadBallot, Ballot
from zerodistance_client.command.app import app as command
from zerodistance_client.command.around import Around

TokenOf = Callable[[str], str]
As = Callable[[str], ZeroDistance]


class WithBucket(AppTransport):
    """The app, and beside it the bucket to which files go straight."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == httpx.URL(BASE_URL).host:
            return super().handle_request(request)
        # moto answers in the bucket's place, and listens to this library only.
        headers = {"Content-Type": request.headers["content-type"]}
        sent = requests.post(str(request.url), data=request.read(), headers=headers, timeout=10)
        return httpx.Response(sent.status_code, content=sent.content)


@pytest.fixture
def transport(app_transport: AppTransport) -> Iterator[WithBucket]:
    made = WithBucket()
    yield made
    app_transport.seen += made.seen  # checked against the API's description with the rest


@pytest.fixture
def as_(transport: WithBucket, token_of: TokenOf) -> As:
    """A client of a role's person."""
    return lambda role: ZeroDistance(
        BASE_URL, MemoryTokens(Tokens(token_of(role))), retry=Retry(attempts=1), transport=transport
    )


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "spot.png"
    path.write_bytes(picture(PNG))
    return path


def test_an_item_from_the_first_word_to_the_last(as_: As, photo: Path) -> None:
    lin, gao, officer, tang = (as_(role) for role in ("deputy", "other_deputy", "officer", "supervisor"))
    item = lin.open_supervision(TITLE, "heating-company", "停了两次", category="heating")
    assert (item.status, item.cause, [move.move for move in item.moves]) == ("opened", "by_hand", [])
    assert tang.give_notice(item.id, "请整改").due_at is not None
    assert officer.rectify(item.id, "换了阀门", [officer.upload(photo, "photo")]).status == "rectified"
    assert lin.verify_on_site(item.id, True, "好了", *HERE, [lin.upload(photo, "photo")]).status == "rectified"
    assert gao.verify_on_site(item.id, True, "好了", *HERE, [gao.upload(photo, "photo")]).status == "passed"
    assert tang.close_supervision(item.id).status == "closed"
    whole = officer.supervision(item.id)
    assert [entry.type for entry in whole.timeline] == [
        "opened", "noticed", "rectified", "verified", "verified", "passed", "closed",
    ]  # fmt: skip
    assert [(visit.deputy, visit.lat, visit.files[0].type) for visit in whole.visits] == [
        ("lin-jianwei", HERE[0], PNG), ("gao-xiulan", HERE[0], PNG),
    ]  # fmt: skip


def test_lists_are_read_over_pages_and_each_sees_what_is_theirs(as_: As) -> None:
    due, other = [noticed().id for _ in range(3)], came().id
    assert {item.id for item in as_("supervisor").supervision_items(page=2)} == set(due)
    assert {item.id for item in as_("manager").supervision_items(list="all")} == {*due, other}
    assert {item.id for item in as_("officer").supervision_items(list="opened")} == set(due)
    with pytest.raises(NotFound):
        as_("other_officer").supervision(due[0])
    with pytest.raises(NotAllowed):
        as_("officer").drop_supervision(due[0], "不同意")
    assert as_("manager").drop_supervision(due[0], "另案").status == "closed"


def test_every_move_of_staff_has_its_command() -> None:
    staff = {move.name for move in LIFECYCLE.moves if "system" not in set(move.by)}
    commands = set(get_command(command).commands["supervision"].commands)  # type: ignore[attr-defined]
    assert commands == staff | {"list", "show", "open"}


# Appraisals


def test_a_ballot_is_folded_stamped_cast_and_found_among_those_counted(as_: As, transport: WithBucket) -> None:
    appraisal, lin = opened(settings.now()), as_("deputy")
    ballot = lin.fold(appraisal.id, grades(appraisal))
    again = Ballot.read(ballot.kept())
    stamped = lin.stamp(ballot)
    assert lin.stamp(again) == stamped  # as if the first answer had been lost
    with pytest.raises(Conflict):
        lin.stamp(lin.fold(appraisal.id, grades(appraisal)))
    assert lin.stamp_known(appraisal.id).stamped is True
    sealed(appraisal)
    done = as_("deputy").cast(stamped)
    assert (done.message, done.stamp, done.unfold, len(done.receipt)) == ("", "", "", 26)
    assert lin.cast(stamped).receipt == done.receipt
    counted_out(appraisal)
    assert as_("officer").receipts(appraisal.id) == (done.receipt,)
    assert lin.stamp_known(appraisal.id).deputies == ("lin-jianwei",)
    assert transport.seen


def test_nothing_that_names_the_voter_goes_along_when_a_ballot_is_cast(token_of: TokenOf, app_transport: AppTransport) -> None:
    appraisal, asked = opened(settings.now()), list[httpx.Request]()

    class Listens(AppTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return super().handle_request(request)

    token = token_of("deputy")
    lin = ZeroDistance(BASE_URL, MemoryTokens(Tokens(token, "refresh")), retry=Retry(attempts=1), transport=Listens())
    stamped = lin.stamp(lin.fold(appraisal.id, grades(appraisal)))
    sealed(appraisal)
    before = len(asked)
    lin.cast(stamped)
    lin.appraisal(appraisal.id)
    assert len(asked) > before + 1
    for request in asked[before:]:
        assert token not in repr(request.headers.raw) + request.read().decode()
        assert "authorization" not in request.headers
        assert "cookie" not in request.headers
    assert app_transport


def test_a_ballot_is_not_cast_under_another_key_than_it_was_folded_under(as_: As) -> None:
    appraisal, other, lin = opened(settings.now()), an_appraisal(settings.now()), as_("deputy")
    stamped = lin.stamp(lin.fold(appraisal.id, grades(appraisal)))
    sealed(appraisal)
    with pytest.raises(BadAnswer, match="key"):
        lin.cast(Ballot(appraisal.id, other.modulus, stamped.message, stamped.envelope, stamped.unfold, stamped.stamp))


@pytest.mark.parametrize("wrong", ["missing", "grade", "extra", "criterion"])
def test_what_could_not_be_counted_is_said_before_it_is_folded(wrong: str, as_: As) -> None:
    appraisal = opened(settings.now())
    given: dict[str, dict[str, str]] = grades(appraisal)
    if wrong == "missing":
        del given[BODIES[0]]
    elif wrong == "extra":
        given["gas-company"] = given[BODIES[0]]
    else:
        given[BODIES[0]] = given[BODIES[0]] | ({"results": "fine"} if wrong == "grade" else {"charm": "satisfied"})
    with pytest.raises(BadBallot):
        as_("deputy").fold(appraisal.id, given)
    assert ballots.has_stamp(appraisal, "lin-jianwei") is False


def test_a_manager_calls_an_appraisal_and_calls_it_off(as_: As) -> None:
    known, qiao = an_appraisal(settings.now()), as_("manager")
    made = qiao.call_appraisal("年度评议", known.opens_at, known.seals_at, known.closes_at, BODIES)
    assert (made.status, made.bodies, made.opens_at) == ("called", BODIES, known.opens_at)
    assert {each.id for each in as_("deputy").appraisals(page=1)} == {known.id, made.id}
    assert qiao.cancel_appraisal(made.id, "改期").status == "cancelled"


# The commands


@pytest.fixture
def deputy(transport: WithBucket, users: dict[str, Person], tmp_path: Path) -> Callable[..., Result]:
    """The command, as a role's person at a machine of their own."""
    kept: dict[str, MemoryTokens] = {}

    def run(role: str, *args: str, fails: bool = False) -> Result:
        person = users[role]
        home = tmp_path / role
        environment = {"DEPUTY_HOME": str(home), "DEPUTY_PASSWORD": person.password}
        here = Around(
            environment=environment, transport=transport, tokens=kept.setdefault(role, MemoryTokens()), retry=Retry(attempts=1),
            folder=tmp_path, interactive=lambda: False,
        )  # fmt: skip
        runner = CliRunner(env={"COLUMNS": "160", "DEPUTY_LANG": "en"})
        if kept[role].load() is None:
            runner.invoke(command, ["login", "--url", BASE_URL, "-u", person.username], obj=here, catch_exceptions=False)
        result = runner.invoke(command, args, obj=here, catch_exceptions=False)
        assert (result.exit_code != 0) == fails, result.output
        return result

    return run


def test_the_command_goes_from_a_notice_to_the_close(deputy: Callable[..., Result], photo: Path) -> None:
    opening = deputy("deputy", "supervision", "open", "heating-company", "停了两次", "--title", TITLE, "--json")
    id = json.loads(opening.stdout)["id"]
    shown = f"V-{id[1:5]}-{id[5:9]}-{id[9:]}"
    assert TITLE in deputy("manager", "supervision", "list", "--list", "opened").stdout
    assert "noticed" in deputy("manager", "supervision", "notice", shown, "请整改").stdout
    assert shown in deputy("officer", "supervision", "list").stdout
    assert "rectified" in deputy("officer", "supervision", "rectify", shown, "换了阀门", "--attach", str(photo)).stdout
    look = ("supervision", "verify", shown, "看过", "--at", "30.006", "123.504", "--picture", str(photo))
    assert "passes" in deputy("deputy", *look, "--pass").stdout + deputy("deputy", "supervision", "show", id).stdout
    assert "passed" in deputy("other_deputy", *look, "--pass").stdout
    assert "closed" in deputy("manager", "supervision", "close", shown).stdout
    whole = deputy("supervisor", "supervision", "show", shown).stdout
    for part in ("What was done", "Looks on the spot", "30.00600 123.50400", "spot.png", "What happened"):
        assert part in whole
    assert service.found(id).status == "closed"


def test_the_command_sends_a_failed_look_and_drops_an_item(deputy: Callable[..., Result], photo: Path) -> None:
    item, other = rectified(), came()
    look = ("supervision", "verify", item.id, "没有修好", "--at", "30.006", "123.504", "-p", str(photo), "--fail")
    assert "failed" in deputy("deputy", *look).stdout
    assert "1 looks in vain" in deputy("manager", "supervision", "show", item.id).stdout
    assert "closed" in deputy("manager", "supervision", "drop", other.id, "--reason", "另案").stdout
    assert (
        "picture" in deputy("deputy", "supervision", "verify", passed().id, "x", "--at", "1", "2", "--pass", fails=True).output
    )
    assert "Nothing is waiting" in deputy("manager", "supervision", "list", "--list", "opened").stdout


def test_the_command_fills_in_seals_casts_and_checks_a_ballot(deputy: Callable[..., Result], tmp_path: Path) -> None:
    appraisal = opened(settings.now())
    form = tmp_path / "ballot.csv"
    deputy("deputy", "appraisals", "form", appraisal.id, "--output", str(form))
    assert "is none of" in deputy("deputy", "appraisals", "seal", appraisal.id, str(form), fails=True).output
    rows = form.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "body,promises,results,attitude"
    filled = [rows[0], *(row.replace(",,,", ",满意,basically,不满意") for row in rows[1:])]
    form.write_text("\n".join(filled), encoding="utf-8")
    assert "Stamped, unread" in deputy("deputy", "appraisals", "seal", appraisal.id, str(form)).stdout
    assert "sealed already" in deputy("deputy", "appraisals", "seal", appraisal.id, str(form), fails=True).output
    kept = tmp_path / "deputy" / "ballots" / f"{appraisal.id}.json"
    assert kept.stat().st_mode & 0o077 == 0
    early = deputy("deputy", "appraisals", "cast", appraisal.id, fails=True)
    assert "can't be done" in early.output
    sealed(appraisal)
    assert "no sealed ballot" in deputy("other_deputy", "appraisals", "cast", appraisal.id, fails=True).output
    receipt = json.loads(deputy("deputy", "appraisals", "cast", appraisal.id, "--json").stdout)["receipt"]
    assert json.loads(kept.read_text())["message"] == ""
    assert receipt in deputy("deputy", "appraisals", "cast", appraisal.id).stdout
    counted_out(appraisal)
    assert "is among the 1 ballots" in deputy("deputy", "appraisals", "check", appraisal.id).stdout
    assert "is not among" in deputy("other_deputy", "appraisals", "check", appraisal.id, fails=True).output
    assert "1 of 8 deputies" in deputy("manager", "appraisals", "show", appraisal.id).stdout


def test_a_seal_whose_answer_was_lost_is_asked_for_again_with_the_same_envelope(
    deputy: Callable[..., Result], tmp_path: Path
) -> None:
    appraisal = opened(settings.now())
    known = ZeroDistance(BASE_URL, transport=AppTransport()).appraisal(appraisal.id)
    ballot = Ballot.of(known, grades(appraisal))
    home = tmp_path / "deputy" / "ballots"
    deputy("deputy", "appraisals", "list")
    home.mkdir(parents=True)
    (home / f"{appraisal.id}.json").write_text(ballot.kept())
    ballots.stamp(appraisal.id, bytes.fromhex(ballot.envelope), by=LIN, now=appraisal.opens_at)
    form = tmp_path / "other.csv"
    form.write_text("body,promises\n", encoding="utf-8")
    assert "Stamped" in deputy("deputy", "appraisals", "seal", appraisal.id, str(form)).stdout


def test_a_manager_calls_one_by_the_command(deputy: Callable[..., Result]) -> None:
    dates = ("--opens", "2099-12-01T09:00+08:00", "--seals", "2099-12-03T09:00+08:00", "--closes", "2099-12-05T09:00+08:00")
    made = json.loads(deputy("manager", "appraisals", "call", "年度评议", *dates, "--body", "heating-company", "--json").stdout)
    assert made["bodies"] == ["heating-company"]
    assert "年度评议" in deputy("deputy", "appraisals", "list").stdout
    assert (
        "Invalid isoformat" in deputy("manager", "appraisals", "call", "x", *dates[:4], "--closes", "soon", fails=True).output
    )
    assert "cancelled" in deputy("manager", "appraisals", "cancel", made["id"], "--reason", "改期").stdout
