"""What 1,000 messages cost from the form to the close, at AWS list prices. ``python -m bench.cost``.

One message is lived through on moto (bench.life), every function call of it recorded: DynamoDB's units come from the real
requests and the items they read and write (bench.units), bytes from the real answers and log lines, CPU time from playing
each call back. Only what this machine cannot know is assumed; it stands in ASSUMED.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Final

from bench.calls import tick
from bench.canned import Exchange
from bench.cpu import milliseconds
from bench.district import Made, forget, known, opened, signed_in, standing
from bench.life import FORM, life
from bench.prices import KNOWN, PRICES
from bench.shown import HERE, Part, shown, table
from bench.units import Meter, Units

MESSAGES: Final = 1_000
REPETITIONS: Final = 25
CONFIG: Final = Path(__file__).parents[1] / ".chalice" / "config.json"
IN_CONFIG: Final = {"api": "api_handler"}  # Chalice's own name of the API's function

FULL_CPU: Final = 1_769  # MB at which a function has one whole CPU: AWS, "Configure Lambda function memory"
ASSUMED: Final[dict[str, float]] = {
    "ms a DynamoDB call is waited for": 8,
    "ms a call of another service is waited for": 25,
    "ms of the runtime's own for each invocation": 2,
    "share of invocations that start cold": 0.03,
    "ms of CPU of a cold start": 700,
    "bytes of Lambda's own log lines for each invocation": 400,
    "bytes CloudWatch adds to each log event": 26,
    "minutes of a month": 43_200,
    "empty receives a queue and minute": 15,  # Lambda's five pollers, twenty seconds each
    "queues": 4,
    "alarms": 21,
    "metrics": 15,
}


@dataclass(frozen=True)
class Cost:
    """What one call costs in dollars, by what is billed."""

    made: Made
    cpu: float  # milliseconds
    units: Units
    billed: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.billed.values())


def costs() -> tuple[list[Cost], int, float]:
    """Every call of one message's life with its cost, the bytes it leaves in the tables, and the dollars of one sweep."""
    with standing():
        around = known(signed_in("supervisor.tang", "supervisor"))
        forget()
        opened(FORM, "warm").made()
        meter = Meter()
        lived = [(made, _units(made, meter)) for made in life()]
        idle = tick().made()
        sweep = _cost(idle, _units(idle, meter), around)
        return [_cost(made, units, around) for made, units in lived], meter.stored(), sweep.total


def _units(made: Made, meter: Meter) -> Units:
    return sum((meter.units(it) for it in made.exchanges if it.service == "dynamodb"), Units())


def _cost(made: Made, units: Units, around: Sequence[Exchange]) -> Cost:
    cpu = median(milliseconds(made, around, REPETITIONS))
    return Cost(made, cpu, units, dict(_billed(made, cpu, units)))


def _billed(made: Made, cpu: float, units: Units) -> Iterator[tuple[str, float]]:
    asked = Counter(it.service for it in made.exchanges)
    yield "DynamoDB writes", units.writes * PRICES["DynamoDB write request unit"]
    yield "DynamoDB reads", units.reads * PRICES["DynamoDB read request unit"]
    yield "Lambda requests", PRICES["Lambda request"]
    yield "Lambda time", seconds(made, cpu) * memory(made.call.function) / 1024 * PRICES["Lambda GB-second"]
    yield "API Gateway", PRICES["API Gateway REST request"] * (made.call.function == "api")
    yield "data to the internet", made.sent / 1e9 * PRICES["GB sent to the internet"]
    yield "SQS", (asked["sqs"] + 2 * _from_queue(made)) * PRICES["SQS request"]
    yield "KMS", asked["kms"] * PRICES["KMS request"]
    yield "e-mail (SES)", asked["ses"] * PRICES["SES e-mail"]
    yield "log (CloudWatch)", _logged(made) / 1e9 * PRICES["CloudWatch Logs GB taken in"]


def seconds(made: Made, cpu: float) -> float:
    """What Lambda bills for a call: its CPU time at the share of a CPU that its memory gives, the waiting for AWS, and its
    part of a cold start now and then."""
    share = min(1.0, memory(made.call.function) / FULL_CPU)
    waits = sum(
        ASSUMED[f"ms a {'DynamoDB call' if it.service == 'dynamodb' else 'call of another service'} is waited for"]
        for it in made.exchanges
    )
    cold = ASSUMED["share of invocations that start cold"] * ASSUMED["ms of CPU of a cold start"] / share
    return (cpu / share + waits + ASSUMED["ms of the runtime's own for each invocation"] + cold) / 1e3


@cache
def memory(function: str) -> int:
    """MB of memory of a function, by .chalice/config.json."""
    config = json.loads(CONFIG.read_text())
    own = config["lambda_functions"].get(IN_CONFIG.get(function, function), {})
    return int(own.get("lambda_memory_size", config["lambda_memory_size"]))


