"""What a command finds around it: the server, the tokens, the language, the clock, the terminal. Tests give their own."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from zerodistance_client.command.editor import write_in_editor
from zerodistance_client.command.words import Words, language_of
from zerodistance_client.retry import Retry
from zerodistance_client.tokens import TokenStore, kept_tokens, write_privately

if TYPE_CHECKING:
    import httpx
    from rich.console import Console

    from zerodistance_client.client import ZeroDistance

WIDTH: Final = 120  # columns where the output goes to no terminal

Json = Annotated[bool, typer.Option("--json", help="Print JSON, as the server sent it.")]
CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case's id, e.g. 7K3M-9QXA-2B4C.")]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Around:
    """``zone`` None is the terminal's own; ``tokens`` None are those kept on this machine."""

    url: str = ""
    lang: str = ""
    as_json: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    folder: Path = field(default_factory=Path.cwd)
    transport: "httpx.BaseTransport | None" = None
    tokens: TokenStore | None = None
    retry: Retry = field(default_factory=Retry)
    now: Callable[[], datetime] = _now
    zone: tzinfo | None = None
    edit: Callable[[Path, Mapping[str, str]], str] = write_in_editor
    interactive: Callable[[], bool] = lambda: sys.stdin.isatty()

    @cached_property
    def home(self) -> Path:
        """The folder of this command's settings, drafts and, where there is no keyring, tokens."""
        return Path(self.environment.get("DEPUTY_HOME") or typer.get_app_dir("deputy"))

    @cached_property
    def words(self) -> Words:
        return Words(language_of(self.lang, self.environment))

    @cached_property
    def screen(self) -> "Console":
        from rich.console import Console

        known = sys.stdout.isatty() or self.environment.get("COLUMNS")
        return Console(highlight=False, width=None if known else WIDTH)

    @property
    def base_url(self) -> str:
        """The server: as asked, as remembered from the last sign-in, or the local stack of this folder."""
        if url := self.url or self.remembered_url or self.local_url:
            return url
        raise typer.BadParameter(self.words("no_url"))

    @property
    def remembered_url(self) -> str:
        return _text_of(self.home / "server.json", "url")

    @property
    def local_url(self) -> str:
        """The address of the stack that `make run` has started in this folder."""
        return _text_of(self.folder / ".local" / "stack.json", "base_url")

    def remember(self, url: str) -> None:
        """Make a server the one that the next commands talk to."""
        write_privately(self.home / "server.json", json.dumps({"url": url}))

    def server(self, url: str = "") -> "ZeroDistance":
        """The server's client, to be closed after use."""
        from zerodistance_client.client import ZeroDistance

        address = url or self.base_url
        tokens = self.tokens or kept_tokens(address, self.home / "tokens.json")
        try:
            language = self.words.language
            return ZeroDistance(address, tokens, retry=self.retry, language=language, transport=self.transport)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error

    def local(self, moment: datetime) -> str:
        """A moment in the terminal's zone: '2026-11-25 14:00'."""
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def say(self, sentence: str, **values: object) -> None:
        """Print a sentence; nothing where JSON was asked for."""
        if not self.as_json:
            self.screen.print(self.words(sentence, **values), markup=False, soft_wrap=True)

    def asked(self, given: str, question: str, option: str) -> str:
        """What was given by an option, or else is answered at the terminal."""
        if given.strip():
            return given
        if not self.interactive():
            raise typer.BadParameter(self.words("no_reason", option=option))
        return str(typer.prompt(self.words(question), err=True))


def around(ctx: typer.Context, as_json: bool = False) -> Around:
    """What is around this command; notes whether JSON was asked for."""
    here = ctx.obj
    assert isinstance(here, Around)
    here.as_json = as_json
    return here


def _text_of(path: Path, name: str) -> str:
    try:
        kept: Any = json.loads(path.read_bytes())
    except (OSError, ValueError):  # none there, or half written: the same as none
        return ""
    return str(kept.get(name) or "") if isinstance(kept, dict) else ""
