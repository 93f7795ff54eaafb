"""The moves on a case: ack, assign, recategorise, ask, note, answer, decline, merge."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zerodistance_client.command.around import Around, CaseId, Json, around
from zerodistance_client.command.writing import Draft, Text, TextFile, draft
from zerodistance_client.records import Case

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it becomes part of the case. Asked for if not given.")]
Body = Annotated[str, typer.Argument(metavar="BODY", help="The id of the responsible body.")]
Category = Annotated[str, typer.Argument(metavar="CATEGORY", help="The id of the right category.")]
Urgency = Annotated[Literal["danger", "urgent", "normal", ""], typer.Option("--urgency", help="Correct the urgency too.")]
Into = Annotated[str, typer.Argument(metavar="INTO", help="The case about the same matter that goes on.")]
Public = Annotated[bool, typer.Option("--public", help="The resident sees it too.")]
Instead = Annotated[str, typer.Option("--instead", "-i", help="Where to go instead; the resident reads it. Asked for.")]


def add_to(app: typer.Typer) -> None:
    for command in (ack, assign, recategorise, ask, note, answer, decline, merge):
        app.command()(command)


def ack(ctx: typer.Context, case: CaseId, as_json: Json = False) -> None:
    """Say that you have seen the matter and take it up."""
    here = around(ctx, as_json)
    with here.server() as server:
        _moved(here, server.acknowledge(case))


def assign(ctx: typer.Context, case: CaseId, body: Body, reason: Reason = "", as_json: Json = False) -> None:
    """Hand a case to another body. The second time needs a manager."""
    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        _moved(here, server.assign(case, body, why))


def recategorise(
    ctx: typer.Context, case: CaseId, category: Category, reason: Reason = "", urgency: Urgency = "", as_json: Json = False
) -> None:
    """Put a case into the right category; its promises follow."""
    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        _moved(here, server.recategorise(case, category, why, urgency=urgency))


def ask(ctx: typer.Context, case: CaseId, text: Text = "", file: TextFile = None, as_json: Json = False) -> None:
    """Ask the resident something. The promises pause until they reply."""
    here = around(ctx, as_json)
    with here.server() as server:
        _send(here, server, draft(here, "ask", case), (text, file), partial(server.ask, case))


def note(
    ctx: typer.Context, case: CaseId, text: Text = "", file: TextFile = None, public: Public = False, as_json: Json = False
) -> None:
    """Note what is being done: for colleagues, or with --public for the resident too."""
    here = around(ctx, as_json)
    paper = draft(here, "note", case, *(["--public"] if public else []))
    with here.server() as server:
        _send(here, server, paper, (text, file), partial(server.note, case, public=public))


def answer(ctx: typer.Context, case: CaseId, text: Text = "", file: TextFile = None, as_json: Json = False) -> None:
    """Answer the resident. Whether it is solved, the resident says."""
    here = around(ctx, as_json)
    with here.server() as server:
        _send(here, server, draft(here, "answer", case), (text, file), partial(server.answer, case))


def decline(
    ctx: typer.Context, case: CaseId, reason: Text = "", instead: Instead = "", file: TextFile = None, as_json: Json = False
) -> None:
    """Decline a case: say why, and where to go instead. The resident reads both."""
    here = around(ctx, as_json)
    where = here.asked(instead, "ask_instead", "--instead")
    paper = draft(here, "decline", case, "--instead", where)
    with here.server() as server:
        _send(here, server, paper, (reason, file), partial(server.decline, case, instead=where))


def merge(ctx: typer.Context, case: CaseId, into: Into, reason: Reason = "", as_json: Json = False) -> None:
    """Merge a case into another one about the same matter."""
    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        _moved(here, server.merge(case, into, why))


def _send(
    here: Around, server: "ZeroDistance", paper: Draft, given: tuple[str, typer.FileText | None], send: Callable[[str], Case]
) -> None:
    """Send a text that the person gives, or writes with the case before their eyes."""
    from zerodistance_client.command.display import on_paper, whole_case

    text = paper.text(*given, beside=lambda: on_paper(whole_case(here, server.case(paper.case))))
    with paper.sending(text):
        case = send(text)
    _moved(here, case)


def _moved(here: Around, case: Case) -> None:
    """Tell how the case stands after a move."""
    from zerodistance_client.command.display import plain, possible, print_json, shown_id

    if here.as_json:
        return print_json(case.raw)
    here.say("moved", id=shown_id(case.id), status=plain(here.words.term(case.status)))
    return here.screen.print(possible(here, case.moves), soft_wrap=True)
