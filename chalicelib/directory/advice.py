"""What is allowed in a directory and probably not meant. Pure."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from chalicelib.directory.kinds import ANY
from chalicelib.directory.model import Directory, scopes
from chalicelib.directory.report import Problem


def advise(directory: Directory) -> list[Problem]:
    """Everything that should be looked at; nothing of it keeps a change back."""
    return [warning for rule in RULES for warning in rule(directory)]


def _nobody_answers(directory: Directory) -> Iterator[Problem]:
    for category in directory.leaves():
        if directory.body_for(category.id) is None:
            detail = "No body answers for it in all grids: such messages go to the manager's list"
            yield Problem(0, "categories", category.id, "body", "nobody_responsible", detail, "a rule in responsibilities")


def _no_print(directory: Directory) -> Iterator[Problem]:
    for deputy in directory.deputies:
        if directory.live_code(deputy.id) is None:
            yield Problem(0, "deputies", deputy.id, "", "no_code", "The deputy has no QR code", "a new code")


def _danger_waits(directory: Directory) -> Iterator[Problem]:
    """A rule for every urgency of a category hides the rule for danger of the categories above it."""
    for rule in directory.edition.promises:
        hidden = (directory.rule_for(rule.step, scope, "danger") for scope in scopes(rule.category))
        wider = next((above for above in hidden if above and above.urgency == "danger"), None)
        if (
            wider
            and not rule.retired
            and rule.urgency == ANY
            and directory.rule_for(rule.step, rule.category, "danger") == rule
        ):
            detail = f"It holds in danger too, in place of the rule for danger of '{wider.category}' ({wider.amount})"
            yield Problem(0, "promises", rule.key, "urgency", "danger_waits", detail, "normal and urgent, each by its own rule")


RULES: Final[Sequence[Callable[[Directory], Iterator[Problem]]]] = (_nobody_answers, _no_print, _danger_waits)
