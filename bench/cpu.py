"""CPU time per request, in this process, through the real handler with API Gateway's event; the network is played back.

``python -m bench.cpu``. What is counted: Chalice, our code, PynamoDB and botocore with their serialising, signing and
parsing. What is not: the network, and the waiting for it. Warm, as most requests are: the directory and the secret are at hand.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median, quantiles
from time import process_time_ns
from typing import Final

from bench import many
from bench.canned import Exchange, wire
from bench.district import Call, Made, asked, known, opened, signed_in, standing, told
from bench.life import ANSWER, FORM, follows, paper, submission
from bench.shown import HERE, Part, shown, table

TIMES: Final = 300
WARM_UP: Final = 20
SIZES: Final = (100, 10_000, 100_000)
FLAT: Final = 1.05  # how much larger an answer may be with a thousand times as many cases: numbers get longer

# What django-helpdesk needs, by the issue: milliseconds of wall time with one client on two cores, on another machine.
PEER: Final = {"form view": 9.0, "submission": 13.0, "inbox page": 76.0, "reply": 23.0}
PEER_GROWS: Final = {100: "76", 10_000: "204", 100_000: "1,900"}


@contextmanager
def _still() -> Iterator[None]:
    """All that lives now is none of the garbage collector's business: moto's tables would be none of a function's either."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def milliseconds(made: Made, around: Sequence[Exchange], times: int = TIMES) -> list[float]:
    """CPU milliseconds of each of so many repetitions of a call. ``around`` are answers that it may need beside its own."""
    with _still(), wire.played([*made.exchanges, *around]):
        for _ in range(WARM_UP):
            made.call.again()
        return [_one(made.call) for _ in range(times)]


def _one(call: Call) -> float:
    begun = process_time_ns()
    call.again()
    return (process_time_ns() - begun) / 1e6


def _requests(deputy: str) -> Iterator[tuple[str, Made]]:
    """The requests that are measured, made once for real (on moto)."""
    yield "form view", opened(FORM, "form view").made()
    token = paper()
    sent = submission(token).made()
    yield "submission", sent
    list(follows(sent))  # routed, and everyone told: so there is a body, and something happened
    yield "tracking page", opened(f"/m/{token.tracking_token}", "tracking page").made()
    case = f"/v1/cases/{token.case_id}"
    yield "case page", asked(case, "case page", deputy).made()
    yield "reply", told(f"{case}/answer", "reply", deputy, text=ANSWER).made()


def _inbox(count: int, deputy: str) -> Made:
    many.emptied("dossiers")
    many.open_cases(count, due=100, now=datetime.now(UTC))
    page = asked("/v1/cases?limit=25", f"inbox page, {count:,} open", deputy)
    with many.unsorted():
        page.made()  # the first may ask who has signed out; the second knows
        return page.made()


def _row(name: str, measured: Sequence[float]) -> list[str]:
    peer, middle = PEER.get(name), median(measured)
    compared = [f"{peer:.0f}", f"{middle / peer:.0%}"] if peer else ["", ""]
    return [name, f"{middle:.1f}", f"{quantiles(measured, n=20)[-1]:.1f}", *compared]


def _of_requests(deputy: str, around: Sequence[Exchange]) -> dict[str, list[float]]:
    found = {name: milliseconds(made, around) for name, made in _requests(deputy)}
    return found | {"inbox page": milliseconds(_inbox(SIZES[0], deputy), around)}


def _growth(deputy: str, around: Sequence[Exchange]) -> list[tuple[int, int, int, float]]:
    """By number of open cases on the list: how many calls, how many bytes DynamoDB answers, our CPU milliseconds."""
    pages = {size: _inbox(size, deputy) for size in SIZES}
    many.emptied("dossiers")
    # Once in ten seconds a request also asks who has signed out, and moto needs longer than that for the largest list.
    lists = {size: [it for it in page.exchanges if it.operation == "Query"] for size, page in pages.items()}
    return [
        (size, len(queries), sum(len(it.content) for it in queries), median(milliseconds(pages[size], around)))
        for size, queries in lists.items()
    ]


def _broken(grown: list[tuple[int, int, int, float]]) -> list[str]:
    flat = grown[-1][2] <= grown[0][2] * FLAT and grown[-1][1] == grown[0][1]
    return [] if flat else ["what an inbox page asks of AWS grows with what is open"]


def figures() -> Part:
    """CPU by request, and that of an inbox page by the number of open cases."""
    with standing():
        deputy = signed_in("deputy.lin", "deputy")
        around = known(deputy)
        measured, grown = _of_requests(deputy, around), _growth(deputy, around)
    lines = [
        f"CPU milliseconds in process ({HERE}; `process_time`, {TIMES} repetitions, network played back at botocore's "
        "`before-send`). The peer's are milliseconds of wall time with one client, from the issue and **another machine**: "
        "only the order of magnitude compares.",
        "",
        *table(["request", "median ms", "95 % ms", "django-helpdesk ms", "share"], [_row(*pair) for pair in measured.items()]),
        "",
        "An inbox page (25 cases) by the number of open cases on the list: one query of 25, so the same answer:",
        "",
        *table(
            ["open cases", "queries", "bytes answered", "median ms", "django-helpdesk ms"],
            [[f"{n:,}", calls, f"{size:,}", f"{ms:.1f}", PEER_GROWS[n]] for n, calls, size, ms in grown],
        ),
    ]
    return Part("CPU per request", lines, _broken(grown))


if __name__ == "__main__":
    shown(figures)
