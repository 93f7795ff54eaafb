"""The API's description of itself: a valid one, whole, and made of what is really checked."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.people.permissions import ANYONE, PERMISSIONS
from chalicelib.web.door import ROUTES
from chalicelib.web.openapi import BEYOND, DESCRIBED, description

CODE = Path(__file__).parents[2] / "chalicelib"
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in description()["paths"].items()
    for method, operation in methods.items()
}


def test_it_is_openapi_3_1_and_valid(anyone: httpx.Client) -> None:
    answer = anyone.get("/openapi.json")
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json() == description()
    assert list(OpenAPIV31SpecValidator(answer.json()).iter_errors()) == []


def test_every_route_of_the_api_is_described_and_nothing_else() -> None:
    api = {route for route in PERMISSIONS if route.split(" ")[1].startswith(DESCRIBED)}
    assert OPERATIONS.keys() == api


@pytest.mark.parametrize("route", OPERATIONS)
def test_who_may_come_stands_with_each_operation(route: str) -> None:
    operation = OPERATIONS[route]
    assert ("security" in operation) == (PERMISSIONS[route] != ANYONE)
    assert all(role in operation.get("description", "") for role in PERMISSIONS[route])
    assert operation["summary"].endswith(".")
    problem = {"application/json", "text/xml"} if "/open311/" in route else {"application/problem+json"}
    assert operation["responses"]["default"]["content"].keys() == problem


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)
    assert BEYOND.keys() <= set(names)


def test_what_counts_once_asks_for_its_key_and_what_takes_a_body_describes_it() -> None:
    for route in ROUTES:
        operation = OPERATIONS.get(f"{route.method} {route.path}")
        if operation:
            asked = {parameter["name"] for parameter in operation["parameters"]}
            assert ("Idempotency-Key" in asked) == route.once
            assert ("requestBody" in operation) == (
                route.takes is not None
                or bool(BEYOND.get(route.name) and (BEYOND[route.name].takes or BEYOND[route.name].fields))
            )


def test_every_part_of_a_path_and_every_query_that_is_read_is_described() -> None:
    described = {(p["in"], p["name"]) for operation in OPERATIONS.values() for p in operation["parameters"]}
    read = {name for file in CODE.glob("*/api.py") for name in re.findall(r'query\.get\("(\w+)"', file.read_text())}
    placed = {name for route in OPERATIONS for name in re.findall(r"{(\w+)}", route)}
    assert {("query", name) for name in read} | {("path", name) for name in placed} <= described


def test_a_refusal_is_described_with_what_may_stand_beside_it() -> None:
    refusal = description()["components"]["schemas"]["Refusal"]
    assert {"type", "title", "status", "detail", "code"} <= set(refusal["required"])
    assert {"field", "legal_moves", "retry_after"} <= refusal["properties"].keys()


def test_the_limits_that_are_checked_are_the_limits_that_are_described() -> None:
    text = description()["components"]["schemas"]["TextRequest"]
    assert text["properties"]["text"] == {"type": "string", "minLength": 1, "maxLength": 4000}
    assert text["additionalProperties"] is False


def test_the_platform_says_that_it_is_well_and_touches_no_table(anyone: httpx.Client) -> None:
    assert anyone.get("/healthz").json()["status"] == "ok"


def examples(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where an example is to stand: with each parameter, and with each type of what is sent and answered."""
    yield from ((parameter["name"], parameter) for parameter in operation["parameters"])
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for answer in operation["responses"].values():
        yield from answer.get("content", {}).items()


@pytest.mark.parametrize("route", OPERATIONS)
def test_every_operation_has_examples_and_its_schemas_take_them(route: str) -> None:
    components = {"components": description()["components"]}
    for name, said in examples(OPERATIONS[route]):
        assert said["example"] not in (None, "", []), name
        assert said["example"] != {} or _takes_nothing(said["schema"]), name
        schema = said["schema"] | components
        errors = OAS31Validator(schema, format_checker=oas31_format_checker).iter_errors(said["example"])
        assert [f"{name} {error.json_path}: {error.message}" for error in errors] == []


def _takes_nothing(schema: dict[str, Any]) -> bool:
    """A move that needs nothing."""
    shape = description()["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    return shape.get("properties") == {} and shape.get("additionalProperties") is False


def test_an_example_of_a_request_is_no_empty_shell() -> None:
    """Few texts may stand as dots: what a field is called says what stands in it."""
    sent = [said["example"] for operation in OPERATIONS.values() for _, said in examples({**operation, "responses": {}})]
    texts = [text for example in sent for text in _texts(example)]
    assert texts.count("…") <= len(texts) // 10, texts


def _texts(example: Any) -> Iterator[str]:
    if isinstance(example, str):
        yield example
    for part in example.values() if isinstance(example, dict) else example if isinstance(example, list) else ():
        yield from _texts(part)
