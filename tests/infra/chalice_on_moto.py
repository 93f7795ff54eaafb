"""Chalice's own command line, with moto's two gaps closed: run it as ``python chalice_on_moto.py deploy --stage test``.

moto refuses an API document without ``info.description`` and one that calls itself ``swagger: 2.0``; AWS takes both.
"""

import json
import sys
from typing import Any

from chalice import cli
from chalice.cli import factory


def complete(params: dict[str, Any], **_: object) -> None:
    """Give the document of an API what moto asks for."""
    document = json.loads(params["body"])
    document.pop("swagger", None)
    document["openapi"] = "3.0.1"
    document["info"] = {"title": "zerodistance", "description": "-", **document.get("info", {})}
    params["body"] = json.dumps(document).encode()


def hooked(make: Any) -> Any:
    """Sessions as Chalice makes them, with the hook on the two calls that carry a document."""

    def made(*args: Any, **kwargs: Any) -> Any:
        session = make(*args, **kwargs)
        for call in ("ImportRestApi", "PutRestApi"):
            session.register(f"before-call.api-gateway.{call}", complete)
        return session

    return made


if __name__ == "__main__":
    factory.create_botocore_session = hooked(factory.create_botocore_session)
    sys.exit(cli.main())
