"""A ballot from the grades to the urn: folded here, stamped unread by the server, cast later without a name.

The voter's secrets (what stands on the ballot, and what takes the stamp off the envelope) never leave this machine before the
ballot is cast, and a ballot that was folded is kept until then: the server stamps one envelope for each deputy and no second.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final, Self

from zerodistance_client.blind import Envelope, folded, prepared, unfolded
from zerodistance_client.supervision_records import Appraisal

GRADES: Final = ("satisfied", "basically", "dissatisfied")
Grades = Mapping[str, Mapping[str, str]]  # body → criterion → grade


class BadBallot(ValueError):
    """A ballot that could not be counted, said before it is folded: afterwards it is too late."""


@dataclass(frozen=True)
class Ballot:
    """A ballot on its way, all as hex: ``message`` is what is cast, ``envelope`` what the server stamps. ``receipt`` is the
    number under which it was cast; then the rest is gone."""

    appraisal: str
    modulus: str
    message: str = ""
    envelope: str = ""
    unfold: str = ""
    stamp: str = ""
    receipt: str = ""

    @classmethod
    def of(cls, appraisal: Appraisal, grades: Grades) -> Self:
        """Fold a ballot for this appraisal. Raises BadBallot unless every body has a grade by every criterion."""
        check(appraisal, grades)
        ordered = {body: {name: grades[body][name] for name in appraisal.criteria} for body in appraisal.bodies}
        said = json.dumps({"appraisal": appraisal.id, "grades": ordered}, separators=(",", ":")).encode()
        made = folded(prepared(said), appraisal.modulus)
        return cls(appraisal.id, appraisal.modulus, made.message.hex(), made.blinded.hex(), f"{made.unfold:x}")

    @classmethod
    def read(cls, text: str) -> Self:
        """A ballot as it was kept."""
        return cls(**json.loads(text))

    def kept(self) -> str:
        """This ballot as text, for a file that nobody else can read."""
        return json.dumps(asdict(self))

    def stamped(self, stamp: str) -> Self:
        """With the server's stamp taken off the envelope and put on the ballot. Raises BadStamp."""
        envelope = Envelope(bytes.fromhex(self.message), bytes.fromhex(self.envelope), int(self.unfold, 16))
        return replace(self, stamp=unfolded(envelope, bytes.fromhex(stamp), self.modulus).hex())

    def done(self, receipt: str) -> Self:
        """What is left once it was cast: nothing from which the grades could be told."""
        return replace(self, message="", envelope="", unfold="", stamp="", receipt=receipt)


def check(appraisal: Appraisal, grades: Grades) -> None:
    """Raises BadBallot unless every body of the appraisal has one of the three grades by every criterion."""
    for body in appraisal.bodies:
        for criterion in appraisal.criteria:
            grade = grades.get(body, {}).get(criterion, "")
            if grade not in GRADES:
                raise BadBallot(f"{body}, {criterion}: '{grade}' is none of {', '.join(GRADES)}")
    for body, given in grades.items():
        if body not in appraisal.bodies or set(given) != set(appraisal.criteria):
            raise BadBallot(f"{body}: not on this ballot; it grades {', '.join(appraisal.bodies)}")


def moment(text: str) -> datetime:
    """A moment as people write it: 2026-12-01T09:00, in this machine's zone if it names none. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.astimezone()
