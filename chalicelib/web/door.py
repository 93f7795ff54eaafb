"""The door: how a Chalice route becomes a call of one use case, and how refusals become answers.

``door`` looks up who may come in, signs them in, translates every refusal into a problem document (RFC 9457), and makes a
repeated request harmless. Chalice turns an exception that is not its own into a bare 500 before any middleware sees it, so
the translation is wrapped around each view here.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, wraps
from http import HTTPStatus
from typing import Any, Final, TypeVar, get_type_hints
from urllib.parse import parse_qsl

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.errors import Conflict, Invalid, NotAllowed, Refused, SignInNeeded, TooMany
from chalicelib.people import guard, signin
from chalicelib.people.guard import Remembered
from chalicelib.people.permissions import ANYONE, PERMISSIONS
from chalicelib.people.roles import A_RESIDENT, Actor, Role
from chalicelib.people.tokens import Claims
from chalicelib.settings import settings
from chalicelib.spine.aws import Cancelled, Write
from chalicelib.telemetry import flush, follow, logger
from chalicelib.web import who

LARGEST_BODY: Final = 1_000_000  # bytes; a form holds 4,000 characters, a directory file some hundred kilobytes
WORTH_ZIPPING: Final = 500  # bytes
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP: Final = "application/zip"
PACKED: Final = ("image/png", "application/pdf", ZIP, XLSX)  # no text, and compressed in themselves

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

T = TypeVar("T")


class Answer(Response):
    """A response with its security headers, compressed if the client takes it. Bodies are bytes: API Gateway gets base64."""

    def __init__(self, body: bytes, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(body, headers={**SECURITY_HEADERS, "Cache-Control": "no-store", **headers}, status_code=status)

    def zipped(self, accepted: str) -> "Answer":
        """The same, gzipped where that helps and ``accepted`` (the Accept-Encoding) names it."""
        self.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
        if "gzip" in accepted and len(self.body) > WORTH_ZIPPING and self.headers["Content-Type"] not in PACKED:
            self.body = gzip.compress(self.body, compresslevel=6, mtime=0)
            self.headers["Content-Encoding"] = "gzip"
        return self

    def reaching(self, origin: str) -> "Answer":
        """The same, allowed to send files to and show pictures from one other place: the bucket."""
        policy = SECURITY_HEADERS["Content-Security-Policy"]
        for what in ("img-src 'self' data:", "connect-src 'self'", "form-action 'self'"):
            policy = policy.replace(what, f"{what} {origin}")
        self.headers["Content-Security-Policy"] = policy
        return self

    def add_cookies(self, cookies: tuple[str, ...]) -> None:
        """Set these cookies beside those that are set already (whole Set-Cookie lines; of one name the first one holds)."""
        said = self.headers.get("Set-Cookie", [])
        lines = [said] if isinstance(said, str) else list(said)
        names = {line.partition("=")[0] for line in lines}
        lines += [cookie for cookie in cookies if cookie.partition("=")[0] not in names]
        if lines:
            self.headers["Set-Cookie"] = lines

    def to_dict(self, binary_types: object = None) -> dict[str, Any]:  # noqa: ARG002 - Chalice's signature
        """As API Gateway's proxy integration takes it: text as it is, what is compressed or a picture as base64.

        The gateway decodes base64 only for a client that says what it accepts; a plain one that says nothing gets text.
        """
        if "Content-Encoding" in self.headers or self.headers["Content-Type"] in PACKED:
            return super().to_dict(["*/*"])
        self.body = self.body.decode()
        return super().to_dict([])


@dataclass(frozen=True)
class Request:
    """What a view needs to know of a request. ``path`` is the route's, ``params`` fill its braces. ``now`` is asked for once;
    ``actor`` is who signed in, or a resident; ``signed`` is what a browser's sign-in brings with it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    actor: Actor
    now: datetime
    address: str
    params: Mapping[str, str] = field(default_factory=dict)
    signed: "Signed | None" = None

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a posted form; what is sent several times under one name (a list of choices) is joined by commas."""
        try:
            text = self.body.decode()
        except UnicodeDecodeError:
            raise Invalid("body", "The form is not UTF-8 text", "bad_encoding") from None
        fields: dict[str, list[str]] = {}
        for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=200):
            fields.setdefault(name, []).append(value)
        return {name: ",".join(values) for name, values in fields.items()}

    @property
    def cookies(self) -> dict[str, str]:
        """The request's cookies by name."""
        pairs = (pair.strip().partition("=") for pair in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in pairs if name}

    def holds(self, tag: str) -> bool:
        """Whether the client says (If-None-Match) that it holds the answer of this ETag; a proxy may have weakened it.
        RFC 9110, 8.8.3.2 and 13.1.2."""
        held = {each.strip().removeprefix("W/") for each in self.headers.get("if-none-match", "").split(",")}
        return bool(held & {"*", tag})

    @property
    def key(self) -> str:
        """The Idempotency-Key; of a page's form it is the field ``once``. Raises Invalid if there is none, or one too long."""
        key = (self.form.get("once", "") if self.signed else self.headers.get("idempotency-key", "")).strip()
        if not 1 <= len(key) <= 128:
            raise Invalid("Idempotency-Key", "Send an Idempotency-Key header of 1 to 128 characters, a new one for each deed")
        return key

    @property
    def digest(self) -> str:
        """What the request asked for, to tell a repeated one from another that reuses its key."""
        asked = [self.method, self.path.format_map(self.params)]
        return hashlib.sha256(b"\n".join([*(part.encode() for part in asked), self.body])).hexdigest()

    def once(self, dossier: str) -> list[Write]:
        """The write that makes this request count once, for the transaction of the deed it asks for."""
        return [guard.remember(self.actor.id, self.key, Remembered(dossier, 0, self.digest), self.now)]

    def parse(self, shape: type[T]) -> T:
        """The JSON body as ``shape``. Raises Invalid that names the field."""
        try:
            return msgspec.json.decode(self.body or b"{}", type=shape)
        except msgspec.ValidationError as error:
            raise _invalid(str(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Invalid("body", f"The body is not JSON: {error}", "malformed") from None


def _invalid(said: str) -> Invalid:
    """msgspec's words, with the field that they are about: where it stands in them, or the one missing or unknown there."""
    what, _, where = said.partition(" - at `$")
    within = re.search(r"(?:missing required|unknown) field `(.+)`", what)
    path = [where.strip(".`"), within[1] if within else ""]
    return Invalid(".".join(filter(None, path)) or "body", what)


@dataclass(frozen=True)
class Signed:
    """What a browser's sign-in brings: ``csrf`` proves that a form is ours, ``access`` and ``refresh`` are its tokens,
    ``cookies`` are to be set where they were renewed."""

    csrf: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    cookies: tuple[str, ...] = ()


View = Callable[..., Answer]  # of the request and, where the route takes a body, what was asked
Again = Callable[[Request, Remembered], Answer]
Refuse = Callable[[Refused, "Request | None"], Answer]
LetIn = Callable[["Request", frozenset[Role]], "Request"]  # the same request with its actor; raises SignInNeeded, NotAllowed


@dataclass(frozen=True)
class Route:
    """What is known of a route: enough to describe it to others (OpenAPI) and to walk all of them in a test."""

    method: str
    path: str
    name: str
    says: str
    roles: frozenset[Role]
    takes: Any
    gives: Any
    once: bool


ROUTES: Final[list[Route]] = []


def shown(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Anything as JSON."""
    return Answer(msgspec.json.encode(content), status, {"Content-Type": "application/json", **(headers or {})})


def problem(refused: Refused, request: Request | None = None) -> Answer:  # noqa: ARG001 - pages need the request
    """A refusal as a problem document: type, title, status, detail, a stable code, and what helps beside them."""
    content = {
        "type": f"{settings.base_url}/problems#{refused.code}",
        "title": HTTPStatus(refused.status).phrase,
        "status": refused.status,
        "detail": refused.detail,
        "code": refused.code,
        **refused.extras,
    }
    headers = {"Content-Type": "application/problem+json"}
    if isinstance(refused, TooMany):
        headers["Retry-After"] = str(refused.retry_after)
    if isinstance(refused, SignInNeeded):
        headers["WWW-Authenticate"] = "Bearer"
    return Answer(msgspec.json.encode(content), refused.status, headers)


def door(
    routes: Blueprint,
    route: str,
    *,
    content_types: tuple[str, ...] = ("application/json",),
    again: Again | None = None,
    refuse: Refuse = problem,
    let_in: LetIn | None = None,
) -> Callable[[View], View]:
    """Hang a view at ``route`` ("GET /v1/me"), for the roles that the table of permissions names.

    A view's second argument, ``asked``, is the JSON body, checked against its annotation; what it answers stands in its
    return annotation, ``Annotated[Answer, Shape]``. OpenAPI is made from the same two.

    ``again`` answers a request that was done before (its Idempotency-Key and its content are known); ``refuse`` makes a
    refusal an answer: a problem document, or for people a page; ``let_in`` finds out who asks, by the token in the
    Authorization header if nothing else is given.
    """
    method, path = route.split(" ")
    roles = PERMISSIONS[route]

    def hang(view: View) -> View:
        hints = get_type_hints(view, include_extras=True)
        takes, gives = hints.get("asked"), getattr(hints["return"], "__metadata__", (None,))[0]
        ROUTES.append(Route(method, path, view.__name__, view.__doc__ or "", roles, takes, gives, again is not None))
        asked = _asking(view, takes) if takes else view
        options = {"content_types": list(content_types)} if method == "POST" else {}

        @routes.route(path, methods=[method], name=view.__name__, **options)
        @wraps(view)
        def handler(**params: str) -> Answer:
            return _answer(routes.current_request, params, Rules(roles, again, refuse, let_in or by_token), asked)

        return view

    return hang


@dataclass(frozen=True)
class Rules:
    """How a route receives: whom, whether a deed is done once, what a refusal looks like, how one is known."""

    roles: frozenset[Role]
    again: Again | None
    refuse: Refuse
    let_in: LetIn


def _asking(view: View, shape: Any) -> View:
    return lambda request: view(request, request.parse(shape))


def _answer(raw: Any, params: Mapping[str, str], rules: Rules, view: View) -> Answer:
    follow(raw.context.get("requestId", ""))
    request = None
    try:
        request = _request(raw, params)
        request = rules.let_in(request, rules.roles)
        answer = _once(view, request, rules.again) if rules.again else view(request)
    except Refused as refused:
        answer = _refused(refused, request, rules.refuse)
    except OverflowError as error:  # a date at the end of time, reckoned on
        beyond = Invalid("body", f"A value is beyond what can be reckoned with: {error}", "out_of_range")
        answer = _refused(beyond, request, rules.refuse)
    except Exception:  # noqa: BLE001 - the one place where anything unforeseen becomes an answer
        answer = _fault(raw.context.get("resourcePath"), request, rules.refuse)
    flush()
    if request and request.signed:
        answer.add_cookies(request.signed.cookies)
    return answer.zipped(str(raw.headers.get("accept-encoding", "")) if raw.headers.get("accept") else "")


class Fault(Refused):
    status = 500
    code = "fault"


class Unserved(Refused):
    """What Chalice refuses by itself, before any view is asked."""

    def __init__(self, status: int, detail: str) -> None:
        code = {405: "wrong_method", 415: "wrong_type"}.get(status, "fault" if status >= 500 else "refused")
        super().__init__(detail, code)
        self.status = status


def as_problem(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """A middleware that gives Chalice's own refusals the shape and the headers of every other."""
    response = get_response(event)
    if isinstance(response, Answer):
        return response
    said = response.body if isinstance(response.body, dict) else {}
    return problem(Unserved(response.status_code, str(said.get("Message", "Something went wrong"))))


def _refused(refused: Refused, request: Request | None, refuse: Refuse) -> Answer:
    """The answer of a refusal; its plain words where its page can't be made of what was sent."""
    try:
        return refuse(refused, request)
    except Exception:  # noqa: BLE001 - as for a fault: whoever is refused must be told
        logger.exception("Unforeseen in a refusal", path=request.path if request else "")
        return problem(refused)


def _fault(path: str, request: Request | None, refuse: Refuse) -> Answer:
    logger.exception("Unforeseen", path=path)
    fault = Fault("Something went wrong on our side; nothing was changed. Please try again")
    try:
        return refuse(fault, request)
    except Exception:  # noqa: BLE001 - if even the page of a fault can't be made, its plain words can
        logger.exception("Unforeseen in a refusal", path=path)
        return problem(fault)


def _once(view: View, request: Request, again: Again) -> Answer:
    """The deed, or, where it was done before, what it led to. A deed that goes through costs no read for this."""
    request.key  # noqa: B018 - refuses a request without one before anything is done
    try:
        return view(request)
    except (Refused, Cancelled) as refused:
        done = guard.recall(request.actor.id, request.key, request.digest, request.now)
        if done is None:
            raise _told(refused) from refused
    answer = again(request, done)
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _told(refused: Refused | Cancelled) -> Refused:
    return refused if isinstance(refused, Refused) else Conflict("This was done at the same moment. Look at it again")


def _request(raw: Any, params: Mapping[str, str]) -> Request:
    now, headers = settings.now(), {name.lower(): value for name, value in raw.headers.items()}
    body = raw.raw_body or b""
    if len(body) > LARGEST_BODY:
        raise Invalid("body", f"{len(body):,} bytes are too many; {LARGEST_BODY:,} is the most", "too_large")
    return Request(
        method=raw.method,
        path=raw.path,
        query=dict(raw.query_params or {}),
        headers=headers,
        body=body,
        actor=A_RESIDENT,
        now=now,
        address=raw.context.get("identity", {}).get("sourceIp", ""),
        params=dict(params),
    )


def by_token(request: Request, roles: frozenset[Role]) -> Request:
    """Known by the access token in the Authorization header."""
    if roles == ANYONE:
        return request
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SignInNeeded("Sign in first: POST /v1/session, then send 'Authorization: Bearer <access token>'")
    # Tokens live by the wall clock, whatever a demo does with the platform's own.
    claims = signin.current(token.strip(), datetime.now(UTC))
    return replace(request, actor=known(claims, roles, request.now))


def known(claims: Claims, roles: frozenset[Role], now: datetime) -> Actor:
    """Who these claims are of. Raises NotAllowed if what they want is not for their role."""
    actor = who.actor(claims.username, claims.groups, now)
    if actor.role not in roles:
        raise NotAllowed(f"This is for {', '.join(sorted(roles))}; you are signed in as {actor.role}")
    return actor
