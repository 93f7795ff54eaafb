"""Notices with read receipts, and the learning library as JSON: each view parses, calls one use case and shapes the answer."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
