"""Performance files, the client against the app itself: what one sends, the other takes; what was exported is verified."""

import csv
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from chalicelib.directory import service as directory_service
from chalicelib.performance.model import LIFECYCLE
from chalicelib.spine import journal
from tests.contract.conftest import Person
from tests.integration.test_performance import answered
from tests.support.api import BASE_URL, AppTransport
from tests.support.performance import approved, followed, submitted
from tests.support.wanglan import LIN, NOON
from zerodistance_client import Invalid, MemoryTokens, NoConnection, NotFound, Retry, Tokens, ZeroDistance, archive
from zerodistance_client.command.app import app as command
from zerodistance_client.command.around import Around
from zerodistance_client.command.words import RECORD_TERMS

TokenOf = Callable[[str], str]
As = Callable[[str], ZeroDistance]
Run = Callable[..., Result]


@pytest.fixture
def as_(app_transport: AppTransport, token_of: TokenOf) -> As:
    return lambda role: ZeroDistance(
        BASE_URL, MemoryTokens(Tokens(token_of(role))), retry=Retry(attempts=1), transport=app_transport
    )


@pytest.fixture
def run(app_transport: AppTransport, token_of: TokenOf, tmp_path: Path) -> Run:
    runner = CliRunner(env={"DEPUTY_URL": "", "DEPUTY_LANG": "en", "COLUMNS": "160"})

    def ran(role: str, *args: str, transport: httpx.BaseTransport | None = None) -> Result:
        here = Around(
            url=BASE_URL,
            environment={"DEPUTY_HOME": str(tmp_path / "home")},
            folder=tmp_path,
            transport=transport or app_transport,
            tokens=MemoryTokens(Tokens(token_of(role))),
            retry=Retry(attempts=1),
            interactive=lambda: False,
        )
        result = runner.invoke(command, ["performance", *args], obj=here, catch_exceptions=False)
        assert "Traceback" not in result.output
        return result

    return ran


def test_a_record_from_the_draft_to_the_file(as_: As) -> None:
    lin, qiao, tang = as_("deputy"), as_("manager"), as_("supervisor")
    record = lin.write_record("visit", "2026-11-20", "走访", place="霁月花园", show=True)
    assert (record.status, [line.id for line in lin.records_waiting()]) == ("draft", [record.id])
    assert lin.revise_record(record.id, "research", "2026-11-19", "调研").kind == "research"
    lin.submit_record(record.id)
    assert [line.id for line in qiao.records_waiting()] == [record.id]
    assert qiao.return_record(record.id, "请补充").status == "returned"
    assert lin.appeal_record(record.id, "已写明").status == "appealed"
    done = tang.overturn_return(record.id, "确已写明")
    assert (done.status, done.points, done.counts) == ("approved", 5, True)
    assert [line.id for line in qiao.performance_records("2026", deputy="lin-jianwei")] == [record.id]
    assert lin.publish_record(record.id).shown
    assert not lin.hide_record(record.id).shown
    year = lin.year_file("lin-jianwei", "2026")
    assert (year.records, year.points, year.totals[0].kind, year.median.deputies) == (1, 5, "research", 8)
    assert [each.points for each in tang.standings("2026").items if each.deputy == "lin-jianwei"] == [5]


def test_other_decisions_and_what_is_thrown_away(as_: As) -> None:
    lin, qiao, tang = as_("deputy"), as_("manager"), as_("supervisor")
    assert qiao.approve_record(submitted().id).counts
    upheld = submitted()
    qiao.return_record(upheld.id, "重复")
    lin.appeal_record(upheld.id, "没有重复")
    assert tang.uphold_return(upheld.id, "确有重复").status == "upheld"
    draft = lin.write_record("visit", "2026-11-20", "走访")
    assert lin.discard_record(draft.id).status == "discarded"
    assert draft.id not in [line.id for line in lin.performance_records("2026")]
    with pytest.raises(NotFound):
        as_("other_deputy").performance_record(draft.id)
    with pytest.raises(Invalid) as refused:
        lin.write_record("demand-solved", "2026-11-20", "办结")
    assert (refused.value.code, refused.value.field) == ("made_by_system", "kind")


