"""The templates keep what must not be lost, and cfn-lint finds nothing in any of them."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.files import service
from infra.build import ROOT, build, package, plan
from infra.mappings import SOURCES, merge_template
from infra.stack import HERE
from infra.stage import FROM_OUTPUTS
from tests.infra.data_stack import template
from tests.infra.outputs import OUTPUTS, REGION
from tests.infra.repository import linked

DATA = template("data.yaml")
ALARMS = template("alarms.yaml")


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {name: each["Properties"] for name, each in DATA["Resources"].items() if each["Type"] == kind}


TABLES = of_kind("AWS::DynamoDB::Table")
QUEUES = of_kind("AWS::SQS::Queue")
LIVING = {name: each for name, each in QUEUES.items() if "DeadQueue" not in name}


def lint(*files: Path) -> str:
    done = subprocess.run([Path(sys.executable).with_name("cfn-lint"), *files], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_cfn_lint_finds_nothing_in_the_templates() -> None:
    assert lint(HERE / "data.yaml", HERE / "alarms.yaml") == ""


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The application's own template, as ``chalice package`` makes it."""
    root = linked(tmp_path_factory.mktemp("repository"))
    folder = build(plan("test", OUTPUTS, "https://example.org"), root / "build", root)
    return package(folder, "test", REGION, merge_template(OUTPUTS)) / "sam.json"


def test_cfn_lint_finds_nothing_in_the_packaged_application(packaged: Path) -> None:
    assert lint(packaged) == ""


def test_the_gateway_leaves_compression_to_the_function_and_decodes_every_body(packaged: Path) -> None:
    """10,485,760 is the highest size that API Gateway takes: beyond every answer (docs/decisions/004)."""
    api = json.loads(packaged.read_text())["Resources"]["RestAPI"]["Properties"]
    assert api["MinimumCompressionSize"] == 10485760
    assert "*/*" in api["DefinitionBody"]["x-amazon-apigateway-binary-media-types"]


@pytest.mark.parametrize("function", SOURCES)
def test_the_packaged_application_has_partial_batches_for_every_source(packaged: Path, function: str) -> None:
    events = json.loads(packaged.read_text())["Resources"][function.capitalize()]["Properties"]["Events"]
    (source,) = events.values()
    assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_can_be_restored_to_any_second_and_is_not_deleted_by_mistake(name: str) -> None:
    table = TABLES[name]
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_what_holds_data_outlives_its_stack() -> None:
    kept = {
        name: each["DeletionPolicy"]
        for name, each in DATA["Resources"].items()
        if each["Type"].split("::")[1] in {"DynamoDB", "Cognito", "KMS", "SecretsManager", "S3"}
        and not each["Type"].endswith(("Group", "Client", "Alias", "BucketPolicy"))
    }
    assert len(kept) == len(TABLES) + 4
    assert all(policy == {"Fn::If": ["Protected", "Retain", "Delete"]} for policy in kept.values())


def test_every_index_of_the_dossiers_projects_the_kind() -> None:
    indexes = TABLES["DossiersTable"]["GlobalSecondaryIndexes"]
    assert {index["IndexName"] for index in indexes} == {"work-by-deputy", "work-by-body", "agenda", "by-demand", "by-shelf"}
    assert all("kind" in index["Projection"]["NonKeyAttributes"] for index in indexes)


@pytest.mark.parametrize("name", LIVING)
def test_a_message_that_fails_four_times_ends_in_the_dead_letter_queue(name: str) -> None:
    redrive = LIVING[name]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == 4
    dead = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    assert QUEUES[dead]["QueueName"]["Fn::Sub"] == LIVING[name]["QueueName"]["Fn::Sub"] + "-dead"


def test_a_dead_letter_waits_a_fortnight() -> None:
    assert {each["MessageRetentionPeriod"] for name, each in QUEUES.items() if "DeadQueue" in name} == {14 * 24 * 3600}


def test_nobody_signs_themselves_up() -> None:
    (pool,) = of_kind("AWS::Cognito::UserPool").values()
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}


def test_the_groups_of_the_pool_are_the_roles_of_staff() -> None:
    from chalicelib.people.roles import STAFF

    assert {group["GroupName"] for group in of_kind("AWS::Cognito::UserPoolGroup").values()} == set(STAFF)


def test_the_outputs_are_what_the_environment_is_made_of() -> None:
    assert set(FROM_OUTPUTS.values()) <= DATA["Outputs"].keys()
    assert OUTPUTS.keys() | {"BaseUrl"} == DATA["Outputs"].keys()


def test_every_dead_letter_queue_has_its_alarm() -> None:
    watched = set(ALARMS["Resources"]["Fn::ForEach::DeadLetters"][1])
    dead = {each["QueueName"]["Fn::Sub"] for name, each in QUEUES.items() if "DeadQueue" in name}
    assert {f"zerodistance-${{Stage}}-{queue}-dead" for queue in watched} == dead


def test_every_function_has_its_alarm_on_errors() -> None:
    from infra.policies import USES

    watched = set(ALARMS["Resources"]["Fn::ForEach::Errors"][1])
    assert watched | {"api"} == USES.keys()
    assert ALARMS["Resources"]["ApiErrors"]["Properties"]["MetricName"] == "5XXError"


def test_every_metric_of_ours_that_is_watched_is_counted_by_the_code() -> None:
    code = "".join(file.read_text() for file in (ROOT / "chalicelib").rglob("*.py"))
    ours = [each["Properties"] for each in ALARMS["Resources"].values() if isinstance(each, dict)]
    named = {each["MetricName"] for each in ours if each.get("Namespace") == "ZeroDistance"}
    shown = set(re.findall(r'"ZeroDistance", "(\w+)"', json.dumps(ALARMS["Resources"]["Dashboard"]).replace("\\", "")))
    assert {"OverdueDuties", "FailedMessages"} <= named
    assert {name for name in named | shown if f'count("{name}"' not in code} == set()


def test_overdue_duties_and_a_sweep_that_stopped_raise_an_alarm() -> None:
    overdue = ALARMS["Resources"]["OverdueDuties"]["Properties"]
    assert (overdue["Namespace"], overdue["MetricName"]) == ("ZeroDistance", "OverdueDuties")
    assert ALARMS["Resources"]["SweepStopped"]["Properties"]["TreatMissingData"] == "breaching"


def test_the_dashboard_is_one_and_whole() -> None:
    (dashboard,) = [each for each in ALARMS["Resources"].values() if _kind(each) == "AWS::CloudWatch::Dashboard"]
    widgets = json.loads(dashboard["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"]
    assert {"Dead letters (must be 0)", "Duties due at each sweep", "Errors"} <= {
        each["properties"]["title"] for each in widgets
    }


def _kind(resource: Any) -> str:
    return str(resource["Type"]) if isinstance(resource, dict) else ""


def test_the_bucket_of_files_is_private_encrypted_and_forgets_what_nothing_refers_to() -> None:
    (bucket,) = of_kind("AWS::S3::Bucket").values()
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]
    rules = {rule.get("Prefix", ""): rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    assert rules["offered/"]["ExpirationInDays"] * timedelta(days=1) == service.OFFERED
    assert "ExpirationInDays" not in rules[""]
    (policy,) = of_kind("AWS::S3::BucketPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
