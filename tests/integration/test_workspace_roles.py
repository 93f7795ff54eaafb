"""Every page of the workspace × every role: who is let in, and who is told that it is not for them."""

import re

import pytest

from chalicelib.people.permissions import ANYONE, PERMISSIONS
from chalicelib.people.roles import STAFF
from tests.support.desk import AtDesk
from tests.support.visitor import visitor

PAGES = [route for route, roles in PERMISSIONS.items() if route.split(" ")[1].startswith("/work") and roles != ANYONE]


def path_of(route: str) -> str:
    """An address of this route; what its braces name does not exist."""
    return re.sub(r"\{\w+\}", "nothing", route.split(" ")[1])


@pytest.mark.parametrize("role", STAFF)
def test_a_page_is_for_the_roles_of_the_table_and_for_nobody_else(role: str, at_desk: AtDesk) -> None:
    browser = at_desk(role)
    for route in PAGES:
        method = route.split(" ")[0]
        if route == "POST /work/sign-out":
            continue
        forged = {"csrf": "forged", "once": "1"} if method == "POST" else None
        status = browser.request(method, path_of(route), data=forged).status_code
        if role not in PERMISSIONS[route] or method == "POST":  # nor is a forged form ever let in
            assert status == 403, route
        else:
            assert status in (200, 404, 422), (route, status)


@pytest.mark.parametrize("route", PAGES)
def test_nobody_gets_in_without_a_sign_in(route: str) -> None:
    method = route.split(" ")[0]
    with visitor() as stranger:
        answer = stranger.request(method, path_of(route), data={"once": "1"} if method == "POST" else None)
    if method == "GET":
        assert answer.status_code == 303
        assert "work/sign-in?next=" in answer.headers["location"]
    else:
        assert answer.status_code == 200
        assert 'name="password"' in answer.text
