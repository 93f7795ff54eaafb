"""Common demands as JSON: each view parses, calls one use case and shapes the answer."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.demands import service
from chalicelib.demands.model import LONGEST_NAME, PUBLIC, Demand
from chalicelib.demands.service import MOST_BY_HAND
from chalicelib.demands.shapes import DemandsListed, DemandWhole, demand_line, demand_whole
from chalicelib.people import form
from chalicelib.people.guard import Remembered
from chalicelib.settings import settings
from chalicelib.web.asked import AssignRequest, Name, Nothing, Reason, Text, TextRequest, page_limit
from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)

DemandName = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
CaseIds = Annotated[list[Name], Meta(min_length=1, max_length=MOST_BY_HAND)]
Date = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
DemandAnswer = Annotated[Answer, DemandWhole]


class NameRequest(msgspec.Struct, forbid_unknown_fields=True):
    name: DemandName


class ReasonRequest(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class PromiseRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A date in the district by which it will be done, and what will be."""

    text: Text
    until: Date


class PutTogetherRequest(msgspec.Struct, forbid_unknown_fields=True):
    name: DemandName
    cases: CaseIds


class MergeDemandRequest(msgspec.Struct, forbid_unknown_fields=True):
    into: Name
    reason: Reason


class TakeOutRequest(msgspec.Struct, forbid_unknown_fields=True):
    case: Name
    reason: Reason


@door(routes, "GET /v1/demands")
def list_demands(request: Request) -> Annotated[Answer, DemandsListed]:
    """The open demands that concern you, those of most people first."""
    page = service.listed(request.actor, limit=page_limit(request), cursor=request.query.get("cursor", ""))
    return shown(DemandsListed([demand_line(demand, summary) for demand, summary in page.items], page.next))


def _id(request: Request) -> str:
    return form.plain(request.params["demand_id"])


def _shown(demand: Demand, request: Request, status: int = 200) -> Answer:
    url = f"{settings.base_url}/open/demands/{demand.id}" if demand.status in PUBLIC else None
    whole = demand_whole(demand, service.members(demand), service.timeline(demand), request.actor, request.now, url)
    return shown(whole, status, {"ETag": f'"{demand.version}"'})


def _again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request)


@door(routes, "GET /v1/demands/{demand_id}")
def show_demand(request: Request) -> DemandAnswer:
    """A demand in full."""
    return _shown(service.loaded(_id(request), request.actor), request)


def _put_together_again(request: Request, done: Remembered) -> Answer:
    return _shown(service.loaded(done.dossier, request.actor), request, 201)


@door(routes, "POST /v1/demands", again=_put_together_again)
def put_together(request: Request, asked: PutTogetherRequest) -> DemandAnswer:
    """Put cases together by hand."""
    id, chosen = service.new_id(), [form.plain(case) for case in asked.cases]
    demand = service.create(id, asked.name, chosen, by=request.actor, now=request.now, also=request.once(id))
    return _shown(demand, request, 201)


@door(routes, "POST /v1/demands/{demand_id}/confirm", again=_again)
def confirm_demand(request: Request, asked: NameRequest) -> DemandAnswer:
    """Say that it is one matter, and what it is called."""
    return _moved("confirm", request, name=asked.name)


@door(routes, "POST /v1/demands/{demand_id}/rename", again=_again)
def rename_demand(request: Request, asked: NameRequest) -> DemandAnswer:
    """Call it otherwise."""
    return _moved("rename", request, name=asked.name)


@door(routes, "POST /v1/demands/{demand_id}/dismiss", again=_again)
def dismiss_demand(request: Request, asked: ReasonRequest) -> DemandAnswer:
    """Say that it is no common matter; the same proposal does not return."""
    return _moved("dismiss", request, reason=asked.reason)


@door(routes, "POST /v1/demands/{demand_id}/take_up", again=_again)
def take_up_demand(request: Request, asked: Nothing) -> DemandAnswer:  # noqa: ARG001 - a body is refused
    """Lead it."""
    id = _id(request)
    return _shown(service.take_up(id, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/demands/{demand_id}/support", again=_again)
def support_demand(request: Request, asked: Nothing) -> DemandAnswer:  # noqa: ARG001 - a body is refused
    """Join those who work on it."""
    id = _id(request)
    return _shown(service.support(id, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/demands/{demand_id}/assign", again=_again)
def assign_demand(request: Request, asked: AssignRequest) -> DemandAnswer:
    """To a body, with every open case."""
    id = _id(request)
    demand = service.assign(id, asked.body, asked.reason, by=request.actor, now=request.now, also=request.once(id))
    return _shown(demand, request)


@door(routes, "POST /v1/demands/{demand_id}/promise", again=_again)
def promise_date(request: Request, asked: PromiseRequest) -> DemandAnswer:
    """Promise a date; everyone in it is told."""
    id = _id(request)
    demand = service.promise(id, asked.text, asked.until, by=request.actor, now=request.now, also=request.once(id))
    return _shown(demand, request)


@door(routes, "POST /v1/demands/{demand_id}/answer", again=_again)
def answer_demand(request: Request, asked: TextRequest) -> DemandAnswer:
    """One answer for all: every open case is answered, everyone is told once."""
    return _moved("answer", request, text=asked.text)


@door(routes, "POST /v1/demands/{demand_id}/resolve", again=_again)
def resolve_demand(request: Request, asked: TextRequest) -> DemandAnswer:
    """Say that it is done; who disagrees reopens their case, and the demand says so."""
    return _moved("resolve", request, text=asked.text)


@door(routes, "POST /v1/demands/{demand_id}/merge", again=_again)
def merge_demand(request: Request, asked: MergeDemandRequest) -> DemandAnswer:
    """Two demands are one."""
    id, into = _id(request), form.plain(asked.into)
    return _shown(service.merge(id, into, asked.reason, by=request.actor, now=request.now, also=request.once(id)), request)


@door(routes, "POST /v1/demands/{demand_id}/split", again=_again)
def split_demand(request: Request, asked: PutTogetherRequest) -> DemandAnswer:
    """Some of its cases are another matter: they become a demand of their own, which is the answer."""
    fresh, chosen = service.new_id(), [form.plain(case) for case in asked.cases]
    demand = service.split(_id(request), fresh, chosen, asked.name, by=request.actor, now=request.now, also=request.once(fresh))
    return _shown(demand, request)


@door(routes, "POST /v1/demands/{demand_id}/take_out", again=_again)
def take_out_case(request: Request, asked: TakeOutRequest) -> DemandAnswer:
    """A case does not belong here, and is not put back."""
    id, case = _id(request), form.plain(asked.case)
    return _shown(service.take_out(id, case, asked.reason, by=request.actor, now=request.now, also=request.once(id)), request)


def _moved(move: str, request: Request, **given: str) -> Answer:
    id = _id(request)
    return _shown(service.move(move, id, by=request.actor, now=request.now, also=request.once(id), **given), request)
