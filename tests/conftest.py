"""The environment of every test: a stage of its own, no real AWS within reach. Set before any module of ours is imported."""

import os
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

# The fixture `stack`, for the end-to-end and the browser tests; `at_desk`, for the workspace's.
pytest_plugins = ["tests.support.local_stack", "tests.support.desk"]

ACCOUNT, REGION = "123456789012", "us-east-1"
QUEUES = {f"ZD_{name.upper()}_QUEUE": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/zerodistance-test-{name}" for name in
          ("routing", "deadlines", "notices", "patterns", "followups", "figures")}  # fmt: skip

for name in [name for name in os.environ if re.match(r"(AWS|ZD|POWERTOOLS)_", name)]:
    del os.environ[name]
os.environ |= {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "MOTO_COGNITO_IDP_USER_POOL_ID_STRATEGY": "HASH",
    "POWERTOOLS_SERVICE_NAME": "zerodistance",
    "POWERTOOLS_METRICS_NAMESPACE": "ZeroDistance",
    "ZD_STAGE": "test",
    "ZD_VAULT_KEY": "alias/zerodistance-test-vault",
    "ZD_APP_SECRET": "zerodistance-test-app",
    "ZD_MAIL_SENDER": "noreply@chengxi.example",
    "ZD_BASE_URL": "http://127.0.0.1:8000",
    "ZD_FILES_BUCKET": "zerodistance-test-files",
    **QUEUES,
}


@pytest.fixture
def cloud() -> Iterator[None]:
    """The data stack's tables, queues, key, secret, pool and mail on moto, empty; gone after the test."""
    from tests.support.cloud import made

    with made():
        yield


@pytest.fixture(scope="session")
def free_port() -> int:
    """A port on 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def district(cloud: None) -> None:  # noqa: ARG001 - the tables it stands in
    """The demo district in the tables: see tests/support/wanglan.py for who lives there."""
    from tests.support.wanglan import set_up

    set_up()


@pytest.fixture
def noon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform's own clock stands near the tests' NOON, whatever day it is: for tests of what comes of what was written
    then, which a year's end or an expired claim would change."""
    from chalicelib.settings import settings
    from tests.support.wanglan import NOON

    moved = tmp_path / "offset"
    moved.write_text(str((NOON - datetime.now(UTC)).total_seconds()))
    monkeypatch.setitem(vars(settings), "clock_file", moved)
