"""Asking residents, as pages: the one on which one answers, and the public results. Nothing needs JavaScript."""

from chalice.app import Blueprint

routes = Blueprint(__name__)

from chalicelib.consultations.pages import asking, results  # noqa: E402, F401 - they hang their views on the routes
