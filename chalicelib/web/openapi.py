"""The API's description, made from the declarations that check what comes in; and whether the platform is well."""

from functools import cache
from typing import Annotated, Any, Final

import msgspec
from chalice.app import Blueprint

from chalicelib.people.permissions import ANYONE
from chalicelib.settings import settings
from chalicelib.web.door import ROUTES, Answer, Request, Route, door, shown

routes = Blueprint(__name__)

VERSION: Final = "1.0.0"
ABOUT: Final = "Residents reach their elected deputy, and the deputy gets the matter solved, in time."
COMPONENTS: Final = "#/components/schemas/{name}"
CREATED: Final = frozenset({"take_down_case"})


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
            "description": "Residents' messages to their deputy, and their work.",
        },
        "servers": [{"url": settings.base_url}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }
    return msgspec.json.decode(msgspec.json.encode(whole), type=dict[str, Any])  # tuples become lists


def _operation(route: Route, by_shape: dict[int, Any]) -> dict[str, Any]:
    status = "201" if route.name in CREATED else "200"
    good: dict[str, Any] = {"description": "Done"}
    if route.gives is not None:
        good["content"] = {"application/json": {"schema": by_shape[id(route.gives)]}}
    problem = {"application/problem+json": {"schema": by_shape[id(Refusal)]}}
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.says.partition("\n")[0],
        "parameters": [*_path_parameters(route.path), *([_KEY] if route.once else [])],
        "responses": {status: good, "default": {"description": "Refused, and why", "content": problem}},
    }
    if route.takes is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": by_shape[id(route.takes)]}}}
    if route.roles != ANYONE:
        operation["security"] = [{"bearer": []}]
        operation["description"] = f"For: {', '.join(sorted(route.roles))}."
    return operation


_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new one for each deed; the same one when the same request is sent again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
