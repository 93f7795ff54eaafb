"""The local stack's pure parts: its addresses, its notes, its mail page, what it says when something is missing."""

import json
import os
import sys
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError

import pytest

from infra import build, catalogues, stage
from infra.local import __main__ as commands
from infra.local import deploy, launch, mail, permissions, prepare
from infra.local.place import LocalStackFailed, Place, free_ports, is_free, remembered
from infra.local.processes import Background
from infra.local.time_machine import move_clock
from tests.support.branches import taken

OUTPUTS = {name: f"<{name}>" for name in stage.FROM_OUTPUTS.values()}
SENT = {
    "mails": [
        {
            "MessageId": "m1",
            "Timestamp": 1.0,
            "Source": "a@x",
            "To": ["b@x"],
            "Subject": "S",
            "BodyText": "T",
            "BodyHtml": None,
        },
        {
            "MessageId": "m2",
            "Timestamp": 2.0,
            "Source": "a@x",
            "To": ["c@x"],
            "Subject": "<S>",
            "BodyText": None,
            "BodyHtml": "<p>",
        },
    ],
    "texts": [
        {"MessageId": "t1", "PhoneNumber": "+861", "Message": "first"},
        {"MessageId": "t2", "PhoneNumber": "+861", "Message": "second"},
    ],
}
NOTHING: mail.Post = {"mails": [], "texts": []}


# --- Addresses ------------------------------------------------------------------------------------------------------


def test_the_site_and_aws_have_different_host_names_on_one_port() -> None:
    place = Place(port=4600, mail_port=4601)
    assert (place.base_url, place.endpoint_url, place.mail_url) == (
        "http://127.0.0.1:4600",
        "http://localhost:4600",
        "http://127.0.0.1:4601",
    )


