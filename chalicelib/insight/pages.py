"""Public figures, charts, open data. As pages."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
