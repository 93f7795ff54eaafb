"""deputy performance …: records of what deputies did, their review, and what a year comes to."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.reading import CHANGED, MOST_A_PAGE, gathered
from zerodistance_client.performance_records import PerformanceRecord

if TYPE_CHECKING:
    from zerodistance_client.archive import Content, Flaw
    from zerodistance_client.client import ZeroDistance

TheRecord = Annotated[str, typer.Argument(metavar="RECORD", help="The record's id, e.g. R-7K3M-9QXA-2B4C.")]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="What kind of thing it was; `deputy performance kinds` lists them.")]
Day = Annotated[str, typer.Argument(metavar="DAY", help="When it was done, e.g. 2026-11-20.")]
Title = Annotated[str, typer.Argument(metavar="TITLE", help="What was done, in a line.")]
Place = Annotated[str, typer.Option("--place", "-p", help="Where.")]
More = Annotated[str, typer.Option("--text", "-t", help="More about it.")]
Show = Annotated[bool, typer.Option("--public", help="Show its words on your public page.")]
Files = Annotated[list[Path] | None, typer.Option("--file", "-f", exists=True, dir_okay=False, help="A picture or paper.")]
Submit = Annotated[bool, typer.Option("--submit", help="Send it to review at once.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it becomes part of the record. Asked for if not given.")]
Year = Annotated[str, typer.Option("--year", "-y", help="Of which year; this one if not given.")]
Whose = Annotated[str, typer.Option("--deputy", "-d", help="Whose (for managers and supervisors).")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many records.")]
All = Annotated[bool, typer.Option("--all", help="All records, not only the first.")]
Form = Annotated[Literal["json", "pdf", "xlsx", "csv"], typer.Option("--as", help="json is to be kept: it can be verified.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", dir_okay=False, help="The file to write.")]
Offline = Annotated[bool, typer.Option("--offline", help="Only check the file in itself; ask no server.")]
Kept = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A yearly file exported as JSON.")]
Source = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Older records, CSV or XLSX.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only check the file.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="What deputies did: records, their review, and what a year comes to.")
    commands: dict[str, Callable[..., None]] = {
        "kinds": kinds, "list": list_records, "waiting": waiting, "show": show, "write": write, "revise": revise,
        "submit": submit, "discard": discard, "publish": publish, "hide": hide, "appeal": appeal, "approve": approve,
        "return": send_back, "uphold": uphold, "overturn": overturn, "year": year_file, "standings": standings,
        "export": export, "verify": verify, "import": bring_in,
    }  # fmt: skip
    for name, command in commands.items():
        group.command(name)(command)
    app.add_typer(group, name="performance")


def kinds(ctx: typer.Context, as_json: Json = False) -> None:
    """List the kinds of records with their points."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.performance_display import kinds_table

    here = around(ctx, as_json)
    with here.server() as server:
        found = server.record_kinds()
    if as_json:
        return print_json({"items": [kind.raw for kind in found]})
    return here.screen.print(kinds_table(here, found))


def list_records(
    ctx: typer.Context, year: Year = "", deputy: Whose = "", limit: Limit = 25, every: All = False, as_json: Json = False
) -> None:
    """List a deputy's records of a year, the newest first."""
    _list(around(ctx, as_json), limit, every, year=year, deputy=deputy)


def waiting(ctx: typer.Context, limit: Limit = 25, every: All = False, as_json: Json = False) -> None:
    """List what waits: for a manager what is to be reviewed, for a deputy drafts and what came back."""
    _list(around(ctx, as_json), limit, every, list="waiting")


def _list(here: Around, limit: int, every: bool, **asked: str) -> None:
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.performance_display import records_table

    with here.server() as server:
        pages = server.record_pages(page=MOST_A_PAGE if every else min(limit, MOST_A_PAGE), **asked)
        found, more = gathered(pages, None if every else limit)
    if here.as_json:
        return print_json({"items": [record.raw for record in found], "more": more})
    if not found:
        return here.say("no_records")
    here.screen.print(records_table(here, found))
    return here.say("more_records") if more else None


