"""Static files: known by a fixed list, their content's hash in the name, so that a browser may keep them for ever."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from chalice.app import Blueprint

from chalicelib.errors import NotFound
from chalicelib.web.door import Answer, Request, door

routes = Blueprint(__name__)

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_A_WHILE: Final = "public, max-age=300"
_HASHED: Final = re.compile(r"(?P<stem>[a-z0-9-]+)\.[0-9a-f]{8}(?P<suffix>\.[a-z]+)")


@dataclass(frozen=True)
class Asset:
    """One file as it is sent. ``name`` holds its hash: ``site.1a2b3c4d.css``."""

    name: str
    content: bytes
    content_type: str


@cache
def assets() -> dict[str, Asset]:
    """Every file that may be sent, by its plain name; read once a process."""
    return {path.name: _asset(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}


def _asset(path: Path) -> Asset:
    content = _lean(path.read_text(), path.suffix).encode()
    digest = hashlib.sha256(content).hexdigest()[:8]
    return Asset(f"{path.stem}.{digest}{path.suffix}", content, TYPES[path.suffix])


def _lean(text: str, suffix: str) -> str:
    """Without comments and indentation: they are for us, and a phone with one bar of network pays for them."""
    if suffix == ".css":
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\n\s*(?://[^\n]*)?(?=\n|$)", "", re.sub(r"\n[ \t]+", "\n", "\n" + text)).lstrip()


def asset_name(name: str) -> str:
    """The name under which a file is linked. Raises KeyError for one that there is not."""
    return assets()[name].name


@door(routes, "GET /static/{name}")
def static_file(request: Request) -> Answer:
    """A stylesheet or a script. An old hash gets the present file, for pages that were open while a new version came."""
    name = request.params["name"]
    found = _HASHED.fullmatch(name)
    asset = assets().get(found["stem"] + found["suffix"] if found else name)
    if asset is None:
        raise NotFound("There is no such file")
    keep = FOR_EVER if name == asset.name else FOR_A_WHILE
    return Answer(asset.content, 200, {"Content-Type": asset.content_type, "Cache-Control": keep})
