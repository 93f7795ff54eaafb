"""Signatures, and whom an address counts for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people import guard, secret
from chalicelib.people.vault import Contact


@pytest.fixture(autouse=True, scope="module")
def _app_secret():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "_secret", lambda: b"a secret for these tests only")
        yield


def test_a_signature_matches_what_was_signed_and_nothing_else():
    signature = secret.sign("form", "a", "b")
    assert secret.matches(signature, "form", "a", "b")
    assert not secret.matches(signature, "challenge", "a", "b")
    assert not secret.matches(signature, "form", "a", "c")
    assert not secret.matches("", "form", "a", "b")
    assert not secret.matches("签名", "form", "a", "b")
    assert not secret.matches("\ud800", "form", "\udfff")


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_no_two_lists_of_parts_have_one_signature(these, those):
    assert (secret.sign(*these) == secret.sign(*those)) == (these == those)


def test_a_key_for_one_purpose_is_no_key_for_another():
    assert secret.key_for("a") != secret.key_for("b")
    assert len(secret.key_for("a")) == 32


@pytest.mark.parametrize(
    ("address", "counts_for"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("1.2.3.4, 5.6.7.8", "unknown"),
    ],
)
def test_an_address_counts_for_its_network(address, counts_for):
    assert guard.network(address) == counts_for


def test_a_contact_in_a_log_line_tells_nothing():
    contact = Contact("王芳", "wang@example.org", "13800000000", "zh", "email", "T" * 38)
    shown = repr(contact)
    assert not any(value in shown for value in ("王芳", "wang", "138", "TTTT"))
