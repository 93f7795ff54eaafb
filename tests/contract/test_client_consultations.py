"""Consultations and the bulletin, the client against the app itself: what one sends, the other takes, and what it answers,
the client reads."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chalicelib.bulletin.model import ITEM_LIFE, NOTICE_LIFE
from chalicelib.consultations import service
from chalicelib.consultations.model import LIFECYCLE
from chalicelib.settings import settings
from tests.contract.conftest import Person
from tests.contract.test_api_files import WithBucket
from tests.support.api import BASE_URL, AppTransport
from tests.support.consultations import WEEK, answered, answers, drafted, opened
from zerodistance_client import IllegalMove, Invalid, MemoryTokens, NotAllowed, NotFound, Retry, Tokens, ZeroDistance
from zerodistance_client.command.app import app as command
from zerodistance_client.command.around import Around
from zerodistance_client.command.words import BULLETIN_TERMS, CONSULTATION_TERMS, TERMS

As = Callable[[str], ZeroDistance]
Deputy = Callable[..., str]
QUESTIONS = [
    {"kind": "single", "text": "先办什么？", "required": True, "options": ["早餐", "送餐"]},
    {"kind": "scale", "text": "满意吗？", "options": ["不满意", "满意"]},
    {"kind": "text", "text": "还有呢？"},
]
SURVEY = """
form = "survey"
title = "社区食堂怎么办"
[[questions]]
kind = "single"
text = "先办什么？"
options = ["早餐", "送餐"]
[[questions]]
kind = "text"
text = "还有呢？"
"""


@pytest.fixture
def as_(
    app_transport: AppTransport,  # noqa: ARG001 - the district stands
    token_of: Callable[[str], str],
) -> As:
    """A client of a role's person."""
    return lambda role: ZeroDistance(
        BASE_URL, MemoryTokens(Tokens(token_of(role))), retry=Retry(attempts=1), transport=WithBucket()
    )


@pytest.fixture
def run(
    app_transport: AppTransport,  # noqa: ARG001 - the district stands
    users: dict[str, Person],
    tmp_path: Path,
) -> Callable[[str], Deputy]:
    """The command of a role's person, signed in."""

    def of(role: str) -> Deputy:
        store, who = MemoryTokens(), users[role]
        environment = {"DEPUTY_HOME": str(tmp_path / role), "DEPUTY_PASSWORD": who.password}

        def deputy(*args: str, fails: int = 0) -> str:
            here = Around(environment=environment, transport=WithBucket(), tokens=store, retry=Retry(attempts=1))
            result = CliRunner(env={"COLUMNS": "120"}).invoke(command, args, obj=here, catch_exceptions=False)
            assert result.exit_code == fails, result.output
            return result.output

        deputy("login", "--url", BASE_URL, "-u", who.username)
        return deputy

    return of


def test_a_consultation_from_the_draft_to_the_results(as_: As) -> None:
    lin, now = as_("deputy"), settings.now()
    made = lin.draft_survey("食堂", QUESTIONS, intro="请您说说。")
    assert (made.status, [question.id for question in made.questions], made.questions[1].steps) == (
        "drafted", ["q1", "q2", "q3"], 5,
    )  # fmt: skip
    assert lin.edit_consultation(made.id, "社区食堂", questions=QUESTIONS[:2]).title == "社区食堂"
    assert lin.edit_consultation(made.id, "社区食堂", questions=QUESTIONS).status == "drafted"
    planned = lin.schedule_consultation(made.id, now + WEEK, now + 2 * WEEK)
    assert (planned.status, planned.opens_at) == ("scheduled", now + WEEK)
    assert lin.open_consultation(made.id, now + WEEK).status == "open"
    longer = lin.extend_consultation(made.id, now + 2 * WEEK, "很多人刚听说")
    id = answered(service.found(made.id), answers({"q1": (2,), "q2": (4,)}, q3="送到三楼"), now=now + timedelta(minutes=1))
    results = lin.consultation_results(made.id)
    assert (results.people, results.outcomes[0].chosen, results.outcomes[1].mean) == (1, (0, 1), 4.0)
    (comment,) = lin.comments(made.id)
    assert (comment.answer, comment.texts) == (id, {"q3": "送到三楼"})
    assert lin.close_consultation(longer.id).status == "closed"
    taken = lin.take_up_comment(made.id, id, "q3", "送餐到户", quote="三楼")
    assert (taken.taken_up[0].quote, taken.taken_up[0].text) == ("三楼", "送餐到户")
    done = lin.publish_consultation(made.id, "先办送餐")
    assert (done.status, done.conclusion, done.moves[0].move) == ("published", "先办送餐", "take_up")
    assert done.public_url.endswith(f"/open/consultations/{made.id}")


