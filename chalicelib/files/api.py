"""Files as JSON: a place for one is asked for here, and the file itself is sent straight to the bucket."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.files import service
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

Word = Annotated[str, Meta(max_length=200)]


class OfferRequest(msgspec.Struct, forbid_unknown_fields=True):
    """``purpose`` is photo or document, ``type`` a media type, ``size`` in bytes."""

    purpose: Word
    name: Word
    type: Word
    size: int


class OfferMade(msgspec.Struct, frozen=True):
    """Where to send the file: POST ``fields``, then the file in a field ``file``, to ``url`` as multipart/form-data within an
    hour. Then ``id`` stands for it in whatever refers to it."""

    id: str
    url: str
    fields: dict[str, str]


@door(routes, "POST /v1/files")
def offer_file(request: Request, asked: OfferRequest) -> Annotated[Answer, OfferMade]:
    """Ask for a place for a file."""
    made = service.offer(asked.purpose, asked.name, asked.type, asked.size, by=request.actor, now=request.now)
    return shown(OfferMade(made.id, made.url, dict(made.fields)), 201)
