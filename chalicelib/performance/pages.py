"""The electronic performance file of each deputy. As pages."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