def test_lists_and_pages_of_comments_go_on_over_cursors(as_: As) -> None:
    lin, now = as_("deputy"), settings.now()
    made = [opened(now=now + timedelta(seconds=n)).id for n in range(3)]
    for number in range(3):
        at = now + timedelta(minutes=number)
        answered(service.found(made[0]), answers(q4=f"第{number}条"), now=at)
    assert [each.id for page in lin.consultation_pages(page=1) for each in page.items] == made
    assert [each.id for page in lin.consultation_pages(public=True, page=2) for each in page.items] == made[::-1]
    assert [comment.texts["q4"] for comment in lin.comments(made[0], page=1)] == ["第2条", "第1条", "第0条"]


def test_refusals_come_as_their_own_kind(as_: As) -> None:
    lin, made = as_("deputy"), drafted(now=settings.now())
    with pytest.raises(IllegalMove):
        lin.publish_consultation(made.id, "好")
    with pytest.raises(Invalid) as invalid:
        lin.draft_survey("食堂", [{"kind": "single", "text": "先办什么？", "options": ["早餐"]}])
    assert invalid.value.field == "questions.1.options"
    with pytest.raises(NotFound):
        as_("other_deputy").consultation(made.id)
    with pytest.raises(NotAllowed):
        as_("supervisor").close_consultation(made.id)
    assert as_("deputy").withdraw_consultation(made.id, "不办了").reason == "不办了"


def test_a_notice_goes_out_is_read_and_is_taken_back(as_: As) -> None:
    qiao, lin = as_("manager"), as_("deputy")
    made = qiao.publish_notice("会议通知", "请到会。", ["ward:weidu-1"], remind_days=2)
    (line,) = [notice for page in lin.notice_pages(page=1) for notice in page.items]
    assert (line.id, line.mine, line.read_at) == (made.id, True, None)
    assert [move.move for move in lin.notice(made.id).moves] == ["read"]
    assert lin.read_notice(made.id).read_at == lin.read_notice(made.id).read_at
    readers = qiao.notice_readers(made.id)
    assert ([reader.username for reader in readers.read], readers.unread) == (["deputy.lin"], ())
    assert qiao.withdraw_notice(made.id, "日期写错了").reason == "日期写错了"


def test_the_library_keeps_each_deputys_progress(as_: As, tmp_path: Path) -> None:
    qiao, lin = as_("manager"), as_("deputy")
    text, link = qiao.add_text("提好建议", "先看证据。", topic="建议"), qiao.add_link("代表法", "https://example.org/law")
    paper = tmp_path / "办法.pdf"
    paper.write_bytes(b"%PDF-1.7\n%%EOF\n")
    file = qiao.add_files("建议办法", [qiao.upload(paper)])
    assert (file.files[0].name, file.files[0].size) == ("办法.pdf", 15)
    assert qiao.edit_library_item(link.id, "代表法全文", url="https://example.org/law").title == "代表法全文"
    assert lin.open_library_item(text.id).opened_at is not None
    assert lin.complete_library_item(text.id).learned == 1
    assert {each.id for page in lin.library_pages(page=2) for each in page.items} == {text.id, link.id, file.id}
    (learned,) = lin.library_progress().items
    assert (learned.item, learned.completed_at is not None) == (text.id, True)
    assert qiao.library_progress("lin-jianwei").items == lin.library_progress().items
    assert qiao.retire_library_item(link.id, "已修改").status == "retired"
    assert lin.library_item(link.id).url == "https://example.org/law"


# The command


