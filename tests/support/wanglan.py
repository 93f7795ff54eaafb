"""The demo district (望澜区) on moto, taken over once a process by the import itself and put back as it was for each test."""

from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from chalicelib.directory import service
from chalicelib.people.roles import Actor
from chalicelib.spine.aws import REGION, table
from tests.conftest import ACCOUNT

FILE = Path(__file__).parents[2] / "infra" / "demo" / "district.yaml"
# A Tuesday, noon in the district: within working hours, no holiday near.
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)

LIN = Actor("deputy", "deputy.lin", "林见微", deputy="lin-jianwei")
GAO = Actor("deputy", "deputy.gao", "高秀岚", deputy="gao-xiulan")
HEATING = Actor("officer", "officer.heating", "孙热力", body="heating-company")
WATER = Actor("officer", "officer.water", "江清源", body="water-company")
QIAO = Actor("manager", "manager.qiao", "乔理事")
TANG = Actor("supervisor", "supervisor.tang", "唐监督")
LIN_CODE = "DEM00001"

_KEPT = ("directory", "journal", "dossiers")


def set_up() -> None:
    """Put the demo district into the (empty) tables."""
    for name, items in _taken_over().items():
        _items(name).update(deepcopy(items))
    service.forget()


@cache
def _taken_over() -> dict[str, Any]:
    report = service.import_file(FILE.read_bytes(), "yaml", by=QIAO, now=NOON)
    assert report.written, report.errors
    return {name: deepcopy(dict(_items(name))) for name in _KEPT}


def _items(name: str) -> Any:
    return dynamodb_backends[ACCOUNT][REGION].tables[table(name)].items
