"""The front door: every route, queue, stream and schedule is hung here, nothing else."""

import os
from typing import Any

from chalice.app import Chalice, Cron, Rate

from chalicelib.cases import api as cases_api
from chalicelib.cases import pages as cases_pages
from chalicelib.cases import workers as cases
from chalicelib.demands import api as demands_api
from chalicelib.demands import pages as demands_pages
from chalicelib.demands import workers as demands
from chalicelib.directory import api as directory_api
from chalicelib.directory import pages as directory_pages
from chalicelib.outreach import workers as outreach
from chalicelib.people import api as people_api
from chalicelib.settings import settings
from chalicelib.spine import agenda, dispatch, queue
from chalicelib.telemetry import flush
from chalicelib.web import openapi, static

app = Chalice(app_name="zerodistance")
app.api.cors = False
if os.environ.get("AWS_CHALICE_CLI_MODE"):
    # API Gateway decodes a body only if the first type in Accept is listed, and browsers ask for images in many ways. While
    # packaging this tells the gateway to decode every body; at run time each answer says itself that it is encoded.
    app.api.binary_types.append("*/*")

for module in (people_api, cases_api, demands_api, directory_api, cases_pages, demands_pages, directory_pages, static, openapi):
    app.register_blueprint(module.routes)

QUEUES = {
    name: os.environ.get(f"ZD_{name.upper()}_QUEUE_ARN", f"arn:aws:sqs:::{name}")
    for name in ("routing", "deadlines", "notices", "patterns")
}
JOURNAL = os.environ.get("ZD_JOURNAL_STREAM_ARN", "arn:aws:dynamodb:::stream")
MAIL_EVENTS = os.environ.get("ZD_MAIL_EVENTS_TOPIC", "mail-events")

SUBSCRIPTIONS = {
    settings.routing_queue: cases.ROUTED_BY_US,
    settings.notices_queue: outreach.TOLD_BY_US,
    settings.patterns_queue: demands.WANTED,
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
        agenda.enforce(message, settings.now(), cases.ENFORCED_BY_US)

    return queue.each(event.to_dict(), enforce, "deadlines")


@app.on_sqs_message(queue_arn=QUEUES["notices"], batch_size=10, name="notify")
def on_notice(event: Any) -> dict[str, Any]:
    return queue.each(event.to_dict(), lambda message: outreach.tell(message, settings.now()), "notices")


@app.on_sqs_message(queue_arn=QUEUES["patterns"], batch_size=10, name="group")
def on_pattern(event: Any) -> dict[str, Any]:
    return queue.each(event.to_dict(), lambda message: demands.work(message, settings.now()), "patterns")


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
