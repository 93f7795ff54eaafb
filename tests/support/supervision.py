"""Items of supervision and appraisals of the demo district (tests/support/wanglan.py), as people and the agenda make them."""

from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.files.model import PNG
from chalicelib.people.roles import Actor
from chalicelib.spine import agenda
from chalicelib.supervision import ballots, service, workers
from chalicelib.supervision.appraisal import MARGIN, Appraisal
from chalicelib.supervision.model import Item
from chalicelib.supervision.service import Look
from tests.support.files import picture, sent
from tests.support.wanglan import GAO, HEATING, LIN, NOON, QIAO, TANG
from zerodistance_client.ballots import Ballot
from zerodistance_client.supervision_records import Appraisal as Shown

HOUR: Final = timedelta(hours=1)
TITLE: Final = "三号换热站整改"
HERE: Final = (30.006, 123.504)
BODIES: Final = ("heating-company", "water-company")
ZHOU: Final = Actor("deputy", "deputy.zhou", "周以宁", deputy="zhou-yining")
MA: Final = Actor("deputy", "deputy.ma", "马守田", deputy="ma-shoutian")
DEPUTIES: Final = (LIN, GAO, ZHOU, MA)


def came(now: datetime = NOON, **known: Any) -> Item:
    """An item that the manager opened."""
    known = {"title": TITLE, "body": "heating-company", "text": "换热站停了两次", "category": "heating"} | known
    return service.open_by_hand(service.new_id(), by=QIAO, now=now, **known)


def noticed(now: datetime = NOON, **known: Any) -> Item:
    """The same, and the supervisor gave notice: due in three working days."""
    return service.notice(came(**known).id, "请限期整改", by=TANG, now=now)


def rectified() -> Item:
    """The same, and the company showed what it did."""
    return service.rectify(noticed().id, "换了阀门", by=HEATING, now=NOON)


def photo() -> str:
    """A picture that was sent; its id."""
    return sent(picture(PNG), PNG)


def looked(item: Item, by: Actor = LIN, passes: bool = True, now: datetime = NOON) -> Item:
    """A deputy looked on the spot."""
    return service.verify(item.id, Look(passes, "到现场看过", HERE, (photo(),)), by=by, now=now)


def passed() -> Item:
    """An item that two deputies passed."""
    return looked(looked(rectified()), GAO)


def an_appraisal(start: datetime = NOON) -> Appraisal:
    """An appraisal of two bodies that the manager called: stamping in an hour, the urn in three, closed in five."""
    dates = start + HOUR, start + 3 * HOUR, start + 5 * HOUR
    return ballots.call(ballots.new_id(), "年度评议", BODIES, dates, by=QIAO, now=start)


def on(appraisal: Appraisal, now: datetime) -> Appraisal:
    """The appraisal once the agenda has done what is due."""
    agenda.enforce({"dossier": appraisal.id, "kind": Appraisal.KIND}, now, workers.ENFORCED_BY_US)
    return ballots.found(appraisal.id)


def opened(start: datetime = NOON) -> Appraisal:
    """An appraisal whose envelopes are stamped."""
    appraisal = an_appraisal(start)
    return on(appraisal, appraisal.opens_at)


def sealed(appraisal: Appraisal) -> Appraisal:
    """The appraisal once its urn is open."""
    return on(appraisal, appraisal.seals_at + MARGIN)


def counted_out(appraisal: Appraisal) -> Appraisal:
    """The appraisal once it is counted and published."""
    return on(appraisal, appraisal.closes_at + MARGIN)


def grades(appraisal: Appraisal, grade: str = "satisfied") -> dict[str, dict[str, str]]:
    """The same grade for everything."""
    return {body: dict.fromkeys(appraisal.criteria, grade) for body in appraisal.bodies}


def folded(appraisal: Appraisal, grade: str = "satisfied") -> Ballot:
    """A ballot as the client folds it."""
    known = Shown(id=appraisal.id, bodies=appraisal.bodies, criteria=appraisal.criteria, modulus=appraisal.modulus)
    return Ballot.of(known, grades(appraisal, grade))


def stamped(appraisal: Appraisal, by: Actor, grade: str = "satisfied") -> Ballot:
    """A ballot whose envelope was stamped."""
    ballot = folded(appraisal, grade)
    stamp = ballots.stamp(appraisal.id, bytes.fromhex(ballot.envelope), by=by, now=appraisal.opens_at)
    return ballot.stamped(stamp.hex())


def cast(appraisal: Appraisal, ballot: Ballot) -> str:
    """Cast a ballot; its receipt."""
    message, stamp = bytes.fromhex(ballot.message), bytes.fromhex(ballot.stamp)
    return ballots.cast(appraisal.id, message, stamp, now=appraisal.seals_at + HOUR)


def published(*given: str, start: datetime = NOON) -> Appraisal:
    """An appraisal in which one deputy after the other gave these grades."""
    appraisal = opened(start)
    made = [stamped(appraisal, by, grade) for by, grade in zip(DEPUTIES, given, strict=False)]
    sealed(appraisal)
    for ballot in made:
        cast(appraisal, ballot)
    return counted_out(appraisal)
