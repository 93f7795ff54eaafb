"""The front door: every route, queue, stream and schedule is hung here, nothing else."""

import os
from typing import Any

from chalice.app import Chalice, Cron, Rate

from chalicelib.activities import api as activities_api
from chalicelib.activities import desk as activities_desk
from chalicelib.activities import desk_calling as calling_desk
from chalicelib.activities import pages as activities_pages
from chalicelib.activities import workers as activities
from chalicelib.bulletin import api as bulletin_api
from chalicelib.bulletin import desk as bulletin_desk
from chalicelib.bulletin import desk_library as library_desk
from chalicelib.bulletin import pages as bulletin_pages
from chalicelib.bulletin import workers as bulletin
from chalicelib.cases import api as cases_api
from chalicelib.cases import pages as cases_pages
from chalicelib.cases import workers as cases
from chalicelib.consultations import api as consultations_api
from chalicelib.consultations import desk as consultations_desk
from chalicelib.consultations import desk_drafting as drafting_desk
from chalicelib.consultations import pages as consultations_pages
from chalicelib.consultations import workers as consultations
from chalicelib.demands import api as demands_api
from chalicelib.demands import desk as demands_desk
from chalicelib.demands import listing as demands_listing
from chalicelib.demands import pages as demands_pages
from chalicelib.demands import workers as demands
from chalicelib.directory import api as directory_api
from chalicelib.directory import desk as directory_desk
from chalicelib.directory import desk_files as directory_files_desk
from chalicelib.directory import desk_posters as directory_posters_desk
from chalicelib.directory import pages as directory_pages
from chalicelib.files import api as files_api
from chalicelib.insight import api as insight_api
from chalicelib.insight import pages as insight_pages
from chalicelib.insight import workers as insight
from chalicelib.open311 import api as open311_api
from chalicelib.opendata import pages as opendata_pages
from chalicelib.opensite import pages as opensite_pages
from chalicelib.outreach import workers as outreach
from chalicelib.people import api as people_api
from chalicelib.performance import api as performance_api
from chalicelib.performance import desk as performance_desk
from chalicelib.performance import pages as performance_pages
from chalicelib.performance import workers as performance
from chalicelib.settings import settings
from chalicelib.spine import agenda, dispatch, followups, queue
from chalicelib.suggestions import api as suggestions_api
from chalicelib.suggestions import desk as suggestions_desk
from chalicelib.suggestions import pages as suggestions_pages
from chalicelib.suggestions import workers as suggestions
from chalicelib.supervision import api as supervision_api
from chalicelib.supervision import appraisal_api
from chalicelib.supervision import desk as supervision_desk
from chalicelib.supervision import pages as supervision_pages
from chalicelib.supervision import workers as supervision
from chalicelib.telemetry import flush
from chalicelib.web import openapi, static
from chalicelib.workspace import letters as letters_desk
from chalicelib.workspace import pages as workspace_pages

app = Chalice(app_name="zerodistance")
app.api.cors = False
if os.environ.get("AWS_CHALICE_CLI_MODE"):
    # API Gateway decodes a body only if the first type in Accept is listed, and browsers ask for images in many ways. While
    # packaging this tells the gateway to decode every body; at run time each answer says itself that it is encoded.
    app.api.binary_types.append("*/*")

DOORS = (
    opensite_pages, demands_listing,
    people_api, cases_api, demands_api, directory_api, suggestions_api, supervision_api, performance_api, activities_api,
    consultations_api, bulletin_api, files_api, insight_api, cases_pages, demands_pages, directory_pages, suggestions_pages,
    directory_desk, directory_files_desk, directory_posters_desk, letters_desk,
    supervision_pages, performance_pages, activities_pages, consultations_pages, bulletin_pages, insight_pages, workspace_pages,
    demands_desk, suggestions_desk, supervision_desk, performance_desk, bulletin_desk, library_desk,
    activities_desk, calling_desk, consultations_desk, drafting_desk,
    open311_api, opendata_pages, appraisal_api, static, openapi,
)  # fmt: skip
for door in DOORS:
    app.register_blueprint(door.routes)

FOLLOWERS = (suggestions, supervision, performance, activities, consultations, bulletin)
ENFORCED = cases.ENFORCED_BY_US | {kind: duty for section in FOLLOWERS for kind, duty in section.ENFORCED_BY_US.items()}

QUEUES = {
    name: os.environ.get(f"ZD_{name.upper()}_QUEUE_ARN", f"arn:aws:sqs:::{name}")
    for name in ("routing", "deadlines", "notices", "patterns", "followups", "figures")
}
JOURNAL = os.environ.get("ZD_JOURNAL_STREAM_ARN", "arn:aws:dynamodb:::stream")
MAIL_EVENTS = os.environ.get("ZD_MAIL_EVENTS_TOPIC", "mail-events")

SUBSCRIPTIONS = {
    settings.routing_queue: cases.ROUTED_BY_US,
    settings.notices_queue: outreach.TOLD_BY_US,
    settings.patterns_queue: demands.WANTED,
    settings.followups_queue: frozenset().union(*(section.WANTED for section in FOLLOWERS)),
    settings.figures_queue: insight.WANTED,
}


@app.on_dynamodb_record(stream_arn=JOURNAL, batch_size=100, starting_position="TRIM_HORIZON", name="dispatch")
def on_fact(event: Any) -> dict[str, Any]:
    return dispatch.dispatch(event.to_dict(), SUBSCRIPTIONS)


@app.on_sqs_message(queue_arn=QUEUES["routing"], batch_size=10, name="route")
def on_routing(event: Any) -> dict[str, Any]:
    return queue.each(event.to_dict(), lambda message: cases.work(message, settings.now()), "routing")


@app.on_sqs_message(queue_arn=QUEUES["deadlines"], batch_size=10, name="enforce")
def on_deadline(event: Any) -> dict[str, Any]:
    def enforce(message: queue.Message) -> None:
        agenda.enforce(message, settings.now(), ENFORCED)

    return queue.each(event.to_dict(), enforce, "deadlines")


@app.on_sqs_message(queue_arn=QUEUES["notices"], batch_size=10, name="notify")
def on_notice(event: Any) -> dict[str, Any]:
    return queue.each(event.to_dict(), lambda message: outreach.tell(message, settings.now()), "notices")


@app.on_sqs_message(queue_arn=QUEUES["patterns"], batch_size=10, name="group")
def on_pattern(event: Any) -> dict[str, Any]:
    return queue.each(event.to_dict(), lambda message: demands.work(message, settings.now()), "patterns")


@app.on_sqs_message(queue_arn=QUEUES["followups"], batch_size=10, name="follow")
def on_followup(event: Any) -> dict[str, Any]:
    return queue.each(event.to_dict(), lambda message: followups.hand(message, settings.now(), FOLLOWERS), "followups")


@app.on_sqs_message(queue_arn=QUEUES["figures"], batch_size=10, name="tally")
def on_figure(event: Any) -> dict[str, Any]:
    return queue.each(event.to_dict(), lambda message: insight.work(message, settings.now()), "figures")


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def every_minute(event: Any) -> int:  # noqa: ARG001 - Chalice hands it in
    queued = agenda.sweep(settings.now())
    flush()
    return queued


@app.schedule(Cron(0, 19, "*", "*", "?", "*"), name="learn")
def every_night(event: Any) -> str:  # noqa: ARG001 - Chalice hands it in
    version = cases.learn(settings.now())
    flush()
    return version


@app.on_sns_message(topic=MAIL_EVENTS, name="mail_event")
def on_mail_event(event: Any) -> None:
    outreach.mail_event(event.message, settings.now())
    flush()
