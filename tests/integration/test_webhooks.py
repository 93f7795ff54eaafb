"""Programs that are told of facts: signed, tried again, on record when given up, never told into a private network."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, get_args

import pytest
import trustme

from chalicelib.cases import service
from chalicelib.directory import service as directory
from chalicelib.directory.kinds import Event
from chalicelib.outreach import posting, webhooks
from chalicelib.outreach import workers as outreach
from chalicelib.outreach.channels import Undeliverable
from chalicelib.settings import settings
from chalicelib.spine import journal
from chalicelib.spine.aws import client
from infra import webhooks as operator
from infra.journal import check_all
from tests.support.casework import COLD, EMAIL, NAME, PHONE, routed
from tests.support.house import House
from tests.support.wanglan import HEATING, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")

DOCS = Path(__file__).parents[2] / "docs" / "webhooks.md"
Verify = Callable[..., bool]


class Program:
    """A program on this machine: what it was told, and how it answers."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bytes]] = []  # signature, body
        self.status = 200
        self.url = ""

    @property
    def facts(self) -> list[str]:
        return [f"{said['kind']}.{said['type']}" for said in (json.loads(body) for _, body in self.told)]


def _handler(program: Program) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            program.told.append((self.headers[webhooks.SIGNATURE], body))
            self.send_response(program.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    return Handler


@pytest.fixture
def program(district: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:  # noqa: ARG001 - where it is known
    """A program in the directory that wants to know of answers; the stage is one's own machine."""
    program = Program()
    with HTTPServer(("127.0.0.1", 0), _handler(program)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        program.url = f"http://127.0.0.1:{server.server_port}/hook?of=zd"
        monkeypatch.setitem(vars(settings), "stage", "local")
        put(program.url)
        yield program
        server.shutdown()
        thread.join()


def put(url: str, id: str = "hotline", **given: Any) -> None:
    report = directory.put(
        "webhooks", id, {"url": url, "events": ["case.answered", "demand.confirmed"], **given}, by=QIAO, now=NOON
    )
    assert report.written, report.errors


@pytest.fixture(scope="module")
def is_genuine() -> Verify:
    """The verification that the documentation shows, as it stands there."""
    example = re.search(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert example
    assert len(example[1].splitlines()) <= 11
    made: dict[str, Any] = {}
    exec(example[1], made)
    return made["is_genuine"]  # type: ignore[no-any-return]


def answered(now: datetime = NOON) -> str:
    case = routed(now=now)
    service.move("answer", case.id, by=HEATING, now=now, text=COLD)
    return case.id


def message(case: str, **more: Any) -> dict[str, Any]:
    seq = next(entry.seq for entry in journal.entries(case) if entry.type == "answered")
    return {"dossier": case, "seq": seq, "kind": "case", "type": "answered", "webhook": "hotline", **more}


def waiting() -> dict[str, int]:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    found = client("sqs").get_queue_attributes(QueueUrl=settings.notices_queue, AttributeNames=names)["Attributes"]
    return {"now": int(found[names[0]]), "later": int(found[names[1]])}


def given_up() -> list[dict[str, Any]]:
    return [dict(entry.data) for entry in journal.entries(webhooks.log_id("hotline")) if entry.type == "gave_up"]


# Told


def test_a_program_is_told_of_what_it_wants_and_of_nothing_else(program: Program) -> None:
    house = House()
    case = answered()
    house.run()
    assert program.facts == ["case.answered"]
    said = json.loads(program.told[0][1])
    assert said.keys() == {"id", "kind", "type", "of", "at"}
    assert (said["of"], datetime.fromisoformat(said["at"])) == (case, NOON)
    assert house.dead == {}


def test_no_word_and_no_name_goes_out(program: Program) -> None:
    outreach.tell(message(answered()), NOON)
    text = program.told[0][1].decode()
    assert not any(secret in text for secret in (COLD, NAME, EMAIL, PHONE, "heating"))


def test_the_documented_verification_takes_ours_and_nothing_else(program: Program, is_genuine: Verify) -> None:
    outreach.tell(message(answered()), NOON)
    header, body = program.told[0]
    secret = webhooks.secret_of("hotline", 1)
    moment = float(header.split(",")[0].removeprefix("t="))
    assert is_genuine(header, body, secret)
    assert abs(moment - datetime.now(UTC).timestamp()) < 60
    assert not is_genuine(header, body + b" ", secret)
    assert not is_genuine(header, body, webhooks.secret_of("hotline", 2))
    assert not is_genuine(header, body, webhooks.secret_of("other", 1))
    assert not is_genuine(header.replace(f"t={moment:.0f}", f"t={moment + 1:.0f}"), body, secret)
    assert not is_genuine(header, body, secret, now=moment + 301)
    for garbage in ("", "t=,v1=", "v1=x", "t=x,v1=y", "t=²,v1=é"):
        assert not is_genuine(garbage, body, secret)


def test_a_new_secret_is_used_beside_the_one_before_and_an_older_one_is_gone(program: Program, is_genuine: Verify) -> None:
    put(program.url, generation=3)
    outreach.tell(message(answered()), NOON)
    header, body = program.told[0]
    assert [is_genuine(header, body, webhooks.secret_of("hotline", number)) for number in (1, 2, 3)] == [False, True, True]


def test_the_secret_stands_in_no_journal_and_neither_does_the_address(program: Program) -> None:
    written = " ".join(str(entry) for entry in journal.entries(directory.LOG))
    assert program.url not in written
    assert webhooks.secret_of("hotline", 1) not in written
    assert "hotline" in written


def test_what_comes_twice_is_told_once_where_it_was_taken(program: Program) -> None:
    again = message(answered())
    for _ in range(3):
        outreach.tell(again, NOON)
    assert len(program.told) == 1


def test_what_no_program_wants_costs_no_message(program: Program) -> None:
    house = House()
    routed()
    house.run()
    assert program.told == []
    assert [call for call in house.calls["notify"] if call.service == "sqs"] == []


# Not told


@pytest.mark.parametrize("status", [301, 400, 404, 429, 500, 503])
def test_what_was_not_taken_is_tried_again_later_and_later(status: int, program: Program) -> None:
    program.status = status
    case = message(answered())
    outreach.tell(case, NOON)
    assert waiting()["later"] == 1
    assert given_up() == []
    program.status = 204
    outreach.tell(case | {"tries": 2}, NOON)
    assert len(program.told) == 2


def test_the_pauses_grow_to_the_longest_that_the_queue_knows(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program.status, pauses = 500, list[int]()
    monkeypatch.setattr(webhooks.queue, "send_all", lambda _url, _messages, *, delay: pauses.append(delay))
    case = message(answered())
    for tries in range(1, webhooks.MOST_TRIES):
        outreach.tell(case | {"tries": tries}, NOON)
    assert pauses == [60, 120, 240, 480, *[900] * 19]
    assert 4.5 < sum(pauses) / 3600 < 5.5


def test_after_the_last_try_it_is_given_up_on_record_and_not_tried_again(program: Program) -> None:
    program.status = 500
    case = message(answered(), tries=webhooks.MOST_TRIES)
    outreach.tell(case, NOON)
    assert given_up() == [{"of": case["dossier"], "seq": case["seq"], "fact": "case.answered", "because": "http_500"}]
    outreach.tell(case, NOON)
    assert (len(program.told), len(given_up()), waiting()["later"]) == (1, 1, 0)
    said: list[str] = []
    assert check_all([webhooks.log_id("hotline"), case["dossier"]], mend=False, say=said.append) == 0


def test_a_program_that_wants_nothing_more_is_given_up_at_once(program: Program) -> None:
    program.status = 410
    outreach.tell(message(answered()), NOON)
    assert [each["because"] for each in given_up()] == ["http_410"]


def test_a_program_that_does_not_answer_is_left_alone_for_a_while(program: Program) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        put(f"http://127.0.0.1:{closed.getsockname()[1]}/")
    outreach.tell(message(answered()), NOON)
    put(program.url)
    outreach.tell(message(answered()), NOON + timedelta(seconds=10))
    assert (program.told, waiting()["later"]) == ([], 2)
    outreach.tell(message(answered()), NOON + timedelta(seconds=40))
    assert len(program.told) == 1


def test_a_program_out_of_use_is_told_nothing(program: Program) -> None:
    waits = message(answered())
    put(program.url, retired=True)
    outreach.tell(waits, NOON)
    assert (program.told, given_up(), waiting()["later"]) == ([], [], 0)


def test_a_program_that_fails_holds_up_no_resident(program: Program) -> None:
    program.status = 500
    house = House()
    case = answered()
    house.run()
    assert "told" in [entry.type for entry in journal.entries(case)]
    assert house.dead == {}


# Told again


def test_everything_since_a_moment_is_told_again(program: Program) -> None:
    house = House()
    early, late = answered(NOON), answered(NOON + timedelta(hours=2))
    house.run()
    program.told.clear()
    assert operator.replay(NOON + timedelta(hours=1), now=NOON + timedelta(hours=3), say=lambda _: None) == 1
    house.run()
    assert [json.loads(body)["of"] for _, body in program.told] == [late]
    assert operator.replay(NOON, "hotline", now=NOON + timedelta(hours=4), say=lambda _: None) == 2
    assert operator.replay(NOON, "other", now=NOON, say=lambda _: None) == 0
    house.run()
    assert {json.loads(body)["of"] for _, body in program.told} == {early, late}


def test_only_what_was_given_up_is_told_again_if_that_is_asked_for(program: Program) -> None:
    program.status = 410
    lost = message(answered())
    outreach.tell(lost, NOON)
    program.status = 200
    kept = message(answered())
    outreach.tell(kept, NOON)
    program.told.clear()
    assert operator.replay(NOON, given_up=True, now=NOON, say=lambda _: None) == 1
    House().run()
    assert [json.loads(body)["of"] for _, body in program.told] == [lost["dossier"]]


@pytest.mark.usefixtures("program")
def test_the_operator_is_shown_the_secret_of_a_program_that_there_is() -> None:
    said: list[str] = []
    assert operator.show_secret("hotline", said.append) == 0
    assert said == [webhooks.secret_of("hotline", 1)]
    assert operator.show_secret("other", said.append) == 1
    for wrong in (["secret"], ["replay"], ["replay", "--since", "2026-11-24T08:00:00"]):
        with pytest.raises(SystemExit):
            operator.main(wrong)


# Where it goes


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
     "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::",
     "255.255.255.255"],
)  # fmt: skip
def test_a_name_that_leads_into_a_private_network_is_not_followed(address: str) -> None:
    assert not posting.is_public(address)
    for found in ([address], ["93.184.215.14", address]):  # one bad address among good ones is enough
        with pytest.raises(Undeliverable, match="private_address"):
            posting.post("https://hook.example/", b"{}", {}, local=False, resolve=lambda *_, found=found, **__: _found(*found))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14"])
def test_an_address_of_the_world_is_one(address: str) -> None:
    assert posting.is_public(address)


def _found(*addresses: str) -> list[tuple[Any, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://hook.example/", False),
        ("http://127.0.0.1:9/", False),
        ("http://hook.example/", True),
        ("http://localhost:9/", True),
    ],
)
def test_without_encryption_nothing_goes_out_but_to_this_machine_on_a_local_stage(url: str, local: bool) -> None:
    with pytest.raises(Undeliverable, match="not_https"):
        posting.post(url, b"{}", {}, local=local)


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example/",
        "ftp://x.example/",
        "https://user:pass@hook.example/",
        "https://",
        "http://127.0.0.1.evil.example/",
    ],
)
def test_the_directory_takes_no_other_address(url: str) -> None:
    report = directory.put("webhooks", "hotline", {"url": url, "events": ["case.answered"]}, by=QIAO, now=NOON)
    assert [error.field for error in report.errors] == ["url"]


def test_the_directory_takes_no_fact_that_is_not_offered() -> None:
    report = directory.put("webhooks", "x", {"url": "https://x.example/", "events": ["case.told"]}, by=QIAO, now=NOON)
    assert [(error.field, error.code) for error in report.errors] == [("events", "wrong_value")]


def test_a_private_address_on_a_real_stage_is_given_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    put("https://localhost/")
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("a connection was tried"))
    outreach.tell(message(answered()), NOON)
    assert [each["because"] for each in given_up()] == ["private_address"]