# A file of years ago


@pytest.fixture
def kept(as_: As, tmp_path: Path) -> Path:
    """A yearly file with a record of each door, exported as JSON."""
    approved(title="=走访“霁月花园”\t\u2028", text='第一行\n第二行 \x7f/\\"é😀')
    followed(answered())
    as_("manager").import_records([{"row": 1, "deputy": "lin-jianwei", "kind": "visit", "day": "2026-01-05", "title": "旧"}])
    path = tmp_path / "file.json"
    path.write_bytes(as_("deputy").export_year_file("lin-jianwei", "2026"))
    return path


def test_an_exported_file_is_verified_by_itself_and_by_the_server(kept: Path, run: Run) -> None:
    content = archive.read(kept.read_bytes())
    assert [record["door"] for record in content["records"]] == ["import", "deputy", "system"]
    assert archive.flaws(content) == []
    assert run("deputy", "verify", str(kept), "--offline").exit_code == 0
    result = run("deputy", "verify", str(kept))
    assert (result.exit_code, "3 records" in result.output) == (0, True)
    told = json.loads(run("supervisor", "verify", str(kept), "--json").output)
    assert (told["sound"], told["records"], told["flaws"]) == (True, 3, [])


def _points(content: Any) -> None:
    content["records"][1]["points"] = 200


def _entry(content: Any) -> None:
    content["records"][1]["entries"][-1]["data"]["points"] = content["records"][1]["points"] = 200


def _words(content: Any) -> None:
    content["records"][1]["account"]["text"] = "走访一百户"


def _taken_out(content: Any) -> None:
    del content["records"][0]


def _doubled(content: Any) -> None:
    content["records"].append(deepcopy(content["records"][-1]))


def _another_deputys(content: Any) -> None:
    content["deputy"]["id"] = "gao-xiulan"


def _total(content: Any) -> None:
    content["totals"][0]["points"] += 10


def _rate(content: Any) -> None:
    content["rates"]["solved"] = "0.01"


def _first_fact_lost(content: Any) -> None:
    del content["records"][1]["entries"][0]


def _wordless(content: Any) -> None:
    del content["records"][1]["account"]


def _another_file(content: Any) -> None:
    content["records"][1]["files"] = [{"id": "F", "name": "x", "type": "image/png", "size": 1, "sha256": "0" * 64}]


FORGED = (
    (_points, "fact"), (_entry, "chain"), (_words, "words"), (_taken_out, "totals"), (_doubled, "twice"),
    (_another_deputys, "stranger"), (_total, "totals"), (_rate, "seal"), (_first_fact_lost, "chain"), (_wordless, "malformed"),
    (_another_file, "files"),
)  # fmt: skip


@pytest.mark.parametrize(("forge", "code"), FORGED, ids=[forge.__name__.strip("_") for forge, _ in FORGED])
def test_whatever_is_changed_in_the_file_is_found_without_a_server(
    forge: Callable[[Any], None], code: str, kept: Path, run: Run
) -> None:
    content = json.loads(kept.read_bytes())
    forge(content)
    assert {flaw.code for flaw in archive.flaws(content)} >= {"seal", code}
    content["seal"] = archive.seal_of(content)  # by one who knows how: then the records still tell
    assert ({flaw.code for flaw in archive.flaws(content)} >= {code}) == (code != "seal")
    kept.write_text(json.dumps(content))
    assert run("deputy", "verify", str(kept), "--offline").exit_code == (1 if code != "seal" else 0)


