"""login, logout, whoami."""

from typing import Annotated

import typer

from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.errors import SignInNeeded
from zerodistance_client.records import SignedIn

Url = Annotated[str, typer.Option(help="The server, e.g. https://zerodistance.example.org.")]
Username = Annotated[str, typer.Option("--username", "-u", envvar="DEPUTY_USERNAME", help="Your user name.")]
Insecure = Annotated[bool, typer.Option("--insecure", help="Send the password over plain http to another machine.")]


def add_to(app: typer.Typer) -> None:
    app.command()(login)
    app.command()(logout)
    app.command()(whoami)


def login(
    ctx: typer.Context, url: Url = "", username: Username = "", insecure: Insecure = False, as_json: Json = False
) -> None:
    """Sign in. The password is asked for, or taken from DEPUTY_PASSWORD."""
    here = around(ctx, as_json)
    address = _address(here, url, insecure)
    name = here.asked(username, "ask_username", "--username")
    signed_in, server_url = _signed_in(here, address, name)
    here.remember(server_url)
    if as_json:
        from zerodistance_client.command.display import print_json

        print_json({"name": signed_in.name, "role": signed_in.role, "url": server_url})
    here.say("signed_in", name=signed_in.name or name, role=here.words.term(signed_in.role), url=server_url)


def _address(here: Around, url: str, insecure: bool) -> str:
    """Where to sign in. Raises BadParameter for what is no address, or would send the password in the clear."""
    from zerodistance_client.wire import checked_url, is_this_machine

    given = url or here.url or here.local_url or here.remembered_url
    try:
        address = checked_url(here.asked(given, "ask_url", "--url"))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if not (address.startswith("https://") or is_this_machine(address) or insecure):
        raise typer.BadParameter(here.words("plain_http", url=address))
    return address


def _signed_in(here: Around, address: str, name: str) -> tuple[SignedIn, str]:
    password = _password(here, "ask_password", "DEPUTY_PASSWORD")
    with here.server(address) as server:
        try:
            return server.sign_in(name, password), server.base_url
        except SignInNeeded as error:
            if error.code != "new_password_needed":
                raise
        here.say("first_password")
        new = _password(here, "ask_new_password", "DEPUTY_NEW_PASSWORD", twice=True)
        return server.sign_in(name, password, new), server.base_url


def _password(here: Around, question: str, variable: str, twice: bool = False) -> str:
    if given := here.environment.get(variable):
        return given
    if not here.interactive():
        raise typer.BadParameter(here.words("no_reason", option=variable))
    return str(typer.prompt(here.words(question), hide_input=True, confirmation_prompt=twice, err=True))


def logout(ctx: typer.Context, as_json: Json = False) -> None:
    """Sign out, here and on the server."""
    here = around(ctx, as_json)
    with here.server() as server:
        server.sign_out()
    if as_json:
        from zerodistance_client.command.display import print_json

        print_json({"signed_out": True})
    here.say("signed_out")


def whoami(ctx: typer.Context, as_json: Json = False) -> None:
    """Show who is signed in."""
    here = around(ctx, as_json)
    with here.server() as server:
        me, url = server.me(), server.base_url
    if as_json:
        from zerodistance_client.command.display import print_json

        return print_json({**me.raw, "url": url})
    bound = " · ".join(filter(None, (here.words.term(me.role), me.deputy, me.body, url)))
    return here.say("whoami", name=me.name or me.username, username=me.username, role=bound)
