"""Common demands, the client against the app itself: what one sends, the other takes, and what it answers, the client reads."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from chalicelib.demands import service
from chalicelib.demands.model import LIFECYCLE
from tests.contract.conftest import Person
from tests.support.api import BASE_URL, AppTransport
from tests.support.demands import NAME, proposed, together, written
from zerodistance_client import Demand, IllegalMove, Invalid, MemoryTokens, NotAllowed, NotFound, Retry, Tokens, ZeroDistance
from zerodistance_client.command.app import app as command
from zerodistance_client.command.around import Around
from zerodistance_client.command.display import COMMANDS
from zerodistance_client.command.words import DEMAND_TERMS, TERMS

LATER = "2099-12-01"
TokenOf = Callable[[str], str]
As = Callable[[str], ZeroDistance]


class LosesAnAnswer(AppTransport):
    """Does what it is asked for, and loses the answer to the first deed."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if len(self.seen) == 1:
            raise httpx.ReadTimeout("the answer was lost on the way")
        return answer


@pytest.fixture
def as_(app_transport: AppTransport, token_of: TokenOf) -> As:
    """A client of a role's person."""
    return lambda role: ZeroDistance(
        BASE_URL, MemoryTokens(Tokens(token_of(role))), retry=Retry(attempts=1), transport=app_transport
    )


def test_a_demand_from_the_proposal_to_the_end(as_: As) -> None:
    lin, id = as_("deputy"), proposed().id
    assert lin.confirm(id, NAME).status == "confirmed"
    assert lin.rename(id, "管道老化").name == "管道老化"
    led = lin.take_up(id)
    assert (led.status, led.lead, led.supporters) == ("taken_up", "lin-jianwei", ("lin-jianwei",))
    assert lin.support(id).supporters == ("lin-jianwei",)
    assert lin.assign_demand(id, "luyu-heating", "片区").body == "luyu-heating"
    assert lin.promise(id, "换阀门", LATER).promised_until == LATER
    assert lin.answer_demand(id, "今晚修好").timeline[-1].text == "今晚修好"
    done = lin.resolve(id, "修好了")
    assert (done.status, done.moves) == ("resolved", ())
    assert [entry.type for entry in done.timeline] == [
        "proposed", "grew", "confirmed", "renamed", "taken_up", "supported", "assigned", "promised", "answered", "resolved",
    ]  # fmt: skip


def test_a_demand_is_read_whole(as_: As) -> None:
    first, second = written(), written(grid="weidu-2")
    demand = as_("deputy").demand(proposed(first, second).id)
    assert (demand.status, demand.people, demand.cases, demand.open_cases) == ("proposed", 2, 2, 2)
    assert (demand.grids, demand.since, sum(demand.days.values())) == ({"weidu-1": 1, "weidu-2": 1}, "2026-11-24", 2)
    assert {case.id for case in demand.members} == {first.id, second.id}
    assert {case.demand for case in demand.members} == {demand.id}
    assert (demand.next_due_at is not None, demand.public_url, demand.lead) == (True, "", "")
    assert "confirm" in [move.move for move in demand.moves]
    assert as_("supervisor").demand(demand.id).moves == ()


def test_cases_are_put_together_divided_taken_out_and_merged(as_: As) -> None:
    lin, cases = as_("deputy"), [written().id for _ in range(5)]
    whole = lin.put_together(NAME, cases)
    assert (whole.status, whole.cases, len(whole.members)) == ("confirmed", 5, 5)
    part = lin.split(whole.id, "楼道灯", cases[:2])
    assert (part.name, part.cases, part.id != whole.id) == ("楼道灯", 2, True)
    assert lin.take_out(whole.id, cases[4], "另一栋楼").cases == 2
    merged = lin.merge_demand(part.id, whole.id, "还是一件事")
    assert (merged.status, merged.merged_into) == ("merged", whole.id)


def test_the_list_is_those_of_most_people_first_over_cursors(as_: As) -> None:
    few, many = together(), together(*(written() for _ in range(3)))
    together(*(written(deputy="gao-xiulan", grid="weidu-4") for _ in range(4)))
    assert [demand.id for demand in as_("deputy").demands(page=1)] == [many.id, few.id]
    assert [demand.people for demand in as_("manager").demands(page=2)] == [4, 3, 2]


