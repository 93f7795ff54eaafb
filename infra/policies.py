"""What each function may do: one readable table, from which the policy files are made (infra/build.py writes them).

A resource is named ``kind/name``; the actions are said without a wildcard. ``policies`` turns the table into one IAM
document a function, with the ARNs of a stage. Cognito's calls for a token (InitiateAuth, RevokeToken, GlobalSignOut)
are absent on purpose: AWS does not ask IAM about them, the token or password is the permission.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

Outputs = Mapping[str, str]  # the data stack's outputs, by name
Actions = tuple[str, ...]

GET: Final = ("dynamodb:GetItem",)
QUERY: Final = ("dynamodb:Query",)
PUT: Final = ("dynamodb:PutItem",)
UPDATE: Final = ("dynamodb:UpdateItem",)
DELETE: Final = ("dynamodb:DeleteItem",)
BATCH_GET: Final = ("dynamodb:BatchGetItem",)
BATCH_WRITE: Final = ("dynamodb:BatchWriteItem",)
SEND: Final = ("sqs:SendMessage",)
# What Lambda's poller does with the function's role.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
RECEIVE: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
COUNT: Final = ("sqs:GetQueueAttributes",)
# https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
FOLLOW: Final = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
# The stage whose policies an emulator enforces, in its own way: there the two calls are two permissions, on AWS one.
EMULATED: Final = "local"
EMULATED_TOO: Final = {"sqs:SendMessage": "sqs:SendMessageBatch", "sqs:DeleteMessage": "sqs:DeleteMessageBatch"}
QUEUED: Final = ("routing", "deadlines", "notices", "patterns", "followups", "figures")  # each with its dead letters
LOG: Final = ("logs:CreateLogStream", "logs:PutLogEvents")

# A fact is written by everyone who acts: its entry in the journal and the state it leads to, in one transaction.
# A transaction is permitted by the permissions of its parts.
RECORD: Final[dict[str, Actions]] = {"table/journal": PUT, "table/dossiers": GET + PUT}

USES: Final[dict[str, dict[str, Actions]]] = {
    "api": {
        "table/directory": GET + QUERY + PUT,
        "table/journal": QUERY + PUT + BATCH_GET,
        "table/dossiers": GET + PUT + BATCH_GET,
        "table/figures": QUERY + UPDATE,
        "index/dossiers/work-by-deputy": QUERY,
        "index/dossiers/work-by-body": QUERY,
        "index/dossiers/by-demand": QUERY,
        "index/dossiers/by-shelf": QUERY,
        "table/library": GET + QUERY + PUT + UPDATE + BATCH_GET,
        "index/library/by-date": QUERY,
        "table/vault": GET + PUT + DELETE,
        "table/guards": GET + PUT + UPDATE + DELETE,
        "key/vault": ("kms:GenerateDataKey", "kms:Decrypt"),
        "secret/app": ("secretsmanager:GetSecretValue",),
        "files/offered": ("s3:PutObject", "s3:GetObject"),
        "files/kept": ("s3:PutObject", "s3:GetObject", "s3:DeleteObject"),
        # Without it AWS answers "forbidden" for an object that is not there, as for one that we may not read.
        "bucket/files": ("s3:ListBucket",),
        # The manager puts dead letters back; those that are no messages but failed calls are only counted.
        "letters/": SEND,
        "letters/-dead": RECEIVE,
        "queue/dispatch-dead": COUNT,
        "queue/mail-event-dead": COUNT,
        "pool/people": ("cognito-idp:AdminInitiateAuth", "cognito-idp:AdminRespondToAuthChallenge"),
    },
    "dispatch": {
        "stream/journal": FOLLOW,
        "streams/journal": ("dynamodb:ListStreams",),
        "queue/routing": SEND,
        "queue/notices": SEND,
        "queue/patterns": SEND,
        "queue/followups": SEND,
        "queue/figures": SEND,
        "queue/dispatch-dead": SEND,
    },
    "route": RECORD
    | {
        "queue/routing": RECEIVE,
        "table/journal": GET + PUT,
        "table/directory": GET,
        "table/library": GET + QUERY + PUT,
    },
    "learn": {
        "table/directory": GET,
        "table/dossiers": BATCH_GET,
        "table/library": GET + QUERY + PUT,
        "index/library/by-date": QUERY,
    },
    "enforce": RECORD
    | {
        "queue/deadlines": RECEIVE,
        "table/directory": GET,
        "table/library": GET + QUERY + PUT + DELETE,
        "table/vault": DELETE,
        "files/offered": ("s3:GetObject",),
        "files/kept": ("s3:PutObject", "s3:GetObject", "s3:DeleteObject"),
        "bucket/files": ("s3:ListBucket",),
    },
    "notify": RECORD
    | {
        "queue/notices": RECEIVE + SEND,
        "secret/app": ("secretsmanager:GetSecretValue",),
        "table/journal": GET + PUT,
        "table/directory": GET,
        "table/library": DELETE,
        "table/vault": GET + DELETE,
        "key/vault": ("kms:Decrypt",),
        "table/guards": GET + PUT + DELETE,
        "mail/sender": ("ses:SendEmail",),
        "sms/anyone": ("sns:Publish",),
    },
    "group": RECORD
    | {
        "queue/patterns": RECEIVE + SEND,
        "table/journal": GET + PUT,
        "index/dossiers/by-demand": QUERY,
        "table/directory": GET,
        "table/fingerprints": BATCH_GET + BATCH_WRITE,
        "table/figures": QUERY + UPDATE,
        "table/guards": PUT,
    },
    "follow": RECORD
    | {
        "queue/followups": RECEIVE + SEND,
        "queue/notices": SEND,
        "table/journal": GET + QUERY + PUT,
        "index/dossiers/by-demand": QUERY,
        "table/directory": GET,
        "table/guards": PUT,
        "table/library": QUERY,
        "table/figures": GET + PUT + UPDATE,
    },
    "tally": {"queue/figures": RECEIVE, "table/journal": QUERY, "table/figures": GET + PUT + UPDATE},
    "sweep": {"index/dossiers/agenda": QUERY, "queue/deadlines": SEND},
    "mail_event": RECORD | {"table/guards": PUT, "queue/mail-event-dead": SEND},
}


def policies(outputs: Outputs) -> dict[str, dict[str, Any]]:
    """An IAM policy document for each function, for the stage that these outputs are of."""
    return {function: _document(function, uses, outputs) for function, uses in USES.items()}


def policy_file(function: str) -> str:
    """The name of a function's policy file beside Chalice's config.json, which names it too."""
    return f"policy-{function}.json"


def policy_files(outputs: Outputs) -> dict[str, str]:
    """The policy files by name, as JSON text."""
    return {policy_file(function): json.dumps(document, indent=2) for function, document in policies(outputs).items()}


def function_name(function: str, stage: str) -> str:
    """What Chalice calls a function on AWS: ``zerodistance-prod-route``; the API's own is ``zerodistance-prod``."""
    return f"zerodistance-{stage}" if function == "api" else f"zerodistance-{stage}-{function}"