def _from_queue(made: Made) -> bool:
    """A message that came by a queue was received and deleted there by Lambda, two requests more."""
    return made.call.function in ("route", "notify", "enforce", "group")


def _logged(made: Made) -> float:
    own = made.logged + ASSUMED["bytes CloudWatch adds to each log event"] * bool(made.logged)
    return own + ASSUMED["bytes of Lambda's own log lines for each invocation"]


def monthly(sweep: float) -> dict[str, float]:
    """What a stage costs in a month in which nobody writes."""
    minutes = ASSUMED["minutes of a month"]
    polls = ASSUMED["queues"] * ASSUMED["empty receives a queue and minute"] * minutes
    return {
        "a sweep each minute": sweep * minutes,
        "polling of the queues": polls * PRICES["SQS request"],
        "KMS key": PRICES["KMS key, month"],
        "secret": PRICES["Secrets Manager secret, month"],
        "alarms": ASSUMED["alarms"] * PRICES["CloudWatch alarm, month"],
        "metrics": ASSUMED["metrics"] * PRICES["CloudWatch metric, month"],
        "dashboard": PRICES["CloudWatch dashboard, month"],
    }


def _by_service(found: Sequence[Cost]) -> list[list[str]]:
    sums: defaultdict[str, float] = defaultdict(float)
    for it in found:
        for service, dollars in it.billed.items():
            sums[service] += dollars
    whole = sum(sums.values())
    ordered = sorted(sums.items(), key=lambda pair: -pair[1])
    return [[service, f"{dollars * MESSAGES:.3f}", f"{dollars / whole:.0%}"] for service, dollars in ordered] + [
        ["**all**", f"**{whole * MESSAGES:.2f}**", ""]
    ]


def _by_call(found: Sequence[Cost]) -> Iterator[list[str]]:
    for it in found:
        yield [
            it.made.call.occasion,
            f"{it.cpu:.1f}",
            f"{seconds(it.made, it.cpu) * 1e3:.0f}",
            f"{it.units.reads:g}",
            f"{it.units.writes:g} ({it.units.indexes:g})",
            f"{it.total * MESSAGES:.4f}",
        ]


def _dominates(found: Sequence[Cost]) -> str:
    service, dollars, share = _by_service(found)[0]
    mails = sum(it.operation == "SendEmail" for each in found for it in each.made.exchanges)
    without = sum(it.total - it.billed["e-mail (SES)"] for it in found) * MESSAGES
    return (
        f"What dominates: {service}, ${dollars} of 1,000 messages ({share}). Each message sends {mails} e-mails (to the "
        f"resident of every public fact, to deputy and body once each); without them it is ${without:.2f}."
    )


def _stored_line(stored: int) -> str:
    gigabytes = stored * MESSAGES / 1e9
    price = PRICES["DynamoDB GB-month stored"] + PRICES["DynamoDB GB-month of point-in-time recovery"]
    return f"Kept afterwards: {stored / 1e3:.1f} kB a message with its indexes; 1,000 of them ${gigabytes * price:.4f} a month."


def figures() -> Part:
    """Dollars by service and by call, and a month's fixed ones."""
    found, stored, sweep = costs()
    fixed = monthly(sweep)
    lines = [
        f"US dollars, list prices of us-east-1 as known {KNOWN} (bench/prices.py: **to be checked**), no free tier. One "
        f"message with an e-mail address, {len(found)} function calls: the form with its two files, submission, routing, "
        "notices, the deputy's list and case, one acknowledgement, one public note, one answer, three looks at the tracking "
        "page, the verdict. No batching: every fact and message is an invocation of its own. Not included: what comes after "
        "the close (contact details erased).",
        "",
        *table(["service", "$ per 1,000 messages", "share"], _by_service(found)),
        "",
        _dominates(found),
        "",
        _stored_line(stored),
        "",
        f"By call: CPU measured in process ({HERE}, median of {REPETITIONS} played back), billed time at each function's "
        "memory, DynamoDB's units from the real items (in brackets what of the writes went into indexes).",
        "",
        *table(["call", "CPU ms", "billed ms", "read units", "write units", "$ per 1,000"], _by_call(found)),
        "",
        "A month in which nobody writes:",
        "",
        *table(["what", "$ a month"], [[name, f"{dollars:.2f}"] for name, dollars in fixed.items()]),
        f"| **all** | **{sum(fixed.values()):.2f}** |",
        "",
        "Assumed: " + "; ".join(f"{name} {value:g}" for name, value in ASSUMED.items()) + ".",
    ]
    return Part("Cost of 1,000 messages", lines)


if __name__ == "__main__":
    shown(figures)
