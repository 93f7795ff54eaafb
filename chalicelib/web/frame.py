"""The frame of every page: templates in the reader's language, with the headers that pages need."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import escape

from chalicelib.errors import Invalid
from chalicelib.settings import settings
from chalicelib.web import reader
from chalicelib.web.door import Answer, Request
from chalicelib.web.reader import DEFAULT, HTML_LANG, LANGUAGES, Reader
from chalicelib.web.static import asset_name

TEMPLATES: Final = Path(__file__).parent / "templates"
COOKIE: Final = "lang"
A_YEAR: Final = 31_536_000  # seconds
A_MINUTE: Final = {"Cache-Control": "public, max-age=60"}
PRIVATE: Final = {"X-Robots-Tag": "noindex, nofollow"}


def page(request: Request | None, template: str, status: int = 200, *, private: bool = False, **context: object) -> Answer:
    """A page from a template. ``private`` keeps it out of search engines; none is ever cached.

    Without a request, which is so when it could not be read, the page is in Chinese.
    """
    reader = reader_of(request)
    text = (
        _environment(reader.language)
        .get_template(template)
        .render(
            reader=reader,
            root=root(request),
            private=private,
            languages=LANGUAGES,
            html_langs=HTML_LANG,
            **context,
        )
    )
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Language": HTML_LANG[reader.language]}
    return Answer(text.encode(), status, headers | (PRIVATE if private else {}) | _kept(request))


def to_be_kept(answer: Answer, request: Request) -> Answer:
    """A public page that caches may keep for a minute; 304 to who has it already.

    Whoever switches the language gets a cookie, which no cache may hand to others.
    """
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    headers = {"ETag": tag} | ({} if "Set-Cookie" in answer.headers else A_MINUTE)
    if request.holds(tag):
        return Answer(b"", 304, {"Content-Type": str(answer.headers["Content-Type"]), **headers})
    answer.headers.update(headers)
    return answer


def moved(address: str, request: Request) -> Answer:
    """See other: after a post the browser gets the page by itself, so that a reload sends nothing again.

    ``address`` is relative to the request's, so that it holds behind a stage's prefix.
    """
    headers = {"Content-Type": "text/html; charset=utf-8", "Location": address}
    return Answer(b"", 303, headers | _kept(request))


def reader_of(request: Request | None) -> Reader:
    """Who reads: the language just switched to, else the one kept in the cookie, else the browser's, else Chinese."""
    language = language_of(request) if request else DEFAULT
    now = request.now if request else settings.now()
    return Reader(language, settings.zone, now, catalogue(language))


def language_of(request: Request) -> str:
    """``zh`` or ``en``."""
    wished = _switched(request) or request.cookies.get(COOKIE, "")
    return wished if wished in LANGUAGES else reader.preferred(request.headers.get("accept-language", ""))


def _switched(request: Request) -> str:
    wished = request.query.get("lang", "") or (_posted(request) if request.method == "POST" else "")
    return wished if wished in LANGUAGES else ""


def _posted(request: Request) -> str:
    """On a page with a form the switch is one of its buttons, so that nothing typed is lost."""
    try:
        return request.form.get("lang", "")
    except Invalid:
        return ""


def _kept(request: Request | None) -> dict[str, str]:
    language = _switched(request) if request else ""
    secure = "; Secure" if settings.base_url.startswith("https:") else ""
    cookie = f"{COOKIE}={language}; Path=/; Max-Age={A_YEAR}; SameSite=Lax; HttpOnly{secure}"
    return {"Set-Cookie": cookie} if language else {}


def root(request: Request | None) -> str:
    """The way from this page to the site's root: links are relative, so that they hold behind a stage's prefix."""
    return "../" * (request.path.count("/") - 1) if request else "../"


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> NullTranslations:
    """The translations of a language, read once a process."""
    return reader.catalogue(language)


def _only_ours(translated: Callable[..., str]) -> Callable[..., str]:
    """Jinja takes every translated text for safe HTML, and fills in its ``%``. Only the texts of our catalogue are: a name from
    the directory that a template hands on as if it were one is escaped, and left as it is."""

    @pass_context
    def said(context: Context, text: str, /, **values: object) -> str:
        ours = catalogue(DEFAULT).gettext(text) != text
        return translated(context, text, **values) if ours else escape(text)

    return said


@lru_cache(maxsize=len(LANGUAGES))
def _environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    install: Callable[..., None] = made.install_gettext_translations  # type: ignore[attr-defined]
    install(catalogue(language), newstyle=True)
    made.globals["gettext"] = _only_ours(cast(Callable[..., str], made.globals["gettext"]))
    made.globals["asset"] = asset_name
    return made
