"""Posters of many deputies at once: one page to print, or their codes as pictures in a ZIP file; and a code replaced."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Final

from chalice.app import Blueprint

from chalicelib.directory import qr, service
from chalicelib.directory.kinds import Deputy
from chalicelib.directory.model import CodeState, Directory
from chalicelib.directory.pages import form_address, sheet_for
from chalicelib.directory.poster import SIZES, posters
from chalicelib.errors import Invalid, NotFound
from chalicelib.people.guard import Remembered
from chalicelib.web.desk import desk, page
from chalicelib.web.door import ZIP, Answer, Request
from chalicelib.web.frame import moved, root
from chalicelib.web.reader import N_

routes = Blueprint(__name__)

A_PAGE: Final = 100  # deputies at once: a picture takes 20 ms, an answer must be there in 29 s and be smaller than 6 MB
NOBODY: Final = N_("Choose at least one deputy who has a code.")


@desk(routes, "GET /work/posters")
def choose_posters(request: Request) -> Answer:
    """The deputies in office with their codes, a hundred a page."""
    return _chooser(request)


def _chooser(request: Request, status: int = 200, fault: str = "") -> Answer:
    directory, begin = service.edition(request.now), request.query.get("from", "")
    listed = [deputy for deputy in sorted(directory.deputies, key=lambda each: each.id) if deputy.id >= begin]
    return page(
        request,
        "work_posters.html",
        status,
        items=[(deputy, directory.live_code(deputy.id)) for deputy in listed[:A_PAGE]],
        next=listed[A_PAGE].id if len(listed) > A_PAGE else "",
        sizes=SIZES,
        fault=fault,
    )


@desk(routes, "POST /work/posters")
def make_posters(request: Request) -> Answer:
    """Those that were chosen, as a page to print or as a ZIP file of pictures. It changes nothing."""
    sent = request.form
    chosen = _chosen(service.edition(request.now), sent.get("deputy", "").split(","))
    make = _MADE.get(sent.get("as", ""))
    if make is None:
        raise Invalid("as", f"'{sent.get('as', '')}' is none of {', '.join(_MADE)}")
    return make(request, chosen) if chosen else _chooser(request, 422, NOBODY)


def _chosen(directory: Directory, ids: Sequence[str]) -> list[CodeState]:
    if len(ids) > A_PAGE:
        raise Invalid("deputy", f"{len(ids)} are too many at once; {A_PAGE} is the most")
    codes = (directory.live_code(id) for id in dict.fromkeys(ids) if id)
    states = (directory.deputy_by_code(code.code) for code in codes if code)
    return [state for state in states if state.state == "live"]


def _to_print(request: Request, chosen: Sequence[CodeState]) -> Answer:
    sheets = [sheet_for(code, request) for code in chosen]
    made = posters(sheets, request.form.get("size", "A5"), f"{root(request)}static")
    return Answer(made.encode(), 200, {"Content-Type": "text/html; charset=utf-8"})


def _to_keep(request: Request, chosen: Sequence[CodeState]) -> Answer:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for code in chosen:
            packed.writestr(f"{code.deputies[0].id}-{code.code}.svg", qr.svg(form_address(code)))
    name = f"qr-{request.now:%Y%m%d}.zip"
    return Answer(held.getvalue(), 200, {"Content-Type": ZIP, "Content-Disposition": f'attachment; filename="{name}"'})


_MADE: Final[dict[str, Callable[[Request, Sequence[CodeState]], Answer]]] = {"print": _to_print, "zip": _to_keep}


# A code replaced


@desk(routes, "GET /work/posters/{deputy_id}")
def code_view(request: Request) -> Answer:
    """A deputy's code, and what it means to replace it."""
    return _code(request)


def _again(request: Request, done: Remembered) -> Answer:
    return moved(f"{done.dossier}?done=1", request)


@desk(routes, "POST /work/posters/{deputy_id}", again=_again)
def replace_by_form(request: Request) -> Answer:
    """Revoke the code and give a new one. An old print then leads to a page that says so."""
    deputy, reason = _deputy(request), request.form.get("reason", "").strip()
    if not reason:
        return _code(request, 422)
    service.replace_code(deputy.id, reason, by=request.actor, now=request.now, also=request.once(deputy.id))
    return moved(f"{deputy.id}?done=1", request)


def _deputy(request: Request) -> Deputy:
    deputy = service.edition(request.now).deputy(request.params["deputy_id"])
    if deputy is None or deputy.retired:
        raise NotFound("There is no such deputy in office")
    return deputy


def _code(request: Request, status: int = 200) -> Answer:
    deputy = _deputy(request)
    code = service.edition(request.now).live_code(deputy.id)
    done = bool(request.query.get("done"))
    return page(request, "work_code.html", status, deputy=deputy, code=code, missing=status == 422, done=done)
