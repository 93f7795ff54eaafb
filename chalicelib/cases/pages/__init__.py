"""The resident's pages: the form of a deputy, and the private page on which the matter is followed; and casework at the desk.

Nothing needs JavaScript, and whatever goes wrong, the page that says so holds all that was typed.
"""

from chalice.app import Blueprint

routes = Blueprint(__name__)

from chalicelib.cases.pages import bulk, desk, export, letter, matter, search  # noqa: E402, F401 - they hang their views
