"""deputy figures: the three rates, as everyone may see them."""

from typing import Annotated

import typer

from zerodistance_client.command.around import Json, around

Scope = Annotated[str, typer.Argument(metavar="SCOPE", help="district, ward, deputy, body, category, grid, hour or section.")]
Period = Annotated[str, typer.Option("--period", "-p", help="A year, 2026, or a month, 2026-11; this year if not given.")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this section."""
    app.command("figures")(figures)


def figures(ctx: typer.Context, scope: Scope = "district", period: Period = "", as_json: Json = False) -> None:
    """Show the public figures: how much was answered in time, solved, and found satisfying. Needs no sign-in."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.figure_display import fact_list, rate_list

    here = around(ctx, as_json)
    with here.server() as server:
        found = server.figures(scope, period)
    if as_json:
        return print_json(found.raw)
    if not found.months:
        return here.say("no_figures", period=found.period)
    return here.screen.print(fact_list(found) if found.scope == "section" else rate_list(here, found))
