"""Group chats, by the webhook of an enterprise WeChat robot: a robot on this machine stands in for it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import msgspec
import pytest

from chalicelib.cases import service
from chalicelib.directory import service as directory
from chalicelib.directory.model import Directory
from chalicelib.outreach import workers as outreach
from chalicelib.outreach.model import shown_code
from tests.integration.test_outreach import DANGER, climbed, tell
from tests.support.casework import COLD, EMAIL, NAME, facts, routed
from tests.support.wanglan import LIN, NOON

pytestmark = pytest.mark.usefixtures("district")


class Robot:
    """What was said in the groups, and how the robot answers."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.types: set[str] = set()
        self.status, self.answer = 200, b'{"errcode": 0, "errmsg": "ok"}'
        self.url = ""

    def in_group(self, group: str) -> list[str]:
        """The texts that a group has got."""
        return [message["text"]["content"] for path, message in self.said if path.endswith(group)]


@pytest.fixture
def robot() -> Iterator[Robot]:
    robot = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            robot.said.append((self.path, json.loads(body)))
            robot.types.add(self.headers["content-type"])
            self.send_response(robot.status)
            self.send_header("Content-Length", str(len(robot.answer)))
            self.end_headers()
            self.wfile.write(robot.answer)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        robot.url = f"http://127.0.0.1:{server.server_port}/cgi-bin/webhook/send?key="
        yield robot
        server.shutdown()
        thread.join()


@pytest.fixture
def groups(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> Robot:
    """The heating and the gas company, and the grid weidu-1, have groups. The directory itself takes addresses with https
    alone, so the one with the groups takes its place."""
    known = directory.edition(NOON).edition
    replace = msgspec.structs.replace

    def with_group(record: Any) -> Any:
        has_one = record.id in ("heating-company", "gas-company", "weidu-1")
        return replace(record, chat_webhook=robot.url + record.id) if has_one else record

    bodies, grids = (tuple(map(with_group, records)) for records in (known.bodies, known.grids))
    with_groups = Directory(replace(known, bodies=bodies, grids=grids))
    monkeypatch.setattr(directory, "edition", lambda _: with_groups)
    return robot


def test_the_bodys_group_is_told_in_the_robots_own_form_and_without_the_residents_words(groups: Robot) -> None:
    case = routed(grid="weidu-1", address="3号楼501")
    for _ in range(2):
        tell(case, "routed")
    ((path, message),) = groups.said
    assert path == "/cgi-bin/webhook/send?key=heating-company"
    assert message.keys() == {"msgtype", "text"}
    assert message["msgtype"] == "text"
    (text,) = groups.in_group("heating-company")
    assert shown_code(case.id) in text
    assert not any(word in text for word in (COLD, "12度", "501", NAME, EMAIL))
    assert groups.types == {"application/json"}


def test_a_danger_is_told_to_the_neighbourhoods_group_as_well(groups: Robot) -> None:
    case = routed(text=DANGER, grid="weidu-1")
    assert case.urgency == "danger"
    tell(case, "routed")
    assert len(groups.in_group("gas-company")) == len(groups.in_group("weidu-1")) == 1
    assert "煤气" not in str(groups.said)


def test_what_is_no_danger_is_not_told_to_the_neighbourhood(groups: Robot) -> None:
    tell(routed(grid="weidu-1"), "routed")
    assert groups.in_group("weidu-1") == []


@pytest.mark.parametrize(
    ("status", "answer"), [(200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}'), (404, b""), (400, b"")]
)
def test_a_robot_that_was_removed_is_not_tried_again(groups: Robot, status: int, answer: bytes) -> None:
    groups.status, groups.answer = status, answer
    case = routed()
    for _ in range(2):
        tell(case, "routed")
    assert len(groups.said) == 1


@pytest.mark.parametrize(
    ("status", "answer"),
    [(200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}'), (200, b'{"errcode": -1}'), (503, b""), (429, b"")],
)
def test_a_robot_that_is_busy_is_tried_again_and_then_told_once(groups: Robot, status: int, answer: bytes) -> None:
    case = routed()
    groups.status, groups.answer = status, answer
    with pytest.raises(OSError, match="chat:body:heating-company"):
        tell(case, "routed")
    groups.status, groups.answer = 200, b'{"errcode": 0}'
    for _ in range(2):
        tell(case, "routed")
    assert len(groups.in_group("heating-company")) == 2


def test_a_group_that_does_not_answer_keeps_nobody_else_from_being_told(groups: Robot) -> None:
    case = routed()
    groups.status = 503
    with pytest.raises(OSError, match=r"not told for now: chat:body:heating-company$"):
        tell(case, "routed")
    assert facts(case.id) == ["received", "routed"]


def test_every_step_of_a_case_reaches_the_group_short(groups: Robot) -> None:
    case = routed()
    service.move("acknowledge", case.id, by=LIN, now=NOON)
    climbed(case, 2)
    for fact in ("reminded", "breached"):
        tell(case, fact)
    assert [text[:3] for text in groups.in_group("heating-company")] == ["即将到", "已超时"]
    assert all(len(text.encode()) < 2048 for _, message in groups.said for text in [message["text"]["content"]])


def test_a_webhook_shows_in_no_refusal(groups: Robot) -> None:
    groups.status = 503
    with pytest.raises(OSError, match="not told") as refused:
        outreach.tell({"dossier": routed().id, "seq": 2, "kind": "case", "type": "routed"}, NOON)
    assert "key=" not in str(refused.value)
