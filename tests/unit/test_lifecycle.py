"""A lifecycle is a table: who may do what from where, and what is said where they may not."""

import pytest

from chalicelib.cases.model import BEFORE_ANSWER, CLOSED, LIFECYCLE, OPEN
from chalicelib.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, RESIDENT, SUPERVISOR, SYSTEM, Role
from chalicelib.spine.lifecycle import Lifecycle, Move

DOOR = Lifecycle(
    start="shut",
    closed=frozenset({"gone"}),
    moves=[
        Move("open", "shut", "ajar", {DEPUTY, OFFICER}, "opened"),
        Move("slam", ("ajar", "wide"), "shut", {OFFICER}, "slammed", needs={"reason"}),
        Move("knock", ("shut", "ajar"), "", {RESIDENT}, "knocked"),
        Move("take_out", ["shut", "ajar", "wide"], "gone", {MANAGER}, "taken_out", needs=["reason", "by"]),
    ],
)
STATES = ("received", "routed", "acknowledged", "in_progress", "waiting", "answered", "resolved", "reopened", "declined",
          "withdrawn", "merged")  # fmt: skip
ROLES: tuple[Role, ...] = (RESIDENT, DEPUTY, OFFICER, MANAGER, SUPERVISOR, SYSTEM)


def test_a_legal_move_is_found_and_lands_where_the_table_says() -> None:
    assert DOOR.check("open", "shut", DEPUTY, {}).lands("shut") == "ajar"


def test_a_move_without_a_target_leaves_the_state() -> None:
    assert DOOR.check("knock", "ajar", RESIDENT, {}).lands("ajar") == "ajar"


def test_what_is_never_ones_own_is_not_allowed_whatever_the_state() -> None:
    for state in ("shut", "ajar", "gone"):
        with pytest.raises(NotAllowed, match="deputy, officer; you are resident"):
            DOOR.check("open", state, RESIDENT, {})


def test_what_can_not_be_done_now_names_what_can() -> None:
    with pytest.raises(IllegalMove) as refused:
        DOOR.check("open", "ajar", OFFICER, {})
    assert refused.value.legal == ["slam"]
    assert refused.value.extras == {"legal_moves": ["slam"]}
    assert "'open' can't be done while it is 'ajar'; possible now: slam" in refused.value.detail


def test_where_nothing_can_be_done_that_is_said() -> None:
    with pytest.raises(IllegalMove, match="possible now: nothing"):
        DOOR.check("open", "gone", OFFICER, {})


@pytest.mark.parametrize("given", [{}, {"reason": ""}, {"reason": " \n"}, {"reason": None}])
def test_what_a_move_needs_must_be_given_and_not_blank(given: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        DOOR.check("slam", "ajar", OFFICER, given)
    assert (refused.value.field, refused.value.code) == ("reason", "missing")


def test_of_several_things_missing_the_first_by_name_is_told() -> None:
    with pytest.raises(Invalid) as refused:
        DOOR.check("take_out", "shut", MANAGER, {"reason": "x"})
    assert refused.value.field == "by"


def test_a_refused_move_is_refused_for_the_role_before_the_state_and_for_the_state_before_what_is_missing() -> None:
    with pytest.raises(NotAllowed):
        DOOR.check("slam", "gone", RESIDENT, {})
    with pytest.raises(IllegalMove):
        DOOR.check("slam", "gone", OFFICER, {})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_what_is_legal_for_a_case_is_taken_and_nothing_else_is(state: str, role: Role) -> None:
    everything = {need: "x" for move in LIFECYCLE.moves for need in move.needs}
    legal = {move.name for move in LIFECYCLE.legal(state, role)}
    for move in LIFECYCLE.moves:
        if move.name in legal:
            assert LIFECYCLE.check(move.name, state, role, everything) is move
        else:
            with pytest.raises((NotAllowed, IllegalMove)):
                LIFECYCLE.check(move.name, state, role, everything)


def test_every_state_of_a_case_can_be_reached_and_every_open_one_can_be_left_by_staff() -> None:
    reached, before = {LIFECYCLE.start}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {move.lands(state) for state in before for role in ROLES for move in LIFECYCLE.legal(state, role)}
    assert reached == set(STATES)
    staff: tuple[Role, ...] = (DEPUTY, OFFICER, MANAGER)
    for state in (*BEFORE_ANSWER, "waiting"):
        assert any(move.lands(state) != state for role in staff for move in LIFECYCLE.legal(state, role))


def test_open_closed_and_answered_are_all_there_is() -> None:
    assert {*OPEN, *CLOSED, "answered"} == set(STATES)
    assert not set(OPEN) & CLOSED


def test_nobody_but_the_resident_moves_a_closed_case_and_that_only_to_reopen_or_erase_it() -> None:
    moves = {(state, role, move.name) for state in CLOSED for role in ROLES for move in LIFECYCLE.legal(state, role)}
    assert moves == {("resolved", RESIDENT, "reopen"), *((state, RESIDENT, "erase") for state in CLOSED)}


def test_a_supervisor_looks_on() -> None:
    assert not any(LIFECYCLE.legal(state, SUPERVISOR) for state in STATES)


def test_what_the_resident_does_not_say_the_platform_does_not_say_for_them() -> None:
    by_resident = {"reply", "add", "confirm", "reopen", "withdraw", "erase"}
    assert {move.name for move in LIFECYCLE.moves if RESIDENT in move.by} == by_resident
    assert all(set(move.by) == {RESIDENT} for move in LIFECYCLE.moves if move.name in by_resident)


def test_every_move_is_a_fact_of_its_own_name_in_the_past() -> None:
    facts = [move.fact for move in LIFECYCLE.moves]
    assert len(set(facts)) == len(facts)
    assert not set(facts) & {move.name for move in LIFECYCLE.moves}
