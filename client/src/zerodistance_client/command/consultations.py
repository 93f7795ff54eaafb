"""deputy consultations …: ask residents, read what they say, take it up, publish what came of it."""

import tomllib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.reading import MOST_A_PAGE, All, Limit, gathered
from zerodistance_client.command.writing import Text, TextFile, draft, whole_text
from zerodistance_client.consultation_records import Consultation

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

TheOne = Annotated[str, typer.Argument(metavar="CONSULTATION", help="The consultation's id, e.g. C-7K3M-9QXA-2B4C.")]
Paper = Annotated[
    typer.FileText, typer.Argument(metavar="FILE", encoding="utf-8-sig", help="What is asked, in TOML; - is standard input.")
]
Public = Annotated[bool, typer.Option("--public", help="What residents are or were asked, the newest first.")]
Opens = Annotated[str, typer.Option("--opens", help="When it opens, e.g. 2026-12-01T09:00.")]
Closes = Annotated[str, typer.Option("--closes", help="When it closes, e.g. 2026-12-15T18:00.")]
Until = Annotated[str, typer.Option("--closes", help="When it closes; without it, as scheduled.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; residents read it. Asked for if not given.")]
OfQuestion = Annotated[str, typer.Option("--question", help="Only what was written to this question, e.g. q4 or p2.")]
TheAnswer = Annotated[str, typer.Argument(metavar="ANSWER", help="The id of the answer, as 'comments' shows it.")]
TheQuestion = Annotated[str, typer.Argument(metavar="QUESTION", help="Which of its comments, e.g. q4 or p2.")]
Quote = Annotated[str, typer.Option("--quote", help="What of the comment becomes public, word by word; else all of it.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Ask residents: surveys, and drafts open for comment.")
    group.command("list")(list_consultations)
    group.command("draft")(draft_one)
    for command in (show, edit, schedule, extend, close, withdraw, results, comments, publish):
        group.command(command.__name__)(command)
    group.command("open")(open_one)
    group.command("take-up")(take_up)
    app.add_typer(group, name="consultations")


def list_consultations(
    ctx: typer.Context, public: Public = False, limit: Limit = 25, every: All = False, as_json: Json = False
) -> None:
    """List what is not finished, or with --public what residents are or were asked."""
    from zerodistance_client.command.consultation_display import consultation_list
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        pages = server.consultation_pages(public=public, page=MOST_A_PAGE if every else min(limit, MOST_A_PAGE))
        found, more = gathered(pages, None if every else limit)
    if as_json:
        return print_json({"items": [each.raw for each in found], "more": more})
    if not found:
        return here.say("no_consultations")
    here.screen.print(consultation_list(here, found))
    return here.say("more_consultations") if more else None


def show(ctx: typer.Context, consultation: TheOne, as_json: Json = False) -> None:
    """Show a consultation: what is asked, what was taken up, what happened, what can be done."""
    from zerodistance_client.command.consultation_display import whole_consultation
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        got = server.consultation(consultation)
    return print_json(got.raw) if as_json else here.screen.print(whole_consultation(here, got))


def draft_one(ctx: typer.Context, paper: Paper, as_json: Json = False) -> None:
    """Draft a survey, or a text that residents comment on, from a file."""
    asked = _read(around(ctx, as_json), paper)
    if asked.pop("form", "survey") == "draft":
        return _with(ctx, as_json, lambda server: server.draft_for_comment(**asked))
    return _with(ctx, as_json, lambda server: server.draft_survey(**asked))


def edit(ctx: typer.Context, consultation: TheOne, paper: Paper, as_json: Json = False) -> None:
    """Replace what is asked by what stands in a file, before anybody was asked."""
    asked = _read(around(ctx, as_json), paper)
    asked.pop("form", "")
    _with(ctx, as_json, lambda server: server.edit_consultation(consultation, **asked))


def schedule(ctx: typer.Context, consultation: TheOne, opens: Opens, closes: Closes, as_json: Json = False) -> None:
    """Have it open and close by itself."""
    here = around(ctx, as_json)
    since, until = _moment(here, opens), _moment(here, closes)
    _with(ctx, as_json, lambda server: server.schedule_consultation(consultation, since, until))


def open_one(ctx: typer.Context, consultation: TheOne, closes: Until = "", as_json: Json = False) -> None:
    """Open it now."""
    until = _moment(around(ctx, as_json), closes) if closes else None
    _with(ctx, as_json, lambda server: server.open_consultation(consultation, until))


def extend(ctx: typer.Context, consultation: TheOne, closes: Closes, reason: Reason = "", as_json: Json = False) -> None:
    """Give more time."""
    here = around(ctx, as_json)
    until, why = _moment(here, closes), here.asked(reason, "ask_reason", "--reason")
    _with(ctx, as_json, lambda server: server.extend_consultation(consultation, until, why))


def close(ctx: typer.Context, consultation: TheOne, as_json: Json = False) -> None:
    """Take no more answers."""
    _with(ctx, as_json, lambda server: server.close_consultation(consultation))


def withdraw(ctx: typer.Context, consultation: TheOne, reason: Reason = "", as_json: Json = False) -> None:
    """Take it back. The addresses of those who wanted to be told go."""
    why = around(ctx, as_json).asked(reason, "ask_reason", "--reason")
    _with(ctx, as_json, lambda server: server.withdraw_consultation(consultation, why))


def results(ctx: typer.Context, consultation: TheOne, as_json: Json = False) -> None:
    """Show how many people answered and what came of each question, as it stands now."""
    from zerodistance_client.command.consultation_display import whole_results
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        got = server.consultation_results(consultation)
        if as_json:
            return print_json(got.raw)
        asked = server.consultation(consultation)
    return here.screen.print(whole_results(here, asked, got))


def comments(
    ctx: typer.Context,
    consultation: TheOne,
    question: OfQuestion = "",
    limit: Limit = 25,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List what people wrote, the newest first. Nobody but staff sees it unless it is taken up."""
    from zerodistance_client.command.consultation_display import comment_list
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        size = MOST_A_PAGE if every else min(limit, MOST_A_PAGE)
        found, more = gathered(server.comment_pages(consultation, question=question, page=size), None if every else limit)
    if as_json:
        return print_json({"items": [each.raw for each in found], "more": more})
    if not found:
        return here.say("no_comments")
    here.screen.print(comment_list(here, found))
    return here.say("more_comments") if more else None


def take_up(
    ctx: typer.Context,
    consultation: TheOne,
    answer: TheAnswer,
    question: TheQuestion,
    text: Text = "",
    file: TextFile = None,
    quote: Quote = "",
    as_json: Json = False,
) -> None:
    """Say what was done about a comment. Both become public with the results."""
    here = around(ctx, as_json)
    paper = draft(here, "consultations take-up", consultation, answer, question)
    said = paper.text(text, file, beside=lambda: "")
    with here.server() as server, paper.sending(said):
        _done(here, server.take_up_comment(consultation, answer, question, said, quote=quote))


def publish(ctx: typer.Context, consultation: TheOne, text: Text = "", file: TextFile = None, as_json: Json = False) -> None:
    """Make the results public, with what comes of them. Who asked to be told is told."""
    here = around(ctx, as_json)
    paper = draft(here, "consultations publish", consultation)
    said = paper.text(text, file, beside=lambda: "")
    with here.server() as server, paper.sending(said):
        _done(here, server.publish_consultation(consultation, said))


def _with(ctx: typer.Context, as_json: bool, deed: "Callable[[ZeroDistance], Consultation]") -> None:
    here = around(ctx, as_json)
    with here.server() as server:
        _done(here, deed(server))


def _done(here: Around, consultation: Consultation) -> None:
    """Tell how it stands after a move, and where residents answer."""
    from zerodistance_client.command.display import plain, possible, print_json, shown_id

    if here.as_json:
        return print_json(consultation.raw)
    here.say("moved", id=shown_id(consultation.id), status=plain(here.words.consultation_term(consultation.status)))
    if consultation.status in ("scheduled", "open"):
        here.say("answer_at", url=plain(consultation.url))
    if consultation.public_url:
        here.say("public_page", url=plain(consultation.public_url))
    return here.screen.print(possible(here, consultation.moves), soft_wrap=True)


FIELDS = frozenset({"form", "title", "intro", "questions", "text"})


def _read(here: Around, paper: typer.FileText) -> dict[str, Any]:
    """What a file asks. Raises BadParameter where it is no TOML, or has a field that there is not."""
    try:
        asked = tomllib.loads(whole_text(paper))
    except tomllib.TOMLDecodeError as error:
        raise typer.BadParameter(here.words("no_toml", file=paper.name, because=error)) from error
    if unknown := sorted(asked.keys() - FIELDS):
        raise typer.BadParameter(here.words("unknown_field", field=unknown[0], fields=", ".join(sorted(FIELDS))))
    if missing := sorted({"title", "text" if asked.get("form") == "draft" else "questions"} - asked.keys()):
        raise typer.BadParameter(here.words("missing_field", field=missing[0]))
    return asked


def _moment(here: Around, text: str) -> datetime:
    """A day and time on this terminal's clocks, unless it says its own zone. Raises BadParameter."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(here.words("no_moment", given=text)) from error
    if moment.tzinfo:
        return moment
    return moment.replace(tzinfo=here.zone) if here.zone else moment.astimezone()
