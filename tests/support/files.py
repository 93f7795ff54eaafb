"""Files as people bring them: pictures with all that a camera adds, documents, and things that only call themselves so."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

import requests
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from chalicelib.files.model import DOCX, ENDINGS, JPEG, PDF, PNG, WEBP, XLSX
from chalicelib.files.service import Offer, offer
from chalicelib.settings import settings
from chalicelib.spine.aws import client
from tests.support.wanglan import LIN

SECRET: Final = "SECRET-OF-THE-CAMERA"  # what no kept picture may hold, wherever it was hidden
FORMATS: Final = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
LEFT: Final = 6  # EXIF: the camera was held upright, the picture lies on its left side


def picture(type: str = JPEG, size: tuple[int, int] = (40, 20), turned: int = 1, mode: str = "RGB") -> bytes:
    """A picture, its left half red and its right half blue, that tells of its camera in every way that its format knows."""
    made = Image.new(mode, size, "blue")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    made.save(written, FORMATS[type], **_told(type, turned))
    return written.getvalue() + SECRET.encode()  # after the end, too


def _told(type: str, turned: int) -> dict[str, Any]:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Orientation], exif[ExifTags.Base.Artist] = SECRET, turned, SECRET
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSProcessingMethod] = SECRET
    told = {"exif": exif.tobytes(), "xmp": f"<x>{SECRET}</x>".encode(), "icc_profile": profile()}
    if type == JPEG:
        return told | {"comment": SECRET.encode(), "quality": 95}
    if type == PNG:
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET)
        text.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
        return {"exif": told["exif"], "icc_profile": told["icc_profile"], "pnginfo": text}
    return told | {"lossless": True}


def profile() -> bytes:
    """A colour profile that names its device after the end of its own tables."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + SECRET.encode()


def office(type: str, *more: str) -> bytes:
    """An office document with these parts besides its own."""
    written = BytesIO()
    with ZipFile(written, "w") as made:
        for name in ("[Content_Types].xml", {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}[type], *more):
            made.writestr(name, "<x/>")
    return written.getvalue()


CONTENTS: Final[Mapping[str, bytes]] = {
    **{type: picture(type) for type in FORMATS},
    PDF: b"%PDF-1.7\n%%EOF\n",
    DOCX: office(DOCX),
    XLSX: office(XLSX),
}


def send(to: Offer, content: bytes, **changed: str) -> requests.Response:
    """Send a file as a browser's form does; ``changed`` are fields that say something else than was signed."""
    return requests.post(to.url, data={**to.fields, **changed}, files={"file": ("x", content)}, timeout=10)


def sent(content: bytes, type: str = JPEG, purpose: str = "photo", name: str = "", at: datetime | None = None) -> str:
    """A file that was offered a place and sent there, now if nothing else is said: an offer holds a day, and the API's now is
    the real one. Its id."""
    made = offer(purpose, name or f"现场.{ENDINGS[type]}", type, max(len(content), 1), LIN, at or datetime.now(UTC))
    assert send(made, content).status_code == 204
    return made.id


def stored(key: str) -> bytes:
    """What lies in the bucket under a key."""
    content: bytes = client("s3").get_object(Bucket=settings.files_bucket, Key=key)["Body"].read()
    return content
