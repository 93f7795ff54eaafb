"""A stage's environment: the data stack's outputs as the variables that ``chalicelib.settings`` reads."""

from collections.abc import Mapping
from typing import Final

FROM_OUTPUTS: Final[dict[str, str]] = {
    "ZD_STAGE": "Stage",
    "ZD_PREFIX": "Prefix",
    "ZD_ROUTING_QUEUE": "RoutingQueueUrl",
    "ZD_DEADLINES_QUEUE": "DeadlinesQueueUrl",
    "ZD_NOTICES_QUEUE": "NoticesQueueUrl",
    "ZD_PATTERNS_QUEUE": "PatternsQueueUrl",
    "ZD_FOLLOWUPS_QUEUE": "FollowupsQueueUrl",
    "ZD_FIGURES_QUEUE": "FiguresQueueUrl",
    "ZD_FILES_BUCKET": "FilesBucketName",
    "ZD_ROUTING_QUEUE_ARN": "RoutingQueueArn",
    "ZD_DEADLINES_QUEUE_ARN": "DeadlinesQueueArn",
    "ZD_NOTICES_QUEUE_ARN": "NoticesQueueArn",
    "ZD_PATTERNS_QUEUE_ARN": "PatternsQueueArn",
    "ZD_FOLLOWUPS_QUEUE_ARN": "FollowupsQueueArn",
    "ZD_FIGURES_QUEUE_ARN": "FiguresQueueArn",
    "ZD_JOURNAL_STREAM_ARN": "JournalStreamArn",
    "ZD_MAIL_EVENTS_TOPIC": "MailEventsTopicName",
    "ZD_USER_POOL": "UserPoolId",
    "ZD_USER_CLIENT": "UserClientId",
    "ZD_VAULT_KEY": "VaultKeyArn",
    "ZD_APP_SECRET": "AppSecretArn",
    "ZD_MAIL_SENDER": "MailSender",
    "ZD_MAIL_SET": "MailSet",
}

ALWAYS: Final[dict[str, str]] = {
    "ZD_ZONE": "Asia/Shanghai",
    "POWERTOOLS_SERVICE_NAME": "zerodistance",
    "POWERTOOLS_METRICS_NAMESPACE": "ZeroDistance",
    "LOG_LEVEL": "INFO",
}


def environment(outputs: Mapping[str, str], base_url: str = "", clock_file: str = "") -> dict[str, str]:
    """Every function's environment.

    ``base_url`` is the public address without a slash at its end; ``clock_file`` is for a local stage only, whose clock can
    be moved. Raises KeyError if the data stack lacks an output: it is older than this code, deploy it first.
    """
    missing = sorted(set(FROM_OUTPUTS.values()) - outputs.keys())
    if missing:
        raise KeyError(f"The data stack has no output {', '.join(missing)}: deploy it first")
    variables = {name: outputs[output] for name, output in FROM_OUTPUTS.items()} | ALWAYS
    optional = {"ZD_BASE_URL": base_url.rstrip("/"), "ZD_CLOCK_FILE": clock_file}
    return variables | {name: value for name, value in optional.items() if value}


def data_stack(stage: str) -> str:
    """The name of a stage's data stack, which is deployed first and stays."""
    return f"zerodistance-{stage}-data"
