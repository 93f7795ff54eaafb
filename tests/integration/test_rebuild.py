"""Everything derived can be made anew from the journal, and a change by hand is found and named."""

import msgspec
import pytest

from chalicelib.spine import dossiers, rebuild
from chalicelib.spine.dossiers import DossierRow
from chalicelib.spine.journal import JournalRow
from infra.journal import check_all
from tests.integration.test_spine import Thing, begun, moved

KINDS = {"thing": Thing}
pytestmark = pytest.mark.usefixtures("cloud")


def test_what_nobody_touched_needs_no_mending() -> None:
    moved(begun(), "done")
    found = rebuild.checked("T1", KINDS, mend=True)
    assert (found.verdict.sound, found.same, found.mended) == (True, True, False)


def test_a_state_changed_by_hand_is_written_anew_with_the_words_it_held() -> None:
    thing = moved(begun(), "done")
    row = DossierRow.get("T1")
    row.state = (row.state or "").replace('"status":"done"', '"status":"lost"')
    row.work_deputy = None
    row.save()
    assert rebuild.checked("T1", KINDS, mend=False).same is False
    assert rebuild.checked("T1", KINDS, mend=True).mended
    assert dossiers.load(Thing, "T1") == thing
    assert [found.id for found in dossiers.worklist(deputy="lin", limit=5)[0]] == ["T1"]


def test_a_lost_dossier_comes_back_from_its_journal() -> None:
    begun()
    DossierRow.get("T1").delete()
    assert list(rebuild.every_dossier()) == ["T1"]
    assert rebuild.checked("T1", KINDS, mend=True).mended
    assert dossiers.load(Thing, "T1").status == "new"


def test_a_broken_chain_is_told_and_not_mended() -> None:
    moved(begun(), "done")
    JournalRow("T1", 1).delete()
    found = rebuild.checked("T1", KINDS, mend=True)
    assert (found.verdict.first_changed, found.mended) == (1, False)


def test_a_dossier_without_any_journal_is_not_sound() -> None:
    DossierRow("T9", kind="thing", state=msgspec.json.encode({"head": "x"}).decode()).save()
    assert rebuild.checked("T9", KINDS, mend=True).verdict.first_changed == 1


def test_the_command_counts_what_is_not_sound(capsys: pytest.CaptureFixture[str]) -> None:
    DossierRow("T9", kind="thing", state='{"head":"x"}').save()
    assert check_all(["T9"], mend=False) == 1
    assert "T9: the chain breaks at entry 1" in capsys.readouterr().out
