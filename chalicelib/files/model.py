"""Files that people bring: what may come for which purpose, and what a file's content says that it is. Pure.

Neither the name nor what a browser says of the type is believed: the first bytes decide. Types are named by the IANA's
media types; signatures: https://www.iana.org/assignments/media-types and the formats' own specifications.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote
from zipfile import BadZipFile, ZipFile

from chalicelib.errors import Invalid

JPEG, PNG, WEBP, HEIC = "image/jpeg", "image/png", "image/webp", "image/heic"
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURES: Final = frozenset({JPEG, PNG, WEBP})
ENDINGS: Final[Mapping[str, str]] = {JPEG: "jpg", PNG: "png", WEBP: "webp", PDF: "pdf", DOCX: "docx", XLSX: "xlsx"}

MB: Final = 1_000_000  # bytes
LONGEST_NAME: Final = 100  # characters
MOST_AT_ONCE: Final = 10  # files of one deed
_ID: Final = re.compile(r"F[0-9A-Z]{12}")
_BETWEEN: Final = re.compile(r"[\x00-\x1f\x7f/\\]+")  # what no name of a file may hold


@dataclass(frozen=True)
class Purpose:
    """What a file is brought for: the types that are taken, and ``most`` bytes."""

    types: frozenset[str]
    most: int


PURPOSES: Final[Mapping[str, Purpose]] = {
    "photo": Purpose(PICTURES, 10 * MB),
    "document": Purpose(frozenset({PDF, DOCX, XLSX, PNG, JPEG}), 20 * MB),
}


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that was kept, as a dossier holds it. ``type`` is by content, ``size`` in bytes, ``sha256`` in hex digits.

    Its name may tell of a person: a dossier of residents holds its files APART, or brings photos, whose names are not kept.
    """

    id: str
    name: str
    type: str
    size: int
    sha256: str
    dossier: str

    @property
    def key(self) -> str:
        """Where it lies in the bucket."""
        return kept_key(self.dossier, self.id)

    @property
    def disposition(self) -> str:
        """The header that says how a browser takes it: a picture is shown, anything else only saved. RFC 6266, RFC 8187."""
        shown = "inline" if self.type in PICTURES else "attachment"
        return f"{shown}; filename=\"{self.id}.{ENDINGS[self.type]}\"; filename*=UTF-8''{quote(self.name, safe='')}"


def offered_key(id: str) -> str:
    """Where a file lies that was sent and belongs to nothing yet. Raises Invalid if this is no file's id."""
    if not _ID.fullmatch(id):
        raise Invalid("files", f"'{id[:40]}' is no file's id; POST /v1/files gives one", "file_id")
    return f"offered/{id}"


def kept_key(dossier: str, id: str) -> str:
    """Where a file lies that belongs to a dossier."""
    return f"kept/{dossier}/{id}"


def purpose_of(name: str) -> Purpose:
    """A purpose by its name. Raises Invalid."""
    if name not in PURPOSES:
        raise Invalid("purpose", f"There is no purpose '{name}'; there are {', '.join(PURPOSES)}", "unknown_purpose")
    return PURPOSES[name]


def check_offer(purpose: str, name: str, type: str, size: int) -> None:
    """Whether a file may come, as far as can be said before it does. Raises Invalid with what would be right."""
    takes = purpose_of(purpose)
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise Invalid("name", f"A file's name has 1 to {LONGEST_NAME} characters", "file_name")
    check_type(takes, type, field="type")
    if size < 1:
        raise Invalid("size", "The file is empty", "file_empty")
    check_size(takes, size, field="size")


def check_size(purpose: Purpose, size: int, field: str = "files") -> None:
    """Raises Invalid for a file that is too large."""
    if size > purpose.most:
        detail = f"The file has {size / MB:.1f} MB; {purpose.most // MB} MB is the most"
        raise Invalid(field, detail, "file_too_large")


def check_type(purpose: Purpose, type: str, field: str = "files") -> None:
    """Raises Invalid for a type that is not taken, with what to do about a telephone's HEIC."""
    if type in purpose.types:
        return
    wanted = ", ".join(sorted(ENDINGS[each] for each in purpose.types))
    if type in (HEIC, "image/heif"):
        detail = (
            f"A photo in the format HEIC can't be shown everywhere. Choose 'most compatible' in the camera's settings; {wanted}"
        )
        raise Invalid(field, f"{detail} are taken", "file_heic")
    raise Invalid(field, f"A file of the type '{type or 'unknown'}' is not taken here; {wanted} are", "file_type")


def type_of(content: bytes) -> str:
    """The media type that the content shows, of those that we know; "" for any other."""
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content[4:8] == b"ftyp":
        return HEIC if content[8:12] in _HEIC_BRANDS else ""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    return next((type for start, type in _STARTS.items() if content.startswith(start)), "")


_STARTS: Final[Mapping[bytes, str]] = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"%PDF-": PDF}
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})  # ISO/IEC 23008-12
_PARTS: Final[Mapping[str, str]] = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}  # ECMA-376, part 2


def _office(content: bytes) -> str:
    """Which office document a ZIP is. One that carries macros is none that we know."""
    try:
        with ZipFile(BytesIO(content)) as opened:
            names = set(opened.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return ""
    return next((type for part, type in _PARTS.items() if part in names), "")


def name_of(name: str, type: str, id: str, purpose: str) -> str:
    """The name under which a file is kept: no path, and the ending of what it is. Of a photo nothing is kept of the name."""
    stem = PurePosixPath(_BETWEEN.sub(" ", name).strip(" .")).stem
    return f"{id if purpose == 'photo' or not stem else stem}.{ENDINGS[type]}"
