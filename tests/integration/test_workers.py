"""What the platform does by itself: facts reach the queues that want them, messages are worked one by one, each once."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
from botocore.awsrequest import AWSResponse

from app import SUBSCRIPTIONS, app
from chalicelib.cases import service, workers
from chalicelib.cases.model import Case
from chalicelib.errors import Conflict, NotFound
from chalicelib.outreach import workers as outreach
from chalicelib.people import form, guard
from chalicelib.people.table import GuardRow
from chalicelib.settings import settings
from chalicelib.spine import agenda, aws, dispatch, journal, queue
from chalicelib.spine.aws import client, put
from chalicelib.spine.chain import Entry
from chalicelib.telemetry import correlation, count, flush, follow, metrics
from tests.integration.test_outreach import mails
from tests.support.api import BASE_URL
from tests.support.casework import COLD, EMAIL, NAME, PHONE, facts, facts_of, routed, sent
from tests.support.house import CONSUMERS, House, MovedClock
from tests.support.said import logged
from tests.support.wanglan import LIN, LIN_CODE, NOON

pytestmark = pytest.mark.usefixtures("district")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CASES = {"case": (Case, service.enforce)}


@pytest.fixture
def house(district: None) -> House:  # noqa: ARG001 - its tables
    return House()


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """The platform's clock, at noon of a working day."""
    monkeypatch.setitem(vars(settings), "clock_file", tmp_path / "offset")
    moved = MovedClock(tmp_path / "offset")
    moved.set(NOON)
    return moved


def batch(*bodies: object) -> dict[str, Any]:
    """A Lambda event of a queue: bodies as they are, or as JSON."""
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    return {"Records": [{"messageId": f"m{n}", "body": text} for n, text in enumerate(texts)]}


def failed(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


# A batch, message by message


def test_a_bad_message_does_not_hold_up_its_neighbours() -> None:
    cases = [sent() for _ in range(3)]
    good = [{"dossier": case.id, "seq": 1, "kind": "case", "type": "received"} for case in cases]
    answer = app.handler_map["route"](batch(good[0], "no JSON", good[1], {"dossier": "NOBODY"}, {}, "[]", good[2]), None)
    assert failed(answer) == ["m1", "m3", "m4", "m5"]
    assert [service.found(case.id).status for case in cases] == ["routed"] * 3


@pytest.mark.parametrize("name", CONSUMERS.values())
def test_every_queues_function_answers_which_messages_failed(name: str) -> None:
    wrong = {"dossier": "NOBODY", "seq": 1, "kind": "case"} if name != "tally" else {}  # of nobody there is nothing to count
    assert failed(app.handler_map[name](batch(wrong), None)) == ["m0"]
    assert failed(app.handler_map[name](batch(), None)) == []


def test_a_failure_is_logged_with_its_queue_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    with logged() as lines:
        queue.each(batch("no JSON", "no JSON either"), lambda _: None, "routing")
    assert [(line["level"], line["queue"], line["message_id"]) for line in lines] == [
        ("ERROR", "routing", "m0"), ("ERROR", "routing", "m1"),
    ]  # fmt: skip
    (emf,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "FailedMessages" in line]
    assert emf["FailedMessages"] == [1.0, 1.0]


def test_a_message_that_always_fails_ends_in_the_dead_letter_queue_and_the_others_are_done(house: House) -> None:
    case = sent()
    queue.send_all(settings.routing_queue, [{"dossier": "NOBODY", "seq": 1, "kind": "case", "type": "received"}])
    house.run()
    assert [json.loads(body)["dossier"] for body in house.dead["routing"]] == ["NOBODY"]
    assert service.found(case.id).status == "routed"


def test_more_than_ten_messages_go_ten_a_call() -> None:
    calls: list[int] = []
    events = client("sqs").meta.events
    events.register(
        "before-parameter-build.sqs.SendMessageBatch", note := lambda params, **_: calls.append(len(params["Entries"]))
    )
    try:
        assert queue.send_all(settings.routing_queue, ({"n": n} for n in range(23))) == 23
        assert queue.send_all(settings.routing_queue, []) == 0
    finally:
        events.unregister("before-parameter-build.sqs.SendMessageBatch", note)
    assert calls == [10, 10, 3]


def test_a_queue_that_takes_only_some_is_an_error_and_nothing_is_lost_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    class Half:
        def send_message_batch(self, **_: object) -> dict[str, Any]:
            return {"Failed": [{"Id": "1", "Message": "too busy"}]}

    monkeypatch.setattr(queue, "client", lambda _: Half())
    with pytest.raises(OSError, match="1 of 2 messages were not taken"):
        queue.send_all("url", [{}, {}])


# Dispatch


def record(kind: str, type: str, event: str = "INSERT", correlation: str = "r-1") -> dict[str, Any]:
    entry = Entry("CASE00000001", 1, type, NOON, "system", "", kind=kind, correlation=correlation).sealed()
    return {"eventName": event, "dynamodb": {"NewImage": {"content": {"S": msgspec.json.encode(entry).decode()}}}}


def waiting(name: str) -> list[dict[str, Any]]:
    """The messages in a queue, and they stay there."""
    url = getattr(settings, f"{name}_queue")
    found = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]


