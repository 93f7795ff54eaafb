"""The deploy's own decisions, without an AWS beneath: what is remembered, in which order, and what a first time needs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest

from infra import application, deploy, smoke, stack
from infra.deploy import Deployment
from tests.infra.outputs import OUTPUTS

CONFIG = '{"api_gateway_stage": "api", "stages": {"prod": {"api_gateway_custom_domain": {"domain_name": "zd.example.org"}}}}'
REMEMBERED = '{"resources": [{"name": "rest_api", "rest_api_id": "a1", "rest_api_url": "https://a1.example.org/api/"}]}'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".chalice" / "deployed").mkdir(parents=True)
    (tmp_path / application.CONFIG).write_text(CONFIG)
    return tmp_path


class Stacks:
    """Stands in for CloudFormation: what each stack was deployed with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, known: Mapping[str, str] | None = None) -> None:
        self.known, self.deployed = known, list[dict[str, str]]()
        monkeypatch.setattr(stack, "find", lambda *_: None if self.known is None else {})
        monkeypatch.setattr(stack, "parameters", lambda *_: dict(self.known or {}))
        monkeypatch.setattr(stack, "deploy", self._deploy)

    def _deploy(self, _client: Any, _name: str, _template: Path, given: dict[str, str], _say: Any) -> dict[str, str]:
        self.deployed.append(given)
        return OUTPUTS


def deployment(root: Path, stage: str = "prod", **said: str) -> Deployment:
    return Deployment(stage, boto3.Session(), data=said, alarms={}, root=root)


def test_a_new_stage_is_protected_as_soon_as_it_stands(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stacks = Stacks(monkeypatch)
    deploy.put_data(deployment(root, MailSender="noreply@example.org"), print)
    assert [each.get("Protect", "true") for each in stacks.deployed] == ["false", "true"]


def test_what_was_said_once_need_not_be_said_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stacks = Stacks(monkeypatch, {"Stage": "prod", "MailSender": "noreply@example.org", "LogDays": "90"})
    deploy.put_data(deployment(root, LogDays="60"), print)
    assert stacks.deployed == [{"Stage": "prod", "MailSender": "noreply@example.org", "LogDays": "60"}]


def test_a_new_stage_asks_for_its_sender(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Stacks(monkeypatch)
    with pytest.raises(stack.StackFailed, match="--mail-sender"):
        deploy.put_data(deployment(root), print)


def test_the_alarms_know_the_gateways_stage(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stacks = Stacks(monkeypatch, {"AlarmMail": "operator@example.org"})
    deploy.put_alarms(deployment(root), print)
    assert stacks.deployed == [{"AlarmMail": "operator@example.org", "Stage": "prod", "ApiStage": "api"}]


def test_the_address_is_the_operators_word_then_the_domain_then_what_chalice_remembers(root: Path) -> None:
    (root / application.MEMORY / "test.json").write_text(REMEMBERED)
    assert application.address("test", {"BaseUrl": "https://zero.example.org"}, root) == "https://zero.example.org"
    assert application.address("prod", {}, root) == "https://zd.example.org"
    assert application.address("test", {}, root) == "https://a1.example.org/api"
    assert application.address("fresh", {}, root) == ""


def test_a_chalice_that_fails_stops_the_deploy(root: Path) -> None:
    (root / ".chalice" / "deployed").rmdir()
    with pytest.raises(application.DeployFailed, match="ended with code 3"):
        application.deploy(root, "prod", root / application.MEMORY, "us-east-1", ("sh", "-c", "exit 3"))


@contextmanager
def site(status: int) -> Iterator[str]:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_site_that_answers_passes_the_smoke_test() -> None:
    with site(200) as address:
        smoke.open_site(address)


def test_a_site_that_answers_wrongly_or_not_at_all_fails_it() -> None:
    with site(403) as address, pytest.raises(smoke.SmokeFailed, match="403"):
        smoke.open_site(address, tries=2, pause=0)
    with pytest.raises(smoke.SmokeFailed, match="does not answer"):
        smoke.open_site(address, tries=1, pause=0)
