"""deputy suggestions …: from common demands to a reply, and to the documents that came of it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.reading import MOST_A_PAGE, All, gathered
from zerodistance_client.command.writing import Draft, Text, TextFile, draft
from zerodistance_client.suggestion_records import Suggestion

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

Grade = Literal["satisfied", "basically", "dissatisfied"]

TheSuggestion = Annotated[str, typer.Argument(metavar="SUGGESTION", help="Its id, e.g. S-7K3M-9QXA-2B4C.")]
Title = Annotated[str, typer.Option("--title", "-t", help="What it is called. Asked for if not given.")]
NewTitle = Annotated[str, typer.Option("--title", "-t", help="Another title.")]
Demands = Annotated[list[str], typer.Option("--demand", "-d", help="A common demand that it comes of; may be given again.")]
Deputies = Annotated[list[str], typer.Argument(metavar="DEPUTY...", help="The ids of the deputies to ask.")]
TheDeputy = Annotated[str, typer.Argument(metavar="DEPUTY", help="The id of the deputy who leads it from now on.")]
Body = Annotated[str, typer.Argument(metavar="BODY", help="The id of the body that answers.")]
Joint = Annotated[list[str], typer.Option("--joint", help="A body that answers with it; may be given again.")]
Hard = Annotated[bool, typer.Option("--hard", help="It is a hard one: there is more time for the reply.")]
Renew = Annotated[bool, typer.Option("--renew", help="Take all evidence anew.")]
Into = Annotated[str, typer.Argument(metavar="INTO", help="The suggestion that goes on.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it becomes part of the suggestion. Asked for if needed.")]
Until = Annotated[str, typer.Option("--until", "-u", help="The day until which you need, e.g. 2027-03-31. Asked for.")]
Class = Annotated[
    Literal["solved", "in_progress", "planned", "for_reference", "cannot"], typer.Option("--class", help="What reply it is.")
]
Attitude = Annotated[Grade, typer.Option(help="How the body went about it.")]
Result = Annotated[Grade, typer.Option(help="What came of it.")]
Number = Annotated[str, typer.Option("--number", help="The document's number. Asked for if not given.")]
Day = Annotated[str, typer.Option("--date", help="The document's day, e.g. 2026-11-20. Asked for if not given.")]
Url = Annotated[str, typer.Option("--url", help="Where it can be read.")]
Attach = Annotated[Path | None, typer.Option("--attach", "-a", exists=True, dir_okay=False, help="The document itself.")]

OfYear = Annotated[int, typer.Option("--year", "-y", help="All of a year that you may see; else those whose turn is yours.")]
Status = Annotated[str, typer.Option("--status", help="Only these: draft, submitted, accepted, assigned, replied, …")]
OfBody = Annotated[str, typer.Option("--body", help="Only those that this body answers.")]
OfClass = Annotated[str, typer.Option("--class", help="Only those with such a reply.")]
OfDeputy = Annotated[str, typer.Option("--deputy", help="Only those that this deputy leads or signed.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this section."""
    group = typer.Typer(no_args_is_help=True, help="Deputies' suggestions: from demands to a reply and its documents.")
    named: dict[str, Callable[..., None]] = {"list": list_suggestions, "draft": begin, "return": give_back}
    plain: tuple[Callable[..., None], ...] = (
        show, edit, invite, cosign, decline, submit, withdraw, accept, merge, assign, interim, ask_extension, extend,
        refuse_extension, reply, evaluate, document, hand_over, close,
    )  # fmt: skip
    for name, command in (*named.items(), *((each.__name__.replace("_", "-"), each) for each in plain)):
        group.command(name)(command)
    app.add_typer(group, name="suggestions")


