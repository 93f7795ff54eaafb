"""Notices and the library at the desk: what is to be read, who has read it, what was learned."""

import pytest

from chalicelib.bulletin import library, service
from chalicelib.bulletin.desk_wording import DONE, ITEM_FORMS, NOTICE_FORMS, STATUS
from chalicelib.bulletin.model import ITEM_LIFE, NOTICE_LIFE
from chalicelib.web.desk import MORE, ROOMS
from tests.support.bulletin import MEETING, item, notice
from tests.support.desk import AtDesk
from tests.support.visitor import counted, form_of
from tests.support.wanglan import LIN, NOON


def test_every_move_and_state_has_its_words() -> None:
    assert set(NOTICE_FORMS) | {"remind"} == {move.name for move in NOTICE_LIFE.moves}
    assert set(ITEM_FORMS) | {"edit"} == {move.name for move in ITEM_LIFE.moves}
    assert set(STATUS) == {NOTICE_LIFE.start, *NOTICE_LIFE.closed}
    assert set(NOTICE_FORMS) | set(ITEM_FORMS) | {"publish", "add"} == set(DONE)


def test_the_menu_stays_short_and_leads_to_the_rest(at_desk: AtDesk) -> None:
    assert len(ROOMS) <= 9
    for role in ("deputy", "officer", "manager", "supervisor"):
        page = at_desk(role).get("/work/more").text
        assert [room.path for room in MORE if role in room.roles and room.path not in page] == []


def test_a_notice_is_a_task_until_it_was_read(at_desk: AtDesk) -> None:
    read, unread = notice(title="旧通知"), notice()
    service.read(read.id, by=LIN, now=NOON)
    newer = notice(title="又一件")
    service.read(newer.id, by=LIN, now=NOON)
    desk, path = at_desk("deputy"), f"/work/bulletin/{unread.id}"
    assert path[1:] in desk.get("/work").text
    listed = desk.get("/work/bulletin").text
    assert listed.index(unread.id) < min(listed.index(read.id), listed.index(newer.id))
    assert desk.post(path, data=form_of(desk.get(path), "read")).headers["location"] == f"{unread.id}?done=read"
    assert service.found(unread.id).reads == 1
    assert path[1:] not in desk.get("/work").text
    assert 'value="read"' not in desk.get(path).text


def test_a_manager_publishes_once_sees_who_has_read_and_takes_it_back(at_desk: AtDesk) -> None:
    manager = at_desk("manager")
    paper = form_of(manager.get("/work/bulletin/new"), "publish")
    paper |= {"title": MEETING, "text": "请到会", "groups": "deputies", "bodies": "heating-company", "remind_days": "2"}
    paper.pop("public")
    made = manager.post("/work/bulletin/new", data=paper)
    assert made.headers["location"] == manager.post("/work/bulletin/new", data=paper).headers["location"]
    published = service.found(made.headers["location"].partition("?")[0])
    assert (published.groups, published.public, published.remind_days) == (("deputies", "body:heating-company"), False, 2)
    path = f"/work/bulletin/{published.id}"
    service.read(published.id, by=LIN, now=NOON)
    page = manager.get(path).text
    assert page.index("Have not read it yet") < page.index("Have read it")
    assert "Have read it" not in at_desk("officer").get(path).text
    taken = manager.post(path, data=form_of(manager.get(path), "withdraw") | {"reason": "日期写错了"})
    assert taken.status_code == 303
    assert service.found(published.id).status == "withdrawn"


@pytest.mark.parametrize(
    ("given", "field"), [({"groups": ""}, "groups"), ({"title": ""}, "title"), ({"remind_days": "61"}, "remind_days")]
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(given: dict[str, str], field: str, at_desk: AtDesk) -> None:
    manager = at_desk("manager")
    paper = form_of(manager.get("/work/bulletin/new"), "publish") | {"title": MEETING, "text": "请到会", "groups": "deputies"}
    answer = manager.post("/work/bulletin/new", data=paper | {"bodies": ""} | given)
    assert answer.status_code == 422
    assert f'id="publish-{field}-fault"' in answer.text
    assert "请到会" in answer.text


def test_a_notice_to_others_is_not_there(at_desk: AtDesk) -> None:
    assert at_desk("officer").get(f"/work/bulletin/{notice().id}").status_code == 404


def test_a_deputy_opens_an_item_and_has_learned_it_once(at_desk: AtDesk) -> None:
    made, desk = item(), at_desk("deputy")
    path = f"/work/library/{made.id}"
    paper = form_of(desk.get(path), "complete")
    assert library.progress_of("lin-jianwei")[made.id].opened_at
    for _ in range(2):
        assert desk.post(path, data=paper).headers["location"] == f"{made.id}?done=complete"
    assert library.found(made.id).learned == 1
    assert 'value="complete"' not in desk.get(path).text
    assert "Learned" in desk.get("/work/library").text


def test_a_manager_adds_a_link_or_a_text_and_takes_it_out(at_desk: AtDesk) -> None:
    manager = at_desk("manager")
    paper = form_of(manager.get("/work/library/new"), "add") | {"title": "代表法"}
    assert manager.post("/work/library/new", data=paper).status_code == 422
    made = manager.post("/work/library/new", data=paper | {"url": "https://www.example.org/law"})
    added = library.found(made.headers["location"].partition("?")[0])
    assert (added.form, added.url) == ("link", "https://www.example.org/law")
    path = f"/work/library/{added.id}"
    assert manager.post(path, data=form_of(manager.get(path), "retire") | {"reason": "已修订"}).status_code == 303
    assert added.id not in at_desk("deputy").get("/work/library").text


def test_a_list_is_a_query_and_a_batch_and_a_move_a_read_and_a_transaction(at_desk: AtDesk) -> None:
    desk, made = at_desk("deputy"), notice()
    desk.get("/work")  # who it is, and the directory, are known from here on
    with counted() as listed:
        desk.get("/work/bulletin")
    with counted() as seen:
        paper = form_of(desk.get(f"/work/bulletin/{made.id}"), "read")
    with counted() as done:
        desk.post(f"/work/bulletin/{made.id}", data=paper)
    assert (listed, seen) == (["Query", "BatchGetItem"], ["GetItem", "GetItem"])
    assert done == ["GetItem", "TransactWriteItems"]
