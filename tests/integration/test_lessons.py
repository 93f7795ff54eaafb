"""Routing learns from what people set right, never from what the platform guessed itself, and never gets worse."""

import pytest

from chalicelib.cases import lessons, service, workers
from chalicelib.cases.lessons import LibraryRow
from chalicelib.directory import service as directory
from chalicelib.spine import journal
from tests.integration.test_casework import routed, sent
from tests.support.wanglan import LIN, NOON, QIAO

pytestmark = pytest.mark.usefixtures("district")
BUSES = "roads/transit/bus"


def told(case_id: str) -> None:
    """What the routing queue does with the last fact of a case."""
    last = journal.entries(case_id)[-1]
    workers.work({"kind": "case", "type": last.type, "dossier": case_id, "seq": last.seq}, NOON)


def known() -> list[tuple[str, str]]:
    return [(example.text, example.category) for example in lessons.examples()]


def test_a_corrected_category_is_a_lesson() -> None:
    case = routed()
    service.recategorise(case.id, BUSES, "说的是公交", by=LIN, now=NOON)
    told(case.id)
    assert known() == [(case.words[0].text, BUSES)]


def test_what_the_platform_guessed_is_none_until_a_person_lets_it_stand() -> None:
    case = routed()
    told(case.id)
    assert known() == []
    service.move("answer", case.id, by=LIN, now=NOON, text="好")
    told(case.id)
    assert known() == [(case.words[0].text, "heating/supply/cold-flat")]


def test_the_last_word_on_a_case_counts_once() -> None:
    case = routed()
    for category in (BUSES, "heating/supply/cold-flat"):
        service.recategorise(case.id, category, "再看", by=LIN, now=NOON)
        told(case.id)
    assert known() == [(case.words[0].text, "heating/supply/cold-flat")]


def test_with_few_lessons_the_words_of_the_directory_guess_alone() -> None:
    assert lessons.learn(directory.edition(NOON), NOON) == ""
    assert lessons.guesser(directory.edition(NOON), NOON).predict("暖气不热").category == "heating/supply/cold-flat"


def test_a_model_that_is_better_goes_into_service_and_routes() -> None:
    kinds = teach()
    version = lessons.learn(directory.edition(NOON), NOON)
    assert version != ""
    assert LibraryRow.get("router", "current").value == version
    lessons.forget()
    case = sent(id="CASE0000Q001", text="蓝色铁皮房旁边又堆满了纸箱子，第7栋")
    service.route(case.id, NOON)
    assert service.found(case.id).category == kinds[1]


def test_a_second_night_with_nothing_new_changes_nothing() -> None:
    teach()
    version = lessons.learn(directory.edition(NOON), NOON)
    assert lessons.learn(directory.edition(NOON), NOON) == version


def teach() -> list[str]:
    """Sixty corrected messages of two categories, in whose lexicon none of their words stands; returns the two."""
    kinds = [category.id for category in directory.edition(NOON).leaves()][:2]
    texts = ("黄色三轮车每天半夜按喇叭", "蓝色铁皮房旁边堆满了纸箱子")
    for number in range(60):
        case = sent(id=f"CASE0000{number:04d}", text=f"{texts[number % 2]}，第{number}栋")
        service.recategorise(case.id, kinds[number % 2], "看过了", by=QIAO, now=NOON)
        told(case.id)
    return kinds
