"""What may stand in the form: honest people's ways of writing are taken, and what is wrong is named at its field."""

import pytest

from chalicelib.cases import intake
from chalicelib.cases.wording import FAULTS
from chalicelib.directory.model import Directory
from chalicelib.people import form
from tests.support import district as small
from tests.unit.test_pages_reader import NOW

TOKEN = form.FormToken("7K3M9QXA2B4C", "S" * 26, NOW, "x")


@pytest.fixture(scope="module")
def directory() -> Directory:
    return small.directory()


def faults(directory: Directory, **given: str) -> dict[str, str]:
    return intake.faults(intake.typed({"text": "家里不热"} | given), directory)


def test_words_alone_are_enough(directory: Directory) -> None:
    assert faults(directory) == {}


@pytest.mark.parametrize("text", ["", "   ", "\r\n\t", "\x00\x07"])
def test_nothing_written_is_told(text: str, directory: Directory) -> None:
    assert faults(directory, text=text) == {"text": "missing"}


def test_the_longest_text_goes_through_and_one_more_does_not(directory: Directory) -> None:
    assert faults(directory, text="冷" * 4000) == {}
    assert faults(directory, text="冷" * 4001) == {"text": "too_long"}


def test_a_line_end_counts_once_however_the_browser_sends_it(directory: Directory) -> None:
    assert faults(directory, text="冷\r\n" * 1999 + "冷冷") == {}
    assert intake.typed({"text": " a\r\nb\rc \n"}).text == "a\nb\nc"


def test_nothing_that_is_too_long_is_cut() -> None:
    assert intake.typed({"text": "冷" * 9000, "address": "长" * 300}).text == "冷" * 9000


@pytest.mark.parametrize(
    "phone", ["13800138000", "138 0013 8000", "138-0013-8000", "+86 138 0013 8000", "008613800138000", "１３８００１３８０００",
              "+852 9123 4567", "+44 (20) 7946 0958"],
)  # fmt: skip
def test_a_mobile_number_is_taken_as_people_write_it(phone: str, directory: Directory) -> None:
    assert faults(directory, tell="phone", phone=phone) == {}


@pytest.mark.parametrize(
    ("phone", "fault"),
    [("", "missing"), ("0471-6234567", "landline"), ("010 6234 5678", "landline"), ("6234567", "landline"),
     ("1380013800", "wrong"), ("12345", "wrong"), ("not a number", "wrong"), ("138001380001", "wrong")],
)  # fmt: skip
def test_a_number_that_gets_no_text_messages_is_told_with_what_would_be_right(
    phone: str, fault: str, directory: Directory
) -> None:
    assert faults(directory, tell="phone", phone=phone) == {"phone": fault}


@pytest.mark.parametrize("email", ["a@b.cn", "王秀英@例子.中国", "first.last+tag@sub.example.org", "ａ@ｂ.ｃｎ"])
def test_an_address_that_a_mail_server_could_take_is_taken(email: str, directory: Directory) -> None:
    assert faults(directory, tell="email", email=email) == {}


@pytest.mark.parametrize(
    ("email", "fault"),
    [("", "missing"), ("a@b", "wrong"), ("a b@c.cn", "wrong"), ("a@@b.cn", "wrong"), ("a@b.cn, c@d.cn", "wrong"),
     ("@b.cn", "wrong"), ("a" * 250 + "@b.cn", "wrong")],
)  # fmt: skip
def test_an_address_that_none_could_take_is_told(email: str, fault: str, directory: Directory) -> None:
    assert faults(directory, tell="email", email=email) == {"email": fault}


def test_what_is_not_asked_for_is_not_checked(directory: Directory) -> None:
    assert faults(directory, tell="none", phone="12345", email="nonsense") == {}


def test_a_choice_that_the_directory_no_longer_has_is_told(directory: Directory) -> None:
    assert faults(directory, grid="gone", category="gone") == {"grid": "unknown", "category": "unknown"}


def test_every_fault_has_its_sentence(directory: Directory) -> None:
    for given in (
        {"text": ""}, {"text": "冷" * 4001}, {"grid": "x"}, {"category": "x"}, {"address": "x" * 201},
        {"tell": "phone"}, {"tell": "phone", "phone": "1"}, {"tell": "phone", "phone": "0471-6234567"},
        {"tell": "email"}, {"tell": "email", "email": "x"}, {"tell": "email", "email": "a@b.cn", "name": "x" * 81},
    ):  # fmt: skip
        found = faults(directory, **given)
        assert found
        assert all((field, code) in FAULTS for field, code in found.items())


def test_nothing_about_a_person_is_kept_who_wants_to_look_for_themselves() -> None:
    typed = intake.typed({"text": "x", "tell": "none", "name": "王秀英", "phone": "13800138000"})
    assert intake.contact(typed, TOKEN, "zh") is None


def test_only_the_chosen_way_is_kept() -> None:
    typed = intake.typed({"tell": "phone", "name": "王秀英", "phone": "138 0013 8000", "email": "a@b.cn"})
    kept = intake.contact(typed, TOKEN, "en")
    assert kept
    assert (kept.name, kept.phone, kept.email, kept.tell, kept.language) == ("王秀英", "13800138000", "", "phone", "en")
    assert kept.tracking_token == TOKEN.tracking_token


@pytest.mark.parametrize(
    ("lat", "lon", "position"),
    [
        ("30.0", "123.5", (30.0, 123.5)),
        ("", "", None),
        ("x", "1", None),
        ("91", "0", None),
        ("nan", "0", None),
        ("0", "inf", None),
    ],
)
def test_a_position_is_some_place_on_earth(lat: str, lon: str, position: tuple[float, float] | None) -> None:
    assert intake.typed({"lat": lat, "lon": lon}).position == position


def test_the_phones_position_names_the_neighbourhood_that_was_not_chosen(directory: Directory) -> None:
    here = {"lat": "30.001", "lon": "123.501"}
    assert intake.grid_of(intake.typed(here), directory) == "shore-1"
    assert intake.grid_of(intake.typed(here | {"grid": "hill-1"}), directory) == "hill-1"
    assert intake.grid_of(intake.typed({"lat": "10", "lon": "10"}), directory) == ""
