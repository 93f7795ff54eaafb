"""Look after the journal: ``python -m infra.journal verify|rebuild|figures --stage prod [DOSSIER …]``.

``verify`` walks hash chains and names the first entry that was changed; ``rebuild`` also writes every state that is not
what its journal leads to, and the edition of the directory. Both may run while the service does. ``figures`` makes all public
figures anew and says how many were not what the journal leads to; counting waits meanwhile, and goes on afterwards.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime

import boto3

from infra import account, mappings, stack, within
from infra.stage import data_stack

EVERY = 500  # how often the progress is told, in dossiers


def check_all(ids: Sequence[str], *, mend: bool, say: stack.Say = print) -> int:
    """Check these dossiers, or all; returns how many are broken or differ and were not mended."""
    from chalicelib.activities.booking import Booking
    from chalicelib.activities.model import Activity
    from chalicelib.bulletin.model import Item, Notice
    from chalicelib.cases.model import Case
    from chalicelib.consultations.model import Consultation
    from chalicelib.demands.model import Demand
    from chalicelib.demands.surge import Surge
    from chalicelib.directory import service as directory
    from chalicelib.outreach.webhooks import Deliveries
    from chalicelib.performance.model import Record
    from chalicelib.spine import rebuild
    from chalicelib.suggestions.model import Suggestion
    from chalicelib.suggestions.register import Register
    from chalicelib.supervision.appraisal import Appraisal
    from chalicelib.supervision.model import Item as Overseen

    sections = (Suggestion, Register, Activity, Booking, Consultation, Notice, Item, Record, Overseen, Appraisal)
    kinds = {kind.KIND: kind for kind in (Case, Demand, Surge, *sections, Deliveries, directory.ChangeLog)}
    bad = mended = seen = 0
    for seen, id in enumerate(ids or rebuild.every_dossier(), start=1):
        found = rebuild.checked(id, kinds, mend=mend)
        mended += found.mended
        bad += not found.verdict.sound or not (found.same or found.mended)
        _tell(found.dossier, found.verdict.first_changed, found.same, found.mended, say)
        if seen % EVERY == 0:
            say(f"  {seen:,} dossiers")
    if mend and not ids:
        directory.publish(datetime.now(UTC))
    if not ids:
        bad += _count_files(mend, say)
    say(f"{seen:,} dossiers checked, {mended} written anew, {bad} not sound")
    return bad


def count_anew(say: stack.Say = print) -> int:
    """Make all public figures anew from the journal; returns how many rows were not what they ought to be."""
    from chalicelib.insight import rebuild
    from chalicelib.settings import settings

    found = rebuild.rebuild(settings.zone)
    say(f"{found.dossiers:,} dossiers add to {found.rows:,} rows of figures; {found.wrong} were wrong and are written anew")
    return found.wrong


def _count_files(mend: bool, say: stack.Say) -> int:
    """The yearly files against the journal; returns how many of their rows are wrong and were not mended."""
    from chalicelib.performance import recount

    found = recount.run(datetime.now(UTC), mend=mend)
    say(f"yearly files counted from {found.dossiers:,} dossiers: {found.made} records were missing, {found.wrong} rows wrong")
    return 0 if mend else found.wrong


def _tell(dossier: str, first_changed: int | None, same: bool, mended: bool, say: stack.Say) -> None:
    if first_changed is not None:
        say(f"  {dossier}: the chain breaks at entry {first_changed}: it, or one before it, was changed")
    elif mended:
        say(f"  {dossier}: its state was not what its journal leads to; written anew")
    elif not same:
        say(f"  {dossier}: its state is not what its journal leads to; 'rebuild' writes it anew")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.journal", description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["verify", "rebuild", "figures"])
    parser.add_argument("dossiers", nargs="*", metavar="DOSSIER")
    parser.add_argument("--stage", default="local")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.here and given.what == "figures":
        return int(count_anew() > 0)
    if given.here:
        return int(check_all(given.dossiers, mend=given.what == "rebuild") > 0)
    try:
        session: boto3.Session = account.session()
        outputs = stack.outputs(session.client("cloudformation"), data_stack(given.stage))
    except (account.NoAccount, stack.StackFailed) as error:
        print(error, file=sys.stderr)
        return 2
    with mappings.paused(session, outputs, "tally") if given.what == "figures" else nullcontext():
        return within.run(
            "infra.journal", outputs, str(session.region_name), [given.what, *given.dossiers, "--stage", given.stage]
        )


if __name__ == "__main__":
    sys.exit(main())
