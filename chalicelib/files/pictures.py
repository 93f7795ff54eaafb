"""Pictures made anew: what the camera added of place, time and owner does not come along, and nothing hides behind the pixels.

The format is given, not guessed; a picture that unfolds to too many pixels is refused before it is decoded. Photos are
evidence and not art: the longer side keeps 2,560 pixels, and a JPEG of 48 megapixels is decoded at a fraction of its size.
"""

import struct
import warnings
from io import BytesIO
from typing import Any, Final, cast

from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from chalicelib.errors import Invalid
from chalicelib.files.model import JPEG, PNG, WEBP

MOST_PIXELS: Final = 50_000_000  # a telephone of 48 megapixels; 200 MB when it is decoded with transparency
LONGEST_SIDE: Final = 2_560  # pixels
QUALITY: Final = 85
FORMATS: Final = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_SAVED: Final[dict[str, dict[str, Any]]] = {
    JPEG: {"quality": QUALITY, "optimize": True, "progressive": True},
    PNG: {},
    WEBP: {"quality": QUALITY},
}
_PLAIN: Final = {JPEG: ("L", "RGB"), PNG: ("L", "LA", "RGB", "RGBA"), WEBP: ("RGB", "RGBA")}
# What Pillow raises for content that is broken, or was made to break it.
_BROKEN: Final = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError, struct.error)

Image.MAX_IMAGE_PIXELS = None  # its own limit only warns; ours is checked below, before anything is decoded
_READERS: Final = (JpegImageFile, PngImageFile, WebPImageFile)  # imported, so that the formats are known without all others


def clean(content: bytes, type: str) -> bytes:
    """A picture upright, at most 2,560 pixels long, in sRGB, of the same type and with nothing but its pixels.

    Raises Invalid: ``file_broken`` if it can't be decoded, ``file_too_many_pixels``.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # of what stands beside the pixels, none of which is kept
            return _saved(_upright(_small(_opened(content, type), type)), type)
    except _BROKEN as error:
        raise Invalid("files", "The picture is damaged or cut off. Take or save it again", "file_broken") from error


def _opened(content: bytes, type: str) -> Image.Image:
    """A picture whose pixels are not read yet."""
    picture = Image.open(BytesIO(content), formats=(FORMATS[type],))
    width, height = picture.size
    if width * height > MOST_PIXELS:
        detail = f"The picture has {width * height / 1e6:.0f} megapixels; {MOST_PIXELS // 10**6} are the most"
        raise Invalid("files", detail, "file_too_many_pixels")
    return picture


def _small(picture: Image.Image, type: str) -> Image.Image:
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded at a half or a quarter where that is enough
    plain = _plain(picture, type)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return plain


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except _BROKEN:  # what the camera wrote beside the picture is damaged, the picture is not
        return picture


def _saved(picture: Image.Image, type: str) -> bytes:
    fresh = _in_srgb(picture, picture.info.get("icc_profile"))
    fresh.info = {}
    written = BytesIO()
    fresh.save(written, FORMATS[type], **_SAVED[type])
    return written.getvalue()


def _plain(picture: Image.Image, type: str) -> Image.Image:
    """In a mode that every reader knows: no palette, no four inks, no sixteen bits; transparency where the format has it."""
    if picture.mode in _PLAIN[type] and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 256).convert("L").convert(_PLAIN[type][0])
    return picture.convert("RGBA" if picture.has_transparency_data and type != JPEG else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """With the colours of its profile written into the pixels: the profile may name the device, so it does not come along."""
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=picture.mode)
    except (ImageCms.PyCMSError, *_BROKEN):  # a profile for other inks, or a damaged one: the colours as they stand
        return picture
    return cast(Image.Image, turned)
