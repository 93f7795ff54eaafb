"""The demo district and matters in it, brought to any state by the verbs that the platform itself uses."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.cases import service
from chalicelib.cases.model import Case
from chalicelib.directory import service as directory
from chalicelib.people import form
from chalicelib.people.roles import A_RESIDENT, Actor
from chalicelib.people.vault import Contact

DISTRICT = Path(__file__).parents[2] / "infra" / "demo" / "district.yaml"
CODE = "DEM00001"
OPERATOR = Actor("manager", "manager.qiao")
LIN = Actor("deputy", "deputy.lin", "林见微", deputy="lin-jianwei")
HEATING = Actor("officer", "officer.heating", "孙热力", body="heating-company")
COLD = "家里暖气不热，只有14度，热力公司的热线一直打不通。老人孩子都冻得不行。"


def open_district(now: datetime | None = None) -> None:
    """The demo district, imported as an operator does."""
    report = directory.import_file(DISTRICT.read_bytes(), "yaml", by=OPERATOR, now=now or datetime.now(UTC))
    assert not report.errors, report.errors
    directory.forget()


def written(now: datetime, text: str = COLD, **given: Any) -> tuple[Case, str]:
    """A message that came in by the form, and the token of its private page."""
    paper = form.new_form(now - timedelta(minutes=5))
    contact = Contact(tell="phone", phone="13800138000", tracking_token=paper.tracking_token)
    message = service.Message(
        id=paper.case_id, deputy="lin-jianwei", text=text, salt="s", grid=given.pop("grid", "weidu-1"),
        token_hash=form.token_hash(paper.tracking_token), contact=contact, **given,
    )  # fmt: skip
    return service.submit(message, by=A_RESIDENT, now=now), paper.tracking_token


def routed(now: datetime, text: str = COLD, **given: Any) -> tuple[Case, str]:
    """The same, passed on to the responsible body."""
    case, token = written(now, text, **given)
    service.route(case.id, now + timedelta(seconds=4))
    return case, token


def moved(case: Case, move: str, now: datetime, by: Actor = LIN, **given: Any) -> Case:
    """One move of staff."""
    return service.move(move, case.id, by=by, now=now, **given)