def show(ctx: typer.Context, record: TheRecord, as_json: Json = False) -> None:
    """Show a record in full."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.performance_display import whole_record

    here = around(ctx, as_json)
    with here.server() as server:
        got = server.performance_record(record)
    if as_json:
        return print_json(got.raw)
    return here.screen.print(whole_record(here, got))


def write(
    ctx: typer.Context,
    kind: Kind,
    day: Day,
    title: Title,
    place: Place = "",
    text: More = "",
    public: Show = False,
    files: Files = None,
    send: Submit = False,
    as_json: Json = False,
) -> None:
    """Write down what you did: as a draft, or with --submit for review at once."""
    here = around(ctx, as_json)
    with here.server() as server:
        ids = _sent(server, files)
        _done(here, server.write_record(kind, day, title, place=place, text=text, show=public, files=ids, submit=send))


def revise(
    ctx: typer.Context,
    record: TheRecord,
    kind: Kind,
    day: Day,
    title: Title,
    place: Place = "",
    text: More = "",
    public: Show = False,
    files: Files = None,
    as_json: Json = False,
) -> None:
    """Write a draft, or what was returned, anew. Files that are not named again stay as they are."""
    here = around(ctx, as_json)
    with here.server() as server:
        ids = _sent(server, files) or [file.id for file in server.performance_record(record).files]
        _done(here, server.revise_record(record, kind, day, title, place=place, text=text, show=public, files=ids))


def _sent(server: "ZeroDistance", files: list[Path] | None) -> list[str]:
    pictures = (".jpg", ".jpeg", ".png", ".webp")
    return [server.upload(path, "photo" if path.suffix.lower() in pictures else "document") for path in files or []]


def submit(ctx: typer.Context, record: TheRecord, as_json: Json = False) -> None:
    """Send a draft, or what was returned, to review."""
    _do(around(ctx, as_json), lambda server: server.submit_record(record))


def discard(ctx: typer.Context, record: TheRecord, as_json: Json = False) -> None:
    """Throw a draft away, or what was returned."""
    _do(around(ctx, as_json), lambda server: server.discard_record(record))


def publish(ctx: typer.Context, record: TheRecord, as_json: Json = False) -> None:
    """Show a record's words on your public page."""
    _do(around(ctx, as_json), lambda server: server.publish_record(record))


def hide(ctx: typer.Context, record: TheRecord, as_json: Json = False) -> None:
    """Take a record's words off your public page."""
    _do(around(ctx, as_json), lambda server: server.hide_record(record))


def approve(ctx: typer.Context, record: TheRecord, as_json: Json = False) -> None:
    """Approve a record: it counts from now on (managers)."""
    _do(around(ctx, as_json), lambda server: server.approve_record(record))


def send_back(ctx: typer.Context, record: TheRecord, reason: Reason = "", as_json: Json = False) -> None:
    """Return a record to its deputy, with the reason (managers)."""
    _because(around(ctx, as_json), reason, lambda server, why: server.return_record(record, why))


def appeal(ctx: typer.Context, record: TheRecord, reason: Reason = "", as_json: Json = False) -> None:
    """Say why a record should not have been returned; someone else decides."""
    _because(around(ctx, as_json), reason, lambda server, why: server.appeal_record(record, why))


def uphold(ctx: typer.Context, record: TheRecord, reason: Reason = "", as_json: Json = False) -> None:
    """Decide that a return stands (managers and supervisors, but not who returned it)."""
    _because(around(ctx, as_json), reason, lambda server, why: server.uphold_return(record, why))


def overturn(ctx: typer.Context, record: TheRecord, reason: Reason = "", as_json: Json = False) -> None:
    """Decide that an appeal is right: the record counts (managers and supervisors, but not who returned it)."""
    _because(around(ctx, as_json), reason, lambda server, why: server.overturn_return(record, why))


def _do(here: Around, deed: "Callable[[ZeroDistance], PerformanceRecord]") -> None:
    with here.server() as server:
        _done(here, deed(server))


def _because(here: Around, reason: str, deed: "Callable[[ZeroDistance, str], PerformanceRecord]") -> None:
    why = here.asked(reason, "ask_reason", "--reason")
    _do(here, lambda server: deed(server, why))