WANTED = {(name, fact) for name in CONSUMERS for fact in SUBSCRIPTIONS.get(getattr(settings, f"{name}_queue"), ())}


@pytest.mark.parametrize(("name", "fact"), sorted(WANTED))
def test_a_fact_goes_to_the_queues_that_want_it_and_to_no_other(name: str, fact: str) -> None:
    kind, _, type = fact.partition(".")
    dispatch.dispatch({"Records": [record(kind, type)]}, SUBSCRIPTIONS)
    expected = {"dossier": "CASE00000001", "seq": 1, "kind": kind, "type": type, "correlation": "r-1"}
    assert waiting(name) == [expected]
    assert {other for other in CONSUMERS if waiting(other)} == {other for other, wanted in WANTED if wanted == fact}


@pytest.mark.parametrize(("kind", "type"), [("case", "told"), ("case", "contact_viewed"), ("directory", "received"), ("", "x")])
def test_a_fact_that_nobody_wants_goes_nowhere(kind: str, type: str) -> None:
    dispatch.dispatch({"Records": [record(kind, type)]}, SUBSCRIPTIONS)
    assert [name for name in CONSUMERS if waiting(name)] == []


def test_only_what_was_added_is_told_not_what_the_tables_upkeep_changes() -> None:
    dispatch.dispatch({"Records": [record("case", "received", event) for event in ("MODIFY", "REMOVE")]}, SUBSCRIPTIONS)
    assert waiting("routing") == []


def test_a_queue_that_does_not_take_them_brings_the_whole_batch_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> int:
        raise OSError("full")

    monkeypatch.setattr(queue, "send_all", refuses)
    with pytest.raises(OSError, match="full"):
        app.handler_map["dispatch"]({"Records": [record("case", "received")]}, None)


def test_a_batch_brought_again_is_done_once(house: House) -> None:
    case = sent()
    records = house.new_records()
    for _ in range(3):
        house.invoke("dispatch", {"Records": records})
    house.run()
    assert facts(case.id)[:2] == ["received", "routed"]
    assert facts(case.id).count("routed") == 1
    assert len([entry for entry in facts_of(case.id, "told") if entry.data["fact"] == "received"]) == 1


# Correlation


def written(house: House, **fields: str) -> Case:
    """A message sent by the form, at the real door."""
    opened = form.new_form(settings.now() - 5 * MINUTE)
    content = urlencode({"text": COLD, "form": str(opened), "tell": "email", "email": EMAIL, "name": NAME, **fields})
    with httpx.Client(transport=house.door(), base_url=BASE_URL) as resident:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        assert resident.post(f"/d/{LIN_CODE}", content=content, headers=headers).status_code == 303
    return service.found(opened.case_id)


def test_a_requests_id_travels_through_journal_and_queues_to_the_last_worker(house: House, clock: MovedClock) -> None:
    assert clock
    first, second = written(house), written(house)
    house.run()
    own = {"received", "routed", "told"}  # the two say the same: into one demand the second one's request puts them both
    ids = [{each.correlation for each in journal.entries(case.id) if each.type in own} for case in (first, second)]
    assert [len(each) for each in ids] == [1, 1]
    assert all(id.startswith("request-") for each in ids for id in each)
    assert ids[0] != ids[1]
    assert {"received", "routed", "told"} <= set(facts(first.id))


