"""The ``deputy`` command. Nothing is imported before it is needed: ``deputy --help`` has no use for a network."""


def main() -> None:
    """Run the command and leave with its exit code (docs: the README's table)."""
    from zerodistance_client.command.app import app

    app(prog_name="deputy")
