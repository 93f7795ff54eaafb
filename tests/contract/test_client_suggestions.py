"""Suggestions, the client against the app itself: what one sends, the other takes, and what it answers, the client reads."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from chalicelib.suggestions.model import LIFECYCLE, Class, Grade
from tests.contract.conftest import PEOPLE, Person
from tests.support.api import BASE_URL, AppTransport
from tests.support.suggestions import (
    TEXT,
    TITLE,
    accepted,
    asked,
    assigned,
    demand,
    draft,
    evaluated,
    invited,
    replied,
    submitted,
)
from zerodistance_client import (
    IllegalMove,
    Invalid,
    MemoryTokens,
    NotAllowed,
    NotFound,
    Retry,
    Suggestion,
    Tokens,
    ZeroDistance,
)
from zerodistance_client.command.app import app as command
from zerodistance_client.command.around import Around
from zerodistance_client.command.display import COMMANDS
from zerodistance_client.command.words import SUGGESTION_TERMS, TERMS

pytestmark = pytest.mark.usefixtures("noon")

TokenOf = Callable[[str], str]
As = Callable[[str], ZeroDistance]
# Where the method is not "<move>_suggestion".
METHODS: Final = {
    "interim": "interim_reply", "reassign": "assign_suggestion",
    **{same: same for same in ("invite", "cosign", "ask_extension", "extend", "refuse_extension")},
    **{same: same for same in ("evaluate", "document", "hand_over")},
}  # fmt: skip


@pytest.fixture
def as_(app_transport: AppTransport, token_of: TokenOf) -> As:
    """A client of a role's person."""
    return lambda role: ZeroDistance(
        BASE_URL, MemoryTokens(Tokens(token_of(role))), retry=Retry(attempts=1), transport=app_transport
    )


def test_a_suggestion_from_the_draft_to_the_document(as_: As) -> None:
    lin, gao, qiao, heating = (as_(role) for role in ("deputy", "other_deputy", "manager", "officer"))
    id = lin.draft_suggestion(TITLE, TEXT, [demand().id]).id
    assert lin.edit_suggestion(id, title="另一个题目").title == "另一个题目"
    assert lin.invite(id, ["gao-xiulan"]).invited == ("gao-xiulan",)
    assert gao.cosign(id).cosigners == ("gao-xiulan",)
    assert lin.submit_suggestion(id).status == "submitted"
    assert (qiao.accept_suggestion(id).number, qiao.suggestion(id).public_url != "") == (1, True)
    given = qiao.assign_suggestion(id, "heating-company", joint=["housing-bureau"], hard=True)
    assert (given.body, given.joint, given.hard, given.promise is not None) == (
        "heating-company",
        ("housing-bureau",),
        True,
        True,
    )
    assert heating.interim_reply(id, "正在勘察").status == "assigned"
    wanted = heating.ask_extension(id, "2027-12-31", "要等停暖").asked
    assert (wanted and wanted.until) == "2027-12-31"
    assert qiao.extend(id).asked is None
    assert heating.reply_suggestion(id, "planned", "列入明年计划").reply_class == "planned"
    assert lin.evaluate(id, "satisfied", "basically", text="认真").result == "basically"
    documented = lin.document(id, "望澜区供暖服务办法", "望政办〔2026〕12号", "2026-11-20", url="https://www.example.org/12")
    assert [each.number for each in documented.documents] == ["望政办〔2026〕12号"]
    assert qiao.close_suggestion(id).status == "closed"
    assert [entry.type for entry in lin.suggestion(id).timeline] == [
        "drafted", "edited", "invited", "cosigned", "submitted", "accepted", "assigned", "interim_replied", "extension_asked",
        "extended", "replied", "evaluated", "documented", "closed",
    ]  # fmt: skip


def test_the_other_ways_that_a_suggestion_may_go(as_: As) -> None:
    lin, gao, qiao = as_("deputy"), as_("other_deputy"), as_("manager")
    assert gao.decline_suggestion(invited(draft()).id).declined == ("gao-xiulan",)
    assert lin.withdraw_suggestion(submitted().id, "算了").status == "withdrawn"
    assert qiao.return_suggestion(submitted().id, "不具体").status == "draft"
    stays = accepted().id
    assert qiao.merge_suggestion(submitted().id, stays, "同一件事").merged_into == stays
    assert qiao.refuse_extension(asked().id, "时间够").asked is None
    assert qiao.hand_over(assigned().id, "gao-xiulan", "离任").lead == "gao-xiulan"
    assert qiao.assign_suggestion(assigned().id, "water-company", reason="不归他们").body == "water-company"


def test_a_suggestion_is_read_whole(as_: As) -> None:
    read = as_("deputy").suggestion(assigned().id)
    (evidence,) = read.evidence
    assert (read.title, read.text, read.lead, read.year) == (TITLE, TEXT, "lin-jianwei", 2026)
    assert (evidence.people, evidence.since, evidence.days, len(evidence.sentences)) == (2, "2026-11-24", {"2026-11-24": 2}, 1)
    assert read.promise is not None
    assert read.promise.due_at == read.due_at is not None


