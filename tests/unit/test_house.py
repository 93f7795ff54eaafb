"""The whole house at once: nothing is told that nobody hears, nothing happens that has no words, no function may do more
or less than it does."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from string import Formatter
from typing import Any

import pytest

from app import JOURNAL, MAIL_EVENTS, QUEUES, SUBSCRIPTIONS, app
from chalicelib import settings as environment
from chalicelib.cases import service
from chalicelib.cases import workers as cases
from chalicelib.cases.model import LIFECYCLE, Case
from chalicelib.cases.wording import HAPPENED
from chalicelib.outreach import demands as of_demands
from chalicelib.outreach import supervision as of_supervision
from chalicelib.outreach import workers as outreach
from chalicelib.outreach.model import TOLD, Telling
from chalicelib.outreach.texts import TEXTS
from chalicelib.settings import settings
from chalicelib.spine.chain import Entry
from infra.build import ROOT
from infra.policies import FOLLOW, LOG, RECEIVE, USES, policies
from infra.stage import environment as provided
from tests.infra.data_stack import template
from tests.infra.outputs import OUTPUTS
from tests.support.calls import Call
from tests.support.house import CONSUMERS
from tests.support.journey import everything
from tests.support.wanglan import NOON
from tests.unit.test_routing import wanglan

DATA = template("data.yaml")["Resources"]
CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
SOURCES = {source.name: source for source in app.event_sources}
FUNCTIONS = {"api", *SOURCES}


# Queues, streams and functions


def queues() -> dict[str, dict[str, Any]]:
    """The queues of the data stack by their plain name."""
    found = [each["Properties"] for each in DATA.values() if each["Type"] == "AWS::SQS::Queue"]
    return {each["QueueName"]["Fn::Sub"].removeprefix("zerodistance-${Stage}-"): each for each in found}


def living() -> dict[str, dict[str, Any]]:
    return {name: each for name, each in queues().items() if not name.endswith("-dead")}


def test_every_queue_of_the_stack_has_its_function_and_every_function_its_queue() -> None:
    consumed = {name for name, arn in QUEUES.items() if any(getattr(each, "queue_arn", "") == arn for each in SOURCES.values())}
    assert living().keys() == QUEUES.keys() == consumed == CONSUMERS.keys()
    assert {
        name: next(s.name for s in SOURCES.values() if getattr(s, "queue_arn", "") == QUEUES[name]) for name in QUEUES
    } == CONSUMERS


@pytest.mark.parametrize("name", CONSUMERS)
def test_what_fails_is_kept_and_a_message_is_hidden_for_as_long_as_its_function_may_take(name: str) -> None:
    redrive = living()[name]["RedrivePolicy"]
    assert DATA[redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]]["Properties"] == queues()[f"{name}-dead"]
    timeout = CONFIG["lambda_functions"][CONSUMERS[name]].get("lambda_timeout", CONFIG["lambda_timeout"])
    # AWS: at least six times the function's timeout. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    assert living()[name]["VisibilityTimeout"] >= 6 * timeout


def test_stream_and_topic_have_their_function() -> None:
    assert (SOURCES["dispatch"].stream_arn, SOURCES["mail_event"].topic) == (JOURNAL, MAIL_EVENTS)


def test_every_function_has_its_policy_and_its_place_in_the_config() -> None:
    assert USES.keys() == FUNCTIONS
    assert {name.replace("api_handler", "api") for name in CONFIG["lambda_functions"]} == FUNCTIONS
    assert CONFIG["lambda_functions"].keys() <= {"api_handler", *app.handler_map}


# Facts


def facts_in_the_code() -> set[str]:
    """Every fact of a case that the code can record: of its moves, and those that are written beside them."""
    sources = [path.read_text() for path in (ROOT / "chalicelib" / "cases").glob("*.py")] + [
        (ROOT / "chalicelib" / "outreach" / "workers.py").read_text()
    ]
    beside = {fact for text in sources for fact in re.findall(r'Step\(\s*\w+, \w+, "(\w+)"', text)}
    return {move.fact for move in LIFECYCLE.moves} | beside | BESIDE


# Written where no pattern finds them: by a variable.
BESIDE = {"received", "reminded", "breached", "escalated", "told", "not_told", "bounced", "grouped", "ungrouped", "photos_kept"}
# What a resident does not see of their case, on purpose.
AMONG_STAFF = {"reminded", "contact_viewed", "told", "not_told", "bounced", "grouped", "ungrouped"}


def test_every_fact_of_a_case_is_in_the_timelines_words_or_kept_from_it_on_purpose() -> None:
    shown = {name.partition("_")[0] if name.startswith("escalated_") else name for name in HAPPENED}
    assert facts_in_the_code() - shown == AMONG_STAFF
    assert shown <= facts_in_the_code()


def test_only_facts_that_happen_are_told_and_only_what_is_asked_for_is_sent() -> None:
    assert TOLD.keys() <= facts_in_the_code()
    wanted = {fact for facts in SUBSCRIPTIONS.values() for fact in facts}
    assert {fact.removeprefix("case.") for fact in wanted if fact.startswith("case.")} <= facts_in_the_code()
    assert SUBSCRIPTIONS[settings.notices_queue] == outreach.TOLD_BY_US
    assert SUBSCRIPTIONS[settings.routing_queue] == cases.ROUTED_BY_US
    assert SUBSCRIPTIONS.keys() == {getattr(settings, f"{queue}_queue") for queue in CONSUMERS if queue != "deadlines"}


TELLINGS = [
    (fact, "resident" if whom == "resident" else "staff", language)
    for fact, everyone in TOLD.items()
    for whom in everyone
    for language in (("zh", "en") if whom == "resident" else ("zh",))
]


@pytest.mark.parametrize(("fact", "whom", "language"), sorted(set(TELLINGS)))
def test_whoever_is_told_of_a_fact_has_words_for_it(fact: str, whom: str, language: str) -> None:
    case = Case(id="CASE00000001", created_at=NOON, updated_at=NOON)
    telling = Telling(Entry(case.id, 1, fact, NOON, "system", ""), case, wanglan(), "https://x.example")
    values = telling.values(language, "https://x.example/m/" + "T" * 38)
    subject, text, short = TEXTS[whom, fact, language]
    for words in (subject, text, short):
        assert {name for _, name, _, _ in Formatter().parse(words) if name} <= values.keys()
        assert words.strip()
    assert "{link}" in text
    assert "\n" not in subject
    if whom == "resident":
        assert "{link}" in short
        assert not {"text", "reason", "instead"} & {name for _, name, _, _ in Formatter().parse(short) if name}
    else:
        assert "{text}" not in subject + text + short  # of a resident's words staff are told that there are some, not what


def test_no_words_wait_for_a_fact_that_is_never_told() -> None:
    assert TEXTS.keys() == {(whom, fact, language) for fact, whom, language in TELLINGS}
    assert of_demands.TEXTS.keys() == of_demands.TOLD.keys()
    assert of_supervision.TEXTS.keys() == of_supervision.TOLD.keys()


def test_every_duty_that_a_case_can_have_is_known_to_who_enforces_it() -> None:
    named = set(re.findall(r'timers\["(\w+)"\]|timers=\{"(\w+)"', (ROOT / "chalicelib/cases/model.py").read_text()))
    assert {name for pair in named for name in pair if name} == service._TIMERS.keys()
    rungs = {rung for rule in wanglan().edition.promises for rung in rule.ladder or ()} | {
        "remind",
        "breach",
        "head",
        "manager",
    }
    assert rungs == {"remind", "breach", "head", "manager"}


# The environment


class Asked(dict[str, str]):
    """An environment that notes what it is asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return default


