"""Limits, once-only marks and the vault, on DynamoDB, KMS and Secrets Manager as moto plays them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import Conflict, TooMany
from chalicelib.people import guard, secret, vault
from chalicelib.people.guard import LIMITS, Limit, Remembered
from chalicelib.people.table import GuardRow, VaultRow
from chalicelib.people.vault import Contact, SealBroken
from chalicelib.spine.aws import Cancelled, client, put, transact

NOW = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)
CASE, OTHER_CASE = "7K3M9QXA2B4C", "AAAABBBBCCCC"
CONTACT = Contact("王芳", "wang@example.org", "13800000000", "zh", "email", "T" * 38)


pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def small_limits(monkeypatch):
    for name in LIMITS:
        monkeypatch.setitem(LIMITS, name, Limit(16 if name.startswith("code") else 3, 3600, "too many"))


@pytest.fixture
def calls():
    """The names of the DynamoDB calls that are made."""
    made = []
    events = GuardRow._get_connection().connection.client.meta.events
    events.register("before-call.dynamodb", note := lambda model, **_: made.append(model.name))
    yield made
    events.unregister("before-call.dynamodb", note)


# Limits by address


@pytest.mark.usefixtures("small_limits")
def test_a_limit_lets_so_many_through_and_says_when_to_come_back():
    assert [guard.count_submission("203.0.113.9", NOW, solved=True) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(TooMany) as refused:
        guard.count_submission("203.0.113.9", NOW, solved=True)
    assert refused.value.retry_after == 40 * 60
    assert guard.count_submission("203.0.113.9", NOW + timedelta(minutes=40), solved=True) == 1


@pytest.mark.usefixtures("small_limits")
def test_a_limit_reached_without_proof_of_work_leaves_the_one_with_it_open():
    for _ in range(3):
        guard.count_submission("203.0.113.9", NOW, solved=False)
    assert guard.count_submission("203.0.113.9", NOW, solved=True) == 1


def test_without_proof_of_work_the_limit_is_stricter():
    assert LIMITS["address_bare"].most < LIMITS["address_solved"].most
    assert LIMITS["code_bare"].most < LIMITS["code_solved"].most


@pytest.mark.usefixtures("small_limits")
def test_a_neighbour_is_not_punished():
    for _ in range(3):
        guard.count_submission("203.0.113.9", NOW, solved=True)
    assert guard.count_submission("203.0.113.10", NOW, solved=True) == 1


@pytest.mark.usefixtures("small_limits")
def test_walking_through_ones_own_ipv6_network_does_not_help():
    for host in range(3):
        guard.count_submission(f"2001:db8:1:2::{host}", NOW, solved=True)
    with pytest.raises(TooMany):
        guard.count_submission("2001:db8:1:2:ffff::9", NOW, solved=True)


def test_counting_is_one_call_and_stores_no_address(calls):
    guard.count_submission("203.0.113.9", NOW, solved=True)
    assert calls == ["UpdateItem"]
    (row,) = GuardRow.scan()
    assert "203.0.113" not in str(row.attribute_values)
    assert row.expires == NOW.timestamp() + 40 * 60


def test_the_rows_of_two_hours_can_not_be_told_to_be_of_one_person():
    for hour in range(2):
        guard.count_submission("203.0.113.9", NOW + timedelta(hours=hour), solved=True)
    assert len({row.key for row in GuardRow.scan()}) == 2


# Limits by code


@pytest.mark.usefixtures("small_limits")
def test_a_code_takes_so_many_an_hour_and_refuses_in_the_transaction():
    for _ in range(2):  # 16 an hour are 2 in each of 8 rows
        transact([guard.count_code("QR1", CASE, NOW, solved=True)])
    with pytest.raises(Cancelled):
        transact([guard.count_code("QR1", CASE, NOW, solved=True)])
    assert guard.code_refusal(NOW, solved=True).retry_after == 40 * 60
    transact([guard.count_code("QR2", CASE, NOW, solved=True)])
    transact([guard.count_code("QR1", CASE, NOW, solved=False)])
    transact([guard.count_code("QR1", CASE, NOW + timedelta(hours=1), solved=True)])


def test_a_busy_code_is_counted_in_eight_rows():
    for number in range(64):
        transact([guard.count_code("QR1", f"CASE{number}", NOW, solved=True)])
    rows = list(GuardRow.scan())
    assert len(rows) == guard.SHARDS
    assert sum(row.tally for row in rows) == 64


# Once only


def test_a_request_is_remembered_for_a_day():
    done = Remembered(CASE, 4, "digest")
    transact([guard.remember("deputy-li", "key-1", done, NOW)])
    assert guard.recall("deputy-li", "key-1", "digest", NOW + timedelta(hours=23)) == done
    assert guard.recall("deputy-li", "key-1", "digest", NOW + timedelta(hours=24)) is None
    transact([guard.remember("deputy-li", "key-1", done, NOW + timedelta(hours=24))])


def test_the_same_key_twice_does_not_pass():
    transact([guard.remember("deputy-li", "key-1", Remembered(CASE, 4, "digest"), NOW)])
    with pytest.raises(Cancelled):
        transact([guard.remember("deputy-li", "key-1", Remembered(CASE, 5, "digest"), NOW)])


def test_a_key_with_another_request_is_told_so():
    transact([guard.remember("deputy-li", "key-1", Remembered(CASE, 4, "digest"), NOW)])
    with pytest.raises(Conflict) as refused:
        guard.recall("deputy-li", "key-1", "another digest", NOW)
    assert refused.value.code == "idempotency_key_reused"


@pytest.mark.parametrize(("user", "key"), [("deputy-wu", "key-1"), ("deputy", "li#key-1"), ("deputy-li#key-1", "")])
def test_nobody_sees_what_anothers_key_led_to(user, key):
    transact([guard.remember("deputy-li", "key-1", Remembered(CASE, 4, "digest"), NOW)])
    transact([guard.remember("deputy#li", "key-1", Remembered(CASE, 4, "digest"), NOW)])
    assert guard.recall(user, key, "digest", NOW) is None


# The vault


def test_contact_details_come_back_as_they_were_given():
    transact([put(vault.seal(CASE, CONTACT))])
    assert vault.unseal(CASE) == CONTACT


def test_where_there_are_none_there_are_none():
    assert vault.unseal(CASE) is None


def test_nothing_readable_is_in_the_table():
    transact([put(vault.seal(CASE, CONTACT))])
    stored = str(boto3.client("dynamodb", "us-east-1").scan(TableName=VaultRow.Meta.table_name)["Items"])
    assert not any(value in stored for value in ("王芳", "wang", "138000", "TTTT"))


def test_erased_is_erased_and_once_more_does_no_harm():
    transact([put(vault.seal(CASE, CONTACT))])
    transact([vault.erase(CASE)])
    assert vault.unseal(CASE) is None
    transact([vault.erase(CASE)])


def test_details_moved_to_another_case_do_not_open():
    row = vault.seal(CASE, CONTACT)
    VaultRow(OTHER_CASE, wrapped=row.wrapped, sealed=row.sealed).save()
    with pytest.raises(SealBroken):
        vault.unseal(OTHER_CASE)


def test_details_sealed_with_another_cases_key_do_not_open():
    mine, theirs = vault.seal(CASE, CONTACT), vault.seal(OTHER_CASE, CONTACT)
    VaultRow(CASE, wrapped=mine.wrapped, sealed=theirs.sealed).save()
    with pytest.raises(SealBroken):
        vault.unseal(CASE)


@pytest.mark.parametrize("sealed", [b"", b"short", b"\0" * 60])
def test_changed_details_do_not_open(sealed):
    VaultRow(CASE, wrapped=vault.seal(CASE, CONTACT).wrapped, sealed=sealed).save()
    with pytest.raises(SealBroken):
        vault.unseal(CASE)


def test_each_row_has_a_key_and_a_nonce_of_its_own():
    first, second = vault.seal(CASE, CONTACT), vault.seal(CASE, CONTACT)
    assert first.wrapped != second.wrapped
    assert first.sealed[: vault.NONCE] != second.sealed[: vault.NONCE]


def test_a_key_that_is_not_there_is_an_error_of_its_own(monkeypatch):
    transact([put(vault.seal(CASE, CONTACT))])
    monkeypatch.setattr(vault, "settings", replace(vault.settings, vault_key="alias/no-such-key"))
    with pytest.raises(ClientError, match="NotFound"):
        vault.unseal(CASE)


# The secret


def test_the_secret_is_fetched_once_a_process():
    fetched = []
    events = client("secretsmanager").meta.events
    events.register("before-call.secrets-manager", note := lambda **_: fetched.append(1))
    secret._secret.cache_clear()
    for _ in range(3):
        secret.sign("form", "a")
    events.unregister("before-call.secrets-manager", note)
    assert len(fetched) == 1
