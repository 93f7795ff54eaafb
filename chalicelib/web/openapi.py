"""The API's description, made from the declarations that check what comes in; and whether the platform is well."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated, Any, Final

import msgspec
from chalice.app import Blueprint

from chalicelib.open311 import shapes as open311
from chalicelib.people.permissions import ANYONE
from chalicelib.settings import settings
from chalicelib.web import examples
from chalicelib.web.door import ROUTES, XLSX, Answer, Request, Route, as_problem, door, shown

routes = Blueprint(__name__)
routes.middleware("http")(as_problem)

VERSION: Final = "1.0.0"
ABOUT: Final = "Residents reach their elected deputy, and the deputy gets the matter solved, in time."
COMPONENTS: Final = "#/components/schemas/{name}"
FILES: Final = ("application/yaml", "text/yaml", "text/csv")
DESCRIBED: Final = ("/v1/", "/open311/", "/open/data/", "/healthz", "/openapi")


@dataclass(frozen=True)
class Beyond:
    """What a view's annotations don't say: its good status, what may stand in the query, the types of files that it takes
    or gives, a status that is neither good nor a refusal, and one whose body is of the good shape. ``fields`` are those of a
    form that it takes; ``one_of`` the shapes of which it gives one; ``refusal`` the shape of its refusals, where it is not a
    problem document; ``also`` the types in which it gives both, besides JSON."""

    status: int = 200
    query: Mapping[str, str] = field(default_factory=dict)
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    empty: Mapping[int, str] = field(default_factory=dict)
    same: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    one_of: tuple[Any, ...] = ()
    refusal: Any = None
    also: tuple[str, ...] = ()


_OF_A_DISTRICT: Final = {"jurisdiction_id": "The district's id; it may be left out."}
_AS_A_CLIENT: Final = {"api_key": "The program's own: what it sent itself is told to it."}
_OPEN311: Final = Beyond(query=_OF_A_DISTRICT, refusal=list[open311.Error], also=("text/xml",))

BEYOND: Final[Mapping[str, Beyond]] = {
    "open_data": Beyond(
        query={"month": "Which month, in the district's zone; this one if not said.", "cursor": "Take the 'next' as it is."},
        also=("text/csv", "application/geo+json"),
        empty={304: "As it was: the ETag in If-None-Match is still good."},
    ),
    "open311_service": _OPEN311,
    "open311_token": _OPEN311,
    "open311_request": replace(_OPEN311, query=_OF_A_DISTRICT | _AS_A_CLIENT),
    "open311_list": replace(
        _OPEN311,
        one_of=(open311.Discovery, list[open311.Service], list[open311.ServiceRequest]),
        query=_OF_A_DISTRICT
        | _AS_A_CLIENT
        | {
            "service_request_id": "Only these, at most 100, parted by commas; all else is then left aside.",
            "service_code": "Only these services and what is below them, parted by commas.",
            "start_date": "From when, with its offset: 2026-11-01T00:00:00+08:00.",
            "end_date": "Until when; 90 days after start_date at most.",
            "status": "open or closed.",
            "page": "Which page, 1 if not said.",
            "page_size": "How many on a page, 1 to 1000; 1000 if not said.",
            "cursor": "Where to go on: take the address in the header Link.",
        },
    ),
    "open311_post": replace(
        _OPEN311,
        status=201,
        fields={
            "api_key": "Needed. The program's own.",
            "service_code": "Needed. What it is about: a code from services.json.",
            "description": "Needed. The resident's words, at most 4,000 characters.",
            "lat": "Degrees north (WGS 84).",
            "long": "Degrees east (WGS 84).",
            "address_string": "Where it is, in words.",
            "address_id": "A neighbourhood's id.",
            "attribute[GRID]": "A neighbourhood's id.",
            "attribute[DEPUTY]": "A deputy's id; else who is in charge of the place.",
            "email": "How the resident is told.",
            "phone": "How the resident is told, where no e-mail address is given.",
            "first_name": "The resident's.",
            "last_name": "The resident's.",
            "media_url": "The address of a picture; it is not fetched.",
            "jurisdiction_id": "The district's id; it may be left out.",
        },
    ),
    "take_down_case": Beyond(status=201),
    "put_together": Beyond(status=201),
    "draft_consultation": Beyond(status=201),
    "offer_file": Beyond(status=201),
    "publish_notice": Beyond(status=201),
    "add_item": Beyond(status=201),
    "list_notices": Beyond(query={"limit": "How many, 1 to 100; 25 if not said.", "cursor": "The 'next' of the page before."}),
    "list_library": Beyond(query={"limit": "How many, 1 to 100; 25 if not said.", "cursor": "The 'next' of the page before."}),
    "show_progress": Beyond(query={"deputy": "Whose; for manager and supervisor."}),
    "sign_out": Beyond(status=204),
    "list_cases": Beyond(
        query={
            "limit": "How many, 1 to 100; 25 if not said.",
            "cursor": "The 'next' of the page before.",
            "deputy": "Whose list; for manager and supervisor.",
            "body": "Whose list; for manager and supervisor. If neither is said: what could not be routed.",
        }
    ),
    "write_record": Beyond(status=201),
    "list_records_of_year": Beyond(
        query={
            "limit": "How many, 1 to 100; 25 if not said.",
            "cursor": "The 'next' of the page before.",
            "deputy": "Whose records; for manager and supervisor.",
            "year": "Of which year; this one if not said.",
            "list": "waiting: what waits for you instead, of any year.",
        }
    ),
    "import_records": Beyond(same={422: "All that is wrong with the rows; nothing was written."}),
    "list_standings": Beyond(query={"year": "Of which year; this one if not said."}),
    "show_year_file": Beyond(query={"year": "Of which year; this one if not said."}),
    "export_year_file": Beyond(
        query={"year": "Of which year; this one if not said.", "format": "json, if not said, or pdf, xlsx, csv."},
        gives=("application/json", "application/pdf", XLSX, "text/csv"),
    ),
    "list_demands": Beyond(query={"limit": "How many, 1 to 100; 25 if not said.", "cursor": "The 'next' of the page before."}),
    "list_consultations": Beyond(
        query={
            "limit": "How many, 1 to 100; 25 if not said.",
            "cursor": "The 'next' of the page before.",
            "public": "What the public was or is asked, instead of what is not finished.",
        }
    ),
    "list_comments": Beyond(
        query={
            "limit": "How many, 1 to 100; 25 if not said.",
            "cursor": "The 'next' of the page before.",
            "question": "Only what was written to this question; a page may then hold fewer.",
        }
    ),
    "draft_suggestion": Beyond(status=201),
    "list_suggestions": Beyond(
        query={
            "limit": "How many, 1 to 100; 25 if not said.",
            "cursor": "The 'next' of the page before.",
            "year": "All of this year that you may see, whatever became of them; if not said, those whose turn is yours.",
            "status": "Only these: draft, submitted, accepted, assigned, replied, evaluated, closed, merged or withdrawn.",
            "body": "Only those that this body answers, alone or with others.",
            "class": "Only those with such a reply: solved, in_progress, planned, for_reference or cannot.",
            "deputy": "Only those that this deputy leads or signed.",
        }
    ),
    "list_activities": Beyond(
        query={
            "limit": "How many, 1 to 100; 25 if not said.",
            "cursor": "The 'next' of the page before.",
            "year": "All of this year; if not said: what is to come, and what waits for its minutes.",
        }
    ),
    "call_activity": Beyond(status=201),
    "take_down_at_activity": Beyond(status=201),
    "activity_calendar": Beyond(gives=("text/calendar",)),
    "open_supervision": Beyond(status=201),
    "call_appraisal": Beyond(status=201),
    "list_supervision": Beyond(
        query={
            "limit": "How many, 1 to 100; 25 if not said.",
            "cursor": "The 'next' of the page before.",
            "list": "opened, due (if not said), verify, passed, or all; an officer gets their body's own, whatever is said.",
        }
    ),
    "list_appraisals": Beyond(
        query={"limit": "How many, 1 to 100; 25 if not said.", "cursor": "The 'next' of the page before."}
    ),
    "show_figures": Beyond(
        query={
            "scope": "district, if not said, ward, deputy, body, category, grid or section.",
            "period": "A year, 2026, or a month, 2026-11; this year if not said.",
        },
        empty={304: "As it was: the ETag in If-None-Match is still good."},
    ),
    "list_deputies": Beyond(empty={304: "As it was: the ETag in If-None-Match is still good."}),
    "export_directory": Beyond(
        query={"format": "yaml, if not said, or csv.", "kind": "Only this kind; csv needs one."}, gives=FILES
    ),
    "import_directory": Beyond(
        query={"kind": "What a csv file holds.", "dry_run": "true: only say what would change."},
        takes=FILES,
        same={422: "All that is wrong with the file; nothing was written."},
    ),
}


class Refusal(msgspec.Struct, frozen=True):
    """A refusal (RFC 9457). ``code`` is stable; ``field``, ``legal_moves`` or ``retry_after`` stand beside it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    legal_moves: list[str] | None = None
    retry_after: int | None = None


