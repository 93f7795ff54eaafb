"""A request comes in by Open311: from the specification's fields to a message like any other."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.cases import intake, service
from chalicelib.cases.intake import Typed
from chalicelib.cases.model import Case
from chalicelib.cases.wording import FAULTS
from chalicelib.directory.kinds import Client
from chalicelib.directory.model import Directory
from chalicelib.errors import Invalid
from chalicelib.open311.model import Fault, Rejected, category_of, rejected
from chalicelib.open311.wording import FIELDS
from chalicelib.people import form, guard
from chalicelib.people.form import FormToken
from chalicelib.people.guard import Remembered
from chalicelib.people.roles import A_RESIDENT
from chalicelib.people.vault import Contact
from chalicelib.spine.aws import Cancelled

_MEDIA: Final = re.compile(r"https?://\S{3,390}")
NOWHERE: Final = (
    "No deputy was found for this place. Send lat and long within the district, an address_string that names a neighbourhood, "
    "address_id or attribute[GRID] (a neighbourhood's id), or attribute[DEPUTY]"
)


@dataclass(frozen=True)
class Taken:
    """A case that came in; ``token`` opens its private page, "" where it had come in before."""

    case: Case
    token: str


def take(fields: Mapping[str, str], client: Client, directory: Directory, key: str, *, language: str, now: datetime) -> Taken:
    """Make a case of a posted request; the same ``key`` again is the same case. One transaction.

    Raises Rejected with every fault of the fields, TooMany, Conflict (the key was used for another request).
    """
    typed, deputy = _typed(fields), fields.get("attribute[DEPUTY]", "").strip()
    _check(typed, fields, directory, deputy)
    typed = replace(typed, grid=_grid(typed, directory))
    paper = form.new_form(now)
    message = _message(typed, deputy or _deputy(typed.grid, directory), paper, client, language)
    case = _submitted(message, key, _digest(fields), now)
    return Taken(case, paper.tracking_token if case.id == message.id else "")


def _typed(fields: Mapping[str, str]) -> Typed:
    first, last = (fields.get(name, "").strip() for name in ("first_name", "last_name"))
    chinese = f"{last}{first}"
    email, phone = fields.get("email", "").strip(), fields.get("phone", "").strip()
    return intake.typed(
        {
            "text": _text(fields),
            "grid": fields.get("attribute[GRID]", "") or fields.get("address_id", ""),
            "address": fields.get("address_string", ""),
            "lat": fields.get("lat", ""),
            "lon": fields.get("long", ""),
            "category": category_of(fields.get("service_code", "")),
            "tell": "email" if email else "phone" if phone else "none",
            "email": email,
            "phone": phone,
            "name": f"{first} {last}".strip() if chinese.isascii() else chinese,
        }
    )


def _text(fields: Mapping[str, str]) -> str:
    media = fields.get("media_url", "").strip()
    return "\n".join(filter(None, (fields.get("description", "").strip(), media)))


def _check(typed: Typed, fields: Mapping[str, str], directory: Directory, deputy: str) -> None:
    wrong = intake.faults(typed, directory)
    faults = [Fault(400, f"{FIELDS.get(field, field)}: {FAULTS[field, code]}") for field, code in wrong.items()]
    if not typed.category:
        faults.append(Fault(400, "service_code was not provided"))
    if (fields.get("lat") or fields.get("long")) and typed.position is None:
        faults.append(Fault(400, "lat, long: both are needed, in degrees (WGS 84)"))
    if (media := fields.get("media_url", "").strip()) and not _MEDIA.fullmatch(media):
        faults.append(Fault(400, "media_url: this is no address of at most 400 characters that begins with https://"))
    chosen = directory.deputy(deputy) if deputy else None
    if deputy and (chosen is None or chosen.retired):
        faults.append(Fault(400, f"attribute[DEPUTY]: there is no deputy '{deputy}' in office"))
    if faults:
        raise Rejected(*faults)


def _grid(typed: Typed, directory: Directory) -> str:
    """The neighbourhood that was named, else that of the position, else one whose name stands in the address."""
    named = directory.grids_in(typed.address) if typed.address else ()
    return intake.grid_of(typed, directory) or (named[0].id if named else "")


def _deputy(grid: str, directory: Directory) -> str:
    in_charge = directory.deputies_of(grid) if grid else ()
    if not in_charge:
        raise rejected(NOWHERE)
    return in_charge[0].id


def _message(typed: Typed, deputy: str, paper: FormToken, client: Client, language: str) -> service.Message:
    contact: Contact | None = intake.contact(typed, paper, language)
    return service.Message(
        id=paper.case_id,
        deputy=deputy,
        text=typed.text,
        salt=secrets.token_hex(16),
        category=typed.category,
        grid=typed.grid,
        address=typed.address,
        position=typed.position,
        door="open311",
        client=client.id,
        language=language,
        token_hash=form.token_hash(paper.tracking_token),
        contact=contact,
    )


def _digest(fields: Mapping[str, str]) -> str:
    said = sorted((name, value) for name, value in fields.items() if name != "api_key")
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()


def _submitted(message: service.Message, key: str, digest: str, now: datetime) -> Case:
    """The case, or the one that the same request made before. Without a key the same words within an hour are the same."""
    user, key = f"open311:{message.client}", key or f"{digest}:{int(now.timestamp()) // guard.HOUR}"
    counted = guard.count_code(user, message.id, now, solved=True)
    once = guard.remember(user, key, Remembered(message.id, 0, digest), now)
    try:
        return service.submit(message, by=A_RESIDENT, now=now, also=[counted, once])
    except Cancelled as refused:
        if before := guard.recall(user, key, digest, now):
            return service.found(before.dossier)
        raise guard.code_refusal(now, solved=True) from refused
    except Invalid as refused:
        raise rejected(f"{refused.field}: {refused.detail}") from refused
