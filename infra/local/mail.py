"""The page on which a person reads what the local stack sent: e-mail and SMS, newest first. Standard library only."""

import argparse
import json
import re
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit

from infra.local import emulator
from infra.local.place import Place
from infra.local.processes import Background

Letter = dict[str, Any]
Post = dict[str, list[Letter]]
Read = Callable[[], Post]

KEPT_AT_MOST: Final = 1000
LINK: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)，。；：！？）]")
STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "article{border:1px solid #999;border-radius:6px;padding:.5rem 1rem;margin:1rem 0}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}iframe{width:100%;height:18rem;border:1px solid #ccc}"
)


def page(post: Post) -> str:
    """The whole post as an HTML page."""
    mails = "".join(map(_mail, post["mails"])) or "<p>None yet.</p>"
    texts = "".join(map(_text, post["texts"])) or "<p>None yet.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Sent mail</title><style>{STYLE}</style><h1>What the local stack sent</h1>"
        '<p>Nothing left this machine. <a href="?format=json">As JSON</a> · <a href="">Look again</a></p>'
        f"<h2>E-mail</h2>{mails}<h2>SMS</h2>{texts}</html>"
    )


def linked(text: str) -> str:
    """A plain text as HTML, with its addresses made links."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        url = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def gathered(raw: dict[str, Any], kept: Post) -> Post:
    """The emulator's records and what was kept from before its last stop, as one post, newest first, each once."""
    mails = [*reversed(kept["mails"]), *map(_mail_of, raw["mails"])]
    texts = [*reversed(kept["texts"]), *map(_text_of, raw["texts"])]
    return {"mails": _newest_first(mails), "texts": _newest_first(texts)}


def kept(file: Path) -> Post:
    """What ``keep`` saved."""
    found: Post = json.loads(file.read_text()) if file.exists() else {"mails": [], "texts": []}
    return found


def keep(place: Place) -> None:
    """Save what was sent: the emulator forgets its mail when it stops."""
    post = gathered(emulator.sent(place), kept(place.kept_mail))
    place.kept_mail.write_text(json.dumps({kind: letters[:KEPT_AT_MOST] for kind, letters in post.items()}))


def process(place: Place) -> Background:
    """The viewer as a program in the background."""
    return Background(place.home / "mail.pid", "infra.local.mail")


def start(place: Place) -> None:
    """Start the viewer, unless it runs already."""
    if process(place).pid() is None:
        words = ["--home", str(place.home), "--port", str(place.port), "--mail-port", str(place.mail_port)]
        process(place).start([sys.executable, "-m", "infra.local.mail", *words], {}, place.home / "mail.log")


def _newest_first(letters: list[Letter]) -> list[Letter]:
    # An SMS has no moment, only its place in the list; sorting keeps the order of equals.
    latest_first = list({letter["id"]: letter for letter in letters}.values())[::-1]
    return sorted(latest_first, key=lambda letter: str(letter.get("at", "")), reverse=True)


def _mail_of(record: dict[str, Any]) -> Letter:
    return {
        "id": record["MessageId"],
        "at": datetime.fromtimestamp(record["Timestamp"], UTC).isoformat(timespec="milliseconds"),
        "from": record["Source"],
        "to": record["To"],
        "subject": record["Subject"],
        "text": record["BodyText"] or "",
        "html": record["BodyHtml"] or "",
    }


def _text_of(record: dict[str, Any]) -> Letter:
    return {"id": record["MessageId"], "to": record["PhoneNumber"], "text": record["Message"]}


def _mail(letter: Letter) -> str:
    # The HTML body stands in a frame without scripts or forms; its links open in a tab of their own.
    body = '<base target="_blank">' + letter["html"]
    frame = f'<iframe sandbox="allow-popups" title="HTML" srcdoc="{escape(body)}"></iframe>' if letter["html"] else ""
    head = f"{escape(letter['at'])} · {escape(letter['from'])} → {escape(', '.join(letter['to']))}"
    return f"<article><h3>{escape(letter['subject'])}</h3><p>{head}</p><pre>{linked(letter['text'])}</pre>{frame}</article>"


def _text(letter: Letter) -> str:
    return f"<article><h3>{escape(letter['to'])}</h3><pre>{linked(letter['text'])}</pre></article>"


class Viewer(BaseHTTPRequestHandler):
    """Answers every GET with the post, as HTML or, with ``?format=json``, as JSON."""

    read: Read

    def do_GET(self) -> None:
        """Show the post; 503 while the emulator does not answer."""
        wanted = parse_qs(urlsplit(self.path).query).get("format", ["html"])[0]
        try:
            post = self.read()
        except URLError:
            self._answer(503, "text/plain", "The local stack does not answer. Is it up? make run")
            return
        if wanted == "json":
            self._answer(200, "application/json", json.dumps(post, ensure_ascii=False, indent=1))
        else:
            self._answer(200, "text/html", page(post))

    def _answer(self, status: int, kind: str, body: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Quiet: nobody reads this log."""


def server(port: int, read: Read) -> ThreadingHTTPServer:
    """The viewer's server on 127.0.0.1."""
    handler = type("PlaceViewer", (Viewer,), {"read": staticmethod(read)})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.mail", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--mail-port", type=int, required=True)
    place = Place(**vars(parser.parse_args()))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server(place.mail_port, lambda: gathered(emulator.sent(place), kept(place.kept_mail))).serve_forever()


if __name__ == "__main__":
    main()
