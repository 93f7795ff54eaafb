"""One message from the form to the close, every function call that it takes: by the resident, by the deputy, by the platform.

The worst case of batching: each fact reaches ``dispatch`` alone, and each queue hands over one message at a time.
"""

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from bench.district import Call, Made, asked, opened, posted, signed_in, told
from chalicelib.people import challenge, form
from chalicelib.people.form import FormToken
from chalicelib.settings import settings
from chalicelib.spine.aws import table
from tests.support.wanglan import LIN_CODE

TEXT: Final = (
    "我家住松林苑三期6号楼2单元，从上周五起暖气一直不热，室内只有十二三度。家里有八十多岁的老人和一个刚满月的孩子，"
    "晚上只能开电暖器。热力公司的热线打了十几次，不是占线就是没有人接。楼上楼下好几户都是同样的情况，请尽快派人来看看。"
)
ANSWER: Final = "热力公司已派人上门，换热站的循环泵已更换，今晚八点前恢复供热。如仍不热，请在您的页面上告诉我们。"
FORM: Final = f"/d/{LIN_CODE}"
WRITING: Final = timedelta(minutes=2)
WORKERS: Final = {"routing": "route", "notices": "notify", "deadlines": "enforce", "patterns": "group"}


def life() -> Iterator[Made]:
    """Every call that one message takes, in order. The district must stand."""
    yield from _reached()
    token = paper()
    yield from _with_what_follows(submission(token))
    yield from _looked_at(token, "tracking page 1 (the receipt)")
    yield from _handled(token)
    yield from _with_what_follows(posted(f"/m/{token.tracking_token}", "verdict", move="confirm", satisfaction="5"))
    yield from _looked_at(token, "tracking page 3 (after the verdict)")


def _reached() -> Iterator[Made]:
    page = opened(FORM, "form view").made()
    yield page
    for kind in ("css", "js"):
        name = page.link(rf'static/([^"]+[.]{kind})')
        yield opened(f"/static/{name}", f"form view: its {kind}").made()


def paper() -> FormToken:
    """A form that was opened two minutes ago: nobody writes in less than three seconds."""
    return form.new_form(datetime.now(UTC) - WRITING)


def submission(token: FormToken | None = None) -> Call:
    """A message sent with a solved proof of work, and an e-mail address to be told at."""
    opened_form = token or paper()
    return posted(
        FORM, "submission", form=str(opened_form), text=TEXT, grid="", address="6号楼2单元301", tell="email", name="王秀英",
        email="w.xiuying@example.org", category="", website="", altcha=_solved(opened_form),
    )  # fmt: skip


def _solved(token: FormToken) -> str:
    """What the page's script puts into the field, by the protocol of chalicelib.people.challenge."""
    given = challenge.issue(token.case_id, datetime.now(UTC), below=lambda _: 0)
    asked = given["parameters"]
    password = bytes.fromhex(asked["nonce"]) + challenge.FEWEST_TRIES.to_bytes(4, "big")
    key = hashlib.pbkdf2_hmac("sha256", password, bytes.fromhex(asked["salt"]), asked["cost"], asked["keyLength"])
    solution = {"counter": challenge.FEWEST_TRIES, "derivedKey": key.hex()}
    return base64.b64encode(msgspec.json.encode({"challenge": given, "solution": solution})).decode()


def _handled(token: FormToken) -> Iterator[Made]:
    """The deputy reads it, takes it up, notes, and answers; the resident looks once in between."""
    deputy, case = signed_in("deputy.lin", "deputy"), f"/v1/cases/{token.case_id}"
    yield asked("/v1/cases?limit=25", "the deputy's list", deputy).made()
    yield asked(case, "the deputy reads the case", deputy).made()
    yield from _with_what_follows(told(f"{case}/acknowledge", "acknowledge", deputy))
    yield from _with_what_follows(told(f"{case}/note", "note", deputy, text="已联系热力公司，正在查原因。", public=True))
    yield from _looked_at(token, "tracking page 2 (in between)")
    yield from _with_what_follows(told(f"{case}/answer", "answer", deputy, text=ANSWER))


def _looked_at(token: FormToken, occasion: str) -> Iterator[Made]:
    yield opened(f"/m/{token.tracking_token}", occasion).made()


def _with_what_follows(call: Call) -> Iterator[Made]:
    made = call.made()
    yield made
    yield from follows(made)


def follows(made: Made) -> Iterator[Made]:
    """All that a call's facts lead to: stream, queues, workers, and their facts in turn."""
    for fact in facts_in(made):
        dispatched = Call("dispatch", f"dispatch '{fact['type']['S']}'", stream_event(fact)).made()
        yield dispatched
        for call in calls_after(dispatched):
            yield from _with_what_follows(call)


def facts_in(made: Made) -> list[dict[str, Any]]:
    """The journal entries that a call wrote, as DynamoDB items."""
    actions = [action for it in made.exchanges for action in it.asked.get("TransactItems", ())]
    puts = (action["Put"] for action in actions if "Put" in action)
    return [put["Item"] for put in puts if put["TableName"] == table("journal")]


def stream_event(fact: dict[str, Any]) -> dict[str, Any]:
    """The event with which the journal's stream tells of one fact."""
    image = {"Keys": {name: fact[name] for name in ("dossier", "seq")}, "NewImage": fact, "StreamViewType": "NEW_IMAGE"}
    return {"Records": [{"eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": image}]}


def sent_in(made: Made) -> list[tuple[str, str]]:
    """The queue's address and the body of every message that a call sent."""
    calls = [it.asked for it in made.exchanges if it.operation == "SendMessageBatch"]
    return [(call["QueueUrl"], entry["MessageBody"]) for call in calls for entry in call["Entries"]]


def calls_after(made: Made) -> list[Call]:
    """The workers' calls that a call's messages lead to, one message each."""
    return [queue_call(url, body) for url, body in sent_in(made) if _queue(url) in WORKERS]


def _queue(url: str) -> str:
    return url.rpartition(f"{settings.prefix}-")[2]


def queue_call(url: str, *bodies: str) -> Call:
    """The call of a queue's worker with these messages."""
    name = _queue(url)
    message = msgspec.json.decode(bodies[0])
    records = [{"messageId": f"m{n}", "receiptHandle": "r", "body": body, "attributes": {}} for n, body in enumerate(bodies)]
    told_of = message.get("type") or message.get("duty")
    return Call(WORKERS[name], f"{WORKERS[name]} '{told_of}'", {"Records": records})
