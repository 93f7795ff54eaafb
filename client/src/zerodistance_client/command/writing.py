"""From where a text comes (argument, file, standard input, editor), and how none is ever lost.

What is written in the editor is written into a draft file, which goes only when the server has taken it.
"""

import itertools
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from zerodistance_client.command.around import Around
from zerodistance_client.command.editor import EditorFailed
from zerodistance_client.errors import ZeroDistanceError
from zerodistance_client.tokens import write_privately

CUT: Final = "---------- >8 ----------"

Text = Annotated[str, typer.Argument(help="The text; without it, and without --file, it is written in $EDITOR.")]
TextFile = Annotated[
    typer.FileText | None,
    typer.Option("--file", "-f", encoding="utf-8-sig", help="Read it from a file; - is standard input."),
]


@dataclass(frozen=True)
class Draft:
    """A text on its way: the command that sends it, the case it is about, the file that keeps it."""

    here: Around
    command: tuple[str, ...]
    case: str
    path: Path

    def text(self, given: str, file: typer.FileText | None, beside: Callable[[], str]) -> str:
        """The text, from wherever it comes. ``beside`` is shown below it in the editor, and is not sent."""
        text = given or self._read(file) or self._written(beside)
        if not text.strip():
            raise typer.BadParameter(self.here.words("nothing_written"))
        return text.strip()

    @contextmanager
    def sending(self, text: str) -> Iterator[None]:
        """When sending fails, the text is kept and the error says where, and how to send it again."""
        try:
            yield
        except ZeroDistanceError as error:
            kept = self._keep(text)
            again = shlex.join(("deputy", *self.command, "--file", str(kept)))
            error.add_note(self.here.words("draft_kept", path=kept))
            error.add_note(self.here.words("send_again", command=again))
            raise
        if self._held() == text:
            self.path.unlink()

    def _held(self) -> str:
        return above_the_cut(self.path.read_text(encoding="utf-8")).strip() if self.path.exists() else ""

    def _keep(self, text: str) -> Path:
        """Keep a text, beside an earlier one that waits to be sent."""
        path = self.path
        if self._held() not in ("", text):
            numbered = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
            path = next(free for free in numbered if not free.exists())
        write_privately(path, text + "\n")
        return path

    def _read(self, file: typer.FileText | None) -> str:
        if file is None:
            return ""
        if not (text := above_the_cut(whole_text(file))).strip():
            raise typer.BadParameter(self.here.words("nothing_written"))
        return text

    def _written(self, beside: Callable[[], str]) -> str:
        if not self.here.interactive():
            raise typer.BadParameter(self.here.words("no_text"))
        below = f"{CUT} {self.here.words('not_sent_below')}\n{beside()}\n"
        write_privately(self.path, f"{self._held()}\n\n{below}")
        try:
            text = above_the_cut(self.here.edit(self.path, self.here.environment))
        except EditorFailed as error:
            raise typer.BadParameter(self.here.words("editor_failed", editor=error.editor, path=self.path)) from error
        if not text.strip():
            self.path.unlink(missing_ok=True)
        return text


def draft(here: Around, move: str, case: str = "", *options: str) -> Draft:
    """The draft of a move's text, one for each move and case (or demand). ``options`` are what sends it besides."""
    of_case = "".join(letter for letter in case.upper() if letter.isalnum())
    name = "-".join(filter(None, (*move.split(), of_case)))
    return Draft(here, (*move.split(), *([case] if case else []), *options), case, here.home / "drafts" / f"{name}.txt")


def above_the_cut(text: str) -> str:
    """What stands above the line below which nothing is sent."""
    lines = text.splitlines(keepends=True)
    at = next((number for number, line in enumerate(lines) if line.startswith(CUT)), len(lines))
    return "".join(lines[:at])


def whole_text(file: typer.FileText) -> str:
    """All of a file. Raises BadParameter where it is not text in UTF-8."""
    try:
        return file.read()
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{file.name}: {error}") from error
