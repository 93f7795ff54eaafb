"""A resident's photos: sent with the message or later, looked at by the agenda, shown to whoever may see the case."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
import requests

from chalicelib.cases import photos, service, workers
from chalicelib.cases.model import Case
from chalicelib.files.model import JPEG
from chalicelib.people.roles import A_RESIDENT
from chalicelib.spine import agenda
from tests.support.casework import facts
from tests.support.desk import AtDesk
from tests.support.files import SECRET, picture, stored
from tests.support.visitor import FORM, form_of, forms, message, opened, visitor

pytestmark = pytest.mark.usefixtures("district")


def uploaded(browser: httpx.Client, token: str, content: bytes | None = None) -> str:
    """What the script of the form does: asks for a place and sends the photo there; its id."""
    place = browser.post(f"{FORM}/photos", json={"form": token, "size": len(content or b"x")})
    assert place.status_code == 201, place.text
    offer = place.json()
    sent = requests.post(offer["url"], data=offer["fields"], files={"file": content or picture()}, timeout=10)
    assert sent.status_code in (200, 204)
    return str(offer["id"])


def looked_at(case_id: str) -> Case:
    """The agenda does what is due."""
    agenda.enforce({"kind": "case", "dossier": case_id}, datetime.now(UTC) + timedelta(seconds=5), workers.ENFORCED_BY_US)
    return service.found(case_id)


def test_photos_come_with_the_message_and_are_seen_by_its_writer_and_those_who_work_on_it(at_desk: AtDesk) -> None:
    token = opened()
    with visitor() as phone:
        ids = [uploaded(phone, str(token)) for _ in range(2)]
        assert phone.post(FORM, data=message(token, photos=",".join(ids))).status_code == 303
        case = looked_at(token.case_id)
        assert [photo.id for photo in case.photos] == ids
        assert SECRET.encode() not in stored(case.photos[0].key)  # where it was taken is no longer in it
        page = phone.get(f"/m/{token.tracking_token}")
        assert page.text.count("<img") == 2
        seen = phone.get(f"/m/{token.tracking_token}/photos/0")
        assert requests.get(seen.headers["location"], timeout=10).headers["content-type"] == JPEG
    assert at_desk("deputy").get(f"/work/cases/{case.id}/photos/1").status_code == 303
    assert at_desk("other_deputy").get(f"/work/cases/{case.id}/photos/1").status_code == 404


def test_what_is_no_photo_never_holds_up_the_words() -> None:
    token = opened()
    with visitor() as phone:
        ids = [uploaded(phone, str(token), b"no picture at all"), "F000000000000"]
        assert phone.post(FORM, data=message(token, photos=",".join(ids))).status_code == 303
        case = looked_at(token.case_id)
        assert case.photos == ()
        assert case.words[0].text
        assert "could not be read" in phone.get(f"/m/{token.tracking_token}").text


def test_without_javascript_a_photo_goes_to_the_bucket_by_a_plain_form_and_leads_back() -> None:
    token = opened()
    with visitor() as phone:
        phone.post(FORM, data=message(token))
        (plain,) = [form for form in forms(phone.get(f"/m/{token.tracking_token}")) if "policy" in form]
        url = plain.pop("action")
        plain.pop("file", None)
        sent = requests.post(url, data=plain, files={"file": picture()}, timeout=10, allow_redirects=False)
        back = sent.headers["location"]
        assert back.startswith(f"http://127.0.0.1:8000/m/{token.tracking_token}?photo=F")
        assert phone.get(back.removeprefix("http://127.0.0.1:8000")).headers["location"] == "?done=photos"
        phone.get(back.removeprefix("http://127.0.0.1:8000"))  # a reload adds nothing
    assert len(looked_at(token.case_id).photos) == 1
    assert facts(token.case_id).count("photos_sent") == 1


def test_four_photos_are_the_most() -> None:
    token = opened()
    with visitor() as phone:
        phone.post(FORM, data=message(token, photos=",".join(uploaded(phone, str(token)) for _ in range(4))))
        paper = form_of(phone.get(f"/m/{token.tracking_token}"), "add")
        answer = phone.post(
            f"/m/{token.tracking_token}", data=paper | {"move": "photos", "photos": uploaded(phone, str(token))}
        )
    assert answer.status_code == 422
    assert "four photos" in answer.text


def test_the_pages_may_reach_the_bucket_and_nothing_else() -> None:
    with visitor() as phone:
        policy = phone.get(FORM).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.count("https://") <= 3


def test_a_place_needs_a_form_of_ours() -> None:
    with visitor() as phone:
        assert phone.post(f"{FORM}/photos", json={"form": "forged", "size": 10}).status_code == 422


def test_photos_go_with_the_contact_details() -> None:
    token = opened()
    with visitor() as phone:
        phone.post(FORM, data=message(token, photos=uploaded(phone, str(token))))
        case = looked_at(token.case_id)
        service.withdraw(case, by=A_RESIDENT, now=datetime.now(UTC))
    later = datetime.now(UTC) + timedelta(days=100)
    agenda.enforce({"kind": "case", "dossier": case.id}, later, workers.ENFORCED_BY_US)
    assert service.found(case.id).photos == ()
    with pytest.raises(Exception, match="NoSuchKey"):
        stored(case.photos[0].key)


def test_a_number_that_is_none_is_refused() -> None:
    assert photos.ids_in("F0123456789AB,../x,,F0123456789AB") == ("F0123456789AB",)
