"""The workspace without a browser: signing in by cookie, forms that are ours, what must be done now, a case and its moves."""

import httpx
import pytest

from chalicelib.cases import service
from chalicelib.web import session
from tests.support.casework import facts, routed
from tests.support.desk import PASSWORD, AtDesk
from tests.support.visitor import form_of, forms, visitor

BY_FORM = {"username": "deputy.lin", "password": PASSWORD}


@pytest.fixture
def desk(at_desk: AtDesk) -> httpx.Client:
    """A deputy's browser, signed in."""
    return at_desk("deputy")


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_and_back(desk: httpx.Client) -> None:  # noqa: ARG001 - the user is there
    with visitor() as browser:
        asked = browser.get("/work/cases")
        assert (asked.status_code, asked.headers["location"]) == (303, "../work/sign-in?next=work/cases")
        form = browser.get("/work/sign-in?next=work/cases")
        assert 'value="work/cases"' in form.text
        signed = browser.post("/work/sign-in", data=BY_FORM | {"next": "work/cases"})
        assert signed.headers["location"] == "../work/cases"
        assert browser.get("/work/cases").status_code == 200


@pytest.mark.parametrize(
    "next", ["https://evil.example", "//evil.example", "work/../..//evil", "javascript:alert(1)", "work/sign-in"]
)
def test_a_sign_in_never_leads_off_the_site(next: str, desk: httpx.Client) -> None:  # noqa: ARG001 - the user is there
    with visitor() as browser:
        signed = browser.post("/work/sign-in", data=BY_FORM | {"next": next})
        assert signed.headers["location"] == "../work"


def test_no_script_reads_the_cookies_and_no_other_site_sends_them(desk: httpx.Client) -> None:
    again = desk.post("/work/sign-in", data=BY_FORM)
    lines = again.headers.get_list("set-cookie")
    assert {line.partition("=")[0] for line in lines} == {session.ACCESS, session.REFRESH}
    assert all("HttpOnly" in line and "SameSite=Lax" in line for line in lines)


def test_a_wrong_password_keeps_the_name_and_says_so(desk: httpx.Client) -> None:  # noqa: ARG001 - the user is there
    with visitor() as browser:
        answer = browser.post("/work/sign-in", data={"username": "deputy.lin", "password": "wrong"})
        assert answer.status_code == 401
        assert 'value="deputy.lin"' in answer.text
        assert "User name or password is wrong" in answer.text


def test_a_sign_in_posted_from_another_site_is_refused(desk: httpx.Client) -> None:  # noqa: ARG001 - the user is there
    with visitor(**{"Sec-Fetch-Site": "cross-site"}) as browser:
        answer = browser.post("/work/sign-in", data=BY_FORM)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_today_shows_what_waits_and_leads_to_it(desk: httpx.Client) -> None:
    case = routed()
    page = desk.get("/work")
    assert f"work/cases/{case.id}" in page.text
    assert desk.get(f"/work/cases/{case.id}").status_code == 200


def test_a_move_is_made_once_however_often_its_form_is_sent(desk: httpx.Client) -> None:
    case = routed()
    form = form_of(desk.get(f"/work/cases/{case.id}"), "answer") | {"text": "今晚派人上门检修。"}
    first, second = (desk.post(f"/work/cases/{case.id}", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert facts(case.id).count("answered") == 1
    assert "Answered. The resident is being told." in desk.get(f"/work/cases/{case.id}?done=answer").text


def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(desk: httpx.Client) -> None:
    case = routed()
    form = form_of(desk.get(f"/work/cases/{case.id}"), "decline") | {"reason": "不属于本区"}
    answer = desk.post(f"/work/cases/{case.id}", data=form)
    assert answer.status_code == 422
    assert "不属于本区" in answer.text
    assert 'id="decline-instead-fault"' in answer.text
    assert "declined" not in facts(case.id)


def test_a_form_of_another_sign_in_is_refused_and_what_was_typed_is_kept(desk: httpx.Client) -> None:
    case = routed()
    form = form_of(desk.get(f"/work/cases/{case.id}"), "answer") | {"text": "今晚上门", "csrf": "forged"}
    answer = desk.post(f"/work/cases/{case.id}", data=form)
    assert answer.status_code == 403
    assert "今晚上门" in answer.text
    (again,) = [each for each in forms(answer) if each.get("move") == "answer"]
    assert desk.post(f"/work/cases/{case.id}", data=again).status_code == 303
    assert "answered" in facts(case.id)


def test_an_ended_sign_in_loses_nothing_that_was_typed(desk: httpx.Client) -> None:
    case = routed()
    form = form_of(desk.get(f"/work/cases/{case.id}"), "answer") | {"text": "今晚上门检修"}
    desk.cookies.clear()
    asked = desk.post(f"/work/cases/{case.id}", data=form)
    assert "What you wrote is kept" in asked.text
    (paper,) = [each for each in forms(asked) if "kept" in each]
    page = desk.post("/work/sign-in", data=paper | {"username": "deputy.lin", "password": PASSWORD})
    assert "今晚上门检修" in page.text
    (again,) = [each for each in forms(page) if each.get("move") == "answer"]
    assert desk.post(f"/work/cases/{case.id}", data=again).status_code == 303
    assert "answered" in facts(case.id)


def test_another_deputys_case_is_not_there(at_desk: AtDesk) -> None:
    case = routed()
    assert at_desk("other_deputy").get(f"/work/cases/{case.id}").status_code == 404


def test_a_look_at_contact_details_needs_a_reason_and_is_a_fact(desk: httpx.Client) -> None:
    case = routed()
    page = desk.get(f"/work/cases/{case.id}")
    if not service.found(case.id).sealed:
        assert "Contact details" not in page.text
        return
    form = form_of(page, "contact") | {"reason": "约上门时间"}
    assert desk.post(f"/work/cases/{case.id}", data=form).status_code == 200
    assert "contact_viewed" in facts(case.id)


def test_signing_out_ends_the_sign_in(desk: httpx.Client, revoked: list[str]) -> None:
    (out,) = [form for form in forms(desk.get("/work")) if form["action"].endswith("sign-out")]
    kept = dict(desk.cookies)
    assert desk.post("/work/sign-out", data=out).status_code == 303
    assert len(revoked) == 1
    assert desk.get("/work").status_code == 303
    with visitor() as thief:
        thief.cookies.update(kept)
        assert thief.get("/work").status_code == 303