def test_work_lists_mark_the_cases_of_a_demand(as_: As) -> None:
    member, loose, lin = written(), written(), as_("deputy")
    id = together(member, written()).id
    marks = {case.id: case.demand for case in lin.inbox()}
    assert (marks[member.id], marks[loose.id], lin.case(member.id).demand) == (id, "", id)


def test_an_id_may_be_typed_as_it_is_shown(as_: As) -> None:
    id = proposed().id
    assert as_("deputy").demand(f"{id[0]}-{id[1:5]}-{id[5:9]}-{id[9:]}".lower()).id == id


def test_refusals_come_as_their_own_kind(as_: As) -> None:
    lin, id = as_("deputy"), proposed().id
    with pytest.raises(IllegalMove) as illegal:
        lin.answer_demand(id, "修好了")
    assert "confirm" in illegal.value.legal_moves
    with pytest.raises(Invalid) as invalid:
        lin.promise(together().id, "换阀门", "2099-02-30")
    assert invalid.value.field == "until"
    with pytest.raises(NotFound):
        as_("other_deputy").demand(id)
    with pytest.raises(NotAllowed):
        as_("supervisor").confirm(id, NAME)


def test_a_deed_whose_answer_was_lost_is_done_once(token_of: TokenOf) -> None:
    demand, losing = together(), LosesAnAnswer()
    tokens = MemoryTokens(Tokens(token_of("deputy")))
    lin = ZeroDistance(BASE_URL, tokens, retry=Retry(sleep=lambda _: None), transport=losing)
    assert lin.take_up(demand.id).status == "taken_up"
    assert [entry.type for entry in service.timeline(demand)] == ["put_together", "taken_up"]
    assert losing.seen[1][1].headers["idempotent-replayed"] == "true"


def test_the_command_goes_from_the_proposal_to_one_answer_for_all(
    app_transport: AppTransport, users: dict[str, Person], tmp_path: Path
) -> None:
    store = MemoryTokens()
    environment = {"DEPUTY_HOME": str(tmp_path), "DEPUTY_PASSWORD": users["deputy"].password}

    def deputy(*args: str) -> str:
        here = Around(environment=environment, transport=app_transport, tokens=store, retry=Retry(attempts=1))
        result = CliRunner(env={"COLUMNS": "120"}).invoke(command, args, obj=here, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    id = proposed().id
    shown = f"D-{id[1:5]}-{id[5:9]}-{id[9:]}"
    deputy("login", "--url", BASE_URL, "-u", "deputy.lin")
    assert shown in deputy("demands", "list")
    assert f"demand {shown}" in deputy("inbox")
    assert "confirmed" in deputy("demands", "confirm", shown, NAME)
    assert "take-up" in deputy("demands", "show", shown)
    assert "taken_up" in deputy("demands", "take-up", shown)
    deputy("demands", "promise", shown, "换阀门", "--until", LATER)
    assert f"promised by {LATER}" in deputy("demands", "show", id)
    assert "answered" in deputy("demands", "answer", shown, "今晚修好")
    assert json.loads(deputy("demands", "show", shown, "--json"))["status"] == "answered"


def test_every_state_and_fact_of_a_demand_has_a_word_in_chinese() -> None:
    moves = list(LIFECYCLE.moves)
    outside = {"proposed", "put_together", "grew", "case_reopened", "not_reached"}
    words = {move.fact for move in moves} | {move.target for move in moves if move.target} | outside
    assert words - set(TERMS) - set(DEMAND_TERMS) == set()


def test_every_move_of_staff_has_its_command_and_its_method() -> None:
    staff = {move.name for move in LIFECYCLE.moves if "system" not in set(move.by)}
    commands = set(get_command(command).commands["demands"].commands)  # type: ignore[attr-defined]
    assert commands == {COMMANDS.get(move, move) for move in staff} | {"list", "show", "together"}
    for move in staff:
        method = getattr(ZeroDistance, move if move not in ("assign", "answer", "merge") else f"{move}_demand")
        assert method.__annotations__["return"] is Demand
