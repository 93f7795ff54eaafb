"""The ``deputy`` command: what it prints, what it sends, with which exit code it ends."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from zerodistance_client import MemoryTokens, Retry, Tokens
from zerodistance_client.command.app import app
from zerodistance_client.command.around import Around
from zerodistance_client.testing import Answers

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CASE = {"id": "7K3M9QXA2B4C", "status": "acknowledged", "moves": [{"move": "answer"}]}
SESSION = {"access_token": "a", "refresh_token": "r", "role": "deputy", "name": "Li"}
ANSWER = "/v1/cases/X/answer"

Run = Callable[..., Result]


@pytest.fixture
def server() -> Answers:
    return Answers()


@pytest.fixture
def here(server: Answers, tmp_path: Path) -> Around:
    return Around(
        url="http://127.0.0.1:8000",
        environment={"DEPUTY_HOME": str(tmp_path / "home")},
        folder=tmp_path,
        transport=server,
        tokens=MemoryTokens(Tokens("a", "r")),
        retry=Retry(attempts=1),
        now=lambda: NOW,
        zone=UTC,
        interactive=lambda: False,
    )


@pytest.fixture
def deputy(here: Around) -> Run:
    # Typer reads DEPUTY_* for options from the process: cleared, so that a developer's own do not matter.
    runner = CliRunner(env={"DEPUTY_URL": "", "DEPUTY_LANG": "", "DEPUTY_USERNAME": "", "COLUMNS": "120"})

    def run(*args: str, input: str = "", **changed: Any) -> Result:
        result = runner.invoke(app, args, input=input, obj=replace(here, **changed), catch_exceptions=False)
        assert "Traceback" not in result.output
        return result

    return run


def test_help_and_version_need_no_server(deputy: Run) -> None:
    assert "inbox" in deputy("--help").stdout
    assert deputy("--version").stdout.startswith("deputy ")


def test_nobody_signed_in_ends_with_3_and_says_how(deputy: Run) -> None:
    result = deputy("inbox", tokens=MemoryTokens())
    assert result.exit_code == 3
    assert "Nobody is signed in here" in result.stderr
    assert "deputy login" in result.stderr


def test_login_asks_for_what_it_needs_and_remembers_the_server(deputy: Run, server: Answers, here: Around) -> None:
    tokens = MemoryTokens()
    server.add("POST", "/v1/session", SESSION)
    result = deputy("login", input="https://zd.example.org/\nli\nsecret\n", url="", tokens=tokens, interactive=lambda: True)
    assert result.exit_code == 0, result.output
    assert "Signed in as Li (deputy) at https://zd.example.org." in result.stdout
    assert "secret" not in result.output
    assert server.last == {"username": "li", "password": "secret"}
    assert tokens.load() == Tokens("a", "r")
    assert replace(here, url="").base_url == "https://zd.example.org"


def test_login_takes_the_password_from_the_environment_and_never_from_the_command_line(
    deputy: Run, server: Answers, here: Around
) -> None:
    server.add("POST", "/v1/session", SESSION)
    environment = {**here.environment, "DEPUTY_PASSWORD": "from env"}
    assert deputy("login", "-u", "li", "--json", environment=environment).exit_code == 0
    assert server.last["password"] == "from env"
    assert deputy("login", "--password", "x").exit_code == 2


def test_login_takes_the_address_of_the_local_stack_of_this_folder(deputy: Run, server: Answers, tmp_path: Path) -> None:
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "stack.json").write_text('{"base_url": "http://127.0.0.1:4566/restapis/x/local"}')
    server.add("POST", "/restapis/x/local/v1/session", SESSION)
    result = deputy("login", "-u", "li", input="secret\n", url="", interactive=lambda: True)
    assert result.exit_code == 0, result.output
    assert "http://127.0.0.1:4566/restapis/x/local" in result.stdout


def test_a_first_password_is_replaced_at_login(deputy: Run, server: Answers) -> None:
    server.add("POST", "/v1/session", {"code": "new_password_needed", "detail": "first"}, status=401)
    server.add("POST", "/v1/session/password", SESSION)
    result = deputy("login", "-u", "li", input="given\nmine\nmine\n", interactive=lambda: True)
    assert result.exit_code == 0, result.output
    assert server.last == {"username": "li", "password": "given", "new_password": "mine"}


def test_wrong_credentials_end_with_1(deputy: Run, server: Answers, here: Around) -> None:
    server.add("POST", "/v1/session", {"code": "wrong_credentials", "detail": "User name or password is wrong"}, status=401)
    environment = {**here.environment, "DEPUTY_PASSWORD": "x"}
    result = deputy("login", "-u", "li", environment=environment)
    assert result.exit_code == 1
    assert "User name or password is wrong" in result.stderr


def test_who_is_locked_out_is_told_how_long(deputy: Run, server: Answers, here: Around) -> None:
    server.add("POST", "/v1/session", {"code": "locked_out", "detail": "Locked", "retry_after": 900}, status=429)
    result = deputy("login", "-u", "li", environment={**here.environment, "DEPUTY_PASSWORD": "x"})
    assert result.exit_code == 1
    assert "Wait 15 min" in result.stderr


def test_a_password_does_not_go_over_plain_http_to_another_machine(deputy: Run, server: Answers, here: Around) -> None:
    environment = {**here.environment, "DEPUTY_PASSWORD": "x"}
    refused = deputy("login", "--url", "http://192.168.1.7", "-u", "li", environment=environment)
    assert refused.exit_code == 2
    assert server.asked == []
    server.add("POST", "/v1/session", SESSION)
    assert deputy("login", "--url", "http://192.168.1.7", "-u", "li", "--insecure", environment=environment).exit_code == 0


@pytest.mark.parametrize(
    "args", [("login", "--url", "nowhere"), ("login",), ("inbox", "--limit", "0"), ("show",), ("nothing",)]
)
def test_wrong_use_ends_with_2(deputy: Run, args: tuple[str, ...]) -> None:
    assert deputy(*args).exit_code == 2


def test_logout_ends_the_session(deputy: Run, server: Answers) -> None:
    tokens = MemoryTokens(Tokens("a", "r"))
    server.add("DELETE", "/v1/session", status=204)
    result = deputy("logout", tokens=tokens)
    assert (result.exit_code, result.stdout) == (0, "Signed out.\n")
    assert tokens.load() is None


def test_whoami(deputy: Run, server: Answers) -> None:
    for _ in range(2):
        server.add("GET", "/v1/me", {"username": "li", "name": "李", "role": "deputy", "deputy": "d-1", "body": ""})
    assert deputy("whoami").stdout == "李 · li · deputy · d-1 · http://127.0.0.1:8000\n"
    assert json.loads(deputy("whoami", "--json").stdout)["role"] == "deputy"


def items(*ids: str) -> list[dict[str, Any]]:
    return [{"id": id, "summary": f"summary {id}", "due_at": "2026-11-24T10:00:00Z"} for id in ids]


def test_the_inbox_lists_what_falls_due_next(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/cases", {"items": items("A", "B"), "next": "more"})
    result = deputy("inbox", "-n", "2", "--list", "triage")
    assert result.stdout.index("summary A") < result.stdout.index("summary B")
    assert "1 h left" in result.stdout
    assert "deputy inbox --all" in result.stdout
    assert dict(server.asked[0].url.params) == {"limit": "2", "list": "triage"}


def test_the_inbox_can_be_had_whole(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/cases", {"items": items("A"), "next": "c"})
    server.add("GET", "/v1/cases", {"items": items("B"), "next": None})
    told = json.loads(deputy("inbox", "--all", "--json").stdout)
    assert [case["id"] for case in told["items"]] == ["A", "B"]
    assert told["more"] is False


def test_an_empty_inbox_says_so(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/cases", {"items": [], "next": None})
    assert deputy("inbox").stdout == "Nothing is waiting.\n"


def test_show_prints_the_case_and_with_json_all_that_the_server_sent(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/cases/X", CASE)
    server.add("GET", "/v1/cases/X", CASE | {"newer": 1})
    assert "7K3M-9QXA-2B4C" in deputy("show", "X").stdout
    assert json.loads(deputy("show", "X", "--json").stdout) == CASE | {"newer": 1}


def test_what_is_not_there_or_not_yours_ends_with_1(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/cases/X", {"code": "not_found", "detail": "There is no case X"}, status=404)
    result = deputy("show", "X")
    assert result.exit_code == 1
    assert "There is no case X" in result.stderr
    assert "deputy inbox" in result.stderr


def test_no_connection_ends_with_4(deputy: Run, server: Answers) -> None:
    server.fail("GET", "/v1/cases/X", httpx.ConnectError("refused"))
    result = deputy("show", "X")
    assert result.exit_code == 4
    assert "No answer from http://127.0.0.1:8000: refused" in result.stderr


def test_a_server_in_trouble_ends_with_4(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/cases/X", {"code": "fault", "detail": "Something went wrong"}, status=500)
    assert deputy("show", "X").exit_code == 4


@pytest.mark.parametrize(
    ("args", "path", "sent"),
    [
        (["ack", "X"], "acknowledge", {}),
        (["assign", "X", "heating-company", "-r", "theirs"], "assign", {"body": "heating-company", "reason": "theirs"}),
        (
            ["recategorise", "X", "heating", "-r", "is", "--urgency", "danger"],
            "recategorise",
            {"category": "heating", "reason": "is", "urgency": "danger"},
        ),
        (["ask", "X", "Which floor?"], "ask", {"text": "Which floor?"}),
        (["note", "X", "Called"], "note", {"text": "Called", "public": False}),
        (["note", "X", "Repairing", "--public"], "note", {"text": "Repairing", "public": True}),
        (["answer", "X", "修好了"], "answer", {"text": "修好了"}),
        (["decline", "X", "Not ours", "-i", "The court"], "decline", {"reason": "Not ours", "instead": "The court"}),
        (["merge", "X", "Y", "-r", "same"], "merge", {"into": "Y", "reason": "same"}),
    ],
)
def test_a_move_is_sent_and_its_outcome_told(
    deputy: Run, server: Answers, args: list[str], path: str, sent: dict[str, Any]
) -> None:
    server.add("POST", f"/v1/cases/X/{path}", CASE)
    server.add("POST", f"/v1/cases/X/{path}", CASE)
    assert "7K3M-9QXA-2B4C is acknowledged." in deputy(*args).stdout
    assert server.last == sent
    assert json.loads(deputy(*args, "--json").stdout) == CASE


def test_an_illegal_move_names_the_commands_that_are_possible(deputy: Run, server: Answers) -> None:
    told = {"code": "illegal_move", "detail": "'ask' can't be done", "legal_moves": ["acknowledge", "route"]}
    server.add("POST", "/v1/cases/X/ask", told, status=409)
    result = deputy("ask", "X", "Where?")
    assert result.exit_code == 1
    assert "Possible now: ack, assign" in result.stderr


def test_errors_are_json_where_json_is_asked_for(deputy: Run, server: Answers) -> None:
    server.add("POST", "/v1/cases/X/acknowledge", {"code": "conflict", "detail": "Changed"}, status=409)
    server.fail("POST", "/v1/cases/X/acknowledge", httpx.ReadTimeout("slow"))
    refused, lost = deputy("ack", "X", "--json"), deputy("ack", "X", "--json")
    assert (refused.stdout, json.loads(refused.stderr)["code"]) == ("", "conflict")
    assert (lost.exit_code, json.loads(lost.stderr)["code"]) == (4, "no_connection")


def test_a_missing_reason_is_asked_for_at_a_terminal_and_wrong_use_without_one(deputy: Run, server: Answers) -> None:
    assert deputy("contact", "X").exit_code == 2
    server.add("POST", "/v1/cases/X/contact", {"name": "王", "phone": "139", "email": "", "language": "zh"})
    result = deputy("contact", "X", input="to call back\n", interactive=lambda: True)
    assert server.last == {"reason": "to call back"}
    assert "139" in result.stdout
    assert "This look is now part of the case." in result.stdout


def test_verify_ends_with_1_where_an_entry_was_changed(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/cases/X/verify", {"entries": 5, "sound": True, "first_changed": None})
    server.add("GET", "/v1/cases/X/verify", {"entries": 5, "sound": False, "first_changed": 3})
    sound, changed = deputy("verify", "X"), deputy("verify", "X")
    assert (sound.exit_code, sound.stdout) == (0, "5 entries, none changed.\n")
    assert (changed.exit_code, changed.stdout) == (1, "Entry 3 of 5 was changed.\n")


def test_chinese_is_spoken_where_it_is_asked_for(deputy: Run, server: Answers) -> None:
    server.add("POST", "/v1/cases/X/acknowledge", CASE)
    assert "已受理" in deputy("--lang", "zh", "ack", "X").stdout
    assert server.asked[0].headers["Accept-Language"] == "zh"


def test_a_failed_send_keeps_what_was_written_and_says_how_to_send_it(deputy: Run, server: Answers, here: Around) -> None:
    server.fail("POST", ANSWER, httpx.ReadTimeout("slow"))
    failed = deputy("answer", "X", "A long answer")
    kept = here.home / "drafts" / "answer-X.txt"
    assert failed.exit_code == 4
    assert "look before you send it again" in failed.stderr
    assert f"deputy answer X --file {kept}" in failed.stderr
    assert kept.read_text() == "A long answer\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    server.add("POST", ANSWER, CASE)
    assert deputy("answer", "X", "--file", str(kept)).exit_code == 0
    assert server.last == {"text": "A long answer"}
    assert not kept.exists()


def test_a_second_failed_text_does_not_overwrite_the_first(deputy: Run, server: Answers, here: Around) -> None:
    for text in ("one", "two", "two"):
        server.fail("POST", ANSWER, httpx.ConnectError("refused"))
        deputy("answer", "X", text)
    drafts = sorted(path.read_text().strip() for path in (here.home / "drafts").iterdir())
    assert drafts[0] == "one"
    assert set(drafts[1:]) == {"two"}


def test_the_draft_of_a_declined_case_keeps_its_options(deputy: Run, server: Answers) -> None:
    server.add("POST", "/v1/cases/X/decline", {"code": "conflict", "detail": "Changed"}, status=409)
    result = deputy("decline", "X", "Not ours", "-i", "The court")
    assert "deputy decline X --instead 'The court' --file " in result.stderr


def test_a_text_comes_from_standard_input(deputy: Run, server: Answers) -> None:
    server.add("POST", ANSWER, CASE)
    assert deputy("answer", "X", "--file", "-", input="修好了\n").exit_code == 0
    assert server.last == {"text": "修好了"}


def test_without_a_text_and_a_terminal_it_is_wrong_use(deputy: Run) -> None:
    assert deputy("answer", "X").exit_code == 2
    assert deputy("answer", "X", "--file", "-", input=" \n").exit_code == 2


def test_a_text_is_written_in_the_editor_with_the_case_before_ones_eyes(deputy: Run, server: Answers, here: Around) -> None:
    seen: list[str] = []

    def edit(path: Path, _: object) -> str:
        seen.append(path.read_text())
        path.write_text("From the editor\n" + seen[-1])
        return path.read_text()

    server.add("GET", "/v1/cases/X", CASE | {"words": [{"text": "It is cold"}]})
    server.add("POST", ANSWER, CASE)
    assert deputy("answer", "X", interactive=lambda: True, edit=edit).exit_code == 0
    assert server.last == {"text": "From the editor"}
    assert "It is cold" in seen[0]
    assert not list((here.home / "drafts").iterdir())


def test_the_editor_opens_with_the_draft_that_was_kept(deputy: Run, server: Answers) -> None:
    server.fail("POST", ANSWER, httpx.ConnectError("refused"))
    deputy("answer", "X", "Begun")
    server.add("GET", "/v1/cases/X", CASE)
    server.add("POST", ANSWER, CASE)
    assert deputy("answer", "X", interactive=lambda: True, edit=lambda path, _: path.read_text()).exit_code == 0
    assert server.last == {"text": "Begun"}


def test_an_empty_editor_sends_nothing(deputy: Run, server: Answers, here: Around) -> None:
    server.add("GET", "/v1/cases/X", CASE)
    result = deputy("answer", "X", interactive=lambda: True, edit=lambda *_: "")
    assert result.exit_code == 2
    assert "nothing was sent" in result.stderr
    assert not list((here.home / "drafts").iterdir())


def test_an_editor_that_fails_is_named(deputy: Run, server: Answers, here: Around) -> None:
    server.add("GET", "/v1/cases/X", CASE)
    environment = {**here.environment, "EDITOR": "/nonexistent/editor --wait"}
    result = deputy("answer", "X", interactive=lambda: True, environment=environment)
    assert result.exit_code == 2
    assert "/nonexistent/editor" in result.stderr


def test_the_persons_own_editor_is_used(deputy: Run, server: Answers, here: Around, tmp_path: Path) -> None:
    editor = tmp_path / "my editor.py"
    editor.write_text("#!/usr/bin/env python3\nimport sys\nopen(sys.argv[-1], 'w').write('Typed')\n")
    editor.chmod(0o755)
    server.add("GET", "/v1/cases/X", CASE)
    server.add("POST", ANSWER, CASE)
    environment = {**here.environment, "EDITOR": f"'{editor}' --wait"}
    assert deputy("answer", "X", interactive=lambda: True, environment=environment).exit_code == 0
    assert server.last == {"text": "Typed"}


def test_a_message_is_taken_down_for_the_deputy_who_is_signed_in(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/me", {"username": "li", "deputy": "d-1"})
    link = {"Link": '<http://x/m/t>; rel="related"'}
    server.add("POST", "/v1/cases", CASE, status=201, headers=link)
    result = deputy("take", "冷", "--phone", "139", "--name", "王")
    assert "http://x/m/t" in result.stdout
    contact = {"name": "王", "phone": "139", "language": "zh", "tell": "phone"}
    assert server.last == {"text": "冷", "deputy": "d-1", "door": "cli", "contact": contact}


def test_who_is_no_deputy_has_to_name_one(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/me", {"username": "wu", "role": "manager", "deputy": ""})
    result = deputy("take", "冷")
    assert result.exit_code == 2
    assert "--deputy" in result.stderr


DEPUTIES = {"items": [{"id": "d-1", "name_en": "Li", "form_url": "http://x/d/ABC12345"}]}


@pytest.mark.parametrize(
    ("kind", "path", "media_type", "name"),
    [
        ("svg", "qr.svg", "image/svg+xml", "qr-d-1.svg"),
        ("png", "qr.png", "image/png", "qr-d-1.png"),
        ("poster", "poster", "text/html; charset=utf-8", "poster-d-1.html"),
    ],
)
def test_a_code_is_saved_under_a_name_that_tells_what_it_is(
    deputy: Run,
    server: Answers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    path: str,
    media_type: str,
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    server.add("GET", "/v1/me", {"username": "li", "deputy": "d-1"})
    server.add("GET", "/v1/deputies", DEPUTIES)
    server.add("GET", f"/d/ABC12345/{path}", b"content", headers={"Content-Type": media_type})
    assert deputy("qr", "--as", kind).stdout == f"Saved {name}\n"
    assert (tmp_path / name).read_bytes() == b"content"


def test_a_code_of_a_named_deputy_needs_no_sign_in(deputy: Run, server: Answers, tmp_path: Path) -> None:
    server.add("GET", "/v1/deputies", DEPUTIES)
    server.add("GET", "/d/ABC12345/qr.svg", b"<svg/>", headers={"Content-Type": "image/svg+xml"})
    file = tmp_path / "x.svg"
    result = deputy("qr", "--deputy", "d-1", "-o", str(file), "--json", tokens=MemoryTokens())
    assert json.loads(result.stdout) == {"path": str(file), "bytes": 6}


def test_a_deputy_without_a_code_is_told_from_one_that_does_not_exist(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/deputies", {"items": [{"id": "d-1", "form_url": None}]})
    result = deputy("qr", "--deputy", "d-1")
    assert result.exit_code == 2
    assert "replace-code" in result.stderr


def test_a_deputy_that_does_not_exist_is_wrong_use(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/deputies", DEPUTIES)
    assert deputy("qr", "--deputy", "d-2").exit_code == 2


def test_deputies_are_listed_and_codes_replaced(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/deputies", DEPUTIES)
    server.add("GET", "/v1/deputies", DEPUTIES)
    server.add("POST", "/v1/deputies/d-1/code", {"code": "NEW", "form_url": "http://x/d/NEW"})
    assert "http://x/d/ABC12345" in deputy("deputies").stdout
    assert json.loads(deputy("deputies", "--json").stdout) == DEPUTIES
    assert "http://x/d/NEW" in deputy("replace-code", "d-1", "-r", "stolen").stdout


def test_the_directory_is_exported_to_a_file(deputy: Run, server: Answers, tmp_path: Path) -> None:
    for _ in range(2):
        server.add("GET", "/v1/directory", "机构: []\n".encode(), headers={"Content-Type": "text/yaml; charset=utf-8"})
    file = tmp_path / "directory.yaml"
    assert deputy("directory", "export").stdout == "机构: []\n"
    assert deputy("directory", "export", "-o", str(file)).exit_code == 0
    assert file.read_text() == "机构: []\n"


def test_an_import_tells_every_fault_of_the_file_with_its_line(deputy: Run, server: Answers, tmp_path: Path) -> None:
    file = tmp_path / "d.yaml"
    file.write_text("bodies: [{}]\n")
    faults = [
        {"line": 3, "kind": "bodies", "id": "x", "field": "mail", "detail": "'x' is no address", "right": "name@example.org"},
        {"line": 0, "kind": "", "id": "", "field": "", "detail": "No district"},
    ]
    server.add("POST", "/v1/directory", {"errors": faults, "written": False}, status=422)
    result = deputy("directory", "import", str(file))
    assert result.exit_code == 1
    assert "2 errors; nothing was written" in result.stderr
    assert "line 3: bodies x mail: 'x' is no address (right would be: name@example.org)" in result.stderr
    assert "\nNo district" in result.stderr


def test_an_import_tells_what_it_did_or_would_do(deputy: Run, server: Answers, tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text("id\nx\n")
    changes: list[dict[str, object]] = [{"kind": "bodies", "id": id, "did": "added", "fields": []} for id in ("a", "b")]
    told = {
        "errors": [],
        "warnings": [{"line": 2, "kind": "bodies", "id": "b", "detail": "odd"}],
        "changes": changes,
        "version": 2,
    }
    server.add("POST", "/v1/directory", told | {"written": False})
    server.add("POST", "/v1/directory", {"changes": [], "written": True})
    would = deputy("directory", "import", str(file), "--kind", "bodies", "--dry-run")
    assert would.stdout == "line 2: bodies b: odd\nWould be imported: added 2. Nothing was written.\n"
    assert dict(server.asked[0].url.params) == {"dry_run": "true", "kind": "bodies"}
    assert deputy("directory", "import", "-", input="bodies: []").stdout == "Imported: no change.\n"


def test_a_kind_of_the_directory_is_shown(deputy: Run, server: Answers) -> None:
    server.add("GET", "/v1/directory/bodies", {"items": [{"id": "heating-company"}]})
    assert "heating-company" in deputy("directory", "show", "bodies").stdout
