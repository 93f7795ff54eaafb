"""A year on the deployed stack: a record that makes itself, one that is reviewed, older ones, and a file that proves itself."""

import json
from datetime import UTC, datetime

import httpx
import pytest

from tests.support.deployed import SignIn, number, sent, until
from tests.support.local_stack import Stack
from zerodistance_client import Invalid, archive
from zerodistance_client.performance_records import RecordLine

COLD = "暖气一点都不热，屋里只有12度，请派人来看看"


def test_a_year_fills_by_itself_and_by_hand_and_proves_itself(stack: Stack, phone: httpx.Client, sign_in: SignIn) -> None:
    lin, qiao = sign_in("deputy"), sign_in("manager")
    page = sent(phone, stack, COLD)
    case = until(lambda: lin.case(number(page)), lambda case: case.status == "routed")
    lin.answer(case.id, "阀门已修好。")
    made = until(lambda: [it for it in lin.performance_records() if it.of.startswith(case.id)], bool)
    assert [(it.status, it.kind, it.points, it.door) for it in made] == [("made", "case-answered", 1, "system")]

    year = made[0].day[:4]
    before = lin.year_file("lin-jianwei", year)
    record = lin.write_record("research", made[0].day, "老旧管网调研", place="苇渡片区", show=True, submit=True)
    assert record.id in [it.id for it in qiao.records_waiting()]
    qiao.approve_record(record.id)
    with pytest.raises(Invalid, match="made by the platform"):
        lin.write_record("case-answered", made[0].day, "自己写的")
    after = lin.year_file("lin-jianwei", year)
    assert (after.records - before.records, after.points - before.points) == (1, 5)
    assert after.rates.answered_in_time is not None

    public = phone.get(f"{stack.base_url}/open/performance/lin-jianwei?year={year}")
    assert "老旧管网调研" in public.text
    content = archive.read(lin.export_year_file("lin-jianwei", year))
    assert archive.flaws(content) == []
    claims = archive.claims(content)
    assert set(lin.compare_claims(claims)) == {"same"}
    assert lin.is_signed(content["seal"], content["signature"])
    for form, start in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert lin.export_year_file("lin-jianwei", year, form).startswith(start)  # type: ignore[arg-type]


def test_older_records_come_in_once(stack: Stack, sign_in: SignIn) -> None:  # noqa: ARG001 - the stack stands
    qiao = sign_in("manager")
    stamp = datetime.now(UTC).isoformat()
    rows = [
        {"row": n, "deputy": "zhou-yining", "kind": "visit", "day": "2023-03-05", "title": f"第{n}次走访", "number": stamp}
        for n in range(1, 71)
    ]
    assert [(told.written, told.there) for told in (qiao.import_records(rows), qiao.import_records(rows))] == [(70, 0), (0, 70)]
    lines: list[RecordLine] = list(qiao.performance_records("2023", deputy="zhou-yining"))
    assert len(lines) >= 70
    assert json.dumps([line.raw for line in lines[:1]])
