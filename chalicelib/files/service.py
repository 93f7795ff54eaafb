"""Files: offered a place in the bucket, sent there by the browser itself, looked at and kept when something refers to them.

Nothing is stored of an offer: name and purpose travel in the signed form and come back as the object's own metadata.
What was sent lies under ``offered/`` for a day and is shown to nobody; ``attach`` looks at it and keeps a clean copy under
``kept/<dossier>/``. Signatures live by the wall clock, whatever a demo does with the platform's own.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from botocore.exceptions import ClientError

from chalicelib.errors import Invalid
from chalicelib.files.model import (
    MOST_AT_ONCE,
    PICTURES,
    PURPOSES,
    File,
    Purpose,
    check_offer,
    check_size,
    check_type,
    kept_key,
    name_of,
    offered_key,
    type_of,
)
from chalicelib.people.form import ALPHABET
from chalicelib.people.roles import Actor
from chalicelib.settings import settings
from chalicelib.spine.aws import client

TO_SEND: Final = timedelta(hours=1)  # how long the signed form is good; a slow network needs its time
OFFERED: Final = timedelta(days=1)  # how long what was sent waits to be referred to; the bucket deletes it by the same rule
SHOWN: Final = timedelta(minutes=5)  # how long a link is good
_NOT_THERE: Final = ("NoSuchKey", "404")


@dataclass(frozen=True)
class Offer:
    """Where to send a file: POST ``fields`` and then the file, in a field ``file``, to ``url`` as multipart/form-data."""

    id: str
    url: str
    fields: Mapping[str, str]


def offer(purpose: str, name: str, type: str, size: int, by: Actor, now: datetime, *, id: str = "", back: str = "") -> Offer:
    """A place for one file, for an hour. ``type`` is a media type, ``size`` in bytes. No call to AWS.

    ``back`` is where the bucket leads a browser that sent the file by a plain form; ``id`` is known before only for that.

    Raises Invalid: unknown_purpose, file_name, file_type, file_heic, file_empty, file_too_large.
    """
    check_offer(purpose, name, type, size)
    id = id or new_id()
    said = {"purpose": purpose, "name": quote(name.strip()), "by": quote(by.id), "at": now.isoformat()}
    fields = {"Content-Type": type} | {f"x-amz-meta-{what}": value for what, value in said.items()}
    fields |= {"success_action_redirect": back} if back else {}
    signed = client("s3").generate_presigned_post(
        settings.files_bucket,
        offered_key(id),
        Fields=fields,
        Conditions=[*({what: value} for what, value in fields.items()), ["content-length-range", 1, PURPOSES[purpose].most]],
        ExpiresIn=int(TO_SEND.total_seconds()),
    )
    return Offer(id, signed["url"], signed["fields"])


@cache
def origin() -> str:
    """Where files are sent and seen, as a source of a Content-Security-Policy: ``https://bucket.s3.amazonaws.com``."""
    url = urlsplit(client("s3").generate_presigned_post(settings.files_bucket, "offered/origin")["url"])
    return f"{url.scheme}://{url.netloc}"


def is_id(text: str) -> bool:
    """Whether this can be a file's id."""
    try:
        return bool(offered_key(text))
    except Invalid:
        return False


def new_id() -> str:
    """The id of a file: F and 60 random bits."""
    return "F" + "".join(secrets.choice(ALPHABET) for _ in range(12))


def attach(ids: Sequence[str], to: str, now: datetime) -> tuple[File, ...]:
    """The files of these ids, looked at and kept for the dossier ``to``; call it before the fact that refers to them.

    Done again it leads to the same files. A file costs three calls to S3, and one that was kept already a single one.
    Raises Invalid, whose detail names the file: file_id, file_missing (never sent, or longer than a day ago), file_type,
    file_heic, file_too_large, file_broken, file_too_many_pixels, too_many_files.
    """
    chosen = tuple(dict.fromkeys(ids))
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid("files", f"{len(chosen)} files are too many; {MOST_AT_ONCE} at once are the most", "too_many_files")
    return tuple(_kept(id, to) or _keep(id, to, now) for id in chosen)


def link(file: File) -> str:
    """An address at which whoever has it sees the file for five minutes. Give it to who may see the dossier. No call to AWS."""
    asked = {
        "Bucket": settings.files_bucket,
        "Key": file.key,
        "ResponseContentType": file.type,
        "ResponseContentDisposition": file.disposition,
        "ResponseCacheControl": "private, max-age=300",
    }
    return str(client("s3").generate_presigned_url("get_object", Params=asked, ExpiresIn=int(SHOWN.total_seconds())))


def remove(file: File) -> None:
    """Take a kept file away; done twice it does no harm. The bucket forgets it for good after thirty days."""
    client("s3").delete_object(Bucket=settings.files_bucket, Key=file.key)


def _kept(id: str, dossier: str) -> File | None:
    offered_key(id)  # refuses what is no id before it becomes part of a key
    try:
        found = client("s3").head_object(Bucket=settings.files_bucket, Key=kept_key(dossier, id))
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_THERE:
            raise
        return None
    said = found["Metadata"]
    name, type, size = unquote(said["name"]), found["ContentType"], found["ContentLength"]
    return File(id=id, name=name, type=type, size=size, sha256=said["sha256"], dossier=dossier)


def _keep(id: str, dossier: str, now: datetime) -> File:
    sent, purpose, content = _arrived(id, now)
    type = type_of(content)
    check_type(purpose, type)
    content = _clean(content, type)
    name = name_of(unquote(sent["name"]), type, id, sent["purpose"])
    digest = hashlib.sha256(content).hexdigest()
    file = File(id=id, name=name, type=type, size=len(content), sha256=digest, dossier=dossier)
    said = {"name": quote(name), "sha256": digest}
    client("s3").put_object(Bucket=settings.files_bucket, Key=file.key, Body=content, ContentType=type, Metadata=said)
    return file


def _arrived(id: str, now: datetime) -> tuple[Mapping[str, str], Purpose, bytes]:
    """What was sent: what the offer said of it, what it is for, and the content. Raises Invalid."""
    found = _sent(id)
    if found is None or now - datetime.fromisoformat(found["Metadata"]["at"]) > OFFERED:
        raise Invalid("files", f"The file {id} did not arrive, or more than a day ago. Send it again", "file_missing")
    purpose = PURPOSES[found["Metadata"]["purpose"]]
    check_size(purpose, found["ContentLength"])
    return found["Metadata"], purpose, found["Body"].read()


def _sent(id: str) -> Any:
    try:
        return client("s3").get_object(Bucket=settings.files_bucket, Key=offered_key(id))
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_THERE:
            raise
        return None


def _clean(content: bytes, type: str) -> bytes:
    if type not in PICTURES:
        return content
    from chalicelib.files import pictures  # Pillow is large, and hardly any request brings a picture

    return pictures.clean(content, type)