def test_every_variable_that_is_read_is_provided_and_none_is_provided_in_vain() -> None:
    asked = Asked()
    environment.read(asked)
    elsewhere = set(re.findall(r'environ(?:\.get\(|\[)"((?:ZD|POWERTOOLS)_\w+)"', (ROOT / "app.py").read_text()))
    arns = {f"ZD_{name.upper()}_QUEUE_ARN" for name in QUEUES}
    given = provided(OUTPUTS, base_url="https://x.example", clock_file="/tmp/clock")
    powertools = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "LOG_LEVEL"}
    assert asked.names | elsewhere | arns | powertools == given.keys()
    assert all(given.values())


def test_a_stages_environment_makes_its_settings() -> None:
    made = environment.read(provided(OUTPUTS, base_url="https://x.example/"))
    assert (made.stage, made.prefix, made.base_url, made.clock_file) == ("test", "zerodistance-test", "https://x.example", None)
    assert made.routing_queue == OUTPUTS["RoutingQueueUrl"]
    assert made.table("journal") == "zerodistance-test-journal"


# Rights: what a whole journey calls is what the policies allow, no more and no less

UNASKED = {"InitiateAuth", "RespondToAuthChallenge", "RevokeToken", "GlobalSignOut"}  # the token or password is the right
# What AWS does with a function's role, and not its code: poll queues and streams, write logs, keep what failed.
# ListBucket is asked for so that an object which is not there is told from one that may not be read.
AWSS_OWN = {*RECEIVE, *FOLLOW, *LOG, "dynamodb:ListStreams", "s3:ListBucket"}
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
Right = tuple[str, str]  # action, resource


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Call]]:
    """The calls of each function on a journey through everything."""
    return everything(tmp_path_factory.mktemp("clock")).calls


def arn(service_name: str, rest: str) -> str:
    return f"arn:aws:{service_name}:{OUTPUTS['Region']}:{OUTPUTS['Account']}:{rest}"


