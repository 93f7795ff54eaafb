"""The command itself: what it may be asked, and how errors become exit codes."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from zerodistance_client.command import (
    activities,
    bulletin,
    consultations,
    demands,
    desk,
    directory,
    figures,
    library,
    moves,
    performance,
    reading,
    session,
    suggestions,
    supervision,
)
from zerodistance_client.command.around import Around
from zerodistance_client.errors import ZeroDistanceError
from zerodistance_client.version import __version__


class Commands(TyperGroup):
    """All commands, in the order in which work is done; what a server refuses ends in an exit code, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ZeroDistanceError as error:
            from zerodistance_client.command.complain import complain

            raise typer.Exit(complain(error, ctx.obj)) from None


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"deputy {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    url: Annotated[str, typer.Option(envvar="DEPUTY_URL", help="The server; remembered from login.")] = "",
    lang: Annotated[str, typer.Option(envvar="DEPUTY_LANG", help="zh or en; else the terminal's language.")] = "",
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Zero Distance on the command line: for deputies, officers, managers and supervisors."""
    del version  # its callback has spoken
    here = ctx.obj if isinstance(ctx.obj, Around) else Around()
    here.url, here.lang = url or here.url, lang or here.lang
    ctx.obj = here


SECTIONS = (suggestions, supervision, performance, activities, consultations, bulletin, library, figures)
for each in (session, reading, moves, demands, *SECTIONS, desk, directory):
    each.add_to(app)