def test_what_a_worker_logs_carries_the_id_of_its_message_and_not_of_its_neighbour() -> None:
    with logged() as lines:
        app.handler_map["route"](
            batch(*({"dossier": "NOBODY", "correlation": id} for id in ("r-1", "r-2")), {"dossier": "X"}), None
        )
    assert [line.get("correlation_id", "") for line in lines] == ["r-1", "r-2", ""]


def test_what_the_agenda_does_is_said_to_come_of_its_sweep(house: House, clock: MovedClock) -> None:
    case = routed()
    follow("left over from before")
    clock.set(NOON + 23 * MINUTE)
    house.minute()
    (reminded,) = facts_of(case.id, "reminded")
    assert reminded.correlation == "sweep-2026-11-24T04:23"


# The agenda: late, twice, out of order


def due(case: Case) -> list[dict[str, Any]]:
    """The message of every rung of a case, as sweeps at its moments queued them."""
    duties = [f"{step}:{rung}" for step in case.clocks for rung in case.clocks[step].rungs]
    return [{"dossier": case.id, "kind": "case", "duty": duty, "correlation": ""} for duty in duties]


CLIMBED = ["reminded", "breached", "escalated", "escalated"]


def test_every_rung_is_enforced_once_though_its_message_comes_thrice_and_in_any_order(clock: MovedClock) -> None:
    case = routed()
    clock.set(NOON + 9 * HOUR)
    messages = due(case) * 3
    answer = app.handler_map["enforce"](batch(*messages[::-1]), None)
    assert failed(answer) == []
    assert sorted(facts(case.id)[2:]) == sorted(CLIMBED * 2)
    moments = [entry.data["to"] for entry in facts_of(case.id, *CLIMBED) if entry.data["step"] == "answer"]
    assert moments == ["remind", "breach", "head", "manager"]


def test_a_message_that_comes_too_early_changes_nothing(clock: MovedClock) -> None:
    case = routed()
    clock.set(NOON + 22 * MINUTE)
    assert failed(app.handler_map["enforce"](batch(*due(case)), None)) == []
    assert facts(case.id) == ["received", "routed"]


def test_a_message_that_comes_after_the_promise_was_kept_changes_nothing(clock: MovedClock) -> None:
    case = routed()
    service.move("answer", case.id, by=LIN, now=NOON + 20 * MINUTE, text="已修好")
    clock.set(NOON + 9 * HOUR)
    assert failed(app.handler_map["enforce"](batch(*due(case)), None)) == []
    assert facts(case.id) == ["received", "routed", "answered"]


def test_after_an_hour_without_a_sweep_one_sweep_enforces_everything_once(house: House, clock: MovedClock) -> None:
    cases = [routed() for _ in range(4)]
    house.run()
    clock.set(NOON + HOUR)  # the acknowledgement was due after half an hour, and its whole ladder has passed
    house.minute()
    for case in cases:
        assert [entry.data["to"] for entry in facts_of(case.id, *CLIMBED)] == ["remind", "breach", "head", "manager"]
    before = [facts(case.id) for case in cases]
    house.minute()
    assert [facts(case.id) for case in cases] == before


def test_a_sweep_finds_again_what_the_last_one_queued_and_nobody_has_enforced_yet(clock: MovedClock) -> None:
    case = routed()
    clock.set(NOON + 23 * MINUTE)
    assert [agenda.sweep(settings.now()) for _ in range(2)] == [1, 1]
    messages = waiting("deadlines")
    assert [message["dossier"] for message in messages] == [case.id] * 2
    app.handler_map["enforce"](batch(*messages), None)
    assert facts(case.id)[2:] == ["reminded"]


def test_a_promise_broken_is_noticed_by_the_next_minutes_sweep(house: House, clock: MovedClock) -> None:
    case = routed()
    clock.set(NOON + 2 * HOUR)
    agenda.enforce({"dossier": case.id, "kind": "case"}, NOON + 2 * HOUR, CASES)
    assert service.found(case.id).clocks["answer"].overdue(NOON + 2 * HOUR) is False  # on the moment itself it is not
    clock.set(NOON + 2 * HOUR + MINUTE)
    house.minute()
    assert service.found(case.id).clocks["answer"].overdue(settings.now())
    assert [entry.data["step"] for entry in facts_of(case.id, "breached")] == ["acknowledge", "answer"]


