"""Appraisals of bodies as JSON. Having an envelope stamped asks who you are; casting a ballot must not, and does not."""

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.settings import settings
from chalicelib.supervision import ballots
from chalicelib.supervision.appraisal import LONGEST_TITLE, Appraisal
from chalicelib.supervision.shapes import (
    AppraisalShown,
    AppraisalsListed,
    Receipt,
    Receipts,
    Stamped,
    StampKnown,
    appraisal_shown,
)
from chalicelib.web.asked import Name, Reason, page_limit
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

Hex = Annotated[str, Meta(pattern="^([0-9a-f]{2})+$", max_length=100_000)]
Moment = Annotated[datetime, Meta(tz=True)]
AppraisalAnswer = Annotated[Answer, AppraisalShown]


class CallRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Stamping begins at ``opens_at`` and ends at ``seals_at``; then the urn opens, until ``closes_at``: an hour for each phase
    at least. ``bodies`` are all of the directory, if none is named."""

    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
    opens_at: Moment
    seals_at: Moment
    closes_at: Moment
    bodies: Annotated[list[Name], Meta(max_length=500)] = []


class CancelRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class StampRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A blinded ballot, as hex (RFC 9474, RSABSSA-SHA384-PSS-Randomized)."""

    envelope: Hex


class BallotRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A ballot behind its 32 random bytes, and its stamp, both as hex. The ballot is JSON: ``{"appraisal": id, "grades": {body:
    {criterion: "satisfied" | "basically" | "dissatisfied"}}}``, every body by every criterion."""

    ballot: Hex
    stamp: Hex


@door(routes, "GET /v1/appraisals")
def list_appraisals(request: Request) -> Annotated[Answer, AppraisalsListed]:
    """All appraisals, newest first."""
    page = ballots.listed(limit=page_limit(request), cursor=request.query.get("cursor", ""))
    return shown(AppraisalsListed([_made(appraisal, request) for appraisal in page.items], page.next))


def _id(request: Request) -> str:
    return form.plain(request.params["appraisal_id"])


def _made(appraisal: Appraisal, request: Request) -> AppraisalShown:
    return appraisal_shown(appraisal, request.now, f"{settings.base_url}/open/appraisals/{appraisal.id}")


def _shown(appraisal: Appraisal, request: Request, status: int = 200) -> Answer:
    return shown(_made(appraisal, request), status, {"ETag": f'"{appraisal.version}"'})


def _again(request: Request, done: Remembered) -> Answer:
    return _shown(ballots.found(done.dossier), request)


def _called_again(request: Request, done: Remembered) -> Answer:
    return _shown(ballots.found(done.dossier), request, 201)


@door(routes, "GET /v1/appraisals/{appraisal_id}")
def show_appraisal(request: Request) -> AppraisalAnswer:
    """An appraisal, with its results once it is published."""
    return _shown(ballots.found(_id(request)), request)


@door(routes, "POST /v1/appraisals", again=_called_again)
def call_appraisal(request: Request, asked: CallRequest) -> AppraisalAnswer:
    """Call an appraisal; it opens, seals, closes and publishes by itself."""
    id, dates = ballots.new_id(), (asked.opens_at, asked.seals_at, asked.closes_at)
    appraisal = ballots.call(id, asked.title, asked.bodies, dates, by=request.actor, now=request.now, also=request.once(id))
    return _shown(appraisal, request, 201)


@door(routes, "POST /v1/appraisals/{appraisal_id}/cancel", again=_again)
def cancel_appraisal(request: Request, asked: CancelRequest) -> AppraisalAnswer:
    """Call it off; nothing is counted."""
    id = _id(request)
    return _shown(ballots.cancel(id, asked.reason, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "GET /v1/appraisals/{appraisal_id}/stamp")
def know_stamp(request: Request) -> Annotated[Answer, StampKnown]:
    """Whether you had an envelope stamped, and once stamping is over, who had: see that nobody had one in your name."""
    appraisal, deputy = ballots.found(_id(request)), request.actor.deputy
    own = ballots.has_stamp(appraisal, deputy) if deputy in appraisal.electorate else None
    return shown(StampKnown(own, list(appraisal.stamped)))


@door(routes, "POST /v1/appraisals/{appraisal_id}/stamp")
def stamp_envelope(request: Request, asked: StampRequest) -> Annotated[Answer, Stamped]:
    """Have your envelope stamped, unread: one for each deputy. The same envelope gets the same stamp each time."""
    stamp = ballots.stamp(_id(request), bytes.fromhex(asked.envelope), by=request.actor, now=request.now)
    return shown(Stamped(stamp.hex()))


@door(routes, "POST /v1/appraisals/{appraisal_id}/ballots")
def cast_ballot(request: Request, asked: BallotRequest) -> Annotated[Answer, Receipt]:
    """Cast a stamped ballot. Send no token and no key: nobody asks who you are. Cast twice it counts once."""
    receipt = ballots.cast(_id(request), bytes.fromhex(asked.ballot), bytes.fromhex(asked.stamp), now=request.now)
    return shown(Receipt(receipt))


@door(routes, "GET /v1/appraisals/{appraisal_id}/ballots")
def list_receipts(request: Request) -> Annotated[Answer, Receipts]:
    """The numbers of all ballots that were counted: look for your own."""
    return shown(Receipts(ballots.receipts(_id(request))))
