"""inbox, show, verify, contact: commands that look and change nothing (a look at contact details is recorded)."""

from collections.abc import Iterator
from typing import Annotated, Protocol, TypeVar

import typer

from zerodistance_client.command.around import Around, CaseId, Json, around
from zerodistance_client.records import Contact

MOST_A_PAGE = 100
CHANGED = 1  # exit code of verify when an entry was changed

Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many cases.")]
All = Annotated[bool, typer.Option("--all", help="All cases, not only the first.")]
WorkList = Annotated[str, typer.Option("--list", help="A named work list: triage (for managers).")]
Body = Annotated[str, typer.Option("--body", help="The work list of a body (for managers and supervisors).")]
OfDeputy = Annotated[str, typer.Option("--deputy", help="The work list of a deputy (for managers and supervisors).")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why you need it; it is recorded. Asked for if not given.")]


def add_to(app: typer.Typer) -> None:
    for command in (inbox, show, verify, contact):
        app.command()(command)


def inbox(
    ctx: typer.Context,
    limit: Limit = 25,
    every: All = False,
    which: WorkList = "",
    body: Body = "",
    deputy: OfDeputy = "",
    as_json: Json = False,
) -> None:
    """List open cases, by what falls due next."""
    from zerodistance_client.command.display import print_json, work_list

    here = around(ctx, as_json)
    with here.server() as server:
        pages = server.pages(list=which, body=body, deputy=deputy, page=MOST_A_PAGE if every else min(limit, MOST_A_PAGE))
        cases, more = gathered(pages, None if every else limit)
    if as_json:
        return print_json({"items": [case.raw for case in cases], "more": more})
    if not cases:
        return here.say("nothing_waits")
    here.screen.print(work_list(here, cases))
    return here.say("more") if more else None


T = TypeVar("T", covariant=True)


class PageOf(Protocol[T]):
    """One page of a list."""

    @property
    def items(self) -> tuple[T, ...]: ...

    @property
    def next(self) -> str: ...


def gathered(pages: Iterator[PageOf[T]], limit: int | None) -> tuple[list[T], bool]:
    """The first ``limit`` items (None: all), asking for no page more than that needs; and whether there are more."""
    items: list[T] = []
    for page in pages:
        items += page.items
        if limit is not None and len(items) >= limit:
            return items[:limit], len(items) > limit or bool(page.next)
    return items, False


def show(ctx: typer.Context, case: CaseId, as_json: Json = False) -> None:
    """Show a case: what was written, its promises, what happened, what can be done."""
    from zerodistance_client.command.display import print_json, whole_case

    here = around(ctx, as_json)
    with here.server() as server:
        got = server.case(case)
    if as_json:
        return print_json(got.raw)
    return here.screen.print(whole_case(here, got))


def verify(ctx: typer.Context, case: CaseId, as_json: Json = False) -> None:
    """Check that no entry of a case's history was changed. Exit code 1 if one was."""
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        found = server.verify(case)
    if as_json:
        print_json(found.raw)
    elif found.sound:
        here.say("sound", entries=found.entries)
    else:
        here.say("changed", number=found.first_changed, entries=found.entries)
    if not found.sound:
        raise typer.Exit(CHANGED)


def contact(ctx: typer.Context, case: CaseId, reason: Reason = "", as_json: Json = False) -> None:
    """Show how to reach the resident. The look is recorded, with the reason."""
    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        found = server.contact(case, why)
    print_contact(here, found)


def print_contact(here: Around, found: Contact) -> None:
    """How to reach a resident, a line each."""
    from zerodistance_client.command.display import plain, print_json

    if here.as_json:
        return print_json(found.raw)
    for value in (found.name, found.phone, found.email, found.language):
        if value:
            here.screen.print(plain(value), markup=False, soft_wrap=True)
    return here.say("look_recorded")
