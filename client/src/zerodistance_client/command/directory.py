"""directory show, export, import (managers)."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.writing import whole_text
from zerodistance_client.records import Import

Kind = Annotated[str, typer.Argument(metavar="KIND", help="bodies, grids, categories, deputies …")]
CsvKind = Annotated[str, typer.Option("--kind", help="What a CSV file lists: bodies, grids, categories …")]
Source = Annotated[
    typer.FileText, typer.Argument(metavar="FILE", encoding="utf-8-sig", help="YAML, or CSV; - is standard input.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", dir_okay=False, help="The file to write; else it is printed.")]
Outlines = Annotated[bool, typer.Option("--outlines", help="The file is GeoJSON that draws grids for the map.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The directory: see it, take it out, bring it in (managers).")
    group.command("show")(show_kind)
    group.command("export")(export)
    group.command("import")(bring_in)
    app.add_typer(group, name="directory")


def show_kind(ctx: typer.Context, kind: Kind, as_json: Json = False) -> None:
    """List all entries of one kind."""
    from zerodistance_client.command.display import as_json as written
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        items = server.directory(kind)
    if as_json:
        return print_json({"items": list(items)})
    for item in items:
        here.screen.print(written(item), markup=False, soft_wrap=True)
    return None


def export(ctx: typer.Context, output: Output = None, as_json: Json = False) -> None:
    """Export the whole directory as YAML."""
    here = around(ctx, as_json)
    with here.server() as server:
        text = server.export_directory()
    if output:
        output.write_text(text, encoding="utf-8")
        return here.say("saved", path=output)
    if as_json:
        from zerodistance_client.command.display import print_json

        return print_json({"format": "yaml", "content": text})
    return typer.echo(text, nl=False)


def bring_in(
    ctx: typer.Context,
    file: Source,
    kind: CsvKind = "",
    outlines: Outlines = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Import a directory from YAML, one kind from CSV, or the outlines of grids from GeoJSON.

    If anything in the file is wrong, nothing is written.
    """
    here = around(ctx, as_json)
    text = whole_text(file)
    with here.server() as server:
        told = server.import_directory(text, kind=kind, outlines=outlines, dry_run=dry_run)
    _tell(here, told, dry_run)


def _tell(here: Around, told: Import, dry_run: bool) -> None:
    from zerodistance_client.command.display import plain, print_json

    if here.as_json:
        return print_json(told.raw)
    for warning in told.warnings:
        here.screen.print(plain(str(warning)), style="yellow", markup=False, soft_wrap=True)
    did = Counter(change.did for change in told.changes)
    counts = ", ".join(f"{here.words.term(what)} {count}" for what, count in did.items()) or here.words("no_change")
    return here.say("would_import" if dry_run else "imported", counts=counts)
