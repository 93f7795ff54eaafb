"""Open311 GeoReport v2: each view parses, asks one use case, and answers as JSON or XML, whichever the name ends with.

API Gateway takes whole segments only, so a route's last part is the whole name, ``requests.json`` or ``7K3M9QXA2B4C.xml``.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec
from chalice.app import Blueprint

from chalicelib.directory import service as directory_service
from chalicelib.directory.kinds import Client
from chalicelib.directory.model import Directory
from chalicelib.errors import Refused, TooMany
from chalicelib.open311 import service, taking
from chalicelib.open311.model import Fault, Form, Rejected, document, rejected, wanted
from chalicelib.open311.shapes import Created, Discovery, Endpoint, Error, ServiceDefinition, ServiceRequest, Token
from chalicelib.open311.wording import PROMISED, TAKEN_BEFORE
from chalicelib.open311.xml import document as xml_document
from chalicelib.settings import settings
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import catalogue
from chalicelib.web.reader import Reader, preferred

routes = Blueprint(__name__)

POSTED: Final = ("application/x-www-form-urlencoded",)
SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
CHANGESET: Final = "2026-11-25T00:00:00Z"
TYPES: Final[dict[Form, str]] = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
PUBLIC: Final = {"Cache-Control": "public, max-age=60"}


def shown(root: str, content: Any, form: Form, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """An answer in the format that was asked for."""
    plain = msgspec.to_builtins(content)
    body = msgspec.json.encode(plain) if form == "json" else xml_document(root, plain)
    return Answer(body, status, {"Content-Type": TYPES[form], **(headers or {})})


def _faults(refused: Refused, request: Request | None) -> Answer:
    """A refusal as the specification tells it: a list, in the format that was asked for."""
    form: Form = "xml" if request and request.params.get("document", "").endswith(".xml") else "json"
    status = 400 if refused.status == 422 else refused.status
    faults = refused.faults if isinstance(refused, Rejected) else (Fault(status, refused.detail),)
    headers = {"Retry-After": str(refused.retry_after)} if isinstance(refused, TooMany) else {}
    return shown("errors", [Error(fault.code, fault.description) for fault in faults], form, status, headers)


def _reader(request: Request) -> Reader:
    language = preferred(request.headers.get("accept-language", ""))
    return Reader(language, settings.zone, request.now, catalogue(language))


def _directory(request: Request, jurisdiction: str) -> Directory:
    """The directory. Raises Rejected (404) for another district's."""
    directory = directory_service.edition(request.now)
    if jurisdiction not in ("", directory.district.id):
        raise rejected(f"jurisdiction_id '{jurisdiction}' was not found; here it is '{directory.district.id}'", 404)
    return directory


def _asking(request: Request, directory: Directory) -> Client | None:
    """The program that asks, if it says so. Raises Rejected (403) for a key that is none."""
    key = request.query.get("api_key", "")
    return service.client_of(key, directory) if key else None


# What has no code in its name


@door(routes, "GET /open311/v2/{document}", refuse=_faults)
def open311_list(request: Request) -> Answer:
    """``discovery``, ``services`` or ``requests``, as .json or .xml."""
    name, form = document(request.params["document"])
    if name not in _LISTS:
        raise rejected(f"There is no '{name}' here; there are {', '.join(_LISTS)}", 404)
    return _LISTS[name](request, _directory(request, request.query.get("jurisdiction_id", "")), form)


def _discovery(request: Request, directory: Directory, form: Form) -> Answer:  # noqa: ARG001 - one shape for all lists
    district = directory.district
    endpoint = Endpoint(
        SPECIFICATION, f"{settings.base_url}/open311/v2", CHANGESET, "production", ["text/xml", "application/json"]
    )
    contact = f"{district.name_en} {district.hotline}".strip()
    content = Discovery(CHANGESET, contact, f"Ask the operator of the platform: {settings.base_url}/open/data", [endpoint])
    return shown("discovery", content, form, headers=PUBLIC)


