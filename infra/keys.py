"""Make the key of a program that sends messages by Open311: ``python -m infra.keys new`` (docs/open311.md).

The key is shown once and kept nowhere; its SHA-256 goes into the directory. It is random, so no salt is needed.
"""

import argparse
import hashlib
import secrets
from collections.abc import Callable
from typing import Final

RANDOM_BYTES: Final = 24  # 192 bits: nobody guesses it, nor finds it by its hash


def new_key(draw: Callable[[int], str] = secrets.token_urlsafe) -> tuple[str, str]:
    """A key, and what the directory keeps of it (``key_hash``)."""
    key = f"zd_{draw(RANDOM_BYTES)}"
    return key, hashlib.sha256(key.encode()).hexdigest()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.keys", description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["new"])
    parser.parse_args()
    key, hashed = new_key()
    print(
        f"api_key:  {key}   (for the program; it is not shown again)\nkey_hash: {hashed}   (for the directory, kind 'clients')"
    )


if __name__ == "__main__":
    main()
