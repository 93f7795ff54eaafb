"""deputy consultations …"""

import typer


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this section."""