def list_suggestions(
    ctx: typer.Context,
    year: OfYear = 0,
    status: Status = "",
    body: OfBody = "",
    kind: OfClass = "",
    deputy: OfDeputy = "",
    limit: Limit = 25,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List the suggestions whose turn is yours, or those of a year."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.suggestion_display import suggestion_list

    here = around(ctx, as_json)
    size = MOST_A_PAGE if every else min(limit, MOST_A_PAGE)
    with here.server() as server:
        pages = server.suggestion_pages(year=year, status=status, body=body, kind=kind, deputy=deputy, page=size)
        found, more = gathered(pages, None if every else limit)
    if as_json:
        return print_json({"items": [each.raw for each in found], "more": more})
    if not found:
        return here.say("no_suggestions")
    here.screen.print(suggestion_list(here, found))
    return here.say("more_suggestions") if more else None


def show(ctx: typer.Context, suggestion: TheSuggestion, as_json: Json = False) -> None:
    """Show a suggestion: text, evidence, promise, documents, what happened, what can be done."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.suggestion_display import whole_suggestion

    here = around(ctx, as_json)
    with here.server() as server:
        got = server.suggestion(suggestion)
    if as_json:
        return print_json(got.raw)
    return here.screen.print(whole_suggestion(here, got))


def begin(
    ctx: typer.Context, demands: Demands, text: Text = "", title: Title = "", file: TextFile = None, as_json: Json = False
) -> None:
    """Begin a suggestion from common demands, with their evidence as it stands now."""
    here = around(ctx, as_json)
    called = here.asked(title, "ask_title", "--title")
    options = [word for demand in demands for word in ("--demand", demand)]
    paper = draft(here, "suggestions draft", "", "--title", called, *options)
    said = paper.text(text, file, beside=lambda: "")
    with here.server() as server, paper.sending(said):
        made = server.draft_suggestion(called, said, demands)
    _done(here, made)


def edit(
    ctx: typer.Context,
    suggestion: TheSuggestion,
    text: Text = "",
    title: NewTitle = "",
    demands: Demands = [],  # noqa: B006 - typer reads it and nobody changes it
    renew: Renew = False,
    file: TextFile = None,
    as_json: Json = False,
) -> None:
    """Change a draft: its text, title, demands. Those who signed are asked again when the words changed."""
    here = around(ctx, as_json)
    said = {"title": title or None, "demands": demands or None, "renew": renew}
    with here.server() as server:
        if not (text or file) and any(said.values()):
            return _done(here, server.edit_suggestion(suggestion, **said))  # type: ignore[arg-type]
        paper = draft(here, "suggestions edit", suggestion)
        return _send(here, server, paper, (text, file), partial(server.edit_suggestion, suggestion, **said))  # type: ignore[arg-type]


def invite(ctx: typer.Context, suggestion: TheSuggestion, deputies: Deputies, as_json: Json = False) -> None:
    """Ask other deputies to sign."""
    _simply(ctx, as_json, lambda server: server.invite(suggestion, deputies))


def cosign(ctx: typer.Context, suggestion: TheSuggestion, as_json: Json = False) -> None:
    """Sign it as it is."""
    _simply(ctx, as_json, lambda server: server.cosign(suggestion))


def decline(ctx: typer.Context, suggestion: TheSuggestion, as_json: Json = False) -> None:
    """Do not sign."""
    _simply(ctx, as_json, lambda server: server.decline_suggestion(suggestion))


def submit(ctx: typer.Context, suggestion: TheSuggestion, as_json: Json = False) -> None:
    """Hand it in."""
    _simply(ctx, as_json, lambda server: server.submit_suggestion(suggestion))


def withdraw(ctx: typer.Context, suggestion: TheSuggestion, reason: Reason = "", as_json: Json = False) -> None:
    """Take it back before it is accepted."""
    _because(ctx, as_json, reason, lambda server, why: server.withdraw_suggestion(suggestion, why))


def accept(ctx: typer.Context, suggestion: TheSuggestion, as_json: Json = False) -> None:
    """Take it on: it gets its number, and is public (managers)."""
    _simply(ctx, as_json, lambda server: server.accept_suggestion(suggestion))


def give_back(ctx: typer.Context, suggestion: TheSuggestion, reason: Reason = "", as_json: Json = False) -> None:
    """Give it back to the deputy: it is a draft again (managers)."""
    _because(ctx, as_json, reason, lambda server, why: server.return_suggestion(suggestion, why))


def merge(ctx: typer.Context, suggestion: TheSuggestion, into: Into, reason: Reason = "", as_json: Json = False) -> None:
    """Merge it into another one, which takes over its deputies and demands (managers)."""
    _because(ctx, as_json, reason, lambda server, why: server.merge_suggestion(suggestion, into, why))


def assign(
    ctx: typer.Context,
    suggestion: TheSuggestion,
    body: Body,
    joint: Joint = [],  # noqa: B006 - typer reads it and nobody changes it
    hard: Hard = False,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """To the body that answers, and those that do so with it (managers)."""
    _simply(ctx, as_json, lambda server: server.assign_suggestion(suggestion, body, joint=joint, hard=hard, reason=reason))


def interim(
    ctx: typer.Context, suggestion: TheSuggestion, text: Text = "", file: TextFile = None, as_json: Json = False
) -> None:
    """Say how it stands; the reply is still owed (the bodies)."""
    here = around(ctx, as_json)
    with here.server() as server:
        paper = draft(here, "suggestions interim", suggestion)
        _send(here, server, paper, (text, file), lambda text: server.interim_reply(suggestion, text))


def ask_extension(
    ctx: typer.Context, suggestion: TheSuggestion, until: Until = "", reason: Reason = "", as_json: Json = False
) -> None:
    """Ask the manager for more time (the body)."""
    here = around(ctx, as_json)
    day, why = here.asked(until, "ask_until", "--until"), here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        _done(here, server.ask_extension(suggestion, day, why))


def extend(ctx: typer.Context, suggestion: TheSuggestion, as_json: Json = False) -> None:
    """Grant the time that the body asked for (managers)."""
    _simply(ctx, as_json, lambda server: server.extend(suggestion))


def refuse_extension(ctx: typer.Context, suggestion: TheSuggestion, reason: Reason = "", as_json: Json = False) -> None:
    """Do not grant it (managers)."""
    _because(ctx, as_json, reason, lambda server, why: server.refuse_extension(suggestion, why))


def reply(
    ctx: typer.Context,
    suggestion: TheSuggestion,
    kind: Class,
    text: Text = "",
    reason: Reason = "",
    file: TextFile = None,
    as_json: Json = False,
) -> None:
    """The body's reply, of one of five classes. Keeps the promise."""
    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason") if kind == "cannot" else reason
    paper = draft(here, "suggestions reply", suggestion, "--class", kind, *(["--reason", why] if why else []))
    with here.server() as server:
        send = partial(server.reply_suggestion, suggestion, kind, reason=why)
        _send(here, server, paper, (text, file), send)


def evaluate(
    ctx: typer.Context,
    suggestion: TheSuggestion,
    attitude: Attitude,
    result: Result,
    text: Annotated[str, typer.Argument(help="What you think of it, if you want to say.")] = "",
    as_json: Json = False,
) -> None:
    """Say whether you are satisfied. If not with the result, it goes back, once."""
    _simply(ctx, as_json, lambda server: server.evaluate(suggestion, attitude, result, text=text))


def document(
    ctx: typer.Context,
    suggestion: TheSuggestion,
    title: Title = "",
    number: Number = "",
    day: Day = "",
    url: Url = "",
    attach: Attach = None,
    as_json: Json = False,
) -> None:
    """A document that came of it. Every resident whose message led to it is told."""
    here = around(ctx, as_json)
    called = here.asked(title, "ask_title", "--title")
    its, on = here.asked(number, "ask_number", "--number"), here.asked(day, "ask_date", "--date")
    with here.server() as server:
        file = server.upload(attach) if attach else ""
        _done(here, server.document(suggestion, called, its, on, url=url, file=file))


def hand_over(
    ctx: typer.Context, suggestion: TheSuggestion, deputy: TheDeputy, reason: Reason = "", as_json: Json = False
) -> None:
    """Another deputy leads it (managers)."""
    _because(ctx, as_json, reason, lambda server, why: server.hand_over(suggestion, deputy, why))


def close(ctx: typer.Context, suggestion: TheSuggestion, as_json: Json = False) -> None:
    """It is dealt with; documents may still come of it (managers)."""
    _simply(ctx, as_json, lambda server: server.close_suggestion(suggestion))


def _simply(ctx: typer.Context, as_json: bool, deed: "Callable[[ZeroDistance], Suggestion]") -> None:
    here = around(ctx, as_json)
    with here.server() as server:
        _done(here, deed(server))


def _because(ctx: typer.Context, as_json: bool, reason: str, deed: "Callable[[ZeroDistance, str], Suggestion]") -> None:
    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        _done(here, deed(server, why))


def _send(
    here: Around,
    server: "ZeroDistance",
    paper: Draft,
    given: tuple[str, typer.FileText | None],
    send: Callable[..., Suggestion],
) -> None:
    """Send a text that the person gives, or writes with the suggestion before their eyes."""
    from zerodistance_client.command.display import on_paper
    from zerodistance_client.command.suggestion_display import whole_suggestion

    text = paper.text(*given, beside=lambda: on_paper(whole_suggestion(here, server.suggestion(paper.case))))
    with paper.sending(text):
        suggestion = send(text=text)
    _done(here, suggestion)


def _done(here: Around, suggestion: Suggestion) -> None:
    """Tell how the suggestion stands after a move."""
    from zerodistance_client.command.display import plain, possible, print_json, shown_id

    if here.as_json:
        return print_json(suggestion.raw)
    here.say("moved", id=shown_id(suggestion.id), status=plain(here.words.suggestion_term(suggestion.status)))
    return here.screen.print(possible(here, suggestion.moves), soft_wrap=True)
