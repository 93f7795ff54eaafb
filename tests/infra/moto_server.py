"""A moto server of one's own, in a process of its own: its warnings are not ours, and it ends with the test."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import httpx
import pytest

REGION = "us-east-1"
START_WITHIN = 60  # seconds


@contextmanager
def moto_server() -> Iterator[str]:
    """The endpoint of a fresh moto server on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        _wait_for(endpoint, server)
        # Functions answer a fixed word instead of being run in Docker.
        httpx.post(f"{endpoint}/moto-api/config", json={"lambda": {"use_docker": False}}).raise_for_status()
        yield endpoint
    finally:
        server.terminate()
        server.wait()


@contextmanager
def client_environment(endpoint: str) -> Iterator[None]:
    """Lead every AWS client that is made meanwhile, ours and Chalice's, to this server."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}.items():
            patch.setenv(name, value)
        yield


def _wait_for(endpoint: str, server: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + START_WITHIN
    while monotonic() < until and server.poll() is None:
        try:
            httpx.get(f"{endpoint}/moto-api/data.json", timeout=5)
        except httpx.TransportError:
            sleep(0.2)
        else:
            return
    raise RuntimeError("moto's server did not start; it needs moto[server]")
