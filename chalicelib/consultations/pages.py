"""Asking residents: surveys, drafts open for comment. As pages."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
