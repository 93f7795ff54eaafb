"""An operator lets people in and out."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from infra.people import KINDS, NotDone, Pool, first_password
from tests.infra.data_stack import template
from tests.infra.outputs import REGION


@pytest.fixture
def pool() -> Iterator[Pool]:
    with mock_aws():
        client = boto3.client("cognito-idp", region_name=REGION)
        rules = template("data.yaml")["Resources"]["PeoplePool"]["Properties"]["Policies"]
        id = client.create_user_pool(PoolName="people", Policies=rules)["UserPool"]["Id"]
        client.create_group(UserPoolId=id, GroupName="manager")
        yield Pool(client, id)


def test_the_first_manager_comes_with_a_password_that_must_be_replaced(pool: Pool) -> None:
    pool.add("manager.wu", "manager", first_password())
    user = pool.client.admin_get_user(UserPoolId=pool.id, Username="manager.wu")
    groups = pool.client.admin_list_groups_for_user(UserPoolId=pool.id, Username="manager.wu")["Groups"]
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert [group["GroupName"] for group in groups] == ["manager"]


def test_a_name_that_is_taken_is_told_as_such(pool: Pool) -> None:
    pool.add("manager.wu", "manager", first_password())
    with pytest.raises(NotDone, match="of this name already"):
        pool.add("manager.wu", "manager", first_password())


def test_whoever_forgot_their_password_gets_another_first_one(pool: Pool) -> None:
    pool.add("manager.wu", "manager", first_password())
    pool.password("manager.wu", first_password())
    user = pool.client.admin_get_user(UserPoolId=pool.id, Username="manager.wu")
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"


def test_who_leaves_stays_known_and_can_not_sign_in(pool: Pool) -> None:
    pool.add("manager.wu", "manager", first_password())
    pool.remove("manager.wu")
    assert pool.client.admin_get_user(UserPoolId=pool.id, Username="manager.wu")["Enabled"] is False
    with pytest.raises(NotDone, match="no user of this name"):
        pool.remove("nobody")


def test_a_first_password_is_long_and_has_every_kind_of_character() -> None:
    passwords = {first_password() for _ in range(50)}
    assert len(passwords) == 50
    for password in passwords:
        assert len(password) == 16
        assert all(set(kind) & set(password) for kind in KINDS)
