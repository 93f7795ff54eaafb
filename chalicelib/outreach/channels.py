"""The ways out: e-mail by SES, SMS by SNS, group chats by the webhook of an enterprise WeChat robot.

A way raises Undeliverable when trying again would not help (a wrong address, a removed robot), anything else when it might.
"""

import re
import unicodedata
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
BUSY: Final = frozenset(
    {-1, 45009}
)  # of the robot: busy, too many a minute. https://developer.work.weixin.qq.com/document/path/90313
# SES and SNS: what says that this message can never go, so it is recorded and not tried again.
FINAL: Final = frozenset({"MessageRejected", "InvalidParameter", "InvalidParameterValue", "OptedOut", "ValidationError"})


class Undeliverable(Exception):
    """This notice can't be delivered, now or later. ``str`` is a stable code and holds no address."""


def code_of(error: Exception) -> str:
    """A failure in a word that names nobody: AWS's code, the status of an answer, or the kind of error."""
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return f"http_{error.code}" if isinstance(error, HTTPError) else type(error).__name__


Tags = Mapping[str, str]  # dossier, seq and who: they come back with a bounce
Way = Callable[[Notice, Tags], None]


def _called(call: Callable[..., object], **given: object) -> None:
    try:
        call(**given)
    except ClientError as error:
        if code_of(error) in FINAL:
            raise Undeliverable(code_of(error)) from error
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
    digits = re.sub(r"[^+0-9]", "", unicodedata.normalize("NFKC", number))
    abroad = re.sub(r"^00", "+", digits)  # 00 dials out of China, as + does
    if abroad.startswith("+"):
        return abroad
    return f"+{digits}" if re.fullmatch(r"861\d{10}", digits) else f"+86{digits.lstrip('0')}"


def chat(notice: Notice, tags: Tags) -> None:  # noqa: ARG001 - a chat message has no place for tags
    """One message to a group, in the format of the enterprise WeChat robot: https://developer.work.weixin.qq.com/document/path/91770"""
    body = msgspec.json.encode({"msgtype": "text", "text": {"content": notice.text}})
    request = Request(notice.to, data=body, headers={"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=CHAT_SECONDS) as answer:  # https only, by the directory's rule  # nosec B310
            said = msgspec.json.decode(answer.read(10_000) or b"{}")
    except HTTPError as error:
        if error.code < 500 and error.code != 429:
            raise Undeliverable(code_of(error)) from error
        raise
    code = said.get("errcode", 0) if isinstance(said, dict) else 0
    if code in BUSY:
        raise OSError(f"the group's robot is busy: errcode {code}")
    if code != 0:
        raise Undeliverable(f"errcode_{code}")


WAYS: Final[Mapping[Channel, Way]] = {"email": mail, "phone": sms, "chat": chat}