def test_a_file_forged_to_the_last_hash_is_found_by_the_server(kept: Path, run: Run) -> None:
    content = json.loads(kept.read_bytes())
    record = content["records"][1]
    before = ""
    for entry in record["entries"]:
        entry["data"] = entry["data"] | ({"points": 200} if "points" in entry["data"] else {})
        entry["prev"] = before
        entry["hash"] = before = archive._digest(entry, "hash")
    record["points"] = 200
    for total in content["totals"]:
        if total["kind"] == "visit":
            total["earned"] = total["points"] = 202
    content["seal"] = archive.seal_of(content)
    assert archive.flaws(content) == []
    kept.write_text(json.dumps(content))
    result = run("deputy", "verify", str(kept))
    assert (result.exit_code, "says something else" in result.output) == (1, True)
    assert "did not sign" in result.output


def test_rates_that_were_polished_and_sealed_anew_lack_the_servers_signature(kept: Path, run: Run) -> None:
    content = json.loads(kept.read_bytes())
    content["rates"]["solved"] = "1.01"
    content["seal"] = archive.seal_of(content)
    kept.write_text(json.dumps(content))
    told = json.loads(run("deputy", "verify", str(kept), "--json").output)
    assert [flaw["code"] for flaw in told["flaws"]] == ["signature"]


def test_a_journal_that_was_changed_since_is_found_by_the_file(kept: Path, run: Run) -> None:
    content = archive.read(kept.read_bytes())
    journal.JournalRow.get(content["records"][1]["id"], 1).delete()
    told = json.loads(run("deputy", "verify", str(kept), "--json").output)
    assert [flaw["code"] for flaw in told["flaws"]] == ["gone"]


def test_every_other_form_is_saved_too(run: Run, tmp_path: Path) -> None:
    approved()
    for form, start in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert run("deputy", "export", "--as", form, "--year", "2026").exit_code == 0
        assert (tmp_path / f"performance-lin-jianwei-2026.{form}").read_bytes().startswith(start)


# Older records


class BreaksOff(AppTransport):
    """Does what it is asked for until so many imports went through; the answer to the next is lost, then nothing works."""

    def __init__(self, imports: int) -> None:
        super().__init__()
        self.left = imports

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if request.url.path == "/v1/records/import":
            self.left -= 1
            if self.left < 0:
                raise httpx.ReadTimeout("broken off")
        return answer


def old(path: Path, count: int) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(("代表", "类别", "日期", "内容", "地点"))
        lines.writerows(("林见微", "走访选民", "2024/3/5", f"第{n}次走访", "霁月花园") for n in range(count))
    return path


def test_an_import_that_broke_off_goes_on_and_nothing_is_written_twice(run: Run, as_: As, tmp_path: Path) -> None:
    file = old(tmp_path / "old.csv", 700)
    broken = run("manager", "import", str(file), transport=BreaksOff(1))
    assert broken.exit_code == 4
    assert as_("manager").year_file("lin-jianwei", "2024").records == 600  # the second portion went in, its answer was lost
    told = json.loads(run("manager", "import", str(file), "--json").output)
    assert told == {"written": 100, "there": 600}
    assert as_("manager").year_file("lin-jianwei", "2024").records == 700
    assert json.loads(run("manager", "import", str(file), "--json").output) == {"written": 0, "there": 700}


def test_a_file_with_faults_is_told_whole_and_nothing_is_sent(run: Run, as_: As, tmp_path: Path) -> None:
    file = old(tmp_path / "old.csv", 3)
    file.write_text(
        file.read_text("utf-8") + "林见微,喝茶,2024-13-01,第四次,\n没有这个人,走访选民,2024-03-05,第五次,\n", "utf-8"
    )
    result = run("manager", "import", str(file))
    assert result.exit_code == 1
    assert [line.partition(":")[0] for line in result.output.splitlines()][:3] == ["row 5, kind", "row 5, day", "row 6, deputy"]
    told = json.loads(run("manager", "import", str(file), "--json").output)
    assert [(fault["row"], fault["code"]) for fault in told["errors"]] == [
        (5, "unknown_kind"), (5, "bad_date"), (6, "unknown_deputy"),
    ]  # fmt: skip
    assert as_("manager").year_file("lin-jianwei", "2024").records == 0


