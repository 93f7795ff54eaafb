"""Notices with read receipts, and the learning library. As pages."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
