"""The manager's desk: the directory edited by forms and files, posters in bulk, codes replaced."""

import zipfile
from io import BytesIO
from typing import Any

import httpx
import pytest

from chalicelib.directory import desk_wording, service
from chalicelib.directory.fields import fields_of
from chalicelib.directory.kinds import KINDS
from chalicelib.directory.record_form import WRITTEN_BY_HAND, asked_of, kinds_named, typed_of, values_of
from chalicelib.people.roles import Actor
from chalicelib.settings import settings
from chalicelib.spine import journal, letters
from chalicelib.spine.aws import client
from chalicelib.web.frame import reader_of
from tests.support.desk import AtDesk
from tests.support.visitor import form_of, forms

QIAO = Actor("manager", "manager.qiao")


@pytest.fixture
def desk(at_desk: AtDesk) -> httpx.Client:
    """The manager's browser, signed in."""
    return at_desk("manager")


def facts() -> list[Any]:
    return [entry for entry in journal.entries(service.LOG) if entry.type == "directory_changed"]


def saved(desk: httpx.Client, page: str, **given: str) -> httpx.Response:
    """Fill in the form of a record and send it."""
    return desk.post(page, data=unticked(desk.get(page)) | given)


def unticked(page: httpx.Response) -> dict[str, str]:
    """The form of a record that is in use, as a browser sends it: without the box that nobody ticked."""
    return {name: text for name, text in form_of(page, "save").items() if name != "retired"}


# What is asked for


def test_every_kind_and_every_field_has_its_name_and_every_hint_its_words() -> None:
    assert desk_wording.KIND.keys() == KINDS.keys()
    names = {name for kind in KINDS for name in fields_of(kind)}
    assert names == desk_wording.FIELD.keys()
    hints = {each.hint for kind in WRITTEN_BY_HAND for each in asked_of(kind, {}, reader_of(None), new=True)}
    offered = {reference for reference in hints if reference.startswith("* for all") or "each of it lower-case" in reference}
    assert hints - offered - {""} == desk_wording.HINTS  # of what names others the names are offered instead


@pytest.mark.usefixtures("district")
def test_every_record_of_the_district_stands_in_its_form_as_it_is() -> None:
    for kind in WRITTEN_BY_HAND:
        there = {named: service.kept(named) for named in kinds_named(kind)}
        asked = asked_of(kind, there, reader_of(None), new=False)
        for key, record in service.kept(kind).items():
            typed = {each.name: typed_of(kind, record)[each.name] for each in asked}
            many = {each.name: typed[each.name].replace("\n", ",") for each in asked if each.control == "many"}
            report = service.put(kind, key, values_of(kind, asked, typed | many), by=QIAO, now=settings.now(), dry_run=True)
            assert (report.errors, report.changes) == ((), ()), (kind, key)


# Editing