class Health(msgspec.Struct, frozen=True):
    status: str
    at: str


@door(routes, "GET /healthz")
def healthy(request: Request) -> Annotated[Answer, Health]:
    """That the function runs; it touches no table."""
    return shown(Health("ok", request.now.isoformat()))


@door(routes, "GET /openapi.json")
def describe_api(request: Request) -> Answer:  # noqa: ARG001 - a door hands it in
    """This description."""
    return shown(description(), headers={"Cache-Control": "public, max-age=300"})


@cache
def description() -> dict[str, Any]:
    """The API as OpenAPI 3.1."""
    listed = [route for route in ROUTES if route.path.startswith(DESCRIBED)]
    shapes = [shape for route in listed for shape in (route.takes, route.gives) if shape is not None]
    shapes += [shape for beyond in BEYOND.values() for shape in (*beyond.one_of, beyond.refusal) if shape is not None]
    schemas, components = msgspec.json.schema_components([*shapes, Refusal], ref_template=COMPONENTS)
    by_shape = dict(zip(map(id, [*shapes, Refusal]), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, by_shape)
    whole = {
        "openapi": "3.1.0",
        "info": {
            "title": "Zero Distance",
            "version": VERSION,
            "description": ABOUT,
        },
        "servers": [{"url": settings.base_url}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }
    plain = msgspec.json.decode(msgspec.json.encode(whole), type=dict[str, Any])  # tuples become lists
    return examples.added(plain)


def _operation(route: Route, by_shape: Mapping[int, Any]) -> dict[str, Any]:
    beyond = BEYOND.get(route.name, Beyond())
    query = [_parameter(name, "query", says) for name, says in beyond.query.items()]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.says.partition("\n")[0],
        "parameters": [*_path_parameters(route.path), *query, *([_KEY] if route.once else [])],
        "responses": _responses(route, beyond, by_shape),
    }
    taken = {"application/json": by_shape[id(route.takes)]} if route.takes else _files(beyond.takes) | _form(beyond.fields)
    if taken:
        operation["requestBody"] = {"required": True, "content": _content(taken)}
    if route.roles != ANYONE:
        operation["security"] = [{"bearer": []}]
        operation["description"] = f"For: {', '.join(sorted(route.roles))}."
    return operation


def _responses(route: Route, beyond: Beyond, by_shape: Mapping[int, Any]) -> dict[str, Any]:
    given = _files(beyond.gives)
    if not given and beyond.status != 204:
        given = {"application/json": _given(route, beyond, by_shape)} | _files(beyond.also)
    problem = {"application/problem+json": by_shape[id(Refusal)]}
    if beyond.refusal:
        problem = {"application/json": by_shape[id(beyond.refusal)]} | _files(beyond.also)
    return {
        str(beyond.status): _response("Done.", given),
        **{str(status): _response(says, {}) for status, says in beyond.empty.items()},
        **{str(status): _response(says, given | problem) for status, says in beyond.same.items()},
        "default": _response("Refused, and why.", problem),
    }


def _given(route: Route, beyond: Beyond, by_shape: Mapping[int, Any]) -> Any:
    if beyond.one_of:
        return {"anyOf": [by_shape[id(shape)] for shape in beyond.one_of]}
    return by_shape[id(route.gives)] if route.gives else {"type": "object"}


def _form(fields: Mapping[str, str]) -> dict[str, Any]:
    """A form's fields; those whose description begins with "Needed" are needed."""
    if not fields:
        return {}
    properties = {name: {"type": "string", "description": says} for name, says in fields.items()}
    needed = [name for name, says in fields.items() if says.startswith("Needed")]
    return {"application/x-www-form-urlencoded": {"type": "object", "properties": properties, "required": needed}}


def _response(says: str, schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": says, **({"content": _content(schemas)} if schemas else {})}


def _files(types: tuple[str, ...]) -> dict[str, Any]:
    return {kind: {"type": "object" if kind.endswith("json") else "string"} for kind in types}


def _content(schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: {"schema": schema} for kind, schema in schemas.items()}


_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new one for each deed; the same one when the same request is sent again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [_parameter(part.strip("{}"), "path") for part in path.split("/") if part.startswith("{")]


def _parameter(name: str, place: str, says: str = "") -> dict[str, Any]:
    described = {"description": says} if says else {}
    return {"name": name, "in": place, "required": place == "path", **described, "schema": {"type": "string"}}