def test_a_dry_run_only_checks(run: Run, as_: As, tmp_path: Path) -> None:
    result = run("manager", "import", str(old(tmp_path / "old.csv", 3)), "--dry-run")
    assert (result.exit_code, "3 rows, all right" in result.output) == (0, True)
    assert as_("manager").year_file("lin-jianwei", "2024").records == 0


def test_what_only_the_server_knows_is_told_by_row_too(as_: As) -> None:
    with pytest.raises(Invalid) as refused:
        as_("manager").import_records([{"row": 9, "deputy": "nobody", "kind": "visit", "day": "2024-03-05", "title": "x"}])
    assert [(it["row"], it["code"]) for it in refused.value.problem.extras["errors"]] == [(9, "unknown_deputy")]


def test_records_of_who_left_office_can_be_brought_in(run: Run, as_: As, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text("deputy,kind,day,title\nfeng-baoguo,visit,2023-03-05,走访\n", "utf-8")
    assert run("manager", "import", str(file)).exit_code == 0
    assert as_("manager").year_file("feng-baoguo", "2023").records == 1


# The command


def test_the_command_goes_the_whole_way(run: Run) -> None:
    written = run("deputy", "write", "visit", "2026-11-20", "走访", "--place", "霁月花园", "--public", "--submit", "--json")
    id = json.loads(written.output)["id"]
    shown = f"{id[0]}-{id[1:5]}-{id[5:9]}-{id[9:]}"
    assert shown in run("manager", "waiting").output
    assert "returned" in run("manager", "return", shown, "--reason", "请补充").output
    assert "returned" in run("deputy", "waiting").output
    assert run("deputy", "revise", shown, "research", "2026-11-19", "调研").exit_code == 0
    assert run("deputy", "submit", shown).exit_code == 0
    assert "approved" in run("manager", "approve", shown).output
    for what in (("show", shown), ("list", "--year", "2026"), ("year", "--year", "2026"), ("kinds",)):
        result = run("deputy", *what)
        assert result.exit_code == 0, result.output
    assert "lin-jianwei" in run("supervisor", "standings", "--year", "2026").output
    for what in ("publish", "hide"):
        assert run("deputy", what, shown).exit_code == 0
    draft = json.loads(run("deputy", "write", "visit", "2026-11-20", "走访", "--json").output)["id"]
    assert run("deputy", "discard", draft).exit_code == 0


def test_appeals_by_the_command(run: Run) -> None:
    for decision, status in (("uphold", "return upheld"), ("overturn", "approved")):
        id = submitted().id
        assert run("manager", "return", id, "--reason", "重复").exit_code == 0
        assert run("deputy", "appeal", id, "--reason", "没有重复").exit_code == 0
        assert status in run("supervisor", decision, id, "--reason", "已核实").output


def test_a_picture_comes_with_a_record(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ZeroDistance, "upload", lambda _, path, purpose: f"{purpose}:{path.name}")
    sent: list[Any] = []
    monkeypatch.setattr(ZeroDistance, "write_record", lambda *_, **named: sent.append(named) or _refuse())
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "b.pdf").write_bytes(b"x")
    files = ("--file", str(tmp_path / "a.png"), "--file", str(tmp_path / "b.pdf"))
    assert run("deputy", "write", "visit", "2026-11-20", "走访", *files).exit_code == 4
    assert sent[0]["files"] == ["photo:a.png", "document:b.pdf"]


def _refuse() -> Any:
    raise NoConnection("here", "enough seen")


def test_every_state_and_fact_of_a_record_has_a_chinese_word() -> None:
    states = {state for move in LIFECYCLE.moves for state in (move.target, move.fact)} | {"made", "drafted", LIFECYCLE.start}
    assert {word for word in states if word and word not in RECORD_TERMS} == set()


def test_the_users_of_the_tests_are_those_of_the_demo(users: dict[str, Person]) -> None:
    assert users["deputy"].username == LIN.id
    assert directory_service.edition(NOON).deputy(LIN.deputy) is not None
