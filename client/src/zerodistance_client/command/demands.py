"""deputy demands …: many cases, one matter. What is done to a demand is done to each of its open cases."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.reading import MOST_A_PAGE, All, Limit, gathered
from zerodistance_client.command.writing import Draft, Text, TextFile, draft
from zerodistance_client.demand_records import Demand

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

TheDemand = Annotated[str, typer.Argument(metavar="DEMAND", help="The demand's id, e.g. D-7K3M-9QXA-2B4C.")]
Cases = Annotated[list[str], typer.Argument(metavar="CASE...", help="The ids of the cases, two or more.")]
TheCase = Annotated[str, typer.Argument(metavar="CASE", help="The id of the case that does not belong there.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called. Asked for if not given.")]
NameOption = Annotated[str, typer.Option("--name", "-n", help="What the demand is called. Asked for if not given.")]
Body = Annotated[str, typer.Argument(metavar="BODY", help="The id of the responsible body.")]
Into = Annotated[str, typer.Argument(metavar="INTO", help="The demand that goes on.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it becomes part of the demand. Asked for if not given.")]
Until = Annotated[str, typer.Option("--until", "-u", help="The day by which it will be done, e.g. 2026-12-01. Asked for.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Common demands: many cases, one matter.")
    group.command("list")(list_demands)
    for command in (show, confirm, rename, dismiss, take_up, support, assign, promise, answer, resolve, merge, split):
        group.command(command.__name__.replace("_", "-"))(command)
    group.command("take-out")(take_out)
    group.command("together")(together)
    app.add_typer(group, name="demands")


def list_demands(ctx: typer.Context, limit: Limit = 25, every: All = False, as_json: Json = False) -> None:
    """List the open demands that concern you, those of most people first."""
    from zerodistance_client.command.demand_display import demand_list
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        pages = server.demand_pages(page=MOST_A_PAGE if every else min(limit, MOST_A_PAGE))
        found, more = gathered(pages, None if every else limit)
    if as_json:
        return print_json({"items": [demand.raw for demand in found], "more": more})
    if not found:
        return here.say("no_demands")
    here.screen.print(demand_list(here, found))
    return here.say("more_demands") if more else None


def show(ctx: typer.Context, demand: TheDemand, as_json: Json = False) -> None:
    """Show a demand: people, places, curve, typical sentences, cases, promises, what happened, what can be done."""
    from zerodistance_client.command.demand_display import whole_demand
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        got = server.demand(demand)
    if as_json:
        return print_json(got.raw)
    return here.screen.print(whole_demand(here, got))


def confirm(ctx: typer.Context, demand: TheDemand, name: Name = "", as_json: Json = False) -> None:
    """Say that what the platform proposed is one matter, and what it is called."""
    _named(ctx, as_json, name, lambda server, called: server.confirm(demand, called))


def rename(ctx: typer.Context, demand: TheDemand, name: Name = "", as_json: Json = False) -> None:
    """Call a demand otherwise."""
    _named(ctx, as_json, name, lambda server, called: server.rename(demand, called))


def dismiss(ctx: typer.Context, demand: TheDemand, reason: Reason = "", as_json: Json = False) -> None:
    """Say that it is no common matter. The same proposal does not return."""
    _because(ctx, as_json, reason, lambda server, why: server.dismiss(demand, why))


def take_up(ctx: typer.Context, demand: TheDemand, as_json: Json = False) -> None:
    """Lead a demand."""
    here = around(ctx, as_json)
    with here.server() as server:
        _done(here, server.take_up(demand))


def support(ctx: typer.Context, demand: TheDemand, as_json: Json = False) -> None:
    """Join those who work on a demand."""
    here = around(ctx, as_json)
    with here.server() as server:
        _done(here, server.support(demand))


def assign(ctx: typer.Context, demand: TheDemand, body: Body, reason: Reason = "", as_json: Json = False) -> None:
    """Hand a demand to a body, with every open case."""
    _because(ctx, as_json, reason, lambda server, why: server.assign_demand(demand, body, why))


def promise(
    ctx: typer.Context, demand: TheDemand, text: Text = "", until: Until = "", file: TextFile = None, as_json: Json = False
) -> None:
    """Promise that it will be done by a day, and say what. Everyone in it is told."""
    here = around(ctx, as_json)
    day = here.asked(until, "ask_until", "--until")
    paper = draft(here, "demands promise", demand, "--until", day)
    with here.server() as server:
        _send(here, server, paper, (text, file), partial(server.promise, demand, until=day))


def answer(ctx: typer.Context, demand: TheDemand, text: Text = "", file: TextFile = None, as_json: Json = False) -> None:
    """One answer for all: every open case is answered, and everyone told once."""
    here = around(ctx, as_json)
    with here.server() as server:
        paper = draft(here, "demands answer", demand)
        _send(here, server, paper, (text, file), partial(server.answer_demand, demand))


def resolve(ctx: typer.Context, demand: TheDemand, text: Text = "", file: TextFile = None, as_json: Json = False) -> None:
    """Say that it is done, and what was. Who disagrees reopens their case."""
    here = around(ctx, as_json)
    with here.server() as server:
        _send(here, server, draft(here, "demands resolve", demand), (text, file), partial(server.resolve, demand))


def merge(ctx: typer.Context, demand: TheDemand, into: Into, reason: Reason = "", as_json: Json = False) -> None:
    """Merge a demand into another one; its cases follow."""
    _because(ctx, as_json, reason, lambda server, why: server.merge_demand(demand, into, why))


def split(ctx: typer.Context, demand: TheDemand, cases: Cases, name: NameOption = "", as_json: Json = False) -> None:
    """Make some of its cases a demand of their own."""
    _named(ctx, as_json, name, lambda server, called: server.split(demand, called, cases), "--name")


def take_out(ctx: typer.Context, demand: TheDemand, case: TheCase, reason: Reason = "", as_json: Json = False) -> None:
    """Take out a case that does not belong there. The platform does not put it back."""
    _because(ctx, as_json, reason, lambda server, why: server.take_out(demand, case, why))


def together(ctx: typer.Context, cases: Cases, name: NameOption = "", as_json: Json = False) -> None:
    """Put cases together by hand that are in no demand yet."""
    _named(ctx, as_json, name, lambda server, called: server.put_together(called, cases), "--name")


Deed = Callable[["ZeroDistance", str], Demand]


def _because(ctx: typer.Context, as_json: bool, reason: str, deed: Deed) -> None:
    _with(around(ctx, as_json), reason, "ask_reason", "--reason", deed)


def _named(ctx: typer.Context, as_json: bool, name: str, deed: Deed, option: str = "NAME") -> None:
    _with(around(ctx, as_json), name, "ask_name", option, deed)


def _with(here: Around, given: str, question: str, option: str, deed: Deed) -> None:
    said = here.asked(given, question, option)
    with here.server() as server:
        _done(here, deed(server, said))


def _send(
    here: Around,
    server: "ZeroDistance",
    paper: Draft,
    given: tuple[str, typer.FileText | None],
    send: Callable[..., Demand],
) -> None:
    """Send a text that the person gives, or writes with the demand before their eyes."""
    from zerodistance_client.command.demand_display import whole_demand
    from zerodistance_client.command.display import on_paper

    text = paper.text(*given, beside=lambda: on_paper(whole_demand(here, server.demand(paper.case))))
    with paper.sending(text):
        demand = send(text=text)
    _done(here, demand)


def _done(here: Around, demand: Demand) -> None:
    """Tell how the demand stands after a move."""
    from zerodistance_client.command.display import plain, possible, print_json, shown_id

    if here.as_json:
        return print_json(demand.raw)
    here.say("moved", id=shown_id(demand.id), status=plain(here.words.demand_term(demand.status)))
    return here.screen.print(possible(here, demand.moves), soft_wrap=True)
