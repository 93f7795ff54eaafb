"""``python -m tests.support.weights``: what a phone downloads for the first view of each resident's page, compressed."""

import re
from datetime import UTC, datetime, timedelta

import tests.conftest  # noqa: F401 - the environment, before any module of ours is imported


def weights(path: str, language: str) -> dict[str, int]:
    """Bytes by file, as they go over the wire with gzip, for a phone that has nothing yet."""
    import gzip

    page = _weighed(path, language)
    names = re.findall(r'"\.\./(static/[^"]+)"', gzip.decompress(page).decode())
    return {"page": len(page)} | {name: len(_weighed(f"/{name}", language)) for name in names}


def _weighed(path: str, language: str) -> bytes:
    import httpx

    from tests.support.serve import through

    asked = {"Accept-Encoding": "gzip", "Accept-Language": language}
    return through(httpx.Request("GET", f"http://site{path}", headers=asked), "127.0.0.1")[2]


def main() -> None:
    """The form and a private page, in both languages."""
    from tests.support import casework, cloud, wanglan
    from tests.support.visitor import FORM, opened

    with cloud.made():
        wanglan.set_up()
        token = opened(minutes=90)
        casework.routed(token, datetime.now(UTC) - timedelta(hours=1))
        for name, path in {"form": FORM, "private page": f"/m/{token.tracking_token}"}.items():
            for language in ("zh", "en"):
                found = weights(path, language)
                print(f"{name} ({language}): {sum(found.values()):,} bytes in {len(found)} requests: {found}")


if __name__ == "__main__":
    main()
