"""When to try again, and how long to wait before. Time, sleep and chance are arguments."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

TEMPORARY: Final = frozenset({429, 502, 503, 504})


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Retry:
    """Up to ``attempts`` tries. The pause doubles from ``base`` seconds up to ``cap``, and half of it is left to chance, so
    that many clients do not come back at the same moment. A server that asks for more than ``longest`` is not waited for.
    """

    attempts: int = 4
    base: float = 0.4
    cap: float = 8.0
    longest: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = _now

    def pause(self, failures: int) -> float:
        """Seconds to wait after this many failures in a row (1 or more)."""
        whole = min(self.cap, self.base * 2.0 ** (failures - 1))
        return whole / 2 * (1 + self.chance())

    def pause_asked(self, retry_after: str) -> float | None:
        """Seconds that a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date); None if it has neither."""
        if retry_after.strip().isdigit():
            return float(retry_after)
        try:
            moment = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - self.now()).total_seconds())


NEVER: Final = Retry(attempts=1)
