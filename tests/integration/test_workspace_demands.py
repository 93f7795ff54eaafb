"""Common demands at the desk: the list, a demand in one view, its moves."""

import httpx
import pytest

from chalicelib.cases.wording import shown_id
from chalicelib.demands import service
from chalicelib.demands.model import Demand
from tests.support.demands import confirmed, proposed, written
from tests.support.desk import AtDesk
from tests.support.visitor import form_of


@pytest.fixture
def desk(at_desk: AtDesk) -> httpx.Client:
    """A deputy's browser, signed in."""
    return at_desk("deputy")


def sent(desk: httpx.Client, demand: Demand, move: str, **given: str) -> httpx.Response:
    """Fill in the form of a move and send it."""
    return desk.post(f"/work/demands/{demand.id}", data=form_of(desk.get(f"/work/demands/{demand.id}"), move) | given)


def test_what_the_platform_found_waits_on_the_first_page_and_in_the_list(desk: httpx.Client) -> None:
    demand = proposed()
    assert f"work/demands/{demand.id}" in desk.get("/work").text
    assert f"work/demands/{demand.id}" in desk.get("/work/demands").text


def test_a_demand_is_confirmed_led_and_answered_from_its_page(desk: httpx.Client) -> None:
    demand = proposed()
    assert sent(desk, demand, "confirm", name="霁月花园暖气不热").status_code == 303
    assert sent(desk, demand, "take_up").status_code == 303
    assert sent(desk, demand, "answer", text="换热站今晚检修，明早恢复。").headers["location"].endswith("?done=answer")
    assert service.found(demand.id).status == "answered"


def test_some_of_its_messages_become_a_demand_of_their_own_which_is_the_next_page(desk: httpx.Client) -> None:
    cases = [written() for _ in range(4)]
    demand = confirmed(*cases)
    numbers = f"{shown_id(cases[2].id)}，{cases[3].id}"
    answer = sent(desk, demand, "split", cases=numbers, name="另一件事")
    new = answer.headers["location"].partition("?")[0]
    assert service.found(new).name == "另一件事"
    assert {case.id for case in service.members(service.found(new))} == {cases[2].id, cases[3].id}


def test_a_date_that_has_passed_is_said_at_its_field_and_the_text_is_kept(desk: httpx.Client) -> None:
    demand = confirmed()
    answer = sent(desk, demand, "promise", until="2020-01-01", text="换热站检修")
    assert answer.status_code == 422
    assert "This day has passed" in answer.text
    assert "换热站检修" in answer.text


def test_a_demand_of_other_wards_is_not_there(at_desk: AtDesk) -> None:
    demand = confirmed()
    assert at_desk("other_deputy").get(f"/work/demands/{demand.id}").status_code == 404
