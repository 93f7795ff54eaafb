"""A whole ``chalice deploy`` against moto's server: what stands afterwards is what the code and the tables say."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from app import app
from infra import application, deploy, mappings, redrive, smoke, stack
from infra.mappings import SOURCES
from infra.policies import USES, function_name, policies
from infra.stage import environment
from tests.infra import chalice_on_moto, data_stack
from tests.infra.moto_server import REGION, client_environment, moto_server
from tests.infra.repository import linked

STAGE = "test"
CHALICE = (sys.executable, str(Path(chalice_on_moto.__file__)))


@dataclass(frozen=True)
class Stage:
    """A stage as it was deployed."""

    endpoint: str
    outputs: dict[str, str]
    address: str
    root: Path
    said: list[str]

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION)  # type: ignore[call-overload]

    def function(self, function: str) -> dict[str, Any]:
        name = function_name(function, STAGE)
        found: dict[str, Any] = self.client("lambda").get_function_configuration(FunctionName=name)
        return found

    def mapping(self, function: str) -> dict[str, Any]:
        source = self.outputs[SOURCES[function]]
        (found,) = self.client("lambda").list_event_source_mappings(EventSourceArn=source)["EventSourceMappings"]
        return dict(found)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Deployed as ``python -m infra.deploy`` does, whole, but for what moto can't: our two templates, and to serve the site."""
    root, said = linked(tmp_path_factory.mktemp("repository")), list[str]()
    with moto_server() as endpoint:
        with client_environment(endpoint), pytest.MonkeyPatch.context() as patch:
            session = boto3.Session()
            outputs = data_stack.put_up(session, STAGE)
            patch.setattr(stack, "deploy", lambda *_: outputs)
            patch.setattr(smoke, "open_site", lambda address: said.append(f"opened {address}"))
            address = deploy.run(deploy.Deployment(STAGE, session, root=root, chalice=CHALICE), said.append)
        yield Stage(endpoint, outputs, address, root, said)


def test_the_deploy_goes_through_its_five_steps_and_opens_the_site(stage: Stage) -> None:
    assert [line[0] for line in stage.said if line[1:].startswith("/5 ")] == ["1", "2", "3", "4", "5"]
    assert f"opened {stage.address}" in stage.said


def test_every_route_of_the_app_stands_at_the_gateway(stage: Stage) -> None:
    gateway = stage.client("apigateway")
    (api,) = gateway.get_rest_apis()["items"]
    resources = gateway.get_resources(restApiId=api["id"], limit=500)["items"]
    served = {(each["path"], method) for each in resources for method in each.get("resourceMethods", {})}
    assert served == {(path, method) for path, methods in app.routes.items() for method in methods}


def test_the_functions_are_those_that_the_policies_are_for(stage: Stage) -> None:
    found = {each["FunctionName"] for each in stage.client("lambda").list_functions()["Functions"]}
    assert found == {function_name(function, STAGE) for function in USES}


@pytest.mark.parametrize("function", USES)
def test_a_function_has_the_stages_environment_and_its_size(stage: Stage, function: str) -> None:
    deployed = stage.function(function)
    config = json.loads((stage.root / ".chalice" / "config.json").read_text())
    own = config["lambda_functions"]["api_handler" if function == "api" else function]
    assert deployed["Environment"]["Variables"] == environment(stage.outputs, stage.address)
    assert deployed["MemorySize"] == own.get("lambda_memory_size", config["lambda_memory_size"])
    assert deployed["Timeout"] == own.get("lambda_timeout", config["lambda_timeout"])


@pytest.mark.parametrize("function", USES)
def test_a_function_may_do_what_its_table_says_and_nothing_else(stage: Stage, function: str) -> None:
    iam, role = stage.client("iam"), stage.function(function)["Role"].split("/")[-1]
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    assert iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] == policies(stage.outputs)[function]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []


@pytest.mark.parametrize("function", SOURCES)
def test_a_source_feeds_its_function_and_is_told_which_messages_failed(stage: Stage, function: str) -> None:
    mapping = stage.mapping(function)
    assert mapping["FunctionArn"].split(":")[-1] == function_name(function, STAGE)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["State"] == "Enabled"


