"""The deployed stack itself: its address, its functions, its clock."""

from urllib.request import Request, urlopen

from tests.support.local_stack import Stack

CONSUMERS = ("dispatch", "route", "enforce", "notify", "group", "follow", "tally")


def test_the_site_answers_at_its_address_to_a_plain_client(stack: Stack) -> None:
    with urlopen(f"{stack.base_url}/healthz", timeout=30) as answer:
        assert answer.status == 200


def test_a_client_that_says_nothing_of_what_it_accepts_gets_text(stack: Stack) -> None:
    for address, begins in ((f"{stack.base_url}/healthz", b'{"status"'), (stack.form_url, b"<!doctype html>")):
        with urlopen(address, timeout=30) as answer:  # urllib sends no Accept
            assert answer.read().startswith(begins)


def test_pictures_reach_browsers_as_pictures(stack: Stack) -> None:
    # What a browser says when it asks for an image; API Gateway looks at the first type alone.
    asked = Request(f"{stack.form_url}/qr.png", headers={"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"})
    with urlopen(asked, timeout=30) as answer:
        assert answer.read(8) == b"\x89PNG\r\n\x1a\n"


def test_the_minute_can_be_called_at_any_time(stack: Stack) -> None:
    assert stack.invoke("sweep") >= 0


def test_every_queue_has_its_consumer_with_partial_batches(stack: Stack) -> None:
    mappings = stack.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    found = {mapping["FunctionArn"].rpartition("-")[2]: mapping["FunctionResponseTypes"] for mapping in mappings}
    assert found == {name: ["ReportBatchItemFailures"] for name in CONSUMERS}
