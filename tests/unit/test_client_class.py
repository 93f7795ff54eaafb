"""Every method of the class: what it asks, what it makes of the answer."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import zerodistance_client
from zerodistance_client import BadAnswer, Case, MemoryTokens, NoConnection, Retry, SignInNeeded, Tokens, ZeroDistance
from zerodistance_client.testing import Answers

ID = "7K3M-9QXA-2B4C"
CASE = {"id": "7K3M9QXA2B4C", "status": "in_progress"}
SESSION = {"access_token": "a", "refresh_token": "r", "expires_in": 3600, "role": "deputy", "name": "Li"}


@pytest.fixture
def server() -> Answers:
    return Answers()


@pytest.fixture
def it(server: Answers) -> ZeroDistance:
    return ZeroDistance("http://server", MemoryTokens(Tokens("a", "r")), retry=Retry(attempts=1), transport=server)


def test_signing_in_keeps_the_tokens_and_tells_who(server: Answers) -> None:
    tokens = MemoryTokens()
    server.add("POST", "/v1/session", SESSION)
    who = ZeroDistance("http://server", tokens, transport=server).sign_in("li", "secret")
    assert (who.name, who.role, who.expires_in) == ("Li", "deputy", 3600)
    assert tokens.load() == Tokens("a", "r")
    assert server.last == {"username": "li", "password": "secret"}


def test_a_first_password_is_replaced_while_signing_in(server: Answers, it: ZeroDistance) -> None:
    server.add("POST", "/v1/session/password", SESSION)
    it.sign_in("li", "given", "my own")
    assert server.last == {"username": "li", "password": "given", "new_password": "my own"}


def test_a_session_without_a_token_is_a_bad_answer(server: Answers, it: ZeroDistance) -> None:
    server.add("POST", "/v1/session", {"role": "deputy"})
    with pytest.raises(BadAnswer):
        it.sign_in("li", "secret")


def test_signing_out_ends_this_session_and_forgets_its_tokens(server: Answers) -> None:
    tokens = MemoryTokens(Tokens("a", "r"))
    server.add("DELETE", "/v1/session", status=204)
    ZeroDistance("http://server", tokens, transport=server).sign_out()
    assert tokens.load() is None
    assert server.last == {"refresh_token": "r"}


def test_signing_out_of_a_session_that_has_ended_is_no_error(server: Answers) -> None:
    tokens = MemoryTokens(Tokens("a"))
    server.add("DELETE", "/v1/session", {"code": "signed_out"}, status=401)
    ZeroDistance("http://server", tokens, transport=server).sign_out()
    assert tokens.load() is None


def test_tokens_are_forgotten_even_if_the_server_can_not_be_told(server: Answers) -> None:
    tokens = MemoryTokens(Tokens("a", "r"))
    server.fail("DELETE", "/v1/session", httpx.ConnectError("gone"))
    with pytest.raises(NoConnection):
        ZeroDistance("http://server", tokens, retry=Retry(attempts=1), transport=server).sign_out()
    assert tokens.load() is None


def test_the_inbox_asks_for_a_page_only_when_it_is_reached(server: Answers, it: ZeroDistance) -> None:
    server.add("GET", "/v1/cases", {"items": [{"id": "1"}, {"id": "2"}], "next": "c1"})
    server.add("GET", "/v1/cases", {"items": [{"id": "3"}], "next": None})
    cases = it.inbox(page=2, body="heating")
    assert [next(cases).id, next(cases).id] == ["1", "2"]
    assert len(server.asked) == 1
    assert [case.id for case in cases] == ["3"]
    first, second = (dict(request.url.params) for request in server.asked)
    assert first == {"limit": "2", "body": "heating"}
    assert second == {"limit": "2", "cursor": "c1", "body": "heating"}


def test_a_cursor_that_leads_to_itself_ends_the_list(server: Answers, it: ZeroDistance) -> None:
    for _ in range(2):
        server.add("GET", "/v1/cases", {"items": [{"id": "1"}], "next": "same"})
    assert len(list(it.inbox())) == 2


@pytest.mark.parametrize(
    ("move", "path", "sent"),
    [
        (lambda it: it.acknowledge(ID), "acknowledge", {}),
        (lambda it: it.assign(ID, "heating-company", "theirs"), "assign", {"body": "heating-company", "reason": "theirs"}),
        (lambda it: it.recategorise(ID, "heating", "is"), "recategorise", {"category": "heating", "reason": "is"}),
        (
            lambda it: it.recategorise(ID, "heating", "is", urgency="danger"),
            "recategorise",
            {"category": "heating", "reason": "is", "urgency": "danger"},
        ),
        (lambda it: it.ask(ID, "Which floor?"), "ask", {"text": "Which floor?"}),
        (lambda it: it.note(ID, "Called"), "note", {"text": "Called", "public": False}),
        (lambda it: it.note(ID, "Repairing", public=True), "note", {"text": "Repairing", "public": True}),
        (lambda it: it.answer(ID, "修好了"), "answer", {"text": "修好了"}),
        (lambda it: it.decline(ID, "Not ours", "Court"), "decline", {"reason": "Not ours", "instead": "Court"}),
        (lambda it: it.merge(ID, "OTHER", "same"), "merge", {"into": "OTHER", "reason": "same"}),
    ],
)
def test_a_move_sends_what_it_needs_and_gives_the_case(
    server: Answers, it: ZeroDistance, move: Callable[[ZeroDistance], Case], path: str, sent: dict[str, Any]
) -> None:
    server.add("POST", f"/v1/cases/{ID}/{path}", CASE)
    assert move(it).status == "in_progress"
    assert server.last == sent


def test_a_message_taken_down_has_its_tracking_address(server: Answers, it: ZeroDistance) -> None:
    link = '<http://server/m/secret>; rel="related"; title="tracking page"'
    server.add("POST", "/v1/cases", CASE, status=201, headers={"Link": link})
    case = it.take_down("冷", "li", grid="g-1", contact={"phone": "1", "tell": "phone"})
    assert case.tracking_url == case.raw["tracking_url"] == "http://server/m/secret"
    contact = {"phone": "1", "tell": "phone"}
    assert server.last == {"text": "冷", "deputy": "li", "grid": "g-1", "door": "api", "contact": contact}


def test_an_id_can_not_lead_to_another_path(server: Answers, it: ZeroDistance) -> None:
    server.add("GET", "/v1/cases/../me", CASE)  # httpx decodes what is compared here
    it.case("../me")
    assert server.asked[0].url.raw_path == b"/v1/cases/..%2Fme"


def test_a_look_at_contact_details_gives_its_reason(server: Answers, it: ZeroDistance) -> None:
    server.add("POST", f"/v1/cases/{ID}/contact", {"name": "王", "email": "", "phone": "139", "language": "zh"})
    assert it.contact(ID, "to call back").phone == "139"
    assert server.last == {"reason": "to call back"}


def test_a_chain_is_verified(server: Answers, it: ZeroDistance) -> None:
    server.add("GET", f"/v1/cases/{ID}/verify", {"entries": 5, "sound": False, "first_changed": 3})
    assert it.verify(ID).first_changed == 3


def test_the_public_needs_no_sign_in(server: Answers) -> None:
    it = ZeroDistance("http://server", transport=server)
    server.add("GET", "/v1/deputies", {"items": [{"id": "li", "form_url": "http://server/d/ABC"}]})
    server.add("GET", "/d/ABC/qr.png", b"\x89PNG", headers={"Content-Type": "image/png"})
    assert it.deputies()[0].form_url == "http://server/d/ABC"
    assert it.code_print("ABC", "qr.png") == (b"\x89PNG", "image/png")
    assert all("Authorization" not in request.headers for request in server.asked)
    with pytest.raises(SignInNeeded):
        it.me()


def test_a_code_is_replaced(server: Answers, it: ZeroDistance) -> None:
    server.add("POST", "/v1/deputies/li/code", {"code": "NEW", "form_url": "http://server/d/NEW"})
    assert it.replace_code("li", "print was stolen").code == "NEW"


def test_the_directory_goes_out_and_comes_in(server: Answers, it: ZeroDistance) -> None:
    server.add("GET", "/v1/directory/bodies", {"items": [{"id": "heating-company"}]})
    server.add("GET", "/v1/directory", b"bodies: []\n", headers={"Content-Type": "text/yaml"})
    server.add("POST", "/v1/directory", {"changes": [], "version": 7})
    server.add("POST", "/v1/directory", {"changes": [{"kind": "bodies", "id": "x", "did": "added"}], "written": True})
    assert it.directory("bodies") == ({"id": "heating-company"},)
    assert it.export_directory() == "bodies: []\n"
    assert it.import_directory("bodies: []\n", dry_run=True).version == 7
    assert it.import_directory("id\nx\n", kind="bodies").changes[0].did == "added"
    yaml, csv = server.asked[2:]
    assert (yaml.headers["Content-Type"], dict(yaml.url.params)) == ("application/yaml", {"dry_run": "true"})
    assert (csv.headers["Content-Type"], dict(csv.url.params)) == ("text/csv", {"kind": "bodies"})


def test_the_sealed_server_lets_nothing_through_that_was_not_expected(it: ZeroDistance) -> None:
    with pytest.raises(AssertionError, match="Nothing was expected"):
        it.me()


def test_errors_are_asked_for_in_the_persons_language(server: Answers) -> None:
    server.add("GET", "/v1/me", {"username": "li"})
    ZeroDistance("http://server", MemoryTokens(Tokens("a")), language="zh", transport=server).me()
    assert server.asked[0].headers["Accept-Language"] == "zh"


def test_the_version_is_the_packages() -> None:
    project = Path(__file__).parents[2] / "client" / "pyproject.toml"
    assert zerodistance_client.__version__ == tomllib.loads(project.read_text())["project"]["version"]


def test_the_change_log_names_the_version() -> None:
    log = (Path(__file__).parents[2] / "client" / "CHANGELOG.md").read_text()
    assert f"## {zerodistance_client.__version__}" in log


def test_everything_that_is_offered_is_there() -> None:
    assert all(hasattr(zerodistance_client, name) for name in zerodistance_client.__all__)
    with pytest.raises(AttributeError):
        _ = zerodistance_client.nothing


def test_the_body_is_json_in_utf_8(server: Answers, it: ZeroDistance) -> None:
    server.add("POST", f"/v1/cases/{ID}/answer", CASE)
    it.answer(ID, "修好了")
    assert json.loads(server.asked[0].content.decode("utf-8"))["text"] == "修好了"