def test_a_message_that_was_received_and_whose_routing_was_lost_is_routed_by_the_agenda(
    house: House, clock: MovedClock
) -> None:
    case = sent()
    house.lose_the_stream()
    house.minute()
    assert service.found(case.id).status == "received"
    clock.set(NOON + 2 * MINUTE)
    house.minute()
    assert service.found(case.id).status == "routed"


def test_an_agenda_that_names_what_is_not_there_says_so() -> None:
    with pytest.raises(NotFound, match="NOBODY"):
        agenda.enforce({"dossier": "NOBODY", "kind": "case"}, NOON, CASES)


# Races


def test_a_case_that_someone_moved_at_the_same_moment_is_looked_at_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    case, record_once = sent(), service.dossiers.record

    def overtaken(*steps: Any, **known: Any) -> Any:
        monkeypatch.setattr(service.dossiers, "record", record_once)
        service.observe(case.id, "told", {"of": 1}, now=NOON)
        return record_once(*steps, **known)

    monkeypatch.setattr(service.dossiers, "record", overtaken)
    workers.work({"kind": "case", "type": "received", "dossier": case.id}, NOON)
    assert facts(case.id) == ["received", "told", "routed"]


@pytest.mark.parametrize(("times", "outcome"), [(1, "routed"), (3, "routed"), (99, "received")])
def test_a_transaction_that_meets_another_on_a_row_is_tried_again_at_once(
    times: int, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, met, transact = sent(), [], aws._transact

    def contended(writes: Any) -> None:
        met.append(1)
        if len(met) <= times:
            raise aws.Cancelled((), contended=True)
        transact(writes)

    monkeypatch.setattr(aws, "_transact", contended)
    monkeypatch.setattr(aws, "sleep", lambda _: None)
    answer = app.handler_map["route"](batch({"dossier": case.id, "kind": "case", "type": "received"}), None)
    assert (service.found(case.id).status, failed(answer)) == (outcome, [] if outcome == "routed" else ["m0"])


def test_what_dynamodb_says_of_a_contended_transaction_is_told_from_a_condition_that_failed() -> None:
    def said(*codes: str) -> aws.Cancelled:
        reasons = [{"Code": code} for code in codes]
        refusal = (
            AWSResponse("", 400, {}, None),
            {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons},
        )
        events = aws._connection().client.meta.events
        events.register("before-call.dynamodb.TransactWriteItems", play := lambda **_: refusal)
        try:
            with pytest.raises(aws.Cancelled) as cancelled:
                aws._transact([put(GuardRow("a", expires=1)), put(GuardRow("b", expires=1))])
        finally:
            events.unregister("before-call.dynamodb.TransactWriteItems", play)
        return cancelled.value

    assert (said("None", "TransactionConflict").contended, said("TransactionConflict", "None").failed) == (True, ())
    both = said("ConditionalCheckFailed", "TransactionConflict")
    assert (both.failed, both.contended) == ((0,), False)


def test_who_is_always_too_late_fails_and_is_brought_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case, tries = sent(), []

    def overtaken(*_: object, **__: object) -> None:
        tries.append(1)
        raise Conflict("someone else")

    monkeypatch.setattr(service.dossiers, "record", overtaken)
    assert failed(app.handler_map["route"](batch({"dossier": case.id, "kind": "case", "type": "received"}), None)) == ["m0"]
    assert len(tries) == 5


def test_a_notice_whose_outcome_could_not_be_recorded_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = routed()
    observe = outreach.cases.observe

    def fails(*_: object, **__: object) -> None:
        monkeypatch.setattr(outreach.cases, "observe", observe)
        raise Conflict("someone else")

    monkeypatch.setattr(outreach.cases, "observe", fails)
    notice = {"dossier": case.id, "seq": 1, "kind": "case", "type": "received"}
    assert failed(app.handler_map["notify"](batch(notice), None)) == ["m0"]
    assert failed(app.handler_map["notify"](batch(notice), None)) == []
    assert len(mails(EMAIL)) == 1
    assert [entry.data["because"] for entry in facts_of(case.id, "not_told")] == ["interrupted"]


# Metrics and logs


def emf(text: str) -> list[dict[str, Any]]:
    """The lines that CloudWatch makes metrics of: its embedded metric format."""
    lines = (json.loads(line) for line in text.splitlines() if line.startswith("{"))
    return [line for line in lines if "_aws" in line]


def total(lines: list[dict[str, Any]], name: str) -> float:
    return float(sum(sum(line[name]) for line in lines if name in line))


def test_metrics_are_written_as_one_line_when_the_invocation_ends(capsys: pytest.CaptureFixture[str]) -> None:
    flush()
    assert emf(capsys.readouterr().out) == []
    count("Received")
    count("Received", 2)
    assert emf(capsys.readouterr().out) == []
    flush()
    (line,) = emf(capsys.readouterr().out)
    (declared,) = line["_aws"]["CloudWatchMetrics"]
    assert declared["Namespace"] == "ZeroDistance"
    assert declared["Metrics"] == [{"Name": "Received", "Unit": "Count"}]
    assert (line["Received"], line["stage"], metrics.metric_set) == ([1.0, 2.0], "test", {})


def journey(house: House, clock: MovedClock) -> list[Case]:
    """Two matters from the form to the end: one answered in time, the other broken, escalated, asked back and withdrawn."""
    kept, broken = (
        written(house),
        written(house, tell="phone", phone=PHONE, address="3号楼2单元501", text="我家501室暖气不热，老人病了"),
    )
    house.run()
    service.move("acknowledge", kept.id, by=LIN, now=settings.now())
    service.contact(kept.id, "上门前联系", by=LIN, now=settings.now())
    service.move("answer", kept.id, by=LIN, now=settings.now(), text="今晚派人上门")
    clock.forward(3 * HOUR)
    house.minute()
    service.move("ask", broken.id, by=LIN, now=settings.now(), text="几号楼？")
    service.say(service.found(broken.id), "reply", "我家三单元，电话13911112222", "s", now=settings.now())
    service.confirm(service.found(kept.id), 5, now=settings.now())
    house.run()
    guard.claim("told#x", settings.now())
    return [kept, broken]


WORDS = (COLD, "暖气不热", "501", "三单元", "老人病了", "今晚派人上门", "几号楼", "上门前联系")
DETAILS = (NAME, EMAIL, PHONE, "13911112222", "w.xiuying", "13800138000")


def test_a_whole_journey_is_logged_and_measured_without_a_word_or_a_contact_detail(
    house: House, clock: MovedClock, capfd: pytest.CaptureFixture[str]
) -> None:
    with logged() as lines:
        journey(house, clock)
        app.handler_map["notify"](batch({"dossier": "NOBODY", "seq": 1, "text": COLD}), None)
        with httpx.Client(transport=house.door(), base_url=BASE_URL) as anyone:
            anyone.post("/v1/session", json={"username": EMAIL, "password": "swordfish"})
    said = json.dumps(lines, ensure_ascii=False) + "".join(capfd.readouterr())
    assert "ZeroDistance" in said
    assert not [word for word in (*WORDS, *DETAILS, "swordfish") if word in said]


def test_what_happens_is_counted(house: House, clock: MovedClock, capsys: pytest.CaptureFixture[str]) -> None:
    journey(house, clock)
    with pytest.raises(NotFound):
        outreach.tell({"dossier": "NOBODY", "seq": 1}, NOON)
    app.handler_map["route"](batch("no JSON"), None)
    flush()
    lines = emf(capsys.readouterr().out)
    counted = {name: total(lines, name) for name in ("Received", "Routed", "Breaches", "FailedMessages", "OverdueDuties")}
    assert counted == {"Received": 2, "Routed": 2, "Breaches": 2, "FailedMessages": 1, "OverdueDuties": 1}
    assert total(lines, "Told") >= 6
    assert 0 <= total(lines, "SecondsToAcknowledge") < 4 * 3600
    assert all(line["stage"] == "test" for line in lines)


def test_the_correlation_of_one_invocation_is_gone_in_the_next() -> None:
    follow("r-1")
    app.handler_map["route"](batch({"dossier": "NOBODY"}), None)
    assert correlation() == ""
