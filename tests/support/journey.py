"""Everything that the platform does, done at least once in this process: what its functions call, they call here."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.cases import lessons, service
from chalicelib.consultations import service as consultations_service
from chalicelib.directory import service as directory
from chalicelib.files import service as files
from chalicelib.people import form, tokens
from chalicelib.people.form import FormToken
from chalicelib.people.permissions import PERMISSIONS
from chalicelib.settings import settings
from chalicelib.spine import journal
from chalicelib.spine.aws import client
from tests.contract import test_api_activities as of_activities
from tests.contract import test_api_bulletin as bulletin
from tests.contract import test_api_consultations as consultations
from tests.contract import test_api_performance as performance
from tests.contract import test_api_suggestions
from tests.contract.conftest import PEOPLE, Person
from tests.contract.test_api_demands import TRIED, World
from tests.contract.test_api_permissions import EXAMPLES, OF_A_CASE, knock
from tests.support import activities, suggestions, wanglan
from tests.support.api import BASE_URL, published_keys
from tests.support.bulletin import notice
from tests.support.calls import Call
from tests.support.casework import COLD, EMAIL, PHONE, routed
from tests.support.cloud import add_user, made
from tests.support.consultations import WEEK, answered, drafted, opened
from tests.support.demands import confirmed
from tests.support.files import picture, send
from tests.support.house import CONSUMERS, House, MovedClock
from tests.support.supervision_journey import oversight
from tests.support.visitor import forms
from tests.support.wanglan import HEATING, LIN, LIN_CODE, NOON, QIAO

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FIRST, OWN = "First-pass-1!", "Own-password-2!"


def everything(folder: Path) -> House:
    """The house after a journey through all of it. ``folder`` holds the clock that is moved."""
    with ExitStack() as held:
        patch = held.enter_context(pytest.MonkeyPatch.context())
        held.enter_context(_district())
        patch.setattr(tokens.pool_keys, "_fetch", published_keys)
        patch.setitem(vars(settings), "clock_file", folder / "offset")
        clock = MovedClock(folder / "offset")
        clock.set(NOON)
        journey = _Journey(House(), clock)
        held.enter_context(_revoking())
        journey.go()
    return journey.house


@contextmanager
def _district() -> Iterator[None]:
    """The demo district, and nothing else. Small tables are quick: moto copies a table for each write of a transaction."""
    with made():
        wanglan.set_up()
        yield


@contextmanager
def _revoking() -> Iterator[None]:
    """moto knows no RevokeToken: this stands in for it."""
    answer = AWSResponse("", 200, HTTPHeaders(), None), dict[str, Any]()
    with _answered("cognito-idp", "cognito-identity-provider.RevokeToken", answer):
        yield


@contextmanager
def _answered(service_name: str, event: str, answer: tuple[AWSResponse, dict[str, Any]]) -> Iterator[None]:
    events, name = client(service_name).meta.events, f"before-call.{event}"
    events.register(name, play := lambda **_: answer)
    try:
        yield
    finally:
        events.unregister(name, play)


class _Journey:
    def __init__(self, house: House, clock: MovedClock) -> None:
        self.house, self.clock = house, clock
        self.anyone = httpx.Client(transport=house.door(), base_url=BASE_URL)
        self.signed_in: dict[str, httpx.Client] = {}

    def go(self) -> None:
        self.people_sign_in()
        steps = (
            self.residents_write, self.staff_work, self.files_come, self.demands_form, self.suggestions_are_made,
            self.time_passes, self.mail_returns, self.it_learns, self.residents_are_asked, self.deputies_meet,
            self.files_fill, self.programs_ask, self.notices_go_out, self.oversight,
            self.letters_come_back,
        )  # fmt: skip
        for step in steps:
            with _district():
                step()
                self.house.run()
        with _district():
            self.people_sign_out()

    # People

    def people_sign_in(self) -> None:
        for role, person in PEOPLE.items():
            add_user(person.username, person.group, person.password)
            token = self.sign_in(person).json()["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            self.signed_in[role] = httpx.Client(transport=self.house.door(), base_url=BASE_URL, headers=headers)
        self.sign_in(PEOPLE["deputy"], "a guess")
        cognito, pool = client("cognito-idp"), settings.user_pool
        cognito.admin_create_user(UserPoolId=pool, Username="deputy.ma", TemporaryPassword=FIRST)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username="deputy.ma", GroupName="deputy")
        asked = {"username": "deputy.ma", "password": FIRST, "new_password": OWN}
        assert self.anyone.post("/v1/session/password", json=asked).status_code == 200

    def sign_in(self, person: Person, password: str = "") -> httpx.Response:
        asked = {"username": person.username, "password": password or person.password}
        return self.anyone.post("/v1/session", json=asked)

    def people_sign_out(self) -> None:
        add_user(*PEOPLE["deputy"][:1], PEOPLE["deputy"].group, PEOPLE["deputy"].password)
        session = self.sign_in(PEOPLE["deputy"]).json()
        again = self.anyone.post("/v1/session/refresh", json={"refresh_token": session["refresh_token"]}).json()
        headers = {"Authorization": f"Bearer {again['access_token']}"}
        held = {"refresh_token": again["refresh_token"]}
        assert self.anyone.request("DELETE", "/v1/session", json=held, headers=headers).status_code == 204
        assert self.signed_in["manager"].delete("/v1/session").status_code == 204

    # Residents

    def residents_write(self) -> None:
        for place in ("", "/challenge?for=0123456789AB", "/qr.svg", "/qr.png", "/poster"):
            assert self.anyone.get(f"/d/{LIN_CODE}{place}").status_code == 200
        by_mail = self.write(tell="email", email=EMAIL)
        by_phone = self.write(tell="phone", phone=PHONE, text="啊啊啊 ???")
        self.house.run()
        page = f"/m/{by_mail.tracking_token}"
        assert self.anyone.get(page).status_code == 200
        service.move("ask", by_mail.case_id, by=LIN, now=settings.now(), text="几号楼？")
        self.say(page, move="reply", text="三号楼")
        service.move("answer", by_mail.case_id, by=LIN, now=settings.now(), text="已修好")
        self.say(page, move="reopen", text="又不热了")
        service.move("answer", by_mail.case_id, by=LIN, now=settings.now(), text="又修好了")
        self.say(page, move="confirm", satisfaction="5")
        self.say(f"/m/{by_phone.tracking_token}", move="withdraw", sure="1")

    def photo(self, opened: FormToken) -> str:
        """A photo sent before the message; its id."""
        asked = {"form": str(opened), "size": 10}
        offered = files.Offer(**self.anyone.post(f"/d/{LIN_CODE}/photos", json=asked).json())
        assert send(offered, picture()).status_code == 204
        return offered.id

    def write(self, **fields: str) -> FormToken:
        """A message sent twice, as by a double tap."""
        opened = form.new_form(settings.now() - timedelta(minutes=5))
        content = urlencode({"text": COLD, "grid": "weidu-1", "form": str(opened), **fields})
        for _ in range(2):
            assert self.anyone.post(f"/d/{LIN_CODE}", content=content, headers=FORM).status_code == 303
        return opened

    def say(self, page: str, **fields: str) -> None:
        assert self.anyone.post(page, content=urlencode(fields), headers=FORM).status_code == 303

    # Staff

    def staff_work(self) -> None:
        for route in EXAMPLES.keys() - {"DELETE /v1/session"}:
            if roles := PERMISSIONS[route]:
                case, other = (routed().id, routed().id) if route in OF_A_CASE else ("", "")
                knock(route, self.signed_in[min(roles)], case, other)
        self.house.lose_the_stream()  # what follows from these is done elsewhere
        case, key = routed(), str(uuid4())
        for _ in range(2):
            headers = {"Idempotency-Key": key}
            assert (
                self.signed_in["deputy"].post(f"/v1/cases/{case.id}/acknowledge", json={}, headers=headers).status_code == 200
            )
        self.signed_in["manager"].post("/v1/cases", json={"text": COLD, "deputy": "lin-jianwei", "contact": {
            "tell": "email", "email": EMAIL}}, headers={"Idempotency-Key": key}).raise_for_status()  # fmt: skip
        joined = routed()
        service.merge(joined.id, case.id, "同一栋楼", by=LIN, now=settings.now())
        service.move("answer", case.id, by=HEATING, now=settings.now(), text="整栋楼修好了")

    # Files

    def files_come(self) -> None:
        asked = {"purpose": "photo", "name": "a.jpg", "type": "image/jpeg", "size": 10}
        answer = self.signed_in["deputy"].post("/v1/files", json=asked, headers={"Idempotency-Key": str(uuid4())})
        offered = files.Offer(**answer.json())
        assert send(offered, picture()).status_code == 204
        # The browser sent it with the right of the function that signed the form.
        self.house.calls["api"].append(Call("s3", "PutObject", {"Path": f"/offered/{offered.id}"}))
        with self.house.noted("api"):
            files.attach([offered.id], "S0123456789AB", settings.now())

    # Common demands

    def demands_form(self) -> None:
        for number in range(5):
            self.write(tell="phone", phone=f"1380013800{number}", text=f"霁月花园{number}号楼暖气不热，室温只有13度")
            self.house.run()
        public = f"/open/demands/{confirmed().id}"
        for place in ("", "/qr.svg"):
            assert self.anyone.get(f"{public}{place}").status_code == 200
        assert self.anyone.post(public, data={"form": str(form.new_form(settings.now()))}).status_code == 303
        self.house.run()
        for route in TRIED:
            with _district():
                World(route).knock(self.signed_in[min(PERMISSIONS[route])])
                self.house.run()

    # Programs

    def programs_ask(self) -> None:
        told = {"url": "https://127.0.0.1:9/", "events": ["case.received"]}  # where no webhook may lead: it is given up
        assert directory.put("webhooks", "partner", told, by=QIAO, now=settings.now()).written
        fields = {
            "api_key": "demo-open311-key",
            "service_code": "heating.supply.cold-flat",
            "description": COLD,
            "email": EMAIL,
        }
        posted = self.anyone.post("/open311/v2/requests.json", data=fields | {"address_id": "weidu-1"}).raise_for_status()
        id = posted.json()[0]["service_request_id"]
        for place in ("services.json", "requests.json", f"requests.json?service_request_id={id}", f"requests/{id}.xml"):
            assert self.anyone.get(f"/open311/v2/{place}").status_code in (200, 404)  # not routed yet
        for place in ("", "/cases.csv", "/cases.json", "/cases.geojson"):
            assert self.anyone.get(f"/open/data{place}").status_code == 200

    # Consultations

    def residents_are_asked(self) -> None:
        for route in consultations.EXAMPLES:
            consultations.World(route).knock(self.signed_in[min(PERMISSIONS[route])])
        now = settings.now()
        planned = consultations_service.schedule(drafted(now=now).id, now + WEEK, now + 2 * WEEK, by=LIN, now=now)
        for span in (WEEK, WEEK):
            self.clock.forward(span)
            self.house.minute()
            self.one_answers(planned.id)
        self.finish_asking(planned.id)

    def one_answers(self, id: str) -> None:
        for place in (f"/c/{id}", f"/c/{id}/qr.svg", "/open/consultations", f"/open/consultations/{id}"):
            assert self.anyone.get(place).status_code == 200
        fields = {"form": str(form.new_form(settings.now() - timedelta(minutes=5))), "q1": "1", "email": EMAIL}
        assert self.anyone.post(f"/c/{id}", content=urlencode(fields), headers=FORM).status_code == 303

    def finish_asking(self, id: str) -> None:
        consultations_service.publish(id, "先办早餐", by=LIN, now=settings.now())
        self.house.run()
        assert self.anyone.get(f"/open/consultations/{id}").status_code == 200
        left = opened(now=settings.now())
        answered(left, email=EMAIL, now=settings.now())
        for span in (WEEK, timedelta(days=100)):
            self.clock.forward(span)
            self.house.minute()

    # Suggestions

    def suggestions_are_made(self) -> None:
        for route in test_api_suggestions.TRIED:
            with _district():
                test_api_suggestions.World(route).knock(self.signed_in[min(PERMISSIONS[route] or {"deputy"})])
                self.house.run()
        now, held = settings.now(), suggestions.assigned(suggestions.draft(confirmed(routed(), routed())))
        suggestions.documented(suggestions.evaluated(suggestions.replied(held, now), "dissatisfied", now))
        self.house.run()
        suggestions.assigned(now=settings.now())
        self.clock.forward(timedelta(days=400))
        self.house.minute()

    # Activities

    def deputies_meet(self) -> None:
        for route in of_activities.TRIED:
            with _district():
                of_activities.World(route).knock(self.signed_in[min(PERMISSIONS[route])])
                self.house.run()
        self.signed_in["deputy"].get("/v1/activities?year=2026").raise_for_status()
        day = activities.reception(now=settings.now())
        station, first = f"/open/stations/{activities.STATION}", self.book(day.id, "0900")
        for place in ("/open/stations", station, f"{station}/{day.id}/0930", f"/b/{first}", f"/b/{first}/calendar.ics"):
            assert self.anyone.get(place).status_code == 200
        self.say(f"/b/{self.book(day.id, '0930')}", move="cancel")
        display = self.signed_in["deputy"].get(f"/v1/activities/{day.id}/display").json()["url"].removeprefix(BASE_URL)
        for place in (display, f"/a/{day.id}/00000000"):
            assert self.anyone.get(place).status_code in (200, 410)
        for span in (timedelta(days=6), timedelta(days=3)):
            self.clock.forward(span)
            self.house.minute()
        let_down = activities.reception(now=settings.now())
        self.book(let_down.id, "0900")
        self.signed_in["deputy"].post(f"/v1/activities/{let_down.id}/cancel", json={"reason": "大雪"}, headers={
            "Idempotency-Key": str(uuid4())}).raise_for_status()  # fmt: skip
        self.house.run()

    def book(self, day: str, slot: str) -> str:
        """A time booked with a double tap; the token of its page."""
        opened = form.new_form(settings.now() - timedelta(minutes=5))
        content = urlencode({"form": str(opened), "text": "想谈谈", "tell": "email", "email": EMAIL})
        page = f"/open/stations/{activities.STATION}/{day}/{slot}"
        for _ in range(2):
            assert self.anyone.post(page, content=content, headers=FORM).status_code == 303
        return opened.tracking_token

    # Performance files

    def files_fill(self) -> None:
        for route in performance.BODIES:
            performance.World(route).knock(self.signed_in[min(PERMISSIONS[route])]).raise_for_status()
        performance.approved()
        for path in ("/open/performance", "/open/performance/lin-jianwei", "/v1/performance/lin-jianwei/export"):
            assert self.signed_in["deputy"].get(path).status_code == 200
        case = routed(now=settings.now())
        service.move("answer", case.id, by=LIN, now=settings.now(), text="已修好")
        told = self.house.new_records()
        for _ in range(2):
            self.house.invoke("dispatch", {"Records": told})
        self.house.run()

    # The bulletin

    def notices_go_out(self) -> None:
        for route in bulletin.EXAMPLES:
            bulletin.World(route).knock(self.signed_in[min(PERMISSIONS[route])])
        public = notice("deputies", "body:heating-company", public=True, now=settings.now())
        self.house.run()
        for place in ("/open/bulletin", f"/open/bulletin/{public.id}"):
            assert self.anyone.get(place).status_code == 200
        self.clock.forward(timedelta(days=4))
        self.house.minute()

    # Supervision

    def oversight(self) -> None:
        oversight(self.house, self.clock, self.signed_in, self.anyone, _district)

    # Time

    def letters_come_back(self) -> None:
        sqs, browser = client("sqs"), httpx.Client(transport=self.house.door(), base_url=BASE_URL)
        manager = PEOPLE["manager"]
        add_user(manager.username, manager.group, manager.password)
        browser.post("/work/sign-in", data={"username": manager.username, "password": manager.password})
        for queue in CONSUMERS:
            url = f"{settings.routing_queue.removesuffix('routing')}{queue}"
            sqs.send_message(QueueUrl=f"{url}-dead", MessageBody="{}")
            sent = next(form for form in forms(browser.get("/work/letters")) if form.get("queue") == queue)
            assert browser.post("/work/letters", data=sent).headers["location"].endswith("back=1")
            [back] = sqs.receive_message(QueueUrl=url)["Messages"]  # an empty letter: no function is to get it
            sqs.delete_message(QueueUrl=url, ReceiptHandle=back["ReceiptHandle"])

    def photos_come_and_go(self) -> None:
        shot = self.photo(form.new_form(settings.now() - timedelta(minutes=5)))
        shown = self.write(photos=shot)
        mine = self.write(photos=self.photo(form.new_form(settings.now() - timedelta(minutes=5))), tell="email", email=EMAIL)
        self.house.run()
        self.house.minute()
        assert self.anyone.get(f"/m/{mine.tracking_token}/export").status_code == 200
        self.say(f"/m/{mine.tracking_token}", move="erase", sure="1")
        assert self.anyone.get(f"/m/{shown.tracking_token}/photos/0").status_code == 303
        self.say(f"/m/{shown.tracking_token}", move="withdraw", sure="1")

    def time_passes(self) -> None:
        self.photos_come_and_go()
        self.routing_is_lost()
        case = routed(tell="phone")
        self.not_told_for_now()
        self.clock.forward(timedelta(hours=3))
        self.house.minute()
        service.move("answer", case.id, by=LIN, now=settings.now(), text="已修好")
        for span in (timedelta(days=8), timedelta(days=100)):
            self.clock.forward(span)
            self.house.minute()

    def routing_is_lost(self) -> None:
        """The stream never brought word of a message: the agenda has it routed, by the function that enforces duties."""
        lost = self.write(tell="none")
        self.house.lose_the_stream()
        self.clock.forward(timedelta(hours=1))
        self.house.minute()
        assert service.found(lost.case_id).status == "routed"

    def not_told_for_now(self) -> None:
        """SES is too busy for one telling: its claim is given back, and it is brought again."""
        refusal = AWSResponse("", 400, HTTPHeaders(), None), {"Error": {"Code": "Throttling", "Message": "slower"}}
        with _answered("ses", "ses.SendEmail", refusal):
            self.house.dispatch()
            self.house.consume("notices")

    def mail_returns(self) -> None:
        told, again = routed(), self.house.new_records()
        for _ in range(2):
            self.house.invoke("dispatch", {"Records": again})
        self.house.run()
        assert [entry for entry in journal.entries(told.id) if entry.type == "told"]
        tags = {"dossier": [told.id], "seq": ["1"], "who": ["resident"]}
        self.house.mail_event(json.dumps({"eventType": "Bounce", "mail": {"messageId": "1", "tags": tags}}))

    # Routing

    def it_learns(self) -> None:
        """Enough of people's words to learn from; a second night, when there is a model already; and a message by it."""
        for number in range(44):
            words, category = (("水管又爆了", "water/supply/no-water"), ("夜里跳闸", "power/supply/outage"))[number % 2]
            lessons.note(routed(text=f"{words}，第{number}次", category=category, now=NOON + timedelta(minutes=number)))
        self.house.lose_the_stream()
        for _ in range(2):
            self.house.invoke("learn", self.house.schedule())
        self.write(tell="none", text="水管又爆了")
