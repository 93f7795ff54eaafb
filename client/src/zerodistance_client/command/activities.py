"""deputy activities …: reception days, inspections, meetings: call, sign up, be counted, keep the minutes."""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from zerodistance_client.activity_records import Activity, Booking
from zerodistance_client.command.around import Around, Json, around
from zerodistance_client.command.reading import MOST_A_PAGE, All, Limit, gathered
from zerodistance_client.command.writing import Text, TextFile, draft

if TYPE_CHECKING:
    from zerodistance_client.client import ZeroDistance

TheActivity = Annotated[str, typer.Argument(metavar="ACTIVITY", help="The activity's id, e.g. A-7K3M-9QXA-2B4C.")]
TheBooking = Annotated[str, typer.Argument(metavar="BOOKING", help="The booking's id, e.g. B-7K3M-9QXA-2B4C.")]
Code = Annotated[str, typer.Argument(metavar="CODE", help="The code on the wall; it changes every minute.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="How many guests were there.")]
Kind = Annotated[
    Literal["inspection", "meeting", "training"], typer.Argument(metavar="KIND", help="inspection, meeting, training.")
]
Title = Annotated[str, typer.Argument(metavar="TITLE", help="What it is, in a line.")]
Station = Annotated[str, typer.Argument(metavar="STATION", help="The station's id.")]
Where = Annotated[str, typer.Option("--where", "-w", help="Where it is.")]
Day = Annotated[str, typer.Option("--date", "-d", help="The day, e.g. 2026-12-15.")]
From = Annotated[str, typer.Option("--from", help="When it begins, e.g. 09:00.")]
To = Annotated[str, typer.Option("--to", help="When it ends, e.g. 11:30.")]
SignUpUntil = Annotated[
    str, typer.Option("--sign-up-until", help="A day and time, e.g. 2026-12-14T17:00; else until it begins.")
]
Invited = Annotated[
    list[str] | None, typer.Option("--invite", "-i", help="A deputy's id; may be repeated. None: all deputies.")
]
Receiving = Annotated[list[str] | None, typer.Option("--deputy", help="Who receives; may be repeated. None: you.")]
Capacity = Annotated[int, typer.Option("--capacity", "-c", min=0, help="How many places; 0: no limit.")]
Minutes = Annotated[int, typer.Option("--minutes", "-m", min=5, max=240, help="How long a talk is.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it is recorded and told. Asked for if not given.")]
LookReason = Annotated[str, typer.Option("--reason", "-r", help="Why you need it; it is recorded. Asked for if not given.")]
Decision = Annotated[list[str] | None, typer.Option("--decision", help="What was decided; may be repeated.")]
Attached = Annotated[list[Path] | None, typer.Option("--attach", exists=True, dir_okay=False, help="A file; may be repeated.")]
Year = Annotated[int, typer.Option("--year", "-y", help="All of this year, the latest first.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", dir_okay=False, help="The file to write.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Reception days, inspections, meetings, trainings.")
    group.command("list")(list_activities)
    for command in (show, call, reception, attend, guests, minutes, cancel, display, calendar, bookings, kept, contact, take):
        group.command(command.__name__)(command)
    group.command("sign-up")(sign_up)
    group.command("sign-off")(sign_off)
    app.add_typer(group, name="activities")


def list_activities(ctx: typer.Context, year: Year = 0, limit: Limit = 25, every: All = False, as_json: Json = False) -> None:
    """List what is to come and concerns you, or all of a year."""
    from zerodistance_client.command.activity_display import activity_list
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        pages = server.activity_pages(year=year, page=MOST_A_PAGE if every else min(limit, MOST_A_PAGE))
        found, more = gathered(pages, None if every else limit)
    if as_json:
        return print_json({"items": [activity.raw for activity in found], "more": more})
    if not found:
        return here.say("no_activities")
    here.screen.print(activity_list(here, found))
    return here.say("more_activities") if more else None


def show(ctx: typer.Context, activity: TheActivity, as_json: Json = False) -> None:
    """Show an activity: when and where, who comes, who was there, minutes, what happened, what can be done."""
    _with(ctx, as_json, lambda server: server.activity(activity), whole=True)


def call(
    ctx: typer.Context,
    kind: Kind,
    title: Title,
    day: Day,
    begin: From,
    end: To,
    where: Where,
    until: SignUpUntil = "",
    invite: Invited = None,
    capacity: Capacity = 0,
    as_json: Json = False,
) -> None:
    """Call an inspection, a meeting or a training. Those invited are told."""
    here = around(ctx, as_json)
    starts, ends = _moment(here, day, begin), _moment(here, day, end)
    more: dict[str, Any] = {"invited": invite or [], "capacity": capacity, "sign_up_until": _whole_moment(here, until)}
    _with(ctx, as_json, lambda server: server.call_activity(kind, title, where, starts, ends, **more))


def reception(
    ctx: typer.Context,
    station: Station,
    day: Day,
    begin: From,
    end: To,
    minutes: Minutes = 20,
    deputy: Receiving = None,
    as_json: Json = False,
) -> None:
    """Call a reception day, whose times residents book."""
    here = around(ctx, as_json)
    starts, ends = _moment(here, day, begin), _moment(here, day, end)
    _with(ctx, as_json, lambda server: server.call_reception(station, starts, ends, minutes, deputies=deputy or []))


def sign_up(ctx: typer.Context, activity: TheActivity, as_json: Json = False) -> None:
    """Say that you will come; where all places are taken you wait for one."""
    _with(ctx, as_json, lambda server: server.sign_up(activity))


def sign_off(ctx: typer.Context, activity: TheActivity, as_json: Json = False) -> None:
    """Say that you will not come."""
    _with(ctx, as_json, lambda server: server.sign_off(activity))


def attend(ctx: typer.Context, activity: TheActivity, code: Code, as_json: Json = False) -> None:
    """Be counted as there, by the code on the wall."""
    _with(ctx, as_json, lambda server: server.attend(activity, code))


def guests(ctx: typer.Context, activity: TheActivity, number: Number, as_json: Json = False) -> None:
    """Say how many guests were there."""
    _with(ctx, as_json, lambda server: server.count_guests(activity, number))


def minutes(
    ctx: typer.Context,
    activity: TheActivity,
    text: Text = "",
    file: TextFile = None,
    decision: Decision = None,
    attach: Attached = None,
    as_json: Json = False,
) -> None:
    """Keep the minutes: what was said and decided. Sent again, they replace the earlier ones."""
    here = around(ctx, as_json)
    paper = draft(here, "activities minutes", activity)
    said = paper.text(text, file, beside=lambda: "")
    with here.server() as server, paper.sending(said):
        sent = [server.upload(path) for path in attach or []]
        _done(here, server.keep_minutes(activity, said, decision or [], sent))


def cancel(ctx: typer.Context, activity: TheActivity, reason: Reason = "", as_json: Json = False) -> None:
    """Cancel an activity. Everyone who signed up or booked is told why."""
    why = around(ctx, as_json).asked(reason, "ask_reason", "--reason")
    _with(ctx, as_json, lambda server: server.cancel_activity(activity, why))


def display(ctx: typer.Context, activity: TheActivity, as_json: Json = False) -> None:
    """Print the address of the page that shows the code for attendance, for a screen in the room."""
    from zerodistance_client.command.display import plain, print_json

    here = around(ctx, as_json)
    with here.server() as server:
        url = server.display(activity)
    return print_json({"url": url}) if as_json else here.screen.print(plain(url), markup=False, soft_wrap=True)


def calendar(ctx: typer.Context, activity: TheActivity, output: Output = None, as_json: Json = False) -> None:
    """Save an activity for your calendar."""
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        content = server.activity_calendar(activity)
    path = output or Path(f"{activity}.ics")
    path.write_text(content, encoding="utf-8", newline="")
    return print_json({"path": str(path)}) if as_json else here.say("saved", path=path)


def bookings(ctx: typer.Context, activity: TheActivity, as_json: Json = False) -> None:
    """List the times of a reception day that residents booked."""
    from zerodistance_client.command.activity_display import booking_list
    from zerodistance_client.command.display import print_json

    here = around(ctx, as_json)
    with here.server() as server:
        found = server.bookings(activity)
    if as_json:
        return print_json({"items": [booking.raw for booking in found]})
    return here.screen.print(booking_list(here, found)) if found else here.say("no_bookings")


def kept(ctx: typer.Context, activity: TheActivity, booking: TheBooking, as_json: Json = False) -> None:
    """Say that a resident who had booked came."""
    here = around(ctx, as_json)
    with here.server() as server:
        _told(here, server.booking_kept(activity, booking))


def contact(
    ctx: typer.Context, activity: TheActivity, booking: TheBooking, reason: LookReason = "", as_json: Json = False
) -> None:
    """Show how to reach a resident who booked. The look is recorded, with the reason."""
    from zerodistance_client.command.reading import print_contact

    here = around(ctx, as_json)
    why = here.asked(reason, "ask_reason", "--reason")
    with here.server() as server:
        found = server.booking_contact(activity, booking, why)
    print_contact(here, found)


def take(
    ctx: typer.Context,
    activity: TheActivity,
    text: Text = "",
    file: TextFile = None,
    booking: Annotated[str, typer.Option("--booking", "-b", help="Their booking's id, if they had booked.")] = "",
    deputy: Annotated[str, typer.Option("--deputy", help="Which of the deputies there it is for; else you.")] = "",
    category: Annotated[str, typer.Option(help="The category's id, if known.")] = "",
    grid: Annotated[str, typer.Option(help="The grid's id, if known.")] = "",
    address: Annotated[str, typer.Option(help="Where it is.")] = "",
    name: Annotated[str, typer.Option(help="The resident's name.")] = "",
    email: Annotated[str, typer.Option(help="The resident's e-mail.")] = "",
    phone: Annotated[str, typer.Option(help="The resident's telephone.")] = "",
    as_json: Json = False,
) -> None:
    """Take down what a resident says there: it becomes a case, with the promises of any other."""
    from zerodistance_client.command.desk import print_taken

    here = around(ctx, as_json)
    reach = {name_: value for name_, value in {"name": name, "email": email, "phone": phone}.items() if value}
    how = {"tell": "email" if email else "phone" if phone else "none"}
    known = {"booking": booking, "deputy": deputy, "category": category, "grid": grid, "address": address}
    paper = draft(here, "activities take", activity)
    said = paper.text(text, file, beside=lambda: "")
    with here.server() as server, paper.sending(said):
        case = server.take_down_there(activity, said, contact=reach | how if reach else None, **known)
    print_taken(here, case)


def _with(ctx: typer.Context, as_json: bool, deed: "Callable[[ZeroDistance], Activity]", *, whole: bool = False) -> None:
    here = around(ctx, as_json)
    with here.server() as server:
        activity = deed(server)
    return _shown(here, activity) if whole else _done(here, activity)


def _shown(here: Around, activity: Activity) -> None:
    from zerodistance_client.command.activity_display import whole_activity
    from zerodistance_client.command.display import print_json

    return print_json(activity.raw) if here.as_json else here.screen.print(whole_activity(here, activity))


def _done(here: Around, activity: Activity) -> None:
    """Tell how the activity stands after a move."""
    from zerodistance_client.command.activity_display import how_you_stand
    from zerodistance_client.command.display import plain, possible, print_json, shown_id

    if here.as_json:
        return print_json(activity.raw)
    here.say("moved", id=shown_id(activity.id), status=plain(here.words.activity_term(activity.status)))
    if activity.you:
        here.say("you_are", word=how_you_stand(here, activity))
    if activity.public_url:
        here.say("book_at", url=plain(activity.public_url))
    return here.screen.print(possible(here, activity.moves), soft_wrap=True)


def _told(here: Around, booking: Booking) -> None:
    from zerodistance_client.command.display import plain, print_json, shown_id

    if here.as_json:
        return print_json(booking.raw)
    return here.say("moved", id=shown_id(booking.id), status=plain(here.words.activity_term(booking.status)))


def _moment(here: Around, day: str, at: str) -> datetime:
    """A day and a time of day on this terminal's clocks. Raises BadParameter."""
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(at))
    except ValueError as error:
        raise typer.BadParameter(here.words("wrong_time", given=f"{day} {at}")) from error
    return local.replace(tzinfo=here.zone) if here.zone else local.astimezone()


def _whole_moment(here: Around, text: str) -> datetime | None:
    if not text:
        return None
    day, _, at = text.replace(" ", "T").partition("T")
    return _moment(here, day, at)
