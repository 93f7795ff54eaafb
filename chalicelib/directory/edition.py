"""The edition: the whole directory as one item, which is all that a function reads of it. Pure."""

import gzip
from datetime import datetime
from typing import Final

import msgspec

from chalicelib.directory import kinds
from chalicelib.errors import Refused

LARGEST: Final = 350_000  # bytes; DynamoDB refuses an item beyond 400 KB


class TooLarge(Refused):
    """The directory has outgrown the one item that functions read it from."""

    status = 422
    code = "directory_too_large"


class Edition(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The whole directory at one moment, retired records too. ``version`` counts its changes."""

    version: int
    published_at: datetime
    calendars: tuple[kinds.Calendar, ...] = ()
    district: tuple[kinds.District, ...] = ()
    settings: tuple[kinds.DistrictSettings, ...] = ()
    bodies: tuple[kinds.Body, ...] = ()
    grids: tuple[kinds.Grid, ...] = ()
    stations: tuple[kinds.Station, ...] = ()
    deputies: tuple[kinds.Deputy, ...] = ()
    categories: tuple[kinds.Category, ...] = ()
    responsibilities: tuple[kinds.Responsibility, ...] = ()
    promises: tuple[kinds.PromiseRule, ...] = ()
    dangers: tuple[kinds.Danger, ...] = ()
    templates: tuple[kinds.ReplyTemplate, ...] = ()
    record_kinds: tuple[kinds.RecordKind, ...] = ()
    users: tuple[kinds.User, ...] = ()
    codes: tuple[kinds.PrintedCode, ...] = ()
    clients: tuple[kinds.Client, ...] = ()
    webhooks: tuple[kinds.OutgoingHook, ...] = ()


_decode = msgspec.json.Decoder(Edition).decode


def packed(edition: Edition) -> bytes:
    """The edition as gzip-compressed JSON. Raises TooLarge beyond 350 kB."""
    content = gzip.compress(msgspec.json.encode(edition), compresslevel=9, mtime=0)
    if len(content) > LARGEST:
        raise TooLarge(
            f"The directory would take {len(content):,} bytes compressed; {LARGEST:,} is the most. "
            "Shorten the lists of words and aliases, or give a part of the district a platform of its own"
        )
    return content


def unpacked(content: bytes) -> Edition:
    """The edition in these bytes. Raises msgspec.ValidationError for one that this version of the code can't read."""
    return _decode(gzip.decompress(content))
