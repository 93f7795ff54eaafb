"""deputy appraisals …: bodies are graded by secret ballot. Fill in the form, have it sealed, cast it when the urn is open."""

import csv
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from zerodistance_client.ballots import GRADES, BadBallot, Ballot, check, moment
from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.supervision_records import Appraisal
from zerodistance_client.tokens import write_privately

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

TheAppraisal = Annotated[str, typer.Argument(metavar="APPRAISAL", help="The appraisal's id, e.g. Q-7K3M-9QXA-2B4C.")]
Filled = Annotated[Path, typer.Argument(metavar="FILE", exists=True, help="The form, filled in (CSV).")]
Out = Annotated[Path | None, typer.Option("--output", "-o", help="Where to save the form; ballot.csv if not said.")]
Title = Annotated[str, typer.Argument(metavar="TITLE", help="What it is called, e.g. '2026 年度评议'.")]
Opens = Annotated[str, typer.Option("--opens", help="When stamping begins, e.g. 2026-12-01T09:00.")]
Seals = Annotated[str, typer.Option("--seals", help="When stamping ends and the urn opens.")]
Closes = Annotated[str, typer.Option("--closes", help="When the urn closes.")]
Bodies = Annotated[
    list[str] | None, typer.Option("--body", help="A body to be appraised; all, if none is named. May be repeated.")
]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why. Asked for if not given.")]

# What people may write in the form.
MEANS: Final = {"满意": "satisfied", "基本满意": "basically", "不满意": "dissatisfied"}


def add_to(app: typer.Typer) -> None:
    """Hang the commands of appraisals."""
    group = typer.Typer(no_args_is_help=True, help="Bodies are graded by secret ballot.")
    group.command("list")(list_appraisals)
    for command in (show, form, seal, cast, check_receipt, call, cancel):
        group.command({"check_receipt": "check"}.get(command.__name__, command.__name__))(command)
    app.add_typer(group, name="appraisals")


def list_appraisals(ctx: typer.Context, as_json: Json = False) -> None:
    """List all appraisals, newest first."""
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.supervision_display import appraisal_list

    here = around(ctx, as_json)
    with here.server() as server:
        found = list(server.appraisals())
    if as_json:
        return print_json({"items": [each.raw for each in found]})
    return here.screen.print(appraisal_list(here, found)) if found else here.say("no_appraisals")


def show(ctx: typer.Context, appraisal: TheAppraisal, as_json: Json = False) -> None:
    """Show an appraisal: its dates, the key that checks stamps, and once it is published, turnout and results."""
    here = around(ctx, as_json)
    with here.server() as server:
        _shown(here, server.appraisal(appraisal))


def form(ctx: typer.Context, appraisal: TheAppraisal, output: Out = None, as_json: Json = False) -> None:
    """Save the form to fill in: a table of bodies and criteria."""
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        got = server.appraisal(appraisal)
    path = output or here.folder / "ballot.csv"
    # A byte order mark: spreadsheets take the file for Chinese only with it.
    path.write_text("\ufeff" + _sheet(got), encoding="utf-8")
    if as_json:
        return print_json({"saved": str(path), "grades": list(GRADES)})
    here.say("saved", path=path)
    return here.say("fill_in", grades="、".join(MEANS) if here.words.language == "zh" else ", ".join(GRADES), path=path)


def seal(ctx: typer.Context, appraisal: TheAppraisal, file: Filled, as_json: Json = False) -> None:
    """Fold the filled-in form and have it stamped, unread, once. Cast it when the urn is open."""
    here = around(ctx, as_json)
    with here.server() as server:
        got = server.appraisal(appraisal)
        if (before := _kept(here, got)) and (before.stamp or before.receipt):
            raise typer.BadParameter(here.words("sealed_before", id=appraisal))
        _sealed(here, server, got, before or _folded(here, got, file))


def _folded(here: Around, appraisal: Appraisal, file: Path) -> Ballot:
    """The form as a folded ballot, kept before the server sees its envelope: a lost answer must not lose the vote."""
    try:
        grades = read_sheet(file.read_text(encoding="utf-8-sig"))
        check(appraisal, grades)
    except (BadBallot, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file}: {error}") from error
    ballot = Ballot.of(appraisal, grades)
    _keep(here, ballot)
    return ballot


