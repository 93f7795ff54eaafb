"""take, qr, deputies, replace-code: what a deputy's own desk needs."""

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.writing import Text, TextFile, draft
from zerodistance_client.records import Case, Deputy

if TYPE_CHECKING:
    from zerodistance_client.client import Print, ZeroDistance

PRINTS: "dict[str, Print]" = {"svg": "qr.svg", "png": "qr.png", "poster": "poster"}

OfDeputy = Annotated[str, typer.Option("--deputy", help="The deputy's id; your own if you are one.")]
As = Annotated[Literal["svg", "png", "poster"], typer.Option("--as", help="What to save.")]
Size = Annotated[Literal["A5", "A4"], typer.Option(help="The poster's sheet.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", dir_okay=False, help="The file to write.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it is recorded. Asked for if not given.")]
TheDeputy = Annotated[str, typer.Argument(metavar="DEPUTY", help="The deputy's id.")]
Tell = Annotated[Literal["email", "phone", "none", ""], typer.Option(help="How to tell the resident; else by what is given.")]


def add_to(app: typer.Typer) -> None:
    for command in (take, qr, deputies):
        app.command()(command)
    app.command("replace-code")(replace_code)


def take(
    ctx: typer.Context,
    text: Text = "",
    file: TextFile = None,
    deputy: OfDeputy = "",
    category: Annotated[str, typer.Option(help="The category's id, if known.")] = "",
    grid: Annotated[str, typer.Option(help="The grid's id, if known.")] = "",
    address: Annotated[str, typer.Option(help="Where it is.")] = "",
    name: Annotated[str, typer.Option(help="The resident's name.")] = "",
    email: Annotated[str, typer.Option(help="The resident's e-mail.")] = "",
    phone: Annotated[str, typer.Option(help="The resident's telephone.")] = "",
    language: Annotated[Literal["zh", "en"], typer.Option(help="The resident's language.")] = "zh",
    tell: Tell = "",
    as_json: Json = False,
) -> None:
    """Take a resident's message down for them: by telephone, at a reception day, from a letter."""
    here = around(ctx, as_json)
    reach = {"name": name, "email": email, "phone": phone}
    how = tell or ("email" if email else "phone" if phone else "none")
    contact = {key: value for key, value in reach.items() if value} | {"language": language, "tell": how}
    paper = draft(here, "take")
    said = paper.text(text, file, beside=lambda: "")
    with here.server() as server, paper.sending(said):
        whose = _own_or(server, here, deputy)
        case = server.take_down(
            said,
            whose,
            category=category,
            grid=grid,
            address=address,
            contact=contact if any(reach.values()) else None,
            door="cli",
        )
    print_taken(here, case)


def print_taken(here: Around, case: Case) -> None:
    """That a message was taken down, and where its resident follows it."""
    from zerodistance_client.command.display import print_json, shown_id

    if here.as_json:
        return print_json({**case.raw, "tracking_url": case.tracking_url})
    here.say("taken", id=shown_id(case.id))
    return here.say("tracking", url=case.tracking_url) if case.tracking_url else None


def qr(
    ctx: typer.Context,
    kind: As = "svg",
    size: Size = "A5",
    output: Output = None,
    deputy: OfDeputy = "",
    as_json: Json = False,
) -> None:
    """Save a deputy's QR code as a picture or a poster."""
    here = around(ctx, as_json)
    with here.server() as server:
        whose = _found(server, here, _own_or(server, here, deputy))
        if not whose.code:
            raise typer.BadParameter(here.words("no_code", id=whose.id))
        content, media_type = server.code_print(whose.code, PRINTS[kind], size=size if kind == "poster" else "")
    path = output or Path(f"{'poster' if kind == 'poster' else 'qr'}-{whose.id}{mimetypes.guess_extension(media_type) or ''}")
    _saved(here, path, content)


def _saved(here: Around, path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error
    if here.as_json:
        from zerodistance_client.command.display import print_json

        print_json({"path": str(path), "bytes": len(content)})
    here.say("saved", path=path)


def deputies(ctx: typer.Context, as_json: Json = False) -> None:
    """List the deputies, with the addresses of their forms."""
    from zerodistance_client.command.display import deputies_table, print_json

    here = around(ctx, as_json)
    with here.server() as server:
        found = server.deputies()
    if as_json:
        return print_json({"items": [deputy.raw for deputy in found]})
    return here.screen.print(deputies_table(found), soft_wrap=True)


def replace_code(ctx: typer.Context, deputy: TheDeputy, reason: Reason = "", as_json: Json = False) -> None:
    """Revoke a deputy's QR code and make a new one (managers)."""
    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        code = server.replace_code(deputy, why)
    if as_json:
        from zerodistance_client.command.display import print_json

        print_json(code.raw)
    here.say("new_code", url=code.form_url, id=deputy)


def _own_or(server: "ZeroDistance", here: Around, deputy: str) -> str:
    if whose := deputy or server.me().deputy:
        return whose
    raise typer.BadParameter(here.words("whose"))


def _found(server: "ZeroDistance", here: Around, id: str) -> Deputy:
    for deputy in server.deputies():
        if deputy.id == id:
            return deputy
    raise typer.BadParameter(here.words("no_such_deputy", id=id))