def _done(here: Around, record: PerformanceRecord) -> None:
    from zerodistance_client.command.display import plain, print_json, shown_id
    from zerodistance_client.command.performance_display import possible_now

    if here.as_json:
        return print_json(record.raw)
    here.say("moved", id=shown_id(record.id), status=plain(here.words.record_term(record.status)))
    return here.screen.print(possible_now(here, record), soft_wrap=True)


# Yearly files


def year_file(ctx: typer.Context, year: Year = "", deputy: Whose = "", as_json: Json = False) -> None:
    """Show what a deputy's year comes to, beside the median of the congress."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.performance_display import whole_year

    here = around(ctx, as_json)
    with here.server() as server:
        found = server.year_file(_whose(here, server, deputy), year)
        names = {kind.id: kind for kind in server.record_kinds()} if not as_json else {}
    if as_json:
        return print_json(found.raw)
    return here.screen.print(whole_year(here, found, names))


def standings(ctx: typer.Context, year: Year = "", as_json: Json = False) -> None:
    """Show every deputy's year in numbers (managers and supervisors)."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.performance_display import standings_table

    here = around(ctx, as_json)
    with here.server() as server:
        found = server.standings(year)
    if as_json:
        return print_json(found.raw)
    return here.screen.print(standings_table(here, found))


def export(
    ctx: typer.Context, year: Year = "", deputy: Whose = "", form: Form = "json", output: Output = None, as_json: Json = False
) -> None:
    """Save a whole yearly file: json (can be verified in years to come), pdf, xlsx or csv."""
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        whose = _whose(here, server, deputy)
        content = server.export_year_file(whose, year, form)
    path = output or here.folder / f"performance-{whose}{f'-{year}' if year else ''}.{form}"
    path.write_bytes(content)
    if as_json:
        return print_json({"path": str(path), "format": form, "bytes": len(content)})
    return here.say("saved", path=path)


def _whose(here: Around, server: "ZeroDistance", deputy: str) -> str:
    if whose := deputy or server.me().deputy:
        return whose
    raise typer.BadParameter(here.words("whose"))


def verify(ctx: typer.Context, file: Kept, offline: Offline = False, as_json: Json = False) -> None:
    """Check a yearly file exported as JSON, in itself and against the server's journal. Exit code 1 if anything differs."""
    from zerodistance_client import archive

    here = around(ctx, as_json)
    try:
        content = archive.read(file.read_bytes())
    except archive.NoArchive as error:
        raise typer.BadParameter(f"{file}: {error}") from error
    flaws = archive.flaws(content)
    if not offline:
        with here.server() as server:
            flaws += _compared(server, content)
    _tell_flaws(here, len(content["records"]), flaws, offline)
    if flaws:
        raise typer.Exit(CHANGED)


def _compared(server: "ZeroDistance", content: "Content") -> "list[Flaw]":
    """What the server says otherwise than the file; of a file that can't be read it is not asked."""
    from zerodistance_client import archive

    if any(flaw.code == "malformed" for flaw in archive.flaws(content)):
        return []
    claims = archive.claims(content)
    flaws = archive.verdict_flaws(claims, server.compare_claims(claims))
    if not server.is_signed(str(content["seal"]), str(content.get("signature", ""))):
        flaws.append(archive.Flaw("", "signature", "This server did not sign this file"))
    return flaws


def _tell_flaws(here: Around, records: int, flaws: "list[Flaw]", offline: bool) -> None:
    from zerodistance_client.command.display import plain, print_json

    if here.as_json:
        told = [{"record": flaw.record, "code": flaw.code, "detail": flaw.detail} for flaw in flaws]
        return print_json({"records": records, "offline": offline, "sound": not flaws, "flaws": told})
    for flaw in flaws:
        here.screen.print(plain(str(flaw)), style="red", markup=False, soft_wrap=True)
    if flaws:
        return here.say("file_unsound", flaws=len(flaws), records=records)
    return here.say("file_sound_offline" if offline else "file_sound", records=records)


def bring_in(ctx: typer.Context, file: Source, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Bring in older records from CSV or XLSX (managers). All rows are checked first; broken off, it goes on where it was."""
    from zerodistance_client.command.performance_import import brought_in

    brought_in(around(ctx, as_json), file, dry_run)
