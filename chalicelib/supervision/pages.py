"""Oversight of what was promised and not kept: notices to bodies, rectification, verification on site, appraisal. As pages."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
