"""Deputies' suggestions as JSON: each view parses, calls one use case and shapes the answer."""

from typing import Annotated, Any, Final

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.errors import Invalid
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.settings import settings
from chalicelib.suggestions import lists, service
from chalicelib.suggestions.lists import Filter
from chalicelib.suggestions.model import MOST_DEMANDS, MOST_INVITED, PUBLIC, Class, Document, Grade, Suggestion
from chalicelib.suggestions.shapes import SuggestionsListed, SuggestionWhole, listed, whole
from chalicelib.web.asked import Name, Nothing, Reason, Text, TextRequest, page_limit
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

Title = Annotated[str, Meta(min_length=1, max_length=100)]
Argument = Annotated[str, Meta(max_length=8_000)]
DemandIds = Annotated[list[Name], Meta(min_length=1, max_length=MOST_DEMANDS)]
DeputyIds = Annotated[list[Name], Meta(min_length=1, max_length=MOST_INVITED)]
BodyIds = Annotated[list[Name], Meta(max_length=10)]
Date = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Link = Annotated[str, Meta(pattern=r"^(https?://\S+)?$", max_length=400)]
SuggestionAnswer = Annotated[Answer, SuggestionWhole]
YEARS: Final = range(2000, 2200)


class DraftRequest(msgspec.Struct, forbid_unknown_fields=True):
    """From which common demands it comes; their evidence is taken as it stands now."""

    title: Title
    demands: DemandIds
    text: Argument = ""


class EditRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays. ``renew`` takes the evidence of all its demands anew."""

    title: Title | None = None
    text: Argument | None = None
    demands: DemandIds | None = None
    renew: bool = False


class InviteRequest(msgspec.Struct, forbid_unknown_fields=True):
    deputies: DeputyIds


class BecauseRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class MergeSuggestionRequest(msgspec.Struct, forbid_unknown_fields=True):
    into: Name
    reason: Reason


class AssignSuggestionRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A hard one has more time. ``reason`` is needed where it was assigned before."""

    body: Name
    joint: BodyIds = []
    hard: bool = False
    reason: Annotated[str, Meta(max_length=500)] = ""


class ExtensionRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The day in the district until whose end there is to be time."""

    until: Date
    reason: Reason


class ReplyRequest(msgspec.Struct, forbid_unknown_fields=True, rename={"kind": "class"}):
    """Of which class, and in words; ``cannot`` needs the reason."""

    kind: Class
    text: Text
    reason: Annotated[str, Meta(max_length=500)] = ""


class EvaluateRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Of the body's attitude, and of the result."""

    attitude: Grade
    result: Grade
    text: Annotated[str, Meta(max_length=2_000)] = ""


class DocumentRequest(msgspec.Struct, forbid_unknown_fields=True):
    """``url`` where it stands, ``file`` the id of one that was sent (POST /v1/files); both may be left out."""

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    number: Name
    date: Date
    url: Link = ""
    file: Annotated[str, Meta(max_length=20)] = ""


class HandOverRequest(msgspec.Struct, forbid_unknown_fields=True):
    deputy: Name
    reason: Reason


@door(routes, "GET /v1/suggestions")
def list_suggestions(request: Request) -> Annotated[Answer, SuggestionsListed]:
    """The suggestions whose turn is yours, or with ``year`` all of a year that you may see."""
    asked = request.query
    wanted = Filter(asked.get("status", ""), asked.get("body", ""), asked.get("class", ""), asked.get("deputy", ""))
    limit, cursor = page_limit(request), asked.get("cursor", "")
    if "year" in asked:
        page = lists.of_year(year_of(asked["year"]), request.actor, wanted, limit=limit, cursor=cursor)
    else:
        page = lists.desk(request.actor, wanted, limit=limit, cursor=cursor)
    return shown(listed(page, request.now))


