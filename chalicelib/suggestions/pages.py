"""Deputies' suggestions: from demand to proposal to reply to government document. As pages."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