def test_lists_come_over_cursors_and_are_filtered(as_: As) -> None:
    first, second = replied().id, assigned().id
    lin = as_("deputy")
    assert {each.id for each in lin.suggestions(page=1)} == {first, second}
    assert [each.id for each in lin.suggestions(year=2026, kind="planned", page=1)] == [first]
    assert [each.id for each in lin.suggestions(year=2026, status="assigned", body="housing-bureau")] == [second]
    assert [*lin.suggestions(year=2026, deputy="gao-xiulan")] == []


def test_refusals_come_as_their_own_kind(as_: As) -> None:
    lin, id = as_("deputy"), draft().id
    with pytest.raises(IllegalMove):
        lin.evaluate(id, "satisfied", "satisfied")
    with pytest.raises(Invalid) as invalid:
        lin.edit_suggestion(id, demands=["D00000000000"])
    assert invalid.value.field == "demands"
    with pytest.raises(NotFound):
        as_("other_deputy").suggestion(id)
    with pytest.raises(NotAllowed):
        as_("supervisor").accept_suggestion(id)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_command_goes_from_the_draft_to_the_document(
    language: str, app_transport: AppTransport, users: dict[str, Person], tmp_path: Path
) -> None:
    stores = {name: MemoryTokens() for name in PEOPLE}

    def run(role: str, *args: str) -> str:
        environment = {"DEPUTY_HOME": str(tmp_path), "DEPUTY_PASSWORD": users[role].password, "DEPUTY_LANG": language}
        here = Around(environment=environment, transport=app_transport, tokens=stores[role], retry=Retry(attempts=1))
        result = CliRunner(env={"COLUMNS": "120"}).invoke(command, args, obj=here, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    of = demand().id  # before the first request, which prints what was counted for it
    for role in ("deputy", "other_deputy", "manager", "officer"):
        run(role, "login", "--url", BASE_URL, "-u", users[role].username)
    made = run("deputy", "suggestions", "draft", TEXT, "--title", TITLE, "--demand", of, "--json")
    id = json.loads(made)["id"]
    shown = f"S-{id[1:5]}-{id[5:9]}-{id[9:]}"
    run("deputy", "suggestions", "edit", shown, "--renew")
    run("deputy", "suggestions", "edit", shown, "另一段话")
    run("deputy", "suggestions", "invite", shown, "gao-xiulan")
    run("other_deputy", "suggestions", "cosign", shown)
    run("deputy", "suggestions", "submit", shown)
    assert shown in run("manager", "suggestions", "list")
    run("manager", "suggestions", "accept", shown)
    run("manager", "suggestions", "assign", shown, "heating-company", "--joint", "housing-bureau")
    run("officer", "suggestions", "interim", shown, "正在勘察")
    run("officer", "suggestions", "ask-extension", shown, "--until", "2027-12-31", "-r", "要等停暖")
    assert "2027-12-31" in run("manager", "suggestions", "show", shown)
    assert "extend" in run("manager", "suggestions", "show", shown)
    run("manager", "suggestions", "extend", shown)
    run("officer", "suggestions", "reply", shown, "做不到", "--class", "cannot", "-r", "没有经费")
    run("deputy", "suggestions", "evaluate", shown, "--attitude", "satisfied", "--result", "basically")
    run("deputy", "suggestions", "document", shown, "-t", "办法", "--number", "12号", "--date", "2026-11-20")
    whole = run("deputy", "suggestions", "show", shown)
    for said in (TITLE, "另一段话", "12号", "gao-xiulan", "/open/suggestions/"):
        assert said in whole
    assert ("无法解决" in whole) == (language == "zh")
    assert shown in run("officer", "suggestions", "list", "--year", "2026", "--class", "cannot")
    assert run("manager", "suggestions", "list", "--year", "2025").strip()


def test_every_state_fact_and_word_of_a_suggestion_has_one_in_chinese() -> None:
    moves = list(LIFECYCLE.moves)
    outside = {"drafted", "absorbed", *Class.__args__, *Grade.__args__}  # type: ignore[attr-defined]
    words = {move.fact for move in moves} | {move.target for move in moves if move.target} | outside
    assert words - set(TERMS) - set(SUGGESTION_TERMS) == set()


def test_every_move_of_staff_has_its_command_and_its_method() -> None:
    staff = {move.name for move in LIFECYCLE.moves if "system" not in set(move.by)}
    commands = set(get_command(command).commands["suggestions"].commands)  # type: ignore[attr-defined]
    assert commands == {COMMANDS.get(move, move) for move in staff} | {"list", "show", "draft"}
    for move in staff:
        method = getattr(ZeroDistance, METHODS.get(move, f"{move}_suggestion"))
        assert method.__annotations__["return"] is Suggestion


def test_an_evaluated_suggestion_says_so_in_the_list(as_: As) -> None:
    (line,) = as_("deputy").suggestions(status="evaluated") if evaluated() else ()
    assert (line.reply_class, line.result, line.due_at) == ("planned", "satisfied", None)
