"""The whole app behind a small web server on 127.0.0.1, AWS played by moto in this very process: for browsers in tests.

``python -m tests.support.serve`` serves the demo district until it is interrupted, to look at pages while building them.
"""

import base64
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

Seen = Callable[[str, str, int, int], None]  # method, path, status, bytes of the body as they went over the wire


@contextmanager
def served(port: int = 0, seen: Seen = lambda *_: None) -> Iterator[str]:
    """Serve the app; the address, without a slash at its end. ``seen`` is told of every answer."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(seen))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(seen: Seen) -> type[BaseHTTPRequestHandler]:
    one_at_a_time = threading.Lock()  # as in Lambda: a browser opens more connections than it uses

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            request = httpx.Request(self.command, f"http://site{self.path}", headers=dict(self.headers), content=body)
            with one_at_a_time:
                status, headers, content = through(request, self.client_address[0])
            seen(self.command, self.path, status, len(content))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the server's own names

        def log_message(self, *args: object) -> None:
            """Quiet."""

    return Handler


def through(request: httpx.Request, address: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """The app's answer as it goes over the wire, compressed if it is."""
    from app import app  # here, because moto must stand before any connection is made
    from tests.support.api import event_of

    route, event = event_of(request, address)
    if not route:
        return 403, [], b""
    answer: dict[str, Any] = app(event, None)
    many = [(name, value) for name, values in (answer.get("multiValueHeaders") or {}).items() for value in values]
    content = base64.b64decode(answer["body"]) if answer.get("isBase64Encoded") else str(answer["body"] or "").encode()
    return answer["statusCode"], [*answer["headers"].items(), *many], content


def main() -> None:
    """The demo district, until interrupted."""
    import tests.conftest  # noqa: F401 - the environment, before any module of ours is imported
    from tests.support import cloud, wanglan

    with cloud.made():
        wanglan.set_up()
        with served(int(os.environ.get("PORT", "8000"))) as address:
            print(f"{address}/d/{wanglan.LIN_CODE}  (Ctrl+C ends it)")
            threading.Event().wait()


if __name__ == "__main__":
    main()
