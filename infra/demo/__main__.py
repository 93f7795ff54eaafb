"""``python -m infra.demo load --out FILE`` and ``python -m infra.demo breach``: run by the local stack, in its environment."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from chalicelib.directory import service as directory
from chalicelib.people.roles import Actor
from chalicelib.settings import settings
from infra.demo import activities, breach, bulletin, consultations, matters, people, performance, suggestions, supervision
from infra.local.place import Place, remembered

DISTRICT: Final = Path(__file__).parent / "district.yaml"
CODE: Final = "DEM00001"


def load() -> dict[str, Any]:
    """The demo district, its users and its matters; returns where to click and whom to sign in as."""
    now = settings.now()
    operator = Actor("manager", "operator")
    report = directory.import_file(DISTRICT.read_bytes(), "yaml", by=operator, now=now)
    if report.errors:
        raise SystemExit("\n".join(map(str, report.errors)))
    users = people.make(directory.edition(now), people.password())
    token = matters.load(now)
    suggestion = suggestions.load(now)
    booking = activities.load(now)
    appraisal = supervision.load(now)
    consultation = consultations.load(now)
    bulletin.load(now)
    deputy = performance.load(now)
    return {
        "form_url": f"{settings.base_url}/d/{CODE}",
        "poster_url": f"{settings.base_url}/d/{CODE}/poster",
        "tracking_url": f"{settings.base_url}/m/{token}",
        "suggestion_url": f"{settings.base_url}/open/suggestions/{suggestion}",
        "station_url": f"{settings.base_url}/open/stations/{activities.STATION}",
        "booking_url": f"{settings.base_url}/b/{booking}",
        "supervision_url": f"{settings.base_url}/open/supervision",
        "appraisal_url": f"{settings.base_url}/open/appraisals/{appraisal}",
        "consultation_url": f"{settings.base_url}/c/{consultation}",
        "consultations_url": f"{settings.base_url}/open/consultations",
        "bulletin_url": f"{settings.base_url}/open/bulletin",
        "performance_url": f"{settings.base_url}/open/performance/{deputy}",
        "users": users,
    }


def _place() -> Place:
    """The local stack in whose environment this runs."""
    if settings.clock_file is None:
        raise SystemExit("Only a local stack has a clock that can be moved. Use: make demo-breach")
    return remembered(settings.clock_file.parent)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.demo", description=__doc__)
    words = parser.add_subparsers(dest="what", required=True)
    words.add_parser("load").add_argument("--out", type=Path, required=True)
    words.add_parser("breach")
    given = parser.parse_args()
    if given.what == "load":
        given.out.write_text(json.dumps(load(), ensure_ascii=False))
    else:
        breach.run(_place())


if __name__ == "__main__":
    main()