def test_the_first_page_counts_what_there_is_and_leads_to_each_kind(desk: httpx.Client) -> None:
    page = desk.get("/work/directory").text
    assert all(f"work/directory/{kind}" in page for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_list_and_every_record_its_form(desk: httpx.Client, kind: str) -> None:
    listed = desk.get(f"/work/directory/{kind}")
    assert listed.status_code == 200
    for key in list(service.kept(kind))[:3] if kind in WRITTEN_BY_HAND else ():
        assert desk.get(f"/work/directory/{kind}/record", params={"id": key}).status_code == 200
    assert desk.get(f"/work/directory/{kind}/record").status_code == (200 if kind in WRITTEN_BY_HAND else 404)


def test_a_change_is_saved_seen_and_recorded(desk: httpx.Client) -> None:
    before = len(facts())
    answer = saved(desk, "/work/directory/bodies/record?id=heating-company", name_en="The Heating Company", phone="010 1234")
    assert answer.headers["location"] == "../bodies?done=heating-company"
    body = service.edition(settings.now()).body("heating-company")
    assert body
    assert (body.name_en, body.phone) == ("The Heating Company", "010 1234")
    [fact] = facts()[before:]
    assert (fact.actor, fact.data["changes"][0]["did"]) == ("manager.qiao", "changed")
    assert "010 1234" not in str(fact.data)


def test_a_new_one_is_added_once_however_often_it_is_sent(desk: httpx.Client) -> None:
    sent = unticked(desk.get("/work/directory/users/record"))
    sent |= {"username": "officer.wu", "role": "officer", "name": "吴", "body": "heating-company"}
    before = len(facts())
    answers = [desk.post("/work/directory/users/record", data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(facts()) == before + 1
    assert "officer.wu" in desk.get("/work/directory/users?q=officer.wu").text


def test_a_fault_stands_at_its_field_with_what_would_be_right_and_the_rest_is_kept(desk: httpx.Client) -> None:
    page = "/work/directory/bodies/record?id=heating-company"
    answer = saved(desk, page, mail="nobody", name_en="Kept while wrong")
    assert answer.status_code == 422
    assert 'id="f-mail-fault"' in answer.text
    assert "name@example.org" in answer.text
    assert form_of(answer, "save")["name_en"] == "Kept while wrong"
    assert saved(desk, "/work/directory/bodies/record").status_code == 422


def test_a_box_that_was_unticked_stays_so_while_something_else_is_wrong(desk: httpx.Client) -> None:
    page = "/work/directory/deputies/record?id=lin-jianwei"
    assert 'name="grids" value="weidu-1" checked' in desk.get(page).text
    given = {name: text for name, text in unticked(desk.get(page)).items() if name != "grids"}
    answer = desk.post(page, data=given | {"ward_en": ""})
    assert answer.status_code == 422
    assert 'name="grids" value="weidu-1"' in answer.text
    assert 'name="grids" value="weidu-1" checked' not in answer.text


def test_what_others_still_name_is_not_retired_and_the_page_leads_to_them(desk: httpx.Client) -> None:
    answer = saved(desk, "/work/directory/bodies/record?id=heating-company", retired="1")
    assert answer.status_code == 422
    assert "record?id=" in answer.text
    body = service.edition(settings.now()).body("heating-company")
    assert body
    assert not body.retired


def test_one_that_is_there_already_is_not_overwritten_by_a_new_one(desk: httpx.Client) -> None:
    answer = saved(desk, "/work/directory/bodies/record", id="heating-company", name_zh="别", name_en="Other")
    assert answer.status_code == 422
    assert "There is one of this name already." in answer.text


def test_two_who_change_the_same_record_do_not_overwrite_each_other(desk: httpx.Client) -> None:
    page = "/work/directory/bodies/record?id=heating-company"
    first, second = (unticked(desk.get(page)) for _ in range(2))
    assert desk.post(page, data=first | {"phone": "111"}).status_code == 303
    answer = desk.post(page, data=second | {"phone": "222"})
    assert answer.status_code == 409
    assert "222" in answer.text


def test_a_table_that_cannot_be_read_is_told_at_its_field(desk: httpx.Client) -> None:
    calendar = next(iter(service.kept("calendars")))
    answer = saved(desk, f"/work/directory/calendars/record?id={calendar}", hours="mon: [08:30")
    assert answer.status_code == 422
    assert 'id="f-hours-fault"' in answer.text


def test_the_name_of_a_record_may_hold_a_percent_sign(desk: httpx.Client) -> None:
    saved(desk, "/work/directory/bodies/record?id=heating-company", name_en="100% heat, 50%s")
    assert "100% heat, 50%s" in desk.get("/work/directory/responsibilities/record").text


def test_in_chinese_it_is_chinese(desk: httpx.Client) -> None:
    page = desk.get("/work/directory/promises/record", headers={"Accept-Language": "zh"}).text
    assert "时限" in page
    assert [found for found in forms(desk.get("/work/directory/promises/record")) if found.get("move") == "save"]


# Files


def test_a_file_is_looked_at_before_it_is_written_and_the_text_is_kept(desk: httpx.Client) -> None:
    text = "bodies: [{id: new-body, name_zh: 新, name_en: New}]"
    sent = forms(desk.get("/work/import"))[1] | {"text": text, "step": "check"}
    looked = desk.post("/work/import", data=sent)
    assert looked.status_code == 200
    assert "This would change" in looked.text
    assert "new-body" not in service.kept("bodies")
    assert forms(looked)[1]["text"] == text
    written = desk.post("/work/import", data=forms(looked)[1] | {"step": "write"})
    assert written.status_code == 303
    assert "new-body" in service.kept("bodies")
    assert "bodies" in desk.get("/work/export?kind=bodies").text


def test_a_file_with_a_fault_writes_nothing_and_names_its_line(desk: httpx.Client) -> None:
    csv = "id,name_zh,name_en,mail\ngood,好,Good,\nbad,坏,Bad,nobody\n"
    sent = forms(desk.get("/work/import"))[1] | {"text": csv, "format": "csv", "kind": "bodies", "step": "write"}
    answer = desk.post("/work/import", data=sent)
    assert answer.status_code == 422
    assert "Line 3" in answer.text
    assert "good" not in service.kept("bodies")
    assert desk.post("/work/import", data=sent | {"kind": ""}).status_code == 422


# Posters


def test_all_posters_are_one_page_to_print_and_all_codes_one_file_to_keep(desk: httpx.Client) -> None:
    directory = service.edition(settings.now())
    coded = [deputy for deputy in directory.deputies if directory.live_code(deputy.id)]
    sent = forms(desk.get("/work/posters"))[1] | {"deputy": ",".join(deputy.id for deputy in coded)}
    printed = desk.post("/work/posters", data=sent | {"as": "print", "size": "A4"}).text
    assert printed.count('class="sheet"') == len(coded) > 1
    assert all(deputy.name_zh in printed for deputy in coded)
    kept = desk.post("/work/posters", data=sent | {"as": "zip"})
    with zipfile.ZipFile(BytesIO(kept.content)) as packed:
        assert packed.testzip() is None
        pictures = {name.rpartition("-")[2].removesuffix(".svg"): packed.read(name) for name in packed.namelist()}
    assert set(pictures) == {code.code for deputy in coded if (code := directory.live_code(deputy.id))}
    code = next(iter(pictures))
    assert pictures[code] == desk.get(f"/d/{code}/qr.svg").content
    assert desk.post("/work/posters", data=sent | {"deputy": "", "as": "zip"}).status_code == 422


def test_a_code_is_replaced_with_a_reason_once_however_often_it_is_sent(desk: httpx.Client) -> None:
    before = service.edition(settings.now()).live_code("lin-jianwei")
    sent = form_of(desk.get("/work/posters/lin-jianwei"), "replace")
    assert desk.post("/work/posters/lin-jianwei", data=sent | {"reason": " "}).status_code == 422
    sent |= {"reason": "海报被撕"}
    assert [desk.post("/work/posters/lin-jianwei", data=sent).status_code for _ in range(2)] == [303, 303]
    after = service.edition(settings.now()).live_code("lin-jianwei")
    assert before
    assert after
    assert before.code != after.code
    assert sum(code.deputy == "lin-jianwei" for code in service.edition(settings.now()).edition.codes) == 2


# Dead letters


def test_dead_letters_are_counted_put_back_and_what_was_done_is_said(desk: httpx.Client) -> None:
    sqs, queue = client("sqs"), settings.notices_queue
    for number in range(12):
        sqs.send_message(QueueUrl=f"{queue}-dead", MessageBody=f'{{"number": {number}}}')
    [sent] = [form for form in forms(desk.get("/work/letters")) if form.get("queue")]
    assert sent["queue"] == "notices"
    answer = desk.post("/work/letters", data=sent)
    assert answer.headers["location"] == "letters?queue=notices&back=12"
    assert "12 put back" in desk.get(f"/work/{answer.headers['location']}").text
    assert letters.waiting(sqs, queue) == 12
    assert letters.waiting(sqs, f"{queue}-dead") == 0
    assert desk.post("/work/letters", data=sent).headers["location"].endswith("back=0")


def test_one_press_puts_back_no_more_than_it_can_and_a_failed_call_is_left_to_the_operator(desk: httpx.Client) -> None:
    sqs, queue = client("sqs"), settings.figures_queue
    for number in range(25):
        sqs.send_message(QueueUrl=f"{queue}-dead", MessageBody=f'{{"number": {number}}}')
    assert letters.put_back(sqs, queue, 15) == 15
    assert letters.waiting(sqs, f"{queue}-dead") == 10
    sqs.send_message(QueueUrl=f"{settings.routing_queue.removesuffix('routing')}dispatch-dead", MessageBody="{}")
    assert "python -m infra.redrive dispatch" in desk.get("/work/letters").text
    sent = forms(desk.get("/work/letters"))[1]
    assert desk.post("/work/letters", data=sent | {"queue": "dispatch"}).status_code == 422