def test_the_command_asks_residents_and_publishes_what_they_said(run: Callable[[str], Deputy], tmp_path: Path) -> None:
    deputy, paper = run("deputy"), tmp_path / "食堂.toml"
    paper.write_text(SURVEY)
    made = json.loads(deputy("consultations", "draft", str(paper), "--json"))
    id, later = made["id"], (settings.now() + WEEK).isoformat()
    shown = f"C-{id[1:5]}-{id[5:9]}-{id[9:]}"
    assert "drafted" in deputy("consultations", "edit", shown, str(paper))
    assert "Field: closes_at" in deputy("consultations", "schedule", shown, "--opens", later, "--closes", "2099-12-01", fails=1)
    last = (settings.now() + 2 * WEEK).isoformat()
    assert "scheduled" in deputy("consultations", "schedule", shown, "--opens", later, "--closes", last)
    assert f"/c/{id}" in deputy("consultations", "open", shown, "--closes", later)
    deputy("consultations", "extend", shown, "--closes", last, "--reason", "很多人刚听说")
    answer = answered(service.found(id), answers({"q1": (2,)}, q2="送到三楼"), now=settings.now())
    assert re.search(r"送餐\s+1\s+█", deputy("consultations", "results", shown))
    assert "送到三楼" in deputy("consultations", "comments", shown)
    assert "送到三楼" not in deputy("consultations", "comments", shown, "--question", "q1")
    assert shown in deputy("consultations", "list")
    deputy("consultations", "close", shown)
    deputy("consultations", "take-up", shown, answer, "q2", "送餐到户")
    assert "open/consultations" in deputy("consultations", "publish", shown, "先办送餐")
    whole = deputy("consultations", "show", shown)
    assert "“送到三楼”" in whole
    assert "→ 送餐到户" in whole
    assert "先办送餐" in whole
    assert shown in deputy("consultations", "list", "--public")
    assert "Nothing is being asked" in deputy("consultations", "list")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("title = ", "is no TOML"),
        ('title = "食堂"\nquestion = []', "There is no field 'question'"),
        ('title = "食堂"', "lacks 'questions'"),
        ('form = "draft"\ntitle = "办法"', "lacks 'text'"),
    ],
)
def test_a_file_that_asks_nothing_is_said_to(content: str, says: str, run: Callable[[str], Deputy], tmp_path: Path) -> None:
    paper = tmp_path / "paper.toml"
    paper.write_text(content)
    assert says in " ".join(run("deputy")("consultations", "draft", str(paper), fails=2).replace("│", "").split())


def test_the_command_of_the_bulletin_and_the_library(run: Callable[[str], Deputy], tmp_path: Path) -> None:
    manager, deputy, paper = run("manager"), run("deputy"), tmp_path / "办法.pdf"
    paper.write_bytes(b"%PDF-1.7\n%%EOF\n")
    sent = manager("bulletin", "publish", "会议通知", "请到会。", "--to", "deputies", "--attach", str(paper), "--json")
    notice = json.loads(sent)["id"]
    assert "not read yet" in deputy("bulletin", "list")
    assert "请到会。" in deputy("bulletin", "show", notice)
    assert "办法.pdf" in deputy("bulletin", "read", notice)
    assert "read" in deputy("bulletin", "list")
    assert "deputy.lin" in manager("bulletin", "readers", notice)
    assert "withdrawn" in manager("bulletin", "withdraw", notice, "--reason", "错了")
    item = json.loads(manager("library", "add", "提好建议", "先看证据。", "--topic", "建议", "--json"))["id"]
    manager("library", "add", "代表法", "--url", "https://example.org/law")
    manager("library", "add", "建议办法", "--attach", str(paper))
    shown = f"L-{item[1:5]}-{item[5:9]}-{item[9:]}"
    assert "先看证据。" in deputy("library", "show", shown)
    assert "opened" in deputy("library", "list")
    assert "completed" in deputy("library", "complete", shown)
    assert shown in deputy("library", "progress")
    assert "1 deputies learned it" in manager("library", "list")
    assert "added" in manager("library", "edit", shown, "提好一件建议", "先看证据，再写。")
    assert "retired" in manager("library", "retire", shown, "--reason", "旧了")


def test_every_state_and_fact_has_a_word_in_chinese() -> None:
    asked = {move.fact for move in LIFECYCLE.moves} | {move.target for move in LIFECYCLE.moves if move.target}
    assert asked | {"drafted", "contacts_erased"} <= CONSULTATION_TERMS.keys() | TERMS.keys()
    told = {move.fact for life in (NOTICE_LIFE, ITEM_LIFE) for move in life.moves}
    assert told | {"published", "added"} <= BULLETIN_TERMS.keys() | TERMS.keys()