def _services(request: Request, directory: Directory, form: Form) -> Answer:
    return shown("services", service.services(directory, _reader(request)), form, headers=PUBLIC)


def _requests(request: Request, directory: Directory, form: Form) -> Answer:
    client = _asking(request, directory)
    page = service.listed(wanted(request.query, request.now), client)
    teller = service.Teller(directory, _reader(request), client)
    answer = shown("service_requests", [teller.told(case) for case in page.cases], form)
    if page.next:
        asked = urlencode({**request.query, **page.next})
        answer.headers["Link"] = f'<{settings.base_url}/open311/v2/requests.{form}?{asked}>; rel="next"'
    return answer


_LISTS: Final[dict[str, Callable[[Request, Directory, Form], Answer]]] = {
    "discovery": _discovery,
    "services": _services,
    "requests": _requests,
}


@door(routes, "POST /open311/v2/{document}", content_types=POSTED, refuse=_faults)
def open311_post(request: Request) -> Annotated[Answer, list[Created]]:
    """A request comes in (``requests.json`` or .xml, form-encoded); it needs an api_key."""
    name, form = document(request.params["document"])
    if name != "requests":
        raise rejected(f"Nothing can be posted to '{name}'; post to requests.{form}", 404)
    fields = request.form
    directory = _directory(request, fields.get("jurisdiction_id", "") or request.query.get("jurisdiction_id", ""))
    client = service.client_of(fields.get("api_key", "") or request.query.get("api_key", ""), directory)
    reader = _reader(request)
    key = request.headers.get("idempotency-key", "").strip()[:128]
    taken = taking.take(fields, client, directory, key, language=reader.language, now=request.now)
    return shown("service_requests", [_created(taken, reader)], form, 201)


def _created(taken: taking.Taken, reader: Reader) -> Created:
    promise = taken.case.clocks.get("answer")
    due = promise.due_at if promise else None
    if not taken.token or due is None:
        return Created(taken.case.id, reader.say(TAKEN_BEFORE), None)
    return Created(taken.case.id, reader.say(PROMISED, due=_day_and_time(due, reader), link=_page(taken.token)), None)


def _day_and_time(moment: datetime, reader: Reader) -> str:
    """With the date and the offset: a notice is read by whoever, whenever."""
    return moment.astimezone(reader.zone).replace(second=0, microsecond=0).isoformat(timespec="minutes")


def _page(token: str) -> str:
    return f"{settings.base_url}/m/{token}"


# What is asked for by its code


@door(routes, "GET /open311/v2/services/{document}", refuse=_faults)
def open311_service(request: Request) -> Annotated[Answer, ServiceDefinition]:
    """What may be told with a message about one service: ``heating.supply.cold-flat.json``."""
    code, form = document(request.params["document"])
    directory = _directory(request, request.query.get("jurisdiction_id", ""))
    return shown("service_definition", service.definition(code, directory, _reader(request)), form, headers=PUBLIC)


@door(routes, "GET /open311/v2/requests/{document}", refuse=_faults)
def open311_request(request: Request) -> Annotated[Answer, list[ServiceRequest]]:
    """How one request goes. The client that sent it sees its own words and the answer too, by its api_key."""
    id, form = document(request.params["document"])
    directory = _directory(request, request.query.get("jurisdiction_id", ""))
    client = _asking(request, directory)
    case = service.one(id, client)
    answer = service.answer_of(case) if client and case.client == client.id else ""
    return shown("service_requests", [service.Teller(directory, _reader(request), client).told(case, answer)], form)


@door(routes, "GET /open311/v2/tokens/{document}", refuse=_faults)
def open311_token(request: Request) -> Annotated[Answer, list[Token]]:
    """The number of the request behind a tracking token."""
    token, form = document(request.params["document"])
    _directory(request, request.query.get("jurisdiction_id", ""))
    return shown("service_requests", [Token(service.by_token(token).id, token)], form)
