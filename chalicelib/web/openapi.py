"""The API's description, and whether the platform is well."""

from chalice.app import Blueprint

from chalicelib.web.door import Answer, Request, door, shown

routes = Blueprint(__name__)


@door(routes, "GET /healthz")
def healthy(request: Request) -> Answer:
    """That the function runs; it touches no table."""
    return shown({"status": "ok", "at": request.now})