def year_of(text: str) -> int:
    """A year as someone asks for it. Raises Invalid."""
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS):
        raise Invalid("year", f"'{text}' is no year; write it like 2026", "bad_year")
    return int(text)


def _id(request: Request) -> str:
    return form.plain(request.params["suggestion_id"])


def _shown(suggestion: Suggestion, request: Request, status: int = 200, *, told: bool = False) -> Answer:
    url = f"{settings.base_url}/open/suggestions/{suggestion.id}" if suggestion.status in PUBLIC else None
    entries = service.timeline(suggestion) if told else None
    content = whole(suggestion, entries, request.actor, request.now, url)
    return shown(content, status, {"ETag": f'"{suggestion.version}"'})


def _again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request)


@door(routes, "GET /v1/suggestions/{suggestion_id}")
def show_suggestion(request: Request) -> SuggestionAnswer:
    """A suggestion in full."""
    return _shown(service.loaded(_id(request), request.actor), request, told=True)


def _drafted_again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request, 201)


@door(routes, "POST /v1/suggestions", again=_drafted_again)
def draft_suggestion(request: Request, asked: DraftRequest) -> SuggestionAnswer:
    """Begin a suggestion from common demands that concern you."""
    id, demands = service.new_id(), [form.plain(each) for each in asked.demands]
    made = service.draft(
        id, asked.title, asked.text, demands, by=request.actor, now=request.now, also=request.once(id)
    )  # fmt: skip
    return _shown(made, request, 201)


@door(routes, "POST /v1/suggestions/{suggestion_id}/edit", again=_again)
def edit_suggestion(request: Request, asked: EditRequest) -> SuggestionAnswer:
    """Change a draft; with a new title or text those who signed are asked again."""
    demands = None if asked.demands is None else [form.plain(each) for each in asked.demands]
    return _done(service.edit, request, title=asked.title, text=asked.text, demand_ids=demands, renew=asked.renew)


@door(routes, "POST /v1/suggestions/{suggestion_id}/invite", again=_again)
def invite_deputies(request: Request, asked: InviteRequest) -> SuggestionAnswer:
    """Ask other deputies to sign."""
    return _done(service.invite, request, deputies=asked.deputies)


@door(routes, "POST /v1/suggestions/{suggestion_id}/cosign", again=_again)
def cosign_suggestion(request: Request, asked: Nothing) -> SuggestionAnswer:  # noqa: ARG001 - a body is refused
    """Sign the text as it is."""
    return _done(service.cosign, request)


@door(routes, "POST /v1/suggestions/{suggestion_id}/decline", again=_again)
def decline_suggestion(request: Request, asked: Nothing) -> SuggestionAnswer:  # noqa: ARG001 - a body is refused
    """Do not sign."""
    return _done(service.decline, request)


@door(routes, "POST /v1/suggestions/{suggestion_id}/submit", again=_again)
def submit_suggestion(request: Request, asked: Nothing) -> SuggestionAnswer:  # noqa: ARG001 - a body is refused
    """Hand it in."""
    return _done(service.submit, request)


@door(routes, "POST /v1/suggestions/{suggestion_id}/withdraw", again=_again)
def withdraw_suggestion(request: Request, asked: BecauseRequest) -> SuggestionAnswer:
    """Take it back before it is accepted."""
    return _moved("withdraw", request, reason=asked.reason)


@door(routes, "POST /v1/suggestions/{suggestion_id}/accept", again=_again)
def accept_suggestion(request: Request, asked: Nothing) -> SuggestionAnswer:  # noqa: ARG001 - a body is refused
    """Take it on: it gets the next number of the year, and is public."""
    return _done(service.accept, request)


@door(routes, "POST /v1/suggestions/{suggestion_id}/return", again=_again)
def return_suggestion(request: Request, asked: BecauseRequest) -> SuggestionAnswer:
    """Give it back to the deputy: it is a draft again."""
    return _moved("return", request, reason=asked.reason)


