"""A resident's photos: sent straight to the bucket, looked at within a minute, shown to whoever may see the case.

What was sent is only named by the case; the agenda looks at it (timer ``photos``), so a photo that is broken or no photo at
all never holds up the words. At the end they go with the contact details.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.cases.model import MOST_PHOTOS, Case
from chalicelib.errors import Invalid
from chalicelib.files import service as files
from chalicelib.files.model import File
from chalicelib.files.service import Offer
from chalicelib.people import guard
from chalicelib.people.roles import A_RESIDENT, the_system
from chalicelib.spine import dossiers
from chalicelib.spine.dossier import Step

JPEG: Final = "image/jpeg"  # what a browser makes of any photo; without JavaScript it is only said, and the content decides


def offer(size: int, address: str, now: datetime, *, back: str = "") -> Offer:
    """A place for one photo. ``back`` is where a browser without JavaScript is led afterwards. Raises Invalid, TooMany."""
    guard.count_photo(address, now)
    return files.offer("photo", "photo", JPEG, size, by=A_RESIDENT, now=now, back=back)


def ids_in(text: str) -> tuple[str, ...]:
    """The ids that a form's field holds, separated by commas; what is none is left out."""
    return tuple(dict.fromkeys(part for part in text.split(",") if files.is_id(part)))[:MOST_PHOTOS]


def send(case: Case, ids: Iterable[str], *, now: datetime) -> Case:
    """The resident adds photos that were sent. Raises Invalid (``too_many_photos``). Done twice it is done once."""
    known = {*case.sent_photos, *(photo.id for photo in case.photos)}
    new = tuple(id for id in ids if id not in known)
    if not new:
        return case
    if len(known) + len(new) > MOST_PHOTOS:
        raise Invalid("photos", f"A message can hold {MOST_PHOTOS} photos; it has {len(known)}", "too_many_photos")
    after = replace(case, sent_photos=(*case.sent_photos, *new), timers=case.timers | {"photos": now})
    return dossiers.record(Step(case, after, "photos_sent", A_RESIDENT, now, {"photos": len(new)}))


def keep(case: Case, now: datetime) -> Case:
    """Look at what was sent, and keep what is a photo. One fact, whatever came of each."""
    kept, refused = _looked_at(case.sent_photos, case.id, now)
    timers = {name: at for name, at in case.timers.items() if name != "photos"}
    after = replace(case, photos=(*case.photos, *kept), sent_photos=(), timers=timers)
    data = {"photos": len(kept), "refused": refused}
    return dossiers.record(Step(case, after, "photos_kept", the_system("enforce"), now, data))


def _looked_at(ids: Sequence[str], case_id: str, now: datetime) -> tuple[list[File], list[str]]:
    kept: list[File] = []
    refused: list[str] = []
    for id in ids:
        try:
            kept += files.attach([id], case_id, now)
        except Invalid as reason:
            refused.append(reason.code)
    return kept, refused


def address_of(case: Case, number: str) -> str:
    """Where the photo of this number (from 0) can be seen, for five minutes. Raises Invalid."""
    if not number.isascii() or not number.isdigit() or int(number[:3]) >= len(case.photos):
        raise Invalid("photo", f"There is no photo {number[:20]}", "unknown_photo")
    return files.link(case.photos[int(number)])