def test_the_connection_goes_to_the_address_that_was_checked_with_the_certificate_of_the_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority, program = trustme.CA(), Program()
    encrypted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hook.example").configure_cert(encrypted)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    asked: list[str] = []

    def resolve(host: str, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        return _found("127.0.0.1")

    monkeypatch.setattr(posting, "is_public", lambda _: True)
    with HTTPServer(("127.0.0.1", 0), _handler(program)) as server:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        headers = {webhooks.SIGNATURE: "t=1"}
        url = f"https://hook.example:{server.server_port}/path?x=1"
        assert posting.post(url, b"{}", headers, local=False, resolve=resolve, context=trusting) == 200
        wrong = f"https://other.example:{server.server_port}/"
        with pytest.raises(ssl.SSLCertVerificationError):
            posting.post(wrong, b"{}", headers, local=False, resolve=resolve, context=trusting)
        server.shutdown()
        thread.join()
    assert (asked, program.told) == (["hook.example", "other.example"], [("t=1", b"{}")])


# Said


def test_every_fact_that_is_offered_is_documented_and_no_other() -> None:
    said = set(
        re.findall(r"`((?:case|demand|surge|suggestion|consultation)\.\w+)`", DOCS.read_text().partition("## What there is")[2])
    )
    assert said == set(get_args(Event))


def test_every_fact_that_is_offered_happens() -> None:
    source = "\n".join(path.read_text() for path in (DOCS.parents[1] / "chalicelib").glob("*/*.py") if path.name != "kinds.py")
    for event in get_args(Event):
        fact = event.partition(".")[2]
        assert f'"{fact}"' in source, event
