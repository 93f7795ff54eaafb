"""What Open311 is asked and told: services from the directory's categories, requests from the cases that are public."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.cases import arrivals, published, service
from chalicelib.cases.model import Case
from chalicelib.directory.kinds import Category, Client
from chalicelib.directory.model import Directory
from chalicelib.errors import NotFound
from chalicelib.open311.model import MOST, Wanted, category_of, code_of, rejected, status_of
from chalicelib.open311.shapes import Attribute, AttributeValue, Service, ServiceDefinition, ServiceRequest
from chalicelib.open311.wording import CHOICE, NOTES, OVERDUE, SERVICE, WHERE, WHOM
from chalicelib.people import form
from chalicelib.spine import dossiers, journal
from chalicelib.web.reader import Reader

SAID: frozenset[str] = frozenset({"answered", "declined"})


def client_of(key: str, directory: Directory) -> Client:
    """The program that holds this key. Raises Rejected (403)."""
    known = directory.client_by_key(hashlib.sha256(key.encode()).hexdigest()) if key else None
    if known is None:
        raise rejected("Missing or invalid api_key", 403)
    return known


# Services


def services(directory: Directory, reader: Reader) -> list[Service]:
    """Every category that a message can be about."""
    return [_service(category, directory, reader) for category in directory.leaves()]


def _service(category: Category, directory: Directory, reader: Reader) -> Service:
    path = [found.name(reader.language) for found in map(directory.category, _above(category.id)) if found]
    rule = directory.rule_for("answer", category.id, "normal")
    promised = reader.say(SERVICE, path=" › ".join(path), amount=reader.amount(rule.amount, rule.mode)) if rule else path[-1]
    return Service(
        service_code=code_of(category.id),
        service_name=category.name(reader.language),
        description=promised,
        metadata=True,
        type="realtime",
        keywords=",".join(category.words),
        group=path[0],
    )


def _above(category: str) -> list[str]:
    parts = category.split("/")
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def definition(code: str, directory: Directory, reader: Reader) -> ServiceDefinition:
    """What may be told with a message about this: the neighbourhood and the deputy. Raises Rejected (404)."""
    category = directory.category(category_of(code))
    if category is None or category.retired:
        raise rejected(f"service_code '{code}' was not found", 404)
    grids = [AttributeValue(grid.id, grid.name(reader.language)) for grid in directory.grids]
    deputies = [
        AttributeValue(deputy.id, f"{deputy.name(reader.language)} · {deputy.ward(reader.language)}")
        for deputy in directory.deputies
    ]
    asked = (("GRID", WHERE, grids), ("DEPUTY", WHOM, deputies))
    return ServiceDefinition(
        code_of(category.id),
        [
            Attribute(True, name, "singlevaluelist", False, reader.say(CHOICE), order, reader.say(text), values)
            for order, (name, text, values) in enumerate(asked, start=1)
        ],
    )


# Requests


@dataclass(frozen=True)
class Page:
    """The cases of one answer; ``next`` are the parameters that ask for what comes after, or None."""

    cases: tuple[Case, ...]
    next: dict[str, str] | None


def listed(asked: Wanted, client: Client | None) -> Page:
    """The public cases that are asked for, the newest first; by their ids also the client's own.

    At most ten queries and one for each further month; for ids one batch read.
    """
    if asked.ids:
        found = dossiers.load_many(Case, sorted({form.plain(id) for id in asked.ids}))
        seen = [case for case in found if _visible(case, client)]
        return Page(tuple(sorted(seen, key=lambda case: case.created_at, reverse=True)), None)
    enough, begin = asked.page * asked.size, (asked.page - 1) * asked.size
    cases, cursor = _looked(asked, enough)
    if len(cases) > enough and asked.page < MOST // asked.size:
        return Page(cases[begin:enough], {"page": str(asked.page + 1)})
    return Page(cases[begin:], {"cursor": cursor, "page": "1"} if cursor else None)


def _looked(asked: Wanted, enough: int) -> tuple[tuple[Case, ...], str | None]:
    """What fits, of at most a thousand cases that were looked at; and where to go on."""
    fitting: list[Case] = []
    seen = 0
    for page in arrivals.look(asked.first, asked.last, asked.cursor):
        fitting += [case for case in page.cases if published.is_public(case) and asked.fits(case)]
        seen += len(page.cases)
        if len(fitting) > enough or seen >= MOST:
            return tuple(fitting), page.next
    return tuple(fitting), None


def one(id: str, client: Client | None) -> Case:
    """One case, if it is public or this client's own. One read. Raises Rejected (404)."""
    try:
        case = service.found(form.plain(id))
    except NotFound:
        case = None
    if case is None or not _visible(case, client):
        raise rejected(f"service_request_id '{id}' was not found", 404)
    return case