def table_arn(name: str, index: str = "") -> str:
    return arn("dynamodb", f"table/{name}{f'/index/{index}' if index else ''}")


def rights(call: Call) -> Iterator[Right]:
    """What IAM asks for before a call goes through. A transaction is permitted by its parts, a batch by its tables."""
    asked = call.asked
    if call.operation == "TransactWriteItems":
        for item in asked["TransactItems"]:
            ((kind, write),) = item.items()
            yield f"dynamodb:{PARTS[kind]}", table_arn(write["TableName"])
    elif call.operation in ("BatchGetItem", "BatchWriteItem"):
        yield from ((f"dynamodb:{call.operation}", table_arn(name)) for name in asked["RequestItems"])
    elif call.service == "dynamodb":
        yield f"dynamodb:{call.operation}", table_arn(asked["TableName"], asked.get("IndexName", ""))
    elif not (call.service == "cognito-idp" and call.operation in UNASKED):
        yield _elsewhere(call)


def _object(call: Call) -> Right:
    key = str(call.asked["Path"]).removeprefix(f"/{settings.files_bucket}").lstrip("/")
    operation = {"HeadObject": "GetObject"}.get(call.operation, call.operation)
    return f"s3:{operation}", f"{OUTPUTS['FilesBucketArn']}/{key}"


def _elsewhere(call: Call) -> Right:
    if call.service == "s3":
        return _object(call)
    queue = str(call.asked.get("QueueUrl", "")).rpartition("/")[2]
    action, resource = {
        "sqs": (f"sqs:{call.operation.removesuffix('Batch')}", arn("sqs", queue)),
        "kms": (f"kms:{call.operation}", OUTPUTS["VaultKeyArn"]),
        "secretsmanager": (f"secretsmanager:{call.operation}", OUTPUTS["AppSecretArn"]),
        "cognito-idp": (f"cognito-idp:{call.operation}", OUTPUTS["UserPoolArn"]),
        "ses": (f"ses:{call.operation}", arn("ses", f"identity/{OUTPUTS['MailIdentity']}")),
        "sns": (f"sns:{call.operation}", "a telephone number"),
    }[call.service]
    return action, resource


POLICIES = policies(OUTPUTS)


def may(function: str, right: Right) -> bool:
    action, resource = right
    return any(
        action in each["Action"] and any(fnmatchcase(resource, pattern) for pattern in each["Resource"])
        for each in POLICIES[function]["Statement"]
        if each["Effect"] == "Allow"
    )


def used(calls: list[Call]) -> set[Right]:
    return {right for call in calls for right in rights(call)}


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_may_do_whatever_it_does(function: str, called: Mapping[str, list[Call]]) -> None:
    assert called[function] or function == "learn", "the journey does not reach it"
    assert {right for right in used(called[function]) if not may(function, right)} == set()


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_may_do_nothing_that_it_never_does(function: str, called: Mapping[str, list[Call]]) -> None:
    done, idle = used(called[function]), defaultdict(set)
    for each in POLICIES[function]["Statement"]:
        for action in each["Action"] if each["Effect"] == "Allow" else ():
            for resource in each["Resource"]:
                its_own = action in AWSS_OWN or resource.endswith("-dead") or ":configuration-set/" in resource
                if not its_own and not any(action == did and fnmatchcase(on, resource) for did, on in done):
                    idle[resource].add(action)
    assert idle == {}


def test_the_vaults_key_is_asked_only_for_contacts_and_the_stamps_of_ballots(called: Mapping[str, list[Call]]) -> None:
    contexts = [call.asked["EncryptionContext"] for calls in called.values() for call in calls if call.service == "kms"]
    assert contexts
    assert all(context.keys() == {"dossier", "purpose"} for context in contexts)
    assert {context["purpose"] for context in contexts} == {"contact", "ballots"}


def test_mail_goes_out_in_the_platforms_name_and_sms_to_numbers_alone(called: Mapping[str, list[Call]]) -> None:
    mails = [call for call in called["notify"] if call.service == "ses"]
    messages = [call for call in called["notify"] if call.service == "sns"]
    assert {call.asked["Source"] for call in mails} == {settings.mail_sender}
    assert messages
    assert all("PhoneNumber" in call.asked and not {"TopicArn", "TargetArn"} & call.asked.keys() for call in messages)


def test_no_function_ever_scans_a_table(called: Mapping[str, list[Call]]) -> None:
    assert {call.operation for calls in called.values() for call in calls} & {"Scan", "ExecuteStatement"} == set()


def test_no_fact_is_ever_changed_or_taken_away(called: Mapping[str, list[Call]]) -> None:
    done = {right for calls in called.values() for right in used(calls)}
    assert {action for action, on in done if on == table_arn("zerodistance-test-journal")} == {
        "dynamodb:PutItem", "dynamodb:Query", "dynamodb:GetItem", "dynamodb:BatchGetItem",
    }  # fmt: skip
