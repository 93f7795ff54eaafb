"""Examples for the API's description, made from its schemas: each is one that the schema takes (a test holds them to it).

What a field is called says what stands in it, so one table of samples serves every section, those of tomorrow too.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from chalicelib.web.samples import DAY, MOMENT, NUMBER, SAMPLES

Schema = Mapping[str, Any]

DEEPEST: Final = 6  # a shape within a shape within …: further down there is nothing new to see

# For a field that must be of a pattern, where its own sample is not: the first that fits.
SHAPED: Final = (
    NUMBER, *(f"{letter}{NUMBER}" for letter in "SVRABCNLQFDW"), DAY, "2026-11", "12:00", SAMPLES["sha256"], "5d", "weidu-1",
    "https://zerodistance.example.org/",
)  # fmt: skip

# Of what is no JSON of ours: how it begins.
FILES: Final[Mapping[str, Any]] = {
    "text/csv": "id,name_zh,name_en\r\nheating-company,望澜热力公司,Wanglan Heating Company\r\n",
    "text/yaml": "bodies:\n  - {id: heating-company, name_zh: 望澜热力公司, name_en: Wanglan Heating Company}\n",
    "application/yaml": "bodies:\n  - {id: heating-company, name_zh: 望澜热力公司, name_en: Wanglan Heating Company}\n",
    "text/xml": "<?xml version='1.0' encoding='utf-8'?>\n<service_requests><request>…</request></service_requests>",
    "application/geo+json": {"type": "FeatureCollection", "month": "2026-11", "features": [], "next": None},
    "application/json": {"…": "as the named format says"},
    "text/calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…",
}
A_FILE: Final = "(the file’s bytes)"


def added(description: dict[str, Any]) -> dict[str, Any]:
    """The description with an example for every parameter, request and answer."""
    components = description["components"]["schemas"]
    for operation in _operations(description):
        for parameter in operation["parameters"]:
            parameter["example"] = example(parameter["schema"], components, parameter["name"])
        for content in _contents(operation):
            for kind, said in content.items():
                said["example"] = FILES.get(kind, A_FILE) if _is_bare(said["schema"]) else example(said["schema"], components)
    return description


def _operations(description: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (operation for methods in description["paths"].values() for operation in methods.values())


def _contents(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield operation.get("requestBody", {}).get("content", {})
    yield from (answer.get("content", {}) for answer in operation["responses"].values())


def _is_bare(schema: Schema) -> bool:
    return schema in ({"type": "string"}, {"type": "object"})


def example(schema: Schema, components: Mapping[str, Schema], name: str = "", depth: int = 0) -> Any:
    """Something that the schema takes, as it may stand in a field of this name."""
    if "$ref" in schema:
        return example(components[schema["$ref"].rpartition("/")[2]], components, name, depth)
    if "anyOf" in schema:
        return example(_best(schema["anyOf"], depth), components, name, depth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return _chosen(schema["enum"], name)
    kind = schema.get("type", "object")
    made = _MAKERS.get(kind)
    return made(schema, components, name, depth) if made else None


def _best(options: list[Schema], depth: int) -> Schema:
    """The first that is not null; deep down null, where it may be."""
    null = next((option for option in options if option.get("type") == "null"), None)
    filled = [option for option in options if option.get("type") != "null"]
    return null if null and (depth > DEEPEST or not filled) else filled[0]


def _chosen(options: list[Any], name: str) -> Any:
    return SAMPLES[name] if SAMPLES.get(name) in options else next((option for option in options if option), options[0])


def _object(schema: Schema, components: Mapping[str, Schema], name: str, depth: int) -> dict[str, Any]:
    properties, needed = schema.get("properties", {}), schema.get("required", ())
    wanted = [each for each in properties if depth <= DEEPEST or each in needed]
    made = {each: example(properties[each], components, each, depth + 1) for each in wanted}
    more = schema.get("additionalProperties")
    if isinstance(more, Mapping) and more and not properties and depth <= DEEPEST:
        return {"zh": example(more, components, name, depth + 1)}
    return made


def _array(schema: Schema, components: Mapping[str, Schema], name: str, depth: int) -> list[Any]:
    if "prefixItems" in schema:
        return [example(each, components, name, depth + 1) for each in schema["prefixItems"]]
    item, least = schema.get("items", {}), int(schema.get("minItems", 0))
    if not isinstance(item, Mapping) or not item or (depth > DEEPEST and not least):
        return []
    return [example(item, components, name, depth + 1)] * max(least, 1)


def _string(schema: Schema, _components: Mapping[str, Schema], name: str, _depth: int) -> str:
    form = schema.get("format", "")
    if form in _FORMATS:
        return _FORMATS[form]
    sample = SAMPLES.get(name)
    text = sample if isinstance(sample, str) else "…"
    if pattern := schema.get("pattern"):
        return next((each for each in (text, *SHAPED) if re.search(pattern, each)), text)
    return text[: schema.get("maxLength", len(text))].ljust(schema.get("minLength", 0), "…")


def _number(schema: Schema, _components: Mapping[str, Schema], name: str, _depth: int) -> float:
    sample = SAMPLES.get(name)
    value = sample if isinstance(sample, int | float) and not isinstance(sample, bool) else 1
    value = int(value) if schema["type"] == "integer" else value
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    return value if least <= value <= most else float(most) if schema["type"] == "number" else int(most)


_FORMATS: Final[Mapping[str, str]] = {"date-time": MOMENT, "date": DAY, "time": "12:00:00", "uri": "https://example.org/"}
_MAKERS: Final[Mapping[str, Callable[[Schema, Mapping[str, Schema], str, int], Any]]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": lambda *_: True,
}
