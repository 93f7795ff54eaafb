"""A message that staff take down for a resident: what they give, and the message that it makes. Of every door of staff."""

import secrets
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.cases import intake, service
from chalicelib.cases.intake import Typed
from chalicelib.cases.wording import FAULTS
from chalicelib.directory import service as directory
from chalicelib.errors import Invalid
from chalicelib.people import form
from chalicelib.people.form import FormToken
from chalicelib.people.vault import Contact

Place = Annotated[str, Meta(max_length=100)]
Address = Annotated[str, Meta(max_length=200)]


class ContactGiven(msgspec.Struct, forbid_unknown_fields=True):
    """How to reach a resident whose message was taken down by staff."""

    name: Annotated[str, Meta(max_length=80)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    phone: Annotated[str, Meta(max_length=32)] = ""
    language: Literal["zh", "en"] = "zh"
    tell: Literal["email", "phone", "none"] = "none"


def message_of(
    paper: FormToken, deputy: str, text: str, given: ContactGiven | None, now: datetime, **known: str
) -> service.Message:
    """The message; ``known`` are category, grid, address and door. Raises Invalid where the way to reach them leads nowhere."""
    return service.Message(
        id=paper.case_id,
        deputy=deputy,
        text=text,
        salt=secrets.token_hex(16),
        language=given.language if given else "zh",
        token_hash=form.token_hash(paper.tracking_token),
        contact=_contact(given, paper.tracking_token, now),
        **known,  # type: ignore[arg-type]
    )


def _contact(given: ContactGiven | None, token: str, now: datetime) -> Contact | None:
    """Raises Invalid where the way chosen leads nowhere: the rules are the form's."""
    if given is None:
        return None
    typed = Typed(text="-", tell=given.tell, email=given.email, phone=given.phone, name=given.name)
    for field, code in intake.faults(typed, directory.edition(now)).items():
        raise Invalid(f"contact.{field}", FAULTS[field, code], code)
    known = msgspec.structs.asdict(given) | {"phone": intake.plain_phone(given.phone), "tracking_token": token}
    return Contact(**known)
