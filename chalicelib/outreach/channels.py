"""The ways out: e-mail by SES, SMS by SNS, group chats by the webhook of an enterprise WeChat robot.

A way raises Undeliverable when trying again would not help (a wrong address, a removed robot), anything else when it might.
"""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import msgspec
from botocore.exceptions import ClientError

from chalicelib.outreach.model import Channel, Notice
from chalicelib.settings import settings
from chalicelib.spine.aws import client

CHAT_SECONDS: Final = 5
# SES and SNS: what says that this message can never go, so it is recorded and not tried again.
FINAL: Final = frozenset({"MessageRejected", "InvalidParameter", "InvalidParameterValue", "OptedOut", "ValidationError"})


class Undeliverable(Exception):
    """This notice can't be delivered, now or later. ``str`` is a stable code and holds no address."""


Tags = Mapping[str, str]  # dossier and seq: they come back with a bounce
Way = Callable[[Notice, Tags], None]


def _called(call: Callable[..., object], **given: object) -> None:
    try:
        call(**given)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in FINAL:
            raise Undeliverable(code) from error
        raise


def mail(notice: Notice, tags: Tags) -> None:
    """One e-mail. Its tags come back with a bounce or a complaint (SES event publishing)."""
    content = {
        "Subject": {"Data": notice.subject, "Charset": "UTF-8"},
        "Body": {"Text": {"Data": notice.text, "Charset": "UTF-8"}},
    }
    tracked = {"ConfigurationSetName": settings.mail_set} if settings.mail_set else {}
    _called(
        client("ses").send_email,
        Source=settings.mail_sender,
        Destination={"ToAddresses": [notice.to]},
        Message=content,
        Tags=[{"Name": name, "Value": value} for name, value in tags.items()],
        **tracked,
    )


def sms(notice: Notice, tags: Tags) -> None:  # noqa: ARG001 - SNS takes no tags with an SMS
    """One short message."""
    _called(client("sns").publish, PhoneNumber=international(notice.to), Message=notice.text)


def international(number: str) -> str:
    """A telephone number in E.164; one without a country is China's. https://www.itu.int/rec/T-REC-E.164"""
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return digits if digits.startswith("+") else f"+86{digits.lstrip('0')}"


def chat(notice: Notice, tags: Tags) -> None:  # noqa: ARG001 - a chat message has no place for tags
    """One message to a group, in the format of the enterprise WeChat robot: https://developer.work.weixin.qq.com/document/path/91770"""
    body = msgspec.json.encode({"msgtype": "text", "text": {"content": notice.text}})
    request = Request(notice.to, data=body, headers={"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=CHAT_SECONDS) as answer:
            said = msgspec.json.decode(answer.read(10_000) or b"{}")
    except HTTPError as error:
        if error.code < 500 and error.code != 429:
            raise Undeliverable(f"http_{error.code}") from error
        raise
    if isinstance(said, dict) and said.get("errcode", 0) != 0:
        raise Undeliverable(f"errcode_{said['errcode']}")


WAYS: Final[Mapping[Channel, Way]] = {"email": mail, "phone": sms, "chat": chat}