def _document(function: str, uses: Mapping[str, Actions], outputs: Outputs) -> dict[str, Any]:
    statements = [_logs(function, outputs)]
    for resource, actions in uses.items():
        statements += _statements(resource, actions, outputs)
    return {"Version": "2012-10-17", "Statement": statements}


def _statements(resource: str, actions: Actions, outputs: Outputs) -> list[dict[str, Any]]:
    if outputs["Stage"] == EMULATED:
        actions += tuple(EMULATED_TOO[action] for action in actions if action in EMULATED_TOO)
    statement = _allow(actions, _arns(resource, outputs)) | _condition(resource, outputs)
    return [statement, _never_a_topic(outputs)] if resource == "sms/anyone" else [statement]


def _allow(actions: Actions, arns: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": arns}


def _arns(resource: str, outputs: Outputs) -> list[str]:
    kind, _, name = resource.partition("/")
    return _ARNS[kind](name, outputs)


def _arn(service: str, rest: str, outputs: Outputs) -> str:
    return f"arn:{outputs['Partition']}:{service}:{outputs['Region']}:{outputs['Account']}:{rest}"


def _table(name: str, outputs: Outputs) -> list[str]:
    return [_arn("dynamodb", f"table/{outputs['Prefix']}-{name}", outputs)]


def _index(name: str, outputs: Outputs) -> list[str]:
    table, _, index = name.partition("/")
    return [_arn("dynamodb", f"table/{outputs['Prefix']}-{table}/index/{index}", outputs)]


def _streams(name: str, outputs: Outputs) -> list[str]:
    # ListStreams asks for a table's streams, before any one of them is named: AWS offers no narrower resource.
    return [_arn("dynamodb", f"table/{outputs['Prefix']}-{name}/stream/*", outputs)]


def _queue(name: str, outputs: Outputs) -> list[str]:
    return [_arn("sqs", f"{outputs['Prefix']}-{name}", outputs)]


def _letters(ending: str, outputs: Outputs) -> list[str]:
    return [arn for name in QUEUED for arn in _queue(name + ending, outputs)]


def _mail(_name: str, outputs: Outputs) -> list[str]:
    identity = _arn("ses", f"identity/{outputs['MailIdentity']}", outputs)
    return [identity, _arn("ses", f"configuration-set/{outputs['MailSet']}", outputs)]


_ARNS: Final[dict[str, Callable[[str, Outputs], list[str]]]] = {
    "pool": lambda _, outputs: [outputs["UserPoolArn"]],
    "table": _table,
    "index": _index,
    "stream": lambda _name, outputs: [outputs["JournalStreamArn"]],
    "streams": _streams,
    "queue": _queue,
    "letters": _letters,
    "key": lambda _name, outputs: [outputs["VaultKeyArn"]],
    "secret": lambda _name, outputs: [outputs["AppSecretArn"]],
    "mail": _mail,
    "files": lambda name, outputs: [f"{outputs['FilesBucketArn']}/{name}/*"],
    "bucket": lambda _name, outputs: [outputs["FilesBucketArn"]],
    # A phone number is no resource of ours and has no ARN: AWS takes "*" only. `_never_a_topic` narrows it to numbers.
    "sms": lambda _name, _outputs: ["*"],
}


def _condition(resource: str, outputs: Outputs) -> dict[str, Any]:
    if outputs["Stage"] == EMULATED:  # it knows neither KMS's nor SES's condition keys
        return {}
    if resource == "key/vault":
        return {"Condition": _SEALED_FOR_A_DOSSIER}
    if resource == "mail/sender":
        return {"Condition": {"StringEquals": {"ses:FromAddress": outputs["MailSender"]}}}
    return {}


# The key opens nothing but what chalicelib.people.vault sealed: its encryption context names purpose and dossier.
_SEALED_FOR_A_DOSSIER: Final = {
    "StringEquals": {"kms:EncryptionContext:purpose": ["contact", "ballots"]},
    "Null": {"kms:EncryptionContext:dossier": "false"},
    "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["dossier", "purpose"]},
}


def _never_a_topic(outputs: Outputs) -> dict[str, Any]:
    topics = f"arn:{outputs['Partition']}:sns:*:*:*"
    return {"Effect": "Deny", "Action": ["sns:Publish"], "Resource": [topics]}


def _logs(function: str, outputs: Outputs) -> dict[str, Any]:
    group = f"log-group:/aws/lambda/{function_name(function, outputs['Stage'])}"
    # The star stands for the streams of this one group; Lambda makes up their names.
    return _allow(LOG, [_arn("logs", f"{group}:*", outputs)])
