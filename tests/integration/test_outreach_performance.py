"""Of a performance record hears whose turn it is, once; of an appeal not the one whose decision it is about."""

from collections.abc import Iterator
from string import Formatter

import pytest
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.ses.models import ses_backends

from chalicelib.directory import service as directory_service
from chalicelib.outreach import performance
from chalicelib.outreach import workers as outreach
from chalicelib.performance import importing, service
from chalicelib.performance.model import LIFECYCLE, Record
from chalicelib.spine import journal
from chalicelib.spine.aws import REGION
from tests.support.performance import PLACE, TITLE, appealed, approved, returned, rows, submitted
from tests.support.wanglan import NOON, QIAO, TANG

pytestmark = pytest.mark.usefixtures("district")


def told(record: Record) -> Iterator[tuple[str, str]]:
    """Who is told of a record's newest fact, and in which subject; told twice by the queue."""
    before = len(ses_backends[ACCOUNT][REGION].sent_messages)
    entry = journal.entries(record.id)[-1]
    for _ in range(2):
        outreach.tell({"dossier": record.id, "seq": entry.seq, "kind": "record", "type": entry.type}, NOON)
    for mail in ses_backends[ACCOUNT][REGION].sent_messages[before:]:
        yield mail.destinations["ToAddresses"][0].partition("@")[0], mail.subject


def test_whose_turn_it_is_hears_it_once() -> None:
    assert list(told(submitted())) == [("qiao", "履职记录待审核：林见微")]
    assert list(told(returned())) == [("lin", "履职记录被退回")]


def test_of_an_appeal_hears_who_may_decide_and_of_the_decision_the_deputy() -> None:
    record = appealed()
    assert list(told(record)) == [("tang", "履职记录申诉：林见微")]
    decided = service.accept("overturn", record.id, by=TANG, now=NOON, reason="确已写明")
    assert list(told(decided)) == [("lin", "申诉结果：申诉成立")]
    upheld = service.move("uphold", appealed().id, by=TANG, now=NOON, reason="确有重复")
    assert list(told(upheld)) == [("lin", "申诉结果：维持退回")]


def test_of_what_is_approved_brought_in_or_made_by_itself_nobody_is_written_to() -> None:
    approved()
    importing.bring_in(rows(3), by=QIAO, now=NOON)
    assert {"record.approved", "record.made", "record.drafted"} & outreach.TOLD_BY_US == set()


def test_every_text_names_only_what_there_is_and_no_word_of_the_record() -> None:
    record = returned()
    directory = directory_service.edition(NOON)
    values = performance._values(journal.entries(record.id)[-1], record, directory)
    assert performance.TEXTS.keys() == performance.TOLD.keys() <= {f"record.{move.fact}" for move in LIFECYCLE.moves}
    for wording in performance.TEXTS.values():
        for text in (wording.subject, wording.text, wording.short):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= values.keys()
    assert not any(words in "".join(values.values()) for words in (TITLE, PLACE))