def _sealed(here: Around, server: "ZeroDistance", appraisal: Appraisal, ballot: Ballot) -> None:
    from zerodistance_client.command.display import print_json, shown_id
    from zerodistance_client.command.supervision_display import fingerprint

    _keep(here, server.stamp(ballot))
    seals = here.local(appraisal.seals_at) if appraisal.seals_at else ""
    if here.as_json:
        return print_json({"sealed": appraisal.id, "cast_from": appraisal.raw.get("seals_at")})
    here.say("sealed", seals=seals, id=shown_id(appraisal.id))
    return here.say("key_is", key=fingerprint(appraisal.modulus))


def cast(ctx: typer.Context, appraisal: TheAppraisal, as_json: Json = False) -> None:
    """Cast the sealed ballot. Nothing that names you is sent along; another network than your office's tells still less."""
    from zerodistance_client.command.display import print_json, shown_id

    here = around(ctx, as_json)
    with here.server() as server:
        ballot = _kept(here, server.appraisal(appraisal))
        if ballot is None or not (ballot.stamp or ballot.receipt):
            raise typer.BadParameter(here.words("not_sealed", id=appraisal))
        done = ballot if ballot.receipt else server.cast(ballot)
    _keep(here, done)
    if as_json:
        return print_json({"receipt": done.receipt})
    return here.say("cast", receipt=done.receipt, id=shown_id(done.appraisal))


def check_receipt(ctx: typer.Context, appraisal: TheAppraisal, as_json: Json = False) -> None:
    """Check that your ballot was counted, and that nobody had one in your name."""
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        ballot, counted = _kept(here, server.appraisal(appraisal)), server.receipts(appraisal)
    receipt = ballot.receipt if ballot else ""
    found = bool(receipt) and receipt in counted
    if as_json:
        print_json({"receipt": receipt, "counted": found, "ballots": len(counted)})
    else:
        here.say("counted" if found else "not_counted", receipt=receipt or "-", all=len(counted))
    if not found:
        raise typer.Exit(1)


def call(
    ctx: typer.Context, title: Title, opens: Opens, seals: Seals, closes: Closes, body: Bodies = None, as_json: Json = False
) -> None:
    """Call an appraisal (managers); its phases follow by themselves."""
    here = around(ctx, as_json)
    try:
        dates = moment(opens), moment(seals), moment(closes)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    with here.server() as server:
        _shown(here, server.call_appraisal(title, *dates, bodies=body or ()))


def cancel(ctx: typer.Context, appraisal: TheAppraisal, reason: Reason = "", as_json: Json = False) -> None:
    """Call an appraisal off (managers); nothing is counted."""
    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        _shown(here, server.cancel_appraisal(appraisal, why))


def _shown(here: Around, appraisal: Appraisal) -> None:
    from zerodistance_client.command.display import print_json
    from zerodistance_client.command.supervision_display import whole_appraisal

    if here.as_json:
        return print_json(appraisal.raw)
    return here.screen.print(whole_appraisal(here, appraisal))


def _sheet(appraisal: Appraisal) -> str:
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(("body", *appraisal.criteria))
    rows.writerows((body, *("" for _ in appraisal.criteria)) for body in appraisal.bodies)
    return text.getvalue()


def read_sheet(text: str) -> dict[str, dict[str, str]]:
    """The grades of a filled-in form: body → criterion → grade. Raises BadBallot for what is no such table."""
    rows = list(csv.DictReader(StringIO(text)))
    if not rows or "body" not in rows[0]:
        raise BadBallot("this is not the form: its first row begins with 'body'")
    return {row["body"].strip(): _grades(row) for row in rows}


def _grades(row: dict[str, str]) -> dict[str, str]:
    said = {name: (value or "").strip() for name, value in row.items() if name and name != "body"}
    return {name: MEANS.get(value, value.lower()) for name, value in said.items()}


def _path(here: Around, appraisal: Appraisal) -> Path:
    return here.home / "ballots" / f"{appraisal.id}.json"


def _kept(here: Around, appraisal: Appraisal) -> Ballot | None:
    path = _path(here, appraisal)
    return Ballot.read(path.read_text(encoding="utf-8")) if path.exists() else None


def _keep(here: Around, ballot: Ballot) -> None:
    write_privately(here.home / "ballots" / f"{ballot.appraisal}.json", ballot.kept())
