"""The data stack's outputs as AWS gives them, for tests that deploy nothing."""

from typing import Final

REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


OUTPUTS: Final[dict[str, str]] = {
    "Stage": "test",
    "Prefix": "zerodistance-test",
    "Partition": "aws",
    "Region": REGION,
    "Account": ACCOUNT,
    "DispatchDeadQueueArn": _arn("sqs", "zerodistance-test-dispatch-dead"),
    "MailEventDeadQueueArn": _arn("sqs", "zerodistance-test-mail-event-dead"),
    "JournalStreamArn": _arn("dynamodb", "table/zerodistance-test-journal/stream/2026-11-24T00:00:00.000"),
    "MailEventsTopicArn": _arn("sns", "zerodistance-test-mail-events"),
    "MailEventsTopicName": "zerodistance-test-mail-events",
    "UserPoolId": f"{REGION}_Abcdefghi",
    "UserPoolArn": _arn("cognito-idp", f"userpool/{REGION}_Abcdefghi"),
    "UserClientId": "abcdefghijklmnopqrstuvwxyz",
    "VaultKeyArn": _arn("kms", "key/11111111-2222-3333-4444-555555555555"),
    "AppSecretArn": _arn("secretsmanager", "secret:zerodistance-test-app-AbCdEf"),
    "MailSender": "noreply@example.org",
    "MailIdentity": "example.org",
    "MailSet": "zerodistance-test-outreach",
    "FilesBucketName": f"zerodistance-test-files-{ACCOUNT}",
    "FilesBucketArn": f"arn:aws:s3:::zerodistance-test-files-{ACCOUNT}",
} | {
    f"{name}Queue{kind}": value
    for name in ("Routing", "Deadlines", "Notices", "Patterns", "Followups", "Figures")
    for kind, value in {
        "Url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/zerodistance-test-{name.lower()}",
        "Arn": _arn("sqs", f"zerodistance-test-{name.lower()}"),
    }.items()
}