def test_a_stack_goes_on_on_the_port_it_was_first_started_with(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("4700")
    assert remembered(tmp_path).port == 4700


def test_another_port_is_refused_while_there_is_data_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("4700")
    (tmp_path / "state").mkdir()
    with pytest.raises(LocalStackFailed, match="made on port 4700"):
        remembered(tmp_path, 4800)


def test_without_data_any_port_will_do(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("4700")
    assert remembered(tmp_path, 4800).port == 4800


def test_a_port_in_use_is_seen(free_port: int) -> None:
    assert is_free(free_port)
    with mail.server(free_port, lambda: NOTHING):
        assert not is_free(free_port)


def test_no_credentials_of_the_caller_reach_the_emulator() -> None:
    environment = Place().aws_environment()
    assert environment["AWS_ACCESS_KEY_ID"] == "test"
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == environment["AWS_CONFIG_FILE"] == "/dev/null"


# --- A stage's environment ------------------------------------------------------------------------------------------


def test_every_variable_comes_from_the_data_stack() -> None:
    assert stage.environment(OUTPUTS)["ZD_ROUTING_QUEUE"] == "<RoutingQueueUrl>"


def test_only_a_local_stage_has_a_clock_that_can_be_moved() -> None:
    assert "ZD_CLOCK_FILE" not in stage.environment(OUTPUTS, "https://x.example/")
    assert stage.environment(OUTPUTS, clock_file="/c")["ZD_CLOCK_FILE"] == "/c"


def test_an_address_loses_the_slash_at_its_end() -> None:
    assert stage.environment(OUTPUTS, "https://x.example/")["ZD_BASE_URL"] == "https://x.example"


def test_an_output_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="UserPoolId"):
        stage.environment({name: value for name, value in OUTPUTS.items() if name != "UserPoolId"})


# --- The build ------------------------------------------------------------------------------------------------------


def test_the_zip_holds_the_pinned_dependencies_but_not_chalice_which_adds_itself() -> None:
    assert build.pins("# a comment\nchalice==1.34.0\nsegno==1.6.6  # why\n\n") == ["segno==1.6.6"]


def test_wheels_are_lambdas_unless_the_hosts_are_asked_for() -> None:
    assert "manylinux2014_x86_64" in build.pip_command(["a==1"], False, Path("t"))
    assert "--platform" not in build.pip_command(["a==1"], True, Path("t"))


def test_a_change_of_code_or_settings_is_another_package(tmp_path: Path) -> None:
    (tmp_path / "chalicelib").mkdir()
    for name in ("app.py", "requirements.txt", "chalicelib/a.py"):
        (tmp_path / name).write_text("1")
    plan = build.Plan("local", {"A": "1"}, {})
    before = deploy.fingerprint(plan, tmp_path)
    assert deploy.fingerprint(plan, tmp_path) == before
    assert deploy.fingerprint(build.Plan("local", {"A": "2"}, {}), tmp_path) != before
    (tmp_path / "chalicelib/a.py").write_text("2")
    assert deploy.fingerprint(plan, tmp_path) != before


def test_a_catalogue_is_compiled_beside_its_source(tmp_path: Path) -> None:
    source = tmp_path / "chalicelib/web/locale/en/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "好"\nmsgstr "good"\n')
    assert catalogues.compile_catalogues(tmp_path) == [source.with_suffix(".mo")]
    assert b"good" in source.with_suffix(".mo").read_bytes()


# --- Permissions ----------------------------------------------------------------------------------------------------


def test_the_emulator_judges_actions_and_resources_as_aws_does() -> None:
    statement = {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": ["arn:t"]}
    assert _judged(statement) == statement


def test_a_condition_that_the_emulator_does_not_know_is_left_to_aws() -> None:
    kept = {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": ["arn:k"]}
    assert _judged(kept | {"Condition": {"StringEquals": {"kms:EncryptionContext:purpose": "contact"}}}) == kept


def test_mail_is_sent_from_anywhere_in_the_emulator_and_from_the_sender_alone_on_aws() -> None:
    assert _judged({"Effect": "Allow", "Action": ["ses:SendEmail"], "Resource": ["arn:i"]})["Resource"] == ["*"]


def _judged(statement: dict[str, Any]) -> dict[str, Any]:
    found = permissions.judged({"policy-x.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})
    return dict(json.loads(found["policy-x.json"])["Statement"][0])


# --- The clock ------------------------------------------------------------------------------------------------------


def test_moves_of_the_clock_add_up(tmp_path: Path) -> None:
    place = Place(home=tmp_path)
    assert [move_clock(place, 3600), move_clock(place, 1800)] == [3600.0, 5400.0]
    assert place.clock.read_text() == "5400.0"


# --- Programs in the background -------------------------------------------------------------------------------------

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)", "a-sleeper"]


def test_a_program_in_the_background_ends_when_it_is_stopped(tmp_path: Path) -> None:
    sleeper = Background(tmp_path / "pid", "a-sleeper")
    sleeper.start(SLEEPER, {}, tmp_path / "log")
    assert sleeper.pid() is not None
    assert sleeper.stop()
    assert sleeper.pid() is None
    assert not sleeper.pid_file.exists()


def test_another_program_that_got_the_process_id_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pid").write_text(str(os.getpid()))
    stranger = Background(tmp_path / "pid", "a-word-of-no-command-line")
    assert stranger.pid() is None
    assert stranger.stop()


# --- Sent mail ------------------------------------------------------------------------------------------------------


def test_the_newest_letter_comes_first() -> None:
    post = mail.gathered(SENT, NOTHING)
    assert [letter["id"] for letter in post["mails"]] == ["m2", "m1"]
    assert [letter["id"] for letter in post["texts"]] == ["t2", "t1"]


def test_a_letter_kept_over_a_restart_is_shown_once() -> None:
    post = mail.gathered(SENT, NOTHING)
    assert mail.gathered(SENT, post) == post
    assert mail.gathered({"mails": [], "texts": []}, post) == post


def test_addresses_in_a_letter_can_be_clicked_and_nothing_else_becomes_html() -> None:
    shown = mail.linked("看 http://127.0.0.1:4566/m/abc?x=1&y=2。<b>")
    assert shown == (
        '看 <a href="http://127.0.0.1:4566/m/abc?x=1&amp;y=2">http://127.0.0.1:4566/m/abc?x=1&amp;y=2</a>。&lt;b&gt;'
    )


def test_the_html_of_a_letter_stays_in_a_frame_without_scripts() -> None:
    shown = mail.page(mail.gathered(SENT, NOTHING))
    assert '<iframe sandbox="allow-popups"' in shown
    assert "<h3>&lt;S&gt;</h3>" in shown


def _get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def _served(port: int, read: mail.Read, *paths: str) -> list[tuple[int, str]]:
    with mail.server(port, read) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        found = [_get(port, path) for path in paths]
        server.shutdown()
        thread.join()
    return found


def test_the_mail_page_is_html_for_people_and_json_for_scripts(free_port: int) -> None:
    post = mail.gathered(SENT, NOTHING)
    (status, html), (_, text) = _served(free_port, lambda: post, "/", "/?format=json")
    assert (status, html) == (200, mail.page(post))
    assert json.loads(text) == post


def test_the_mail_page_says_so_when_the_stack_is_down(free_port: int) -> None:
    def down() -> mail.Post:
        raise URLError("refused")

    assert _served(free_port, down, "/") == [(503, "The local stack does not answer. Is it up? make run")]


# --- What is said ---------------------------------------------------------------------------------------------------


def test_the_guide_names_every_address_and_person() -> None:
    users = {"deputy": {"name": "lin", "password": "Secret-1"}}
    facts = launch.describe(Place(), {"form_url": "http://f", "tracking_url": "http://t", "users": users})
    shown = commands.guide(facts)
    for word in ("http://f", "http://t", "http://127.0.0.1:4567", "deputy", "lin", "Secret-1"):
        assert word in shown


def test_an_old_python_is_told_what_is_needed() -> None:
    with pytest.raises(prepare.NotPrepared, match=r"3\.11 or newer is needed, this is 3\.9"):
        prepare.check_python((3, 9))


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution found for x", "can't be reached"),
        ("ERROR: No matching distribution found for x==9", "No matching distribution found for x==9"),
        ("nothing of use", "pip failed"),
    ],
)
def test_pips_failure_becomes_one_sentence(output: str, sentence: str) -> None:
    assert sentence in prepare.why(output)


def test_free_ports_are_two() -> None:
    first, second = free_ports()
    assert first != second


def test_branch_coverage_counts_branches_alone() -> None:
    assert taken({"totals": {"covered_branches": 9, "num_branches": 10, "covered_lines": 1}}) == 90.0