def by_token(token: str) -> Case:
    """The case of a tracking token. Raises Rejected (404)."""
    try:
        return service.tracked(form.case_of(token), form.token_hash(token))
    except NotFound:
        raise rejected("token was not found", 404) from None


def _visible(case: Case, client: Client | None) -> bool:
    return published.is_public(case) or _own(case, client)


def _own(case: Case, client: Client | None) -> bool:
    return client is not None and case.door == "open311" and case.client == client.id


def answer_of(case: Case) -> str:
    """What was answered last. For the client that sent it. One query."""
    entries = reversed(journal.entries(case.id))
    return next((str(e.data.get("text") or e.data.get("reason", "")) for e in entries if e.type in SAID), "")


@dataclass(frozen=True)
class Place:
    """Where a matter is, as it may be told."""

    address: str | None = None
    lat: float | None = None
    long: float | None = None


@dataclass(frozen=True)
class Teller:
    """Tells cases to a reader; to the ``client`` that sent one, what it sent itself too."""

    directory: Directory
    reader: Reader
    client: Client | None = None

    def told(self, case: Case, answer: str = "") -> ServiceRequest:
        """A case as the specification shows it."""
        own = _own(case, self.client)
        place = self._place(case, own)
        promise, now = case.clocks.get("answer"), self.reader.now
        body, category = self.directory.body(case.body), self.directory.category(case.category)
        late = status_of(case) == "open" and case.overdue(now)
        note = NOTES["silence" if case.verdict == "silence" and case.status == "resolved" else case.status]
        said = (self.reader.say(note), answer if own else "")
        return ServiceRequest(
            service_request_id=case.id,
            status=status_of(case),
            status_notes="\n\n".join(filter(None, said)),
            service_name=category.name(self.reader.language) if category else "",
            service_code=code_of(case.category),
            description=case.words[0].text if own and case.words else None,
            agency_responsible=body.name(self.reader.language) if body else None,
            service_notice=self.reader.say(OVERDUE) if late else None,
            requested_datetime=self._at(case.created_at, own),
            updated_datetime=self._at(case.updated_at, own),
            expected_datetime=self._at(promise.due_at, own) if promise and promise.due_at else None,
            zipcode=None,
            media_url=None,
            address=place.address,
            address_id=case.grid or None,
            lat=place.lat,
            long=place.long,
        )

    def _at(self, moment: datetime, own: bool) -> datetime:
        """In the district's zone; to the hour for everyone but the one that it came by."""
        shown = moment.replace(microsecond=0) if own else published.hour_of(moment)
        return shown.astimezone(self.reader.zone)

    def _place(self, case: Case, own: bool) -> Place:
        """The neighbourhood and its middle; to the client that sent it, what it sent."""
        grid = self.directory.grid(case.grid)
        place = Place(grid.name(self.reader.language), grid.lat, grid.lon) if grid else Place()
        sent = case.words[0] if own and case.words else None
        if sent and sent.position:
            place = replace(place, lat=sent.position[0], long=sent.position[1])
        return replace(place, address=sent.address) if sent and sent.address else place