def test_no_queue_or_stream_is_without_partial_batches(stage: Stage) -> None:
    every = stage.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert len(every) == len(SOURCES)
    assert all(each["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for each in every)


@pytest.mark.parametrize("function", mappings.MOST_AT_ONCE)
def test_consumers_of_a_queue_are_limited(stage: Stage, function: str) -> None:
    assert stage.mapping(function)["ScalingConfig"] == {"MaximumConcurrency": mappings.MOST_AT_ONCE[function]}


def test_a_bad_fact_is_set_apart_and_does_not_stop_the_stream(stage: Stage) -> None:
    stream = stage.mapping("dispatch")
    assert stream["BisectBatchOnFunctionError"] is True
    assert stream["MaximumRecordAgeInSeconds"] == 3600
    assert stream["DestinationConfig"]["OnFailure"]["Destination"] == stage.outputs["DispatchDeadQueueArn"]


def test_a_mail_event_that_fails_is_kept(stage: Stage) -> None:
    name = function_name("mail_event", STAGE)
    kept = stage.client("lambda").get_function_event_invoke_config(FunctionName=name)["DestinationConfig"]
    assert kept["OnFailure"]["Destination"] == stage.outputs["MailEventDeadQueueArn"]


def test_the_sweep_runs_every_minute_and_routing_learns_every_night(stage: Stage) -> None:
    events = stage.client("events")
    found = {}
    for rule in events.list_rules()["Rules"]:
        (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        found[target["Arn"]] = (rule["ScheduleExpression"], rule["State"])
    assert found == {
        stage.function("sweep")["FunctionArn"]: ("rate(1 minute)", "ENABLED"),
        stage.function("learn")["FunctionArn"]: ("cron(0 19 * * ? *)", "ENABLED"),
    }


def test_bounces_reach_the_function_for_them(stage: Stage) -> None:
    topic = stage.outputs["MailEventsTopicArn"]
    (subscription,) = stage.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("lambda", stage.function("mail_event")["FunctionArn"])


def test_a_second_deploy_changes_the_first_and_adds_nothing(stage: Stage) -> None:
    # The fixture deployed twice: the second time with the address that the first gave.
    assert len(stage.client("apigateway").get_rest_apis()["items"]) == 1
    remembered = application.api(STAGE, stage.root / application.MEMORY)
    assert stage.address == remembered["rest_api_url"].rstrip("/")


def test_every_index_of_every_table_answers_the_apps_own_query(stage: Stage, capfd: pytest.CaptureFixture[str]) -> None:
    with client_environment(stage.endpoint):
        smoke.ask_indexes(boto3.Session(), stage.outputs)
    answered = {line.split(":")[0].strip() for line in capfd.readouterr().out.splitlines() if line.endswith("answers")}
    assert {f"zerodistance-{STAGE}-dossiers/{name}" for name in ("work-by-deputy", "work-by-body", "agenda")} <= answered


def test_an_index_that_does_not_answer_fails_the_smoke_test(stage: Stage, capfd: pytest.CaptureFixture[str]) -> None:
    elsewhere = stage.outputs | {"Prefix": "zerodistance-elsewhere"}
    with client_environment(stage.endpoint), pytest.raises(smoke.SmokeFailed, match="An index does not answer"):
        smoke.ask_indexes(boto3.Session(), elsewhere)
    assert "zerodistance-elsewhere-dossiers" in capfd.readouterr().err


def test_the_sweep_is_run_once_by_the_smoke_test(stage: Stage) -> None:
    with client_environment(stage.endpoint):
        smoke.sweep(boto3.Session(), STAGE)


def test_only_the_sites_own_pages_send_files_to_the_bucket(stage: Stage) -> None:
    (rule,) = stage.client("s3").get_bucket_cors(Bucket=stage.outputs["FilesBucketName"])["CORSRules"]
    origin = "/".join(stage.address.split("/")[:3])
    assert (rule["AllowedOrigins"], rule["AllowedMethods"]) == ([origin], ["POST"])


def test_the_gateway_lets_through_only_so_much(stage: Stage) -> None:
    gateway = stage.client("apigateway")
    (api,) = gateway.get_rest_apis()["items"]
    (limits,) = gateway.get_stage(restApiId=api["id"], stageName="api")["methodSettings"].values()
    assert (limits["throttlingRateLimit"], limits["throttlingBurstLimit"]) == (100, 200)


def test_facts_that_dispatch_could_not_take_are_read_from_the_stream_again(stage: Stage) -> None:
    where = a_fact_in_the_stream(stage)
    letter = {"DDBStreamBatchInfo": where}
    dead = f"https://sqs.{REGION}.amazonaws.com/{stage.outputs['Account']}/zerodistance-{STAGE}-dispatch-dead"
    stage.client("sqs").send_message(QueueUrl=dead, MessageBody=json.dumps(letter))
    with client_environment(stage.endpoint):
        assert redrive.redrive(boto3.Session(), "dispatch", STAGE, print) == 1
        assert [each["dynamodb"]["NewImage"]["seq"] for each in redrive.facts(boto3.Session(), letter)] == [{"N": "1"}]
        with pytest.raises(redrive.NotPutBack, match="1 of 2 are there"):
            redrive.facts(boto3.Session(), {"DDBStreamBatchInfo": where | {"batchSize": 2}})


def a_fact_in_the_stream(stage: Stage) -> dict[str, Any]:
    # A table of its own: moto takes what a function was given out of the stream.
    tables = stage.client("dynamodb")
    stream = tables.create_table(
        TableName="facts",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "seq", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "seq", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]
    tables.put_item(TableName="facts", Item={"seq": {"N": "1"}})
    (shard,) = stage.client("dynamodbstreams").describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
    start = shard["SequenceNumberRange"]["StartingSequenceNumber"]
    return {"streamArn": stream, "shardId": shard["ShardId"], "startSequenceNumber": start, "batchSize": 1}


def test_counting_stands_still_while_figures_are_made_anew_and_goes_on_afterwards(stage: Stage) -> None:
    with client_environment(stage.endpoint):
        with mappings.paused(boto3.Session(), stage.outputs, "tally", worked_off=0.0):
            assert stage.mapping("tally")["State"] == "Disabled"
        assert stage.mapping("tally")["State"] == "Enabled"
        with pytest.raises(RuntimeError), mappings.paused(boto3.Session(), stage.outputs, "tally", worked_off=0.0):
            raise RuntimeError("it went wrong")
    assert stage.mapping("tally")["State"] == "Enabled"
