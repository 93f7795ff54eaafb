"""A yearly file that was exported as JSON, checked years later without a server: nothing but Python's standard library.

What it proves: that nothing in the file was changed since it was made (its seal), that each record says what its facts say,
that each chain of facts is whole, that the words are those of which the journal keeps the digest, and that the totals are the
sum of the records. Whether the journal still says the same, only the server knows: ``claims`` is what to ask it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

FORMAT: Final = "zerodistance-performance-file/1"
COUNTED_BY: Final = ("approved", "overturned", "made")

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Claim:
    """That fact number ``seq`` of a record has this hash."""

    id: str
    seq: int
    hash: str

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "seq": self.seq, "hash": self.hash}


@dataclass(frozen=True)
class Flaw:
    """Something in the file that does not hold. ``record`` "" is the file as a whole."""

    record: str
    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.record}: {self.detail}" if self.record else self.detail


class NoArchive(ValueError):
    """This is no exported yearly file."""


def read(text: str | bytes) -> Content:
    """The content of a file. Raises NoArchive."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise NoArchive(f"This is not JSON: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("records"), list):
        raise NoArchive(f"This is no exported yearly file: 'format' must be {FORMAT}")
    return content


def flaws(content: Content) -> list[Flaw]:
    """Everything in the file that does not hold; empty for one that proves itself."""
    found = [*_read_safely("", lambda: _of_seal(content)), *_read_safely("", lambda: _doubled(content))]
    for record in content["records"]:
        id = str(record.get("id", "")) if isinstance(record, dict) else ""
        found += _read_safely(id, lambda record=record: _of_record(record, content))  # type: ignore[misc]
    return [*found, *_read_safely("", lambda: _of_totals(content))]


def _read_safely(record: str, check: Callable[[], Iterator[Flaw]]) -> list[Flaw]:
    """What a check finds; where it can't read the file, that is a flaw too, and the other checks go on."""
    found: list[Flaw] = []
    try:
        found.extend(check())
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        detail = f"It lacks what an exported file has: {type(error).__name__} {error}"
        found.append(Flaw(record, "malformed", detail))
    return found


def claims(content: Content) -> list[Claim]:
    """What to ask the server: the last fact of each record in the file."""
    ends = ((record["id"], record["entries"][-1]) for record in content["records"] if record["entries"])
    return [Claim(id, int(entry["seq"]), str(entry["hash"])) for id, entry in ends]


def _canonical(value: Any) -> bytes:
    """Compact JSON with sorted keys, as the server's own: the bytes that are hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _digest(value: Any, without: str) -> str:
    return hashlib.sha256(_canonical({name: each for name, each in value.items() if name != without})).hexdigest()


def seal_of(content: Content) -> str:
    """The seal that this content ought to have: over all of it but the seal and the server's signature of it."""
    return _digest({name: value for name, value in content.items() if name != "signature"}, "seal")


def _of_seal(content: Content) -> Iterator[Flaw]:
    if seal_of(content) != content["seal"]:
        yield Flaw("", "seal", "The file was changed after it was made: its seal is not of this content")


def _of_record(record: Content, content: Content) -> Iterator[Flaw]:
    """A record whose chain is broken is not looked at further: nothing that its facts say can be relied on."""
    broken = list(_of_chain(record))
    yield from broken or [*_of_fact(record, content), *_of_words(record)]


def _doubled(content: Content) -> Iterator[Flaw]:
    seen = Counter(record["id"] for record in content["records"])
    yield from (Flaw(id, "twice", "The record stands in the file more than once") for id, count in seen.items() if count > 1)
    sources = Counter((record["of"], record["kind"]) for record in content["records"] if record["of"])
    for (of, kind), count in sources.items():
        if count > 1:
            yield Flaw("", "fact_twice", f"Fact {of} made {count} records of '{kind}'")


def _of_chain(record: Content) -> Iterator[Flaw]:
    before = ""
    for number, entry in enumerate(record["entries"], start=1):
        right = (entry["dossier"], entry["seq"], entry["prev"]) == (record["id"], number, before)
        if not right or entry["hash"] != _digest(entry, "hash"):
            yield Flaw(record["id"], "chain", f"Its chain of facts breaks at entry {number}")
            return
        before = entry["hash"]


def _of_fact(record: Content, content: Content) -> Iterator[Flaw]:
    last = record["entries"][-1]
    said, data = {name: record[name] for name in ("kind", "points", "deputy", "day")}, last["data"]
    if last["type"] not in COUNTED_BY or any(data[name] != value for name, value in said.items()):
        yield Flaw(record["id"], "fact", "It says something else than the fact by which it counts")
    if record["of"] != data.get("of", ""):
        yield Flaw(record["id"], "fact", f"It is of {data.get('of', 'no fact')}, and says {record['of'] or 'no fact'}")
    if (record["deputy"], record["day"][:4]) != (content["deputy"]["id"], content["year"]):
        yield Flaw(record["id"], "stranger", f"It is of {record['deputy']} in {record['day'][:4]}")


def _of_words(record: Content) -> Iterator[Flaw]:
    """The words and files are those whose digests the facts name; a record that the platform made has none."""
    state: dict[str, Any] = {}
    for entry in record["entries"]:
        state |= entry["changes"]
    account = record["account"]
    said = "\n".join(account[name] for name in ("salt", "title", "place", "text"))
    wordless = not said.strip() and not state["digest"]
    if not wordless and hashlib.sha256(said.encode()).hexdigest() != state["digest"]:
        yield Flaw(record["id"], "words", "Its words are not those that were recorded")
    if [file["sha256"] for file in record["files"]] != list(state["proofs"]):
        yield Flaw(record["id"], "files", "Its files are not those that were recorded")


def _of_totals(content: Content) -> Iterator[Flaw]:
    records, earned = Counter[str](), Counter[str]()
    for record in content["records"]:
        records[record["kind"]] += 1
        earned[record["kind"]] += record["points"]
    most = {kind["id"]: kind["most_a_year"] for kind in content["kinds"]}
    told = {total["kind"]: (total["records"], total["earned"], total["points"]) for total in content["totals"]}
    summed = {kind: (count, earned[kind], _counted(count, earned[kind], most.get(kind, 0))) for kind, count in records.items()}
    for kind in sorted({*told, *summed}):
        if told.get(kind) != summed.get(kind):
            yield Flaw("", "totals", f"The total of '{kind}' is not the sum of its records")


def _counted(records: int, earned: int, most: int) -> int:
    return earned if not most or records <= most else earned * most // records


def verdict_flaws(asked: Sequence[Claim], verdicts: Sequence[str]) -> list[Flaw]:
    """What the server says otherwise than the file."""
    words = {"changed": "The journal says something else now", "gone": "The journal knows no such fact any more"}
    return [Flaw(claim.id, verdict, words[verdict]) for claim, verdict in zip(asked, verdicts, strict=True) if verdict in words]
