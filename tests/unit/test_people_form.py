"""Form tokens, tracking tokens and the suspicion of machines."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Invalid, NotFound
from chalicelib.people import form, secret

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def _app_secret():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "_secret", lambda: b"a secret for these tests only")
        yield


def test_a_form_comes_back_as_it_was_given_out():
    token = form.new_form(NOW)
    assert form.read_form(str(token), NOW + timedelta(days=7)) == token


def test_every_opened_form_is_a_case_of_its_own():
    assert len({form.new_form(NOW).case_id for _ in range(200)}) == 200


def test_ids_are_of_the_promised_shape():
    token = form.new_form(NOW)
    assert (len(token.case_id), len(token.secret), len(token.tracking_token)) == (12, 26, 38)
    assert set(token.tracking_token) <= set(form.ALPHABET)


def test_the_choice_of_characters_is_an_argument():
    assert form.new_form(NOW, pick=lambda alphabet: alphabet[-1]).case_id == "Z" * 12


def test_a_form_older_than_seven_days_asks_to_be_sent_once_more():
    token = form.new_form(NOW)
    with pytest.raises(Invalid) as refused:
        form.read_form(str(token), NOW + timedelta(days=7, seconds=1))
    assert (refused.value.code, refused.value.field) == ("form_expired", "form")


def test_a_form_with_a_chosen_case_id_is_refused():
    mine, theirs = form.new_form(NOW), form.new_form(NOW)
    forged = str(mine).replace(mine.case_id, theirs.case_id)
    with pytest.raises(Invalid, match="not made here") as refused:
        form.read_form(forged, NOW)
    assert refused.value.code == "form_invalid"


def test_a_form_can_not_be_made_to_live_longer():
    token = form.new_form(NOW)
    later = str(int((NOW + timedelta(days=30)).timestamp()))
    with pytest.raises(Invalid):
        form.read_form(".".join([token.case_id, token.secret, later, token.signature]), NOW + timedelta(days=20))


def test_moving_a_character_between_case_id_and_secret_breaks_the_signature():
    token = form.new_form(NOW)
    moved = [token.case_id + token.secret[0], token.secret[1:], str(int(NOW.timestamp())), token.signature]
    with pytest.raises(Invalid):
        form.read_form(".".join(moved), NOW)


@given(st.text(max_size=200))
def test_whatever_comes_as_a_form_is_refused_in_words(text):
    with pytest.raises(Invalid):
        form.read_form(text, NOW)


def test_of_a_tracking_token_only_a_hash_is_stored_and_it_opens():
    token = form.new_form(NOW).tracking_token
    stored = form.token_hash(token)
    assert token not in stored
    assert form.opens(token, stored)
    assert not form.opens(form.new_form(NOW).tracking_token, stored)
    assert not form.opens(token, "")


def test_a_tracking_token_copied_by_hand_still_opens():
    token = "1O0ABCDEFGHJ" + "K" * 26
    typed = "-".join(["lo0a", "bcde", "fghj", "k" * 26])
    assert form.case_of(typed) == "100ABCDEFGHJ"
    assert form.opens(typed, form.token_hash(token))


@pytest.mark.parametrize("typed", ["", "ABC", "A" * 37, "A" * 39, "U" * 38, "界" * 38, "../" * 20])
def test_what_can_not_be_a_tracking_token_is_not_found(typed):
    with pytest.raises(NotFound):
        form.case_of(typed)


def test_a_case_id_alone_does_not_open_the_page():
    token = form.new_form(NOW)
    assert not form.opens(token.case_id + "0" * 26, form.token_hash(token.tracking_token))


def test_a_filled_trap_is_suspicious():
    assert form.suspicion({"website": "http://spam.example"}, NOW, NOW + timedelta(minutes=1)) == "trap_filled"


def test_a_form_sent_within_three_seconds_is_suspicious():
    assert form.suspicion({"website": ""}, NOW, NOW + timedelta(seconds=2)) == "too_fast"


def test_an_honest_person_is_not_suspicious():
    assert form.suspicion({"text": "暖气不热"}, NOW, NOW + timedelta(seconds=3)) == ""
