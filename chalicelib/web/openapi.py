"""The API's description, made from the declarations that check what comes in; and whether the platform is well."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Final

import msgspec
from chalice.app import Blueprint

from chalicelib.people.permissions import ANYONE
from chalicelib.settings import settings
from chalicelib.web.door import ROUTES, XLSX, Answer, Request, Route, as_problem, door, shown

routes = Blueprint(__name__)
routes.middleware("http")(as_problem)

VERSION: Final = "1.0.0"
ABOUT: Final = "Residents reach their elected deputy, and the deputy gets the matter solved, in time."
COMPONENTS: Final = "#/components/schemas/{name}"
FILES: Final = ("application/yaml", "text/yaml", "text/csv")


@dataclass(frozen=True)
class Beyond:
    """What a view's annotations don't say: its good status, what may stand in the query, the types of files that it takes
    or gives, a status that is neither good nor a refusal, and one whose body is of the good shape."""

    status: int = 200
    query: Mapping[str, str] = field(default_factory=dict)
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    empty: Mapping[int, str] = field(default_factory=dict)
    same: Mapping[int, str] = field(default_factory=dict)


BEYOND: Final[Mapping[str, Beyond]] = {
    "take_down_case": Beyond(status=201),
    "put_together": Beyond(status=201),
    "draft_consultation": Beyond(status=201),
    "offer_file": Beyond(status=201),
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
    listed = [route for route in ROUTES if route.path.startswith(("/v1/", "/healthz", "/openapi"))]
    shapes = [shape for route in listed for shape in (route.takes, route.gives) if shape is not None]
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
    return msgspec.json.decode(msgspec.json.encode(whole), type=dict[str, Any])  # tuples become lists


def _operation(route: Route, by_shape: Mapping[int, Any]) -> dict[str, Any]:
    beyond = BEYOND.get(route.name, Beyond())
    query = [_parameter(name, "query", says) for name, says in beyond.query.items()]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.says.partition("\n")[0],
        "parameters": [*_path_parameters(route.path), *query, *([_KEY] if route.once else [])],
        "responses": _responses(route, beyond, by_shape),
    }
    taken = {"application/json": by_shape[id(route.takes)]} if route.takes else _files(beyond.takes)
    if taken:
        operation["requestBody"] = {"required": True, "content": _content(taken)}
    if route.roles != ANYONE:
        operation["security"] = [{"bearer": []}]
        operation["description"] = f"For: {', '.join(sorted(route.roles))}."
    return operation


def _responses(route: Route, beyond: Beyond, by_shape: Mapping[int, Any]) -> dict[str, Any]:
    given = _files(beyond.gives)
    if not given and beyond.status != 204:
        given = {"application/json": by_shape[id(route.gives)] if route.gives else {"type": "object"}}
    problem = {"application/problem+json": by_shape[id(Refusal)]}
    return {
        str(beyond.status): _response("Done.", given),
        **{str(status): _response(says, {}) for status, says in beyond.empty.items()},
        **{str(status): _response(says, given | problem) for status, says in beyond.same.items()},
        "default": _response("Refused, and why.", problem),
    }


def _response(says: str, schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": says, **({"content": _content(schemas)} if schemas else {})}


def _files(types: tuple[str, ...]) -> dict[str, Any]:
    return {kind: {"type": "object" if kind == "application/json" else "string"} for kind in types}


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
