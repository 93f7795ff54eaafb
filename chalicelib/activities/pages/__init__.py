"""The pages of this section: stations and their reception days, a resident's booking, the code on the wall.

Nothing needs JavaScript, and whatever goes wrong, the page that says so holds all that was typed.
"""

from chalice.app import Blueprint

routes = Blueprint(__name__)

from chalicelib.activities.pages import stations, visit, wall  # noqa: E402, F401 - they hang their views on the routes
