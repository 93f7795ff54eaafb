"""The code on the wall, for a screen in the room, and what a phone shows that scans it without being signed in."""

from typing import Final

from chalicelib.activities import codes, service
from chalicelib.activities.model import BEFORE, Activity
from chalicelib.activities.pages import routes
from chalicelib.activities.wording import NO_CODE
from chalicelib.directory import qr
from chalicelib.directory import service as directory_service
from chalicelib.errors import Refused
from chalicelib.people import form
from chalicelib.settings import settings
from chalicelib.web.door import Answer, Request, door
from chalicelib.web.frame import page, reader_of
from chalicelib.web.reader import N_
from chalicelib.web.refusal import refused_page

REFRESH: Final = 20  # seconds; a code is good for one to two minutes, so that the one on the screen always is


def _none(refused: Refused, request: Request | None) -> Answer:
    return refused_page(refused, request, NO_CODE if refused.status == 404 else None, private=True)


@door(routes, "GET /a/{activity}", refuse=_none)
def show_code(request: Request) -> Answer:
    """The code of this minute, as a QR code and as letters; the page comes anew by itself. Only with its signed key."""
    activity, key = service.found(form.plain(request.params["activity"])), request.query.get("key", "")
    codes.require_display(key, activity.id, request.now)
    code = codes.code(activity.id, request.now) if activity.status == "open" else ""
    return page(
        request,
        "attendance_wall.html",
        private=True,
        activity=activity,
        code=codes.shown(code),
        picture=_picture(activity, code, request) if code else "",
        refresh=REFRESH if activity.status in BEFORE else 0,
        keep=f"&key={key}",
    )


def _picture(activity: Activity, code: str, request: Request) -> str:
    return qr.inline(f"{settings.base_url}/a/{activity.id}/{code}", reader_of(request).say(N_("Code for attendance")))


@door(routes, "GET /a/{activity}/{code}", refuse=_none)
def explain_code(request: Request) -> Answer:
    """What to do with a code that was scanned: a deputy sends it signed in, with one tap."""
    activity, code = service.found(form.plain(request.params["activity"])), form.plain(request.params["code"])
    good = activity.status == "open" and codes.holds(code, activity.id, request.now)
    return page(
        request,
        "attendance_code.html",
        200 if good else 410,
        private=True,
        district=directory_service.edition(request.now).district,
        activity=activity,
        good=good,
        code=code if good else "",
        command=f"deputy activities attend {activity.id} {code}" if good else "",
    )
