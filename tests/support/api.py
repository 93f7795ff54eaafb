"""The real app, called in this process as API Gateway's proxy integration calls it, and an httpx transport on top."""

import base64
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qs, unquote

import httpx
import jwt
from moto.utilities.utils import load_resource
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from app import app
from chalicelib.web.openapi import description

BASE_URL: Final = "http://127.0.0.1:8000"
ADDRESS: Final = "203.0.113.9"  # where requests come from, if nothing else is said
# What API Gateway itself answers where no route is: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
NO_ROUTE: Final = httpx.Response(403, json={"message": "Missing Authentication Token"})

_numbers = count(1)


class AppTransport(httpx.BaseTransport):
    """The app behind httpx. ``seen`` holds the method and route of each request, and what it was answered."""

    def __init__(self, address: str = ADDRESS) -> None:
        self.address = address
        self.seen: list[tuple[str, httpx.Response]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        route, event = event_of(request, self.address)
        answer = response_of(app(event, None)) if route else NO_ROUTE
        self.seen.append((f"{request.method} {route}", answer))
        return answer


def event_of(request: httpx.Request, address: str) -> tuple[str, dict[str, Any]]:
    """The route's pattern, "" for none, and the event of a REST API's proxy integration that decodes every body.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    path = request.url.path
    route, params = next(_routes(request.method, path), ("", {}))
    query = parse_qs(request.url.query.decode(), keep_blank_values=True)
    return route, {
        "resource": route,
        "path": path,
        "httpMethod": request.method,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: request.headers.get_list(name) for name in request.headers},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": params or None,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": request.method,
            "resourcePath": route,
            "path": f"/api{path}",
            "stage": "api",
            "requestId": f"request-{next(_numbers)}",
            "identity": {"sourceIp": address, "userAgent": request.headers.get("user-agent", "")},
        },
        "body": base64.b64encode(request.content).decode() if request.content else None,
        "isBase64Encoded": bool(request.content),
    }


def _routes(method: str, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The routes that fit, with what stands in their places; those that name most of the path first."""
    for route in sorted(app.routes, key=lambda route: route.count("{")):
        fits = _pattern(route).fullmatch(path)
        if fits and method in app.routes[route]:
            yield route, {name: unquote(value) for name, value in fits.groupdict().items()}


@cache
def _pattern(route: str) -> re.Pattern[str]:
    """A part of a path in braces is one whole segment."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(route)))


def response_of(answer: dict[str, Any]) -> httpx.Response:
    """What a browser or a client gets of a function's answer."""
    several = answer.get("multiValueHeaders") or {}
    headers = [*answer["headers"].items(), *((name, value) for name, values in several.items() for value in values)]
    body = answer["body"] or ""
    content = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    return httpx.Response(answer["statusCode"], headers=headers, content=content)


def published_keys() -> bytes:
    """The keys that moto signs its tokens with: it publishes them only on a server of its own."""
    return json.dumps(load_resource("cognitoidp/resources/jwks-public.json")).encode()


def signed_again(token: str, **claims: Any) -> str:
    """A token with other claims, under a good signature of the pool's."""
    key = load_resource("cognitoidp/resources/jwks-private.json")
    known = jwt.decode(token, options={"verify_signature": False})
    header = jwt.get_unverified_header(token)
    return jwt.encode(known | claims, jwt.PyJWK(key, "RS256").key, "RS256", headers={"kid": header["kid"]})


def undescribed(route: str, answer: httpx.Response) -> list[str]:
    """What of an answer is not as the API's own description (OpenAPI) says; nothing for a page."""
    method, _, path = route.partition(" ")
    operation = description()["paths"].get(path, {}).get(method.lower())
    if operation is None:
        return []
    declared = operation["responses"].get(str(answer.status_code)) or (
        operation["responses"]["default"] if answer.status_code >= 400 else None
    )
    if declared is None:
        return [f"{route} answered {answer.status_code}, which is not described"]
    return [f"{route} {answer.status_code}: {fault}" for fault in _faults(declared.get("content", {}), answer)]


def _faults(content: dict[str, Any], answer: httpx.Response) -> Iterator[str]:
    if not content:
        if answer.content:
            yield f"has a body, and none is described: {answer.text[:80]}"
        return
    kind = answer.headers["content-type"].partition(";")[0]
    if kind not in content:
        yield f"is {kind}, and described are {', '.join(content)}"
    elif kind.endswith("json"):
        schema = content[kind]["schema"] | {"components": description()["components"]}
        for error in OAS31Validator(schema, format_checker=oas31_format_checker).iter_errors(answer.json()):
            yield f"{error.json_path}: {error.message}"
