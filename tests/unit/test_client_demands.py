"""Common demands in the client: what the class asks, what the commands send, how a demand looks."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from zerodistance_client import Demand, MemoryTokens, Retry, Summary, Tokens, ZeroDistance
from zerodistance_client.command.app import app
from zerodistance_client.command.around import Around
from zerodistance_client.command.curve import curve
from zerodistance_client.command.demand_display import demand_list, whole_demand
from zerodistance_client.command.display import shown_id, whole_case, work_list
from zerodistance_client.records import Case, read
from zerodistance_client.testing import Answers

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ID = "D7K3M9QXA2B4C"
SHOWN = "D-7K3M-9QXA-2B4C"
CASE = {"id": "7K3M9QXA2B4C", "status": "routed", "summary": "暖气不热", "demand": ID}
DEMAND: dict[str, Any] = {
    "id": ID,
    "status": "taken_up",
    "name": "霁月花园暖气不热",
    "summary": "霁月花园暖气不热",
    "people": 12,
    "cases": 14,
    "category": "heating/supply/cold-flat",
    "body": "heating-company",
    "grids": {"weidu-1": 4, "weidu-3": 10},
    "deputies": ["lin-jianwei", "gao-xiulan"],
    "lead": "lin-jianwei",
    "since": "2026-11-20",
    "days": {"2026-11-20": 2, "2026-11-21": 8, "2026-11-23": 4},
    "sentences": ["家里\x1b[2J只有12度", "[bold]冷[/bold]"],
    "supporters": ["lin-jianwei", "gao-xiulan"],
    "promised_until": "2026-12-01",
    "open_cases": 9,
    "overdue_cases": 2,
    "next_due_at": "2026-11-24T11:00:00Z",
    "members": [CASE],
    "timeline": [
        {"seq": 2, "type": "confirmed", "at": "2026-11-24T08:00:00Z", "actor": {"role": "deputy", "id": "lin"}, "data": {}},
        {"seq": 3, "type": "grew", "at": "2026-11-24T08:30:00Z", "actor": {"role": "system"}, "data": {"people": 12}},
    ],
    "moves": [{"move": "take_out", "needs": ["case", "reason"]}, {"move": "answer", "needs": ["text"]}],
    "public_url": f"http://server/open/demands/{ID}",
    "version": 3,
}

Run = Callable[..., Result]


@pytest.fixture
def server() -> Answers:
    return Answers()


@pytest.fixture
def it(server: Answers) -> ZeroDistance:
    return ZeroDistance("http://server", MemoryTokens(Tokens("a", "r")), retry=Retry(attempts=1), transport=server)


@pytest.fixture
def here(server: Answers, tmp_path: Path) -> Around:
    return Around(
        url="http://server",
        environment={"DEPUTY_HOME": str(tmp_path / "home")},
        transport=server,
        tokens=MemoryTokens(Tokens("a", "r")),
        retry=Retry(attempts=1),
        now=lambda: NOW,
        zone=UTC,
        interactive=lambda: False,
    )


@pytest.fixture
def deputy(here: Around) -> Run:
    runner = CliRunner(env={"DEPUTY_URL": "", "DEPUTY_LANG": "", "COLUMNS": "120"})

    def run(*args: str, input: str = "", **changed: Any) -> Result:
        result = runner.invoke(app, args, input=input, obj=replace(here, **changed), catch_exceptions=False)
        assert "Traceback" not in result.output
        return result

    return run


# The class


def test_the_list_is_read_page_by_page_though_one_is_empty(server: Answers, it: ZeroDistance) -> None:
    server.add("GET", "/v1/demands", {"items": [DEMAND], "next": "c1"})
    server.add("GET", "/v1/demands", {"items": [], "next": "c2"})
    server.add("GET", "/v1/demands", {"items": [{"id": "D2"}], "next": None})
    assert [demand.id for demand in it.demands(page=1)] == [ID, "D2"]
    assert [dict(asked.url.params) for asked in server.asked] == [
        {"limit": "1"}, {"limit": "1", "cursor": "c1"}, {"limit": "1", "cursor": "c2"},
    ]  # fmt: skip


def test_a_demand_is_read_whole(server: Answers, it: ZeroDistance) -> None:
    server.add("GET", f"/v1/demands/{ID}", DEMAND)
    demand = it.demand(ID)
    assert (demand.people, demand.grids, demand.days["2026-11-21"]) == (12, {"weidu-1": 4, "weidu-3": 10}, 8)
    assert demand.next_due_at == datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert [(case.id, case.demand) for case in demand.members] == [("7K3M9QXA2B4C", ID)]
    assert [move.move for move in demand.moves] == ["take_out", "answer"]


@pytest.mark.parametrize(
    ("deed", "path", "sent"),
    [
        (lambda it: it.confirm(ID, "暖气"), "confirm", {"name": "暖气"}),
        (lambda it: it.rename(ID, "暖气"), "rename", {"name": "暖气"}),
        (lambda it: it.dismiss(ID, "two"), "dismiss", {"reason": "two"}),
        (lambda it: it.take_up(ID), "take_up", {}),
        (lambda it: it.support(ID), "support", {}),
        (lambda it: it.assign_demand(ID, "water", "theirs"), "assign", {"body": "water", "reason": "theirs"}),
        (lambda it: it.promise(ID, "valve", "2026-12-01"), "promise", {"text": "valve", "until": "2026-12-01"}),
        (lambda it: it.answer_demand(ID, "修好了"), "answer", {"text": "修好了"}),
        (lambda it: it.resolve(ID, "修好了"), "resolve", {"text": "修好了"}),
        (lambda it: it.merge_demand(ID, "D2", "same"), "merge", {"into": "D2", "reason": "same"}),
        (lambda it: it.split(ID, "灯", ["a", "b"]), "split", {"name": "灯", "cases": ["a", "b"]}),
        (lambda it: it.take_out(ID, "a", "other"), "take_out", {"case": "a", "reason": "other"}),
    ],
)
def test_a_deed_sends_what_it_needs_and_gives_the_demand(
    server: Answers, it: ZeroDistance, deed: Callable[[ZeroDistance], Demand], path: str, sent: dict[str, Any]
) -> None:
    server.add("POST", f"/v1/demands/{ID}/{path}", DEMAND)
    assert deed(it).status == "taken_up"
    assert server.last == sent


def test_cases_are_put_together_and_a_key_may_be_given(server: Answers, it: ZeroDistance) -> None:
    server.add("POST", "/v1/demands", DEMAND, status=201)
    assert it.put_together("暖气", ("a", "b"), key="k").id == ID
    assert server.last == {"name": "暖气", "cases": ["a", "b"]}
    assert server.asked[0].headers["Idempotency-Key"] == "k"


def test_an_id_can_not_lead_to_another_path(server: Answers, it: ZeroDistance) -> None:
    server.add("GET", "/v1/demands/../me", DEMAND)
    it.demand(" ../me ")
    assert server.asked[0].url.raw_path == b"/v1/demands/..%2Fme"


# The commands


@pytest.mark.parametrize(
    ("args", "path", "sent"),
    [
        (["confirm", ID, "暖气"], "/confirm", {"name": "暖气"}),
        (["rename", ID, "暖气"], "/rename", {"name": "暖气"}),
        (["dismiss", ID, "-r", "two"], "/dismiss", {"reason": "two"}),
        (["take-up", ID], "/take_up", {}),
        (["support", ID], "/support", {}),
        (["assign", ID, "water", "-r", "theirs"], "/assign", {"body": "water", "reason": "theirs"}),
        (["promise", ID, "valve", "--until", "2026-12-01"], "/promise", {"text": "valve", "until": "2026-12-01"}),
        (["answer", ID, "修好了"], "/answer", {"text": "修好了"}),
        (["resolve", ID, "修好了"], "/resolve", {"text": "修好了"}),
        (["merge", ID, "D2", "-r", "same"], "/merge", {"into": "D2", "reason": "same"}),
        (["split", ID, "a", "b", "--name", "灯"], "/split", {"name": "灯", "cases": ["a", "b"]}),
        (["take-out", ID, "a", "-r", "other"], "/take_out", {"case": "a", "reason": "other"}),
        (["together", "a", "b", "-n", "暖气"], "", {"name": "暖气", "cases": ["a", "b"]}),
    ],
)
def test_a_command_sends_it_and_tells_what_came_of_it(
    deputy: Run, server: Answers, args: list[str], path: str, sent: dict[str, Any]
) -> None:
    for _ in range(2):
        server.add("POST", "/v1/demands" + (f"/{ID}{path}" if path else ""), DEMAND)
    told = deputy("demands", *args).stdout
    assert told == f"{SHOWN} is taken_up.\nPossible now: take-out, answer\n"
    assert server.last == sent
    assert json.loads(deputy("demands", *args, "--json").stdout) == DEMAND


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        (["confirm", ID], {"name": "said"}),
        (["dismiss", ID], {"reason": "said"}),
        (["split", ID, "a", "b"], {"name": "said", "cases": ["a", "b"]}),
        (["promise", ID, "valve"], {"text": "valve", "until": "said"}),
    ],
)
def test_what_is_missing_is_asked_for_at_a_terminal_and_wrong_use_without_one(
    deputy: Run, server: Answers, args: list[str], asked: dict[str, Any]
) -> None:
    assert deputy("demands", *args).exit_code == 2
    server.add("POST", f"/v1/demands/{ID}/{args[0]}", DEMAND)
    assert deputy("demands", *args, input="said\n", interactive=lambda: True).exit_code == 0
    assert server.last == asked


def test_the_list_and_what_there_is_beyond(deputy: Run, server: Answers) -> None:
    for _ in range(2):
        server.add("GET", "/v1/demands", {"items": [DEMAND, {"id": "D2", "summary": "路灯"}], "next": "c"})
    told = deputy("demands", "list", "-n", "2").stdout
    assert told.index(SHOWN) < told.index("路灯")
    assert "deputy demands list --all" in told
    assert json.loads(deputy("demands", "list", "-n", "1", "--json").stdout) == {"items": [DEMAND], "more": True}


def test_an_empty_list_says_so(deputy: Run, server: Answers) -> None:
    for _ in range(2):
        server.add("GET", "/v1/demands", {"items": [], "next": None})
    assert deputy("demands", "list").stdout == "There is no open common demand.\n"
    assert json.loads(deputy("demands", "list", "--json").stdout) == {"items": [], "more": False}


def test_show_prints_it_and_with_json_all_that_the_server_sent(deputy: Run, server: Answers) -> None:
    for _ in range(2):
        server.add("GET", f"/v1/demands/{ID}", DEMAND)
    assert SHOWN in deputy("demands", "show", ID).stdout
    assert json.loads(deputy("demands", "show", ID, "--json").stdout) == DEMAND


def test_a_failed_answer_is_kept_and_can_be_sent_again(deputy: Run, server: Answers, here: Around) -> None:
    server.fail("POST", f"/v1/demands/{ID}/answer", httpx.ReadTimeout("slow"))
    failed = deputy("demands", "answer", SHOWN.replace("D-", "D").replace("-", ""), "One answer for all")
    kept = here.home / "drafts" / f"demands-answer-{ID}.txt"
    assert (failed.exit_code, kept.read_text()) == (4, "One answer for all\n")
    assert f"deputy demands answer {ID} --file {kept}" in failed.stderr
    server.add("POST", f"/v1/demands/{ID}/answer", DEMAND)
    assert deputy("demands", "answer", ID, "--file", str(kept)).exit_code == 0
    assert server.last == {"text": "One answer for all"}
    assert not kept.exists()


def test_the_draft_of_a_promise_keeps_its_day(deputy: Run, server: Answers) -> None:
    server.add("POST", f"/v1/demands/{ID}/promise", {"code": "conflict", "detail": "Changed"}, status=409)
    told = deputy("demands", "promise", ID, "valve", "-u", "2026-12-01").stderr
    assert f"deputy demands promise {ID} --until 2026-12-01 --file " in told
    assert "deputy demands show" in told


def test_an_answer_is_written_in_the_editor_with_the_demand_before_ones_eyes(deputy: Run, server: Answers) -> None:
    seen: list[str] = []

    def edit(path: Path, _: object) -> str:
        seen.append(path.read_text())
        return "From the editor\n" + seen[-1]

    server.add("GET", f"/v1/demands/{ID}", DEMAND)
    server.add("POST", f"/v1/demands/{ID}/resolve", DEMAND)
    assert deputy("demands", "resolve", ID, interactive=lambda: True, edit=edit).exit_code == 0
    assert server.last == {"text": "From the editor"}
    assert "只有12度" in seen[0]


def test_refusals_say_what_can_be_done(deputy: Run, server: Answers) -> None:
    illegal = {"code": "illegal_move", "detail": "not now", "legal_moves": ["take_out", "take_up"]}
    server.add("POST", f"/v1/demands/{ID}/answer", illegal, status=409)
    server.add("GET", "/v1/demands/X", {"code": "not_found", "detail": "There is no demand X"}, status=404)
    assert "Possible now: take-out, take-up" in deputy("demands", "answer", ID, "x").stderr
    assert "deputy demands list" in deputy("demands", "show", "X").stderr


def test_chinese_is_spoken_where_it_is_asked_for(deputy: Run, server: Answers) -> None:
    server.add("POST", f"/v1/demands/{ID}/take_up", DEMAND)
    server.add("GET", f"/v1/demands/{ID}", DEMAND)
    assert deputy("--lang", "zh", "demands", "take-up", ID).stdout.startswith(f"{SHOWN}：已牵头。")
    shown = deputy("--lang", "zh", "demands", "show", ID).stdout
    for words in (
        "已确认",
        "12人，14件",
        "2026-11-20起",
        "lin-jianwei牵头",
        "参与：gao-xiulan",
        "承诺2026-12-01前办结",
        "典型留言",
    ):
        assert words in shown
    assert "居民确认解决" not in shown


# How it looks


def printed(thing: object) -> str:
    console = Console(width=80, color_system=None)
    with console.capture() as written:
        console.print(thing)
    return written.get()


def test_a_demand_shows_who_where_since_when_and_what_can_be_done(here: Around) -> None:
    text = printed(whole_demand(here, read(Demand, DEMAND)))
    for words in (
        f"{SHOWN}  taken_up · 霁月花园暖气不热",
        "12 people, 14 cases · since 2026-11-20",
        "weidu-3 10 · weidu-1 4",
        "▂█·▄·  2026-11-20 to 2026-11-24, at most 8 a day",
        "9 open, 2 overdue · next due 2026-11-24 11:00",
        "[bold]冷[/bold]",
        "7K3M-9QXA-2B4C",
        f"Public page: http://server/open/demands/{ID}",
        "Possible now: take-out, answer",
    ):
        assert words in text, words
    assert "led by lin-jianwei · with gao-xiulan · promised by 2026-12-01" in " ".join(text.split())
    assert "\x1b" not in text
    assert "demand D-" not in text


def test_a_demand_of_which_little_is_known_is_shown_too(here: Around) -> None:
    text = printed(whole_demand(here, Demand(id="D1", status="merged", merged_into=ID)))
    assert f"went into {SHOWN}" in text
    assert "Nothing can be done with it now" in text


def test_a_list_fits_80_columns(here: Around) -> None:
    text = printed(demand_list(here, [read(Demand, DEMAND | {"name": "暖气不热" * 20})]))
    assert text.count("暖") == 20
    assert "12 people, 14 cases" in text


def test_lists_and_cases_say_to_which_demand_a_case_belongs(here: Around) -> None:
    marked, free = printed(work_list(here, [read(Summary, CASE)])), printed(work_list(here, [Summary(id="x")]))
    assert (f"demand {SHOWN}" in marked, "demand" in free) == (True, False)
    assert f"deputy demands show {SHOWN}" in printed(whole_case(here, read(Case, CASE)))


def test_a_demands_id_is_shown_as_a_cases_is() -> None:
    assert [shown_id(id) for id in (ID, SHOWN, "7K3M9QXA2B4C", "D1\x1b")] == [SHOWN, SHOWN, "7K3M-9QXA-2B4C", "D1"]


@pytest.mark.parametrize(
    ("days", "bars"),
    [
        ({}, ""),
        ({"2026-11-24": 3}, "█"),
        ({"2026-11-20": 1, "2026-11-23": 8}, "▁··█·"),
        ({"2026-11-25": 1}, "█"),  # the server's day may be a little ahead of this machine's
        ({f"2026-11-{day:02d}": day for day in range(1, 9)}, "▁▂▃▄▅▆▇█" + 16 * "·"),
    ],
)
def test_the_curve_has_a_bar_a_day_until_today(days: dict[str, int], bars: str) -> None:
    assert curve(days, date(2026, 11, 24)) == bars


def test_a_long_curve_has_a_bar_for_several_days() -> None:
    days = {f"2026-{month:02d}-01": 1 for month in range(1, 12)}
    drawn = curve(days, date(2026, 11, 24), longest=20)
    assert len(drawn) <= 20
    assert drawn.count("█") == 11
