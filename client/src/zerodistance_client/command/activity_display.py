"""How activities and bookings look on a terminal."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zerodistance_client.activity_records import Activity, ActivitySummary, Booking
from zerodistance_client.command.around import Around
from zerodistance_client.command.display import plain, possible, shown_id, timeline


def activity_list(here: Around, activities: Iterable[ActivitySummary]) -> Table:
    """Activities by when they begin, two lines each."""
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for activity in activities:
        table.add_row(_which(here, activity), _when(here, activity), _what(here, activity))
    return table


def _which(here: Around, activity: ActivitySummary) -> Text:
    status = plain(here.words.activity_term(activity.status))
    return Text.assemble((shown_id(activity.id), "bold"), "\n", (status, "dim"))


def _when(here: Around, activity: ActivitySummary) -> Text:
    you = how_you_stand(here, activity)
    return Text.assemble(_hours(here, activity), "\n", (you, "yellow" if activity.you == "waiting" else "green"))


def _hours(here: Around, activity: ActivitySummary) -> str:
    if activity.starts_at is None or activity.ends_at is None:
        return ""
    return f"{here.local(activity.starts_at)}–{activity.ends_at.astimezone(here.zone):%H:%M}"


def _what(here: Around, activity: ActivitySummary) -> Text:
    facts = (here.words.activity_term(activity.kind), activity.where, _places(here, activity))
    return Text.assemble(plain(activity.title), "\n", (" · ".join(filter(None, map(plain, facts))), "dim"))


def _places(here: Around, activity: ActivitySummary) -> str:
    if activity.slots:
        return here.words("booked_of", booked=activity.booked, slots=activity.slots)
    waiting = here.words("waiting_too", waiting=activity.waiting) if activity.waiting else ""
    of = f"/{activity.capacity}" if activity.capacity else ""
    return here.words("coming", coming=f"{activity.signed_up}{of}") + waiting


def how_you_stand(here: Around, activity: ActivitySummary) -> str:
    """signed_up, waiting or attended in this terminal's language; "" for nothing."""
    return plain(here.words.activity_term(activity.you)) if activity.you else ""


def whole_activity(here: Around, activity: Activity) -> Group:
    """An activity: when, where, who comes and who was there, its minutes, what happened, what can be done."""
    parts: list[RenderableType] = [_head(here, activity), "", _people(here, activity)]
    for title, said in _said(here, activity):
        parts += ["", Text(title, style="bold"), Padding(Text(said), (0, 0, 0, 2))]
    if activity.timeline:
        parts += ["", Text(here.words("timeline"), style="bold")]
        parts += [timeline(here, activity.timeline, here.words.activity_term), ""]
    if activity.public_url:
        parts.append(Text(here.words("book_at", url=plain(activity.public_url)), style="dim"))
    return Group(*parts, possible(here, activity.moves))


def _head(here: Around, activity: Activity) -> Text:
    status = plain(here.words.activity_term(activity.status))
    facts = (here.words.activity_term(activity.kind), _hours(here, activity), activity.where, _places(here, activity))
    below = " · ".join(filter(None, map(plain, facts)))
    return Text.assemble((shown_id(activity.id), "bold"), f"  {status} · {plain(activity.title)}\n", (below, "dim"))


def _people(here: Around, activity: Activity) -> Table:
    table = Table.grid(padding=(0, 2))
    rows = (
        ("receiving", activity.deputies), ("invited_are", activity.invited), ("they_come", activity.coming),
        ("they_wait", activity.queue), ("were_there", activity.attended),
    )  # fmt: skip
    for title, names in rows:
        if names:
            table.add_row(here.words(title), plain(", ".join(names)))
    if activity.guests:
        table.add_row(here.words("guests_were"), str(activity.guests))
    return table


def _said(here: Around, activity: Activity) -> Iterator[tuple[str, str]]:
    if activity.cancelled_because:
        yield here.words("cancelled_because"), plain(activity.cancelled_because)
    if activity.minutes:
        yield here.words("minutes_are"), plain(activity.minutes)
    if activity.decisions:
        yield here.words("decisions_are"), plain("\n".join(activity.decisions))
    if activity.files:
        yield here.words("files_are"), plain("\n".join(f"{file.name}  {file.url}" for file in activity.files))
    if activity.cases:
        yield here.words("cases_are"), "\n".join(map(shown_id, activity.cases))


def booking_list(here: Around, bookings: Iterable[Booking]) -> Table:
    """Bookings in the order of their times."""
    table = Table.grid(padding=(0, 2))
    for booking in bookings:
        at = f"{booking.starts_at.astimezone(here.zone):%H:%M}" if booking.starts_at else booking.slot
        reach = here.words("has_contact") if booking.has_contact else ""
        told = " · ".join(filter(None, (plain(here.words.activity_term(booking.status)), reach)))
        table.add_row(at, Text(shown_id(booking.id), style="bold"), plain(booking.subject), Text(told, style="dim"))
    return table
