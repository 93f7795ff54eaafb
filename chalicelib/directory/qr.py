"""A deputy's QR code as SVG and PNG. Pure: an address goes in, a picture comes out; no AWS, no table."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from chalicelib.errors import Invalid

if TYPE_CHECKING:
    from segno import QRCode

# Level H, the highest. A laminated poster hangs for years: a sticker, a scratch or the lamp's glare takes a whole patch.
# Measured with zxing-cpp, a patch anywhere off the three finder squares: with 15 % of the code gone, H was read 60 times
# in 60, Q 44 times; with 18 % H 57 times, Q 24. Its price is a module a tenth smaller: of the shorter address, blurred
# and scaled down, both were read 100 pixels wide and lost at 80; of the longer, Q was read at 120 and H at 150.
ERROR_CORRECTION = "h"
QUIET_ZONE = 4  # modules, ISO/IEC 18004:2015 §6.3.8
DARK, LIGHT = "#000", "#fff"  # named outright, never left transparent: on a dark page the code must stay dark on white
LARGEST_SCALE = 40


def symbol(url: str) -> "QRCode":
    """The code itself, before it is drawn.

    Raises ValueError if the address is longer than a QR code of this level holds (1,273 bytes).
    """
    import segno  # here, because it costs every cold start 37 ms of import and is needed by three routes only

    return segno.make_qr(url, error=ERROR_CORRECTION, boost_error=False)


def svg(url: str) -> bytes:
    """The code as a complete SVG file (UTF-8), one unit a module, so that it can be printed at any size."""
    return _drawn(url, xmldecl=True, svgns=True).encode()


def inline(url: str, label: str) -> str:
    """The code as an ``<svg>`` element of a page, named ``label`` for a screen reader.

    Nothing in it needs ``unsafe-inline``: colours are attributes, there is no ``style``.
    """
    return _drawn(url, xmldecl=False, svgns=False, title=label, svgclass="qr").replace("<svg ", '<svg role="img" ', 1)


def png(url: str, scale: int = 10) -> bytes:
    """The code as PNG, ``scale`` pixels a module (10: about 450 to 570 pixels wide).

    Raises Invalid if the scale is not from 1 to 40.
    """
    if not 1 <= scale <= LARGEST_SCALE:
        raise Invalid("scale", f"scale is {scale}; it must be from 1 to {LARGEST_SCALE} pixels a module")
    out = BytesIO()
    symbol(url).save(out, kind="png", scale=scale, border=QUIET_ZONE, dark=DARK, light=LIGHT)
    return out.getvalue()


def _drawn(url: str, **options: Any) -> str:
    """SVG of the code. Sharp edges: without the hint a browser draws hairlines between the rows of modules."""
    out = BytesIO()
    look = {"border": QUIET_ZONE, "dark": DARK, "light": LIGHT, "omitsize": True, "lineclass": None, "svgclass": None}
    symbol(url).save(out, kind="svg", nl=False, **(look | options))
    return out.getvalue().decode().replace("<svg ", '<svg shape-rendering="crispEdges" ', 1)