@door(routes, "POST /v1/suggestions/{suggestion_id}/merge", again=_again)
def merge_suggestion(request: Request, asked: MergeSuggestionRequest) -> SuggestionAnswer:
    """Two suggestions are one."""
    return _done(service.merge, request, into=form.plain(asked.into), reason=asked.reason)


@door(routes, "POST /v1/suggestions/{suggestion_id}/assign", again=_again)
def assign_suggestion(request: Request, asked: AssignSuggestionRequest) -> SuggestionAnswer:
    """To the body that answers, and those that do so with it."""
    return _done(service.assign, request, body=asked.body, joint=asked.joint, hard=asked.hard, reason=asked.reason)


@door(routes, "POST /v1/suggestions/{suggestion_id}/interim", again=_again)
def reply_meanwhile(request: Request, asked: TextRequest) -> SuggestionAnswer:
    """Say how it stands; the reply is still owed."""
    return _moved("interim", request, text=asked.text)


@door(routes, "POST /v1/suggestions/{suggestion_id}/ask_extension", again=_again)
def ask_extension(request: Request, asked: ExtensionRequest) -> SuggestionAnswer:
    """Ask the manager for more time."""
    return _done(service.ask_extension, request, until=asked.until, reason=asked.reason)


@door(routes, "POST /v1/suggestions/{suggestion_id}/extend", again=_again)
def extend_reply(request: Request, asked: Nothing) -> SuggestionAnswer:  # noqa: ARG001 - a body is refused
    """Grant the time that the body asked for."""
    return _done(service.extend, request)


@door(routes, "POST /v1/suggestions/{suggestion_id}/refuse_extension", again=_again)
def refuse_extension(request: Request, asked: BecauseRequest) -> SuggestionAnswer:
    """Do not grant it."""
    return _done(service.refuse_extension, request, reason=asked.reason)


@door(routes, "POST /v1/suggestions/{suggestion_id}/reply", again=_again)
def reply_to_suggestion(request: Request, asked: ReplyRequest) -> SuggestionAnswer:
    """The body's reply. Keeps the promise."""
    return _done(service.reply, request, kind=asked.kind, text=asked.text, reason=asked.reason)


@door(routes, "POST /v1/suggestions/{suggestion_id}/evaluate", again=_again)
def evaluate_reply(request: Request, asked: EvaluateRequest) -> SuggestionAnswer:
    """Whether the deputy is satisfied; if not, it goes back to the body, once."""
    return _done(service.evaluate, request, attitude=asked.attitude, result=asked.result, text=asked.text)


@door(routes, "POST /v1/suggestions/{suggestion_id}/document", again=_again)
def document_outcome(request: Request, asked: DocumentRequest) -> SuggestionAnswer:
    """A document that came of it; every resident whose message led to it is told."""
    made = Document(asked.title.strip(), asked.number.strip(), asked.date, asked.url)
    return _done(service.document, request, document=made, file=asked.file)


@door(routes, "POST /v1/suggestions/{suggestion_id}/hand_over", again=_again)
def hand_over_suggestion(request: Request, asked: HandOverRequest) -> SuggestionAnswer:
    """Another deputy leads it."""
    return _done(service.hand_over, request, deputy=asked.deputy, reason=asked.reason)


@door(routes, "POST /v1/suggestions/{suggestion_id}/close", again=_again)
def close_suggestion(request: Request, asked: Nothing) -> SuggestionAnswer:  # noqa: ARG001 - a body is refused
    """It is dealt with; documents may still come of it."""
    return _moved("close", request)


def _done(deed: Any, request: Request, **given: Any) -> Answer:
    """Do one deed to the suggestion of this request."""
    id = _id(request)
    return _shown(deed(id, by=request.actor, now=request.now, also=request.once(id), **given), request)


def _moved(move: str, request: Request, **given: str) -> Answer:
    id = _id(request)
    return _shown(service.move(move, id, by=request.actor, now=request.now, also=request.once(id), **given), request)
