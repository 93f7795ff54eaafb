"""Who may knock at which door: every route of the platform with the roles it is for, in one table.

What a role may do with one case (its own, its body's) the case's service decides; a route that is not here can't be built.
"""

from typing import Final

from chalicelib.people.roles import DEPUTY, MANAGER, OFFICER, STAFF, SUPERVISOR, Role

ANYONE: Final[frozenset[Role]] = frozenset()  # no sign-in is asked for
_EVERY = frozenset(STAFF)
_CASEWORK: Final[frozenset[Role]] = frozenset({DEPUTY, OFFICER})

_FILE: Final[frozenset[Role]] = frozenset({DEPUTY, MANAGER, SUPERVISOR})
_DEMANDS: Final[frozenset[Role]] = frozenset({DEPUTY, MANAGER})
_CONSULTING: Final[frozenset[Role]] = frozenset({DEPUTY, MANAGER})
_ACTIVITIES: Final[frozenset[Role]] = frozenset({DEPUTY, MANAGER})
_SEES_ACTIVITIES: Final[frozenset[Role]] = frozenset({DEPUTY, MANAGER, SUPERVISOR})

PERMISSIONS: Final[dict[str, frozenset[Role]]] = {
    "GET /healthz": ANYONE,
    "GET /openapi.json": ANYONE,
    "GET /static/{name}": ANYONE,
    "GET /d/{code}": ANYONE,
    "POST /d/{code}": ANYONE,
    "GET /d/{code}/challenge": ANYONE,
    "GET /d/{code}/qr.svg": ANYONE,
    "GET /d/{code}/qr.png": ANYONE,
    "GET /d/{code}/poster": ANYONE,
    "GET /m/{token}": ANYONE,
    "POST /m/{token}": ANYONE,
    "POST /v1/session": ANYONE,
    "POST /v1/session/password": ANYONE,
    "POST /v1/session/refresh": ANYONE,
    "DELETE /v1/session": _EVERY,
    "GET /v1/me": _EVERY,
    "GET /v1/cases": _EVERY,
    "POST /v1/cases": frozenset({DEPUTY, OFFICER, MANAGER}),
    "GET /v1/cases/{case_id}": _EVERY,
    "GET /v1/cases/{case_id}/verify": _EVERY,
    "POST /v1/cases/{case_id}/acknowledge": _CASEWORK,
    "POST /v1/cases/{case_id}/assign": frozenset({DEPUTY, OFFICER, MANAGER}),
    "POST /v1/cases/{case_id}/recategorise": frozenset({DEPUTY, MANAGER}),
    "POST /v1/cases/{case_id}/ask": _CASEWORK,
    "POST /v1/cases/{case_id}/note": _CASEWORK,
    "POST /v1/cases/{case_id}/answer": _CASEWORK,
    "POST /v1/cases/{case_id}/decline": frozenset({DEPUTY, MANAGER}),
    "POST /v1/cases/{case_id}/merge": frozenset({DEPUTY, MANAGER}),
    "POST /v1/cases/{case_id}/contact": _CASEWORK,
    "GET /v1/demands": _EVERY,
    "POST /v1/demands": _DEMANDS,
    "GET /v1/demands/{demand_id}": _EVERY,
    "POST /v1/demands/{demand_id}/confirm": _DEMANDS,
    "POST /v1/demands/{demand_id}/rename": _DEMANDS,
    "POST /v1/demands/{demand_id}/dismiss": _DEMANDS,
    "POST /v1/demands/{demand_id}/take_up": frozenset({DEPUTY}),
    "POST /v1/demands/{demand_id}/support": frozenset({DEPUTY}),
    "POST /v1/demands/{demand_id}/assign": _DEMANDS,
    "POST /v1/demands/{demand_id}/promise": _CASEWORK,
    "POST /v1/demands/{demand_id}/answer": _CASEWORK,
    "POST /v1/demands/{demand_id}/resolve": frozenset({DEPUTY}),
    "POST /v1/demands/{demand_id}/merge": _DEMANDS,
    "POST /v1/demands/{demand_id}/split": _DEMANDS,
    "POST /v1/demands/{demand_id}/take_out": _DEMANDS,
    "GET /open/demands/{demand_id}": ANYONE,
    "POST /open/demands/{demand_id}": ANYONE,
    "GET /open/demands/{demand_id}/qr.svg": ANYONE,
    # workspace
    "GET /work/sign-in": ANYONE,
    "POST /work/sign-in": ANYONE,
    "POST /work/sign-out": _EVERY,
    "GET /work": _EVERY,
    "GET /work/cases": _EVERY,
    "GET /work/cases/{case_id}": _EVERY,
    "POST /work/cases/{case_id}": _EVERY,
    "GET /work/search": _EVERY,
    "POST /work/bulk": frozenset({DEPUTY, OFFICER, MANAGER}),
    "GET /work/demands": _EVERY,
    "GET /work/demands/{demand_id}": _EVERY,
    "POST /work/demands/{demand_id}": _EVERY,
    # end of workspace
    # suggestions
    "GET /v1/suggestions": _EVERY,
    "POST /v1/suggestions": frozenset({DEPUTY}),
    "GET /v1/suggestions/{suggestion_id}": _EVERY,
    "POST /v1/suggestions/{suggestion_id}/edit": frozenset({DEPUTY}),
    "POST /v1/suggestions/{suggestion_id}/invite": frozenset({DEPUTY}),
    "POST /v1/suggestions/{suggestion_id}/cosign": frozenset({DEPUTY}),
    "POST /v1/suggestions/{suggestion_id}/decline": frozenset({DEPUTY}),
    "POST /v1/suggestions/{suggestion_id}/submit": frozenset({DEPUTY}),
    "POST /v1/suggestions/{suggestion_id}/withdraw": frozenset({DEPUTY}),
    "POST /v1/suggestions/{suggestion_id}/accept": frozenset({MANAGER}),
    "POST /v1/suggestions/{suggestion_id}/return": frozenset({MANAGER}),
    "POST /v1/suggestions/{suggestion_id}/merge": frozenset({MANAGER}),
    "POST /v1/suggestions/{suggestion_id}/assign": frozenset({MANAGER}),
    "POST /v1/suggestions/{suggestion_id}/interim": frozenset({OFFICER}),
    "POST /v1/suggestions/{suggestion_id}/ask_extension": frozenset({OFFICER}),
    "POST /v1/suggestions/{suggestion_id}/extend": frozenset({MANAGER}),
    "POST /v1/suggestions/{suggestion_id}/refuse_extension": frozenset({MANAGER}),
    "POST /v1/suggestions/{suggestion_id}/reply": frozenset({OFFICER}),
    "POST /v1/suggestions/{suggestion_id}/evaluate": frozenset({DEPUTY}),
    "POST /v1/suggestions/{suggestion_id}/document": frozenset({DEPUTY, OFFICER, MANAGER}),
    "POST /v1/suggestions/{suggestion_id}/hand_over": frozenset({MANAGER}),
    "POST /v1/suggestions/{suggestion_id}/close": frozenset({MANAGER}),
    "GET /open/suggestions": ANYONE,
    "GET /open/suggestions/{suggestion_id}": ANYONE,
    # end of suggestions
    # supervision
    # end of supervision
    # performance
    "GET /v1/records": _FILE,
    "POST /v1/records": frozenset({DEPUTY}),
    "GET /v1/records/kinds": _EVERY,
    "POST /v1/records/import": frozenset({MANAGER}),
    "GET /v1/records/{record_id}": _FILE,
    "GET /v1/records/{record_id}/verify": _FILE,
    "POST /v1/records/{record_id}/revise": frozenset({DEPUTY}),
    "POST /v1/records/{record_id}/submit": frozenset({DEPUTY}),
    "POST /v1/records/{record_id}/discard": frozenset({DEPUTY}),
    "POST /v1/records/{record_id}/show": frozenset({DEPUTY}),
    "POST /v1/records/{record_id}/hide": frozenset({DEPUTY}),
    "POST /v1/records/{record_id}/appeal": frozenset({DEPUTY}),
    "POST /v1/records/{record_id}/approve": frozenset({MANAGER}),
    "POST /v1/records/{record_id}/return": frozenset({MANAGER}),
    "POST /v1/records/{record_id}/uphold": frozenset({MANAGER, SUPERVISOR}),
    "POST /v1/records/{record_id}/overturn": frozenset({MANAGER, SUPERVISOR}),
    "GET /v1/performance": frozenset({MANAGER, SUPERVISOR}),
    "POST /v1/performance/verify": _FILE,
    "GET /v1/performance/{deputy_id}": _FILE,
    "GET /v1/performance/{deputy_id}/export": _FILE,
    "GET /open/performance": ANYONE,
    "GET /open/performance/{deputy_id}": ANYONE,
    # end of performance
    # activities
    "GET /v1/activities": _SEES_ACTIVITIES,
    "POST /v1/activities": _ACTIVITIES,
    "GET /v1/activities/{activity_id}": _SEES_ACTIVITIES,
    "GET /v1/activities/{activity_id}/calendar.ics": _SEES_ACTIVITIES,
    "GET /v1/activities/{activity_id}/display": _ACTIVITIES,
    "GET /v1/activities/{activity_id}/bookings": _ACTIVITIES,
    "POST /v1/activities/{activity_id}/sign_up": frozenset({DEPUTY}),
    "POST /v1/activities/{activity_id}/sign_off": frozenset({DEPUTY}),
    "POST /v1/activities/{activity_id}/attend": frozenset({DEPUTY}),
    "POST /v1/activities/{activity_id}/guests": _ACTIVITIES,
    "POST /v1/activities/{activity_id}/minutes": _ACTIVITIES,
    "POST /v1/activities/{activity_id}/cancel": _ACTIVITIES,
    "POST /v1/activities/{activity_id}/kept": _ACTIVITIES,
    "POST /v1/activities/{activity_id}/contact": frozenset({DEPUTY}),
    "POST /v1/activities/{activity_id}/cases": _ACTIVITIES,
    "GET /open/stations": ANYONE,
    "GET /open/stations/{station}": ANYONE,
    "GET /open/stations/{station}/{activity}/{slot}": ANYONE,
    "POST /open/stations/{station}/{activity}/{slot}": ANYONE,
    "GET /b/{token}": ANYONE,
    "POST /b/{token}": ANYONE,
    "GET /b/{token}/calendar.ics": ANYONE,
    "GET /a/{activity}": ANYONE,
    "GET /a/{activity}/{code}": ANYONE,
    # end of activities
    # consultations
    "GET /v1/consultations": _EVERY,
    "POST /v1/consultations": _CONSULTING,
    "GET /v1/consultations/{consultation_id}": _EVERY,
    "POST /v1/consultations/{consultation_id}/edit": _CONSULTING,
    "POST /v1/consultations/{consultation_id}/schedule": _CONSULTING,
    "POST /v1/consultations/{consultation_id}/open": _CONSULTING,
    "POST /v1/consultations/{consultation_id}/extend": _CONSULTING,
    "POST /v1/consultations/{consultation_id}/close": _CONSULTING,
    "POST /v1/consultations/{consultation_id}/withdraw": _CONSULTING,
    "POST /v1/consultations/{consultation_id}/take_up": _CONSULTING,
    "POST /v1/consultations/{consultation_id}/publish": _CONSULTING,
    "GET /v1/consultations/{consultation_id}/results": frozenset({DEPUTY, MANAGER, SUPERVISOR}),
    "GET /v1/consultations/{consultation_id}/comments": frozenset({DEPUTY, MANAGER, SUPERVISOR}),
    "GET /c/{code}": ANYONE,
    "POST /c/{code}": ANYONE,
    "GET /c/{code}/qr.svg": ANYONE,
    "GET /open/consultations": ANYONE,
    "GET /open/consultations/{consultation_id}": ANYONE,
    # end of consultations
    # bulletin
    "GET /v1/bulletin": _EVERY,
    "POST /v1/bulletin": frozenset({MANAGER}),
    "GET /v1/bulletin/{notice_id}": _EVERY,
    "POST /v1/bulletin/{notice_id}/read": _EVERY,
    "POST /v1/bulletin/{notice_id}/withdraw": frozenset({MANAGER}),
    "GET /v1/bulletin/{notice_id}/readers": frozenset({MANAGER, SUPERVISOR}),
    "GET /open/bulletin": ANYONE,
    "GET /open/bulletin/{notice_id}": ANYONE,
    "GET /v1/library": _EVERY,
    "POST /v1/library": frozenset({MANAGER}),
    "GET /v1/library/progress": frozenset({DEPUTY, MANAGER, SUPERVISOR}),
    "GET /v1/library/{item_id}": _EVERY,
    "POST /v1/library/{item_id}/edit": frozenset({MANAGER}),
    "POST /v1/library/{item_id}/open": frozenset({DEPUTY}),
    "POST /v1/library/{item_id}/complete": frozenset({DEPUTY}),
    "POST /v1/library/{item_id}/retire": frozenset({MANAGER}),
    # end of bulletin
    # insight
    # end of insight
    # files
    "POST /v1/files": _EVERY,
    # end of files
    # open interfaces
    "GET /open311/v2/{document}": ANYONE,
    "POST /open311/v2/{document}": ANYONE,  # a program's key is asked for by the view: it is no person's sign-in
    "GET /open311/v2/services/{document}": ANYONE,
    "GET /open311/v2/requests/{document}": ANYONE,
    "GET /open311/v2/tokens/{document}": ANYONE,
    # end of open interfaces
    # directory
    "GET /v1/deputies": ANYONE,
    "POST /v1/deputies/{deputy_id}/code": frozenset({MANAGER}),
    "GET /v1/directory": frozenset({MANAGER, SUPERVISOR}),
    "GET /v1/directory/{kind}": frozenset({MANAGER, SUPERVISOR}),
    "POST /v1/directory": frozenset({MANAGER}),
}
