"""Stations and reception days, inspections, meetings: call, sign-up, attendance. As pages."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
