"""What the directory answers. The tables below can be read by whoever writes the rules."""

from datetime import timedelta

import pytest

from chalicelib.directory.choices import category_tree, form_choices
from chalicelib.directory.kinds import Step, Urgency
from chalicelib.directory.model import USUAL_LADDER, normal_code, scopes
from tests.support.district import SMALL, after, directory

COLD = "heating/supply/cold-flat"


@pytest.mark.parametrize(
    ("category", "grid", "body"),
    [
        (COLD, "", "heat"),
        (COLD, "hill", "hill-heat"),
        (COLD, "hill-1", "hill-heat"),  # a rule for a grid holds for those within it
        (COLD, "shore-1", "heat"),  # the category decides before the grid: 'heating' is nearer than '*'
        ("heating", "hill-1", "hill-heat"),
        ("roads", "shore-1", "works"),
        ("roads", "hill-1", None),
        ("roads", "", None),
        ("no/such/category", "no-such-grid", None),
    ],
)
def test_the_most_specific_rule_says_who_is_responsible(category: str, grid: str, body: str | None) -> None:
    found = directory().body_for(category, grid)
    assert (found.id if found else None) == body


def test_a_rule_for_all_grids_comes_before_the_body_of_the_category_itself() -> None:
    changed = after("responsibilities: [{category: heating, body: works}]")
    assert changed.body_for(COLD, "") == changed.body("works")
    assert changed.body_for(COLD, "hill") == changed.body("hill-heat")


def test_a_retired_rule_no_longer_counts() -> None:
    changed = after("responsibilities: [{category: heating, grid: hill, body: hill-heat, retired: true}]")
    assert changed.body_for(COLD, "hill") == changed.body("heat")


@pytest.mark.parametrize(
    ("step", "category", "urgency", "amount"),
    [
        ("answer", COLD, "normal", timedelta(hours=2)),
        ("answer", COLD, "urgent", timedelta(hours=8)),  # none for cold flats: the next category up, its exact urgency
        ("answer", COLD, "danger", timedelta(days=1)),  # depth before urgency: 'heating, *' before '*, danger'
        ("answer", "heating", "normal", timedelta(days=1)),
        ("answer", "roads", "danger", timedelta(hours=1)),
        ("answer", "roads", "normal", timedelta(hours=35)),  # five working days of seven hours
        ("acknowledge", COLD, "danger", timedelta(hours=7)),
        ("acknowledge", "", "normal", timedelta(hours=7)),
    ],
)
def test_the_most_specific_promise_holds(step: Step, category: str, urgency: Urgency, amount: timedelta) -> None:
    found = directory().promise_for(step, category, urgency)
    assert found is not None
    assert (found.promise.step, found.promise.amount) == (step, amount)


def test_a_working_day_is_one_of_the_body_where_a_body_is_named() -> None:
    found = directory().promise_for("acknowledge", "roads", "normal", body="heat")
    assert found is not None
    assert found.promise.amount == timedelta(hours=12)


def test_a_promise_has_the_usual_ladder_unless_it_has_its_own() -> None:
    small = directory()
    own, usual = (small.promise_for("answer", category, "normal") for category in (COLD, "heating"))
    assert own is not None
    assert usual is not None
    assert own.ladder == {"remind": 0.5, "breach": 1.0}
    assert usual.ladder == USUAL_LADDER


def test_a_step_that_no_rule_knows_promises_nothing() -> None:
    assert directory().promise_for("verify", COLD, "normal") is None  # type: ignore[arg-type]


def test_scopes_go_from_the_narrowest_to_all() -> None:
    assert list(scopes(COLD)) == [COLD, "heating/supply", "heating", "*"]
    assert list(scopes("")) == list(scopes("*")) == ["*"]


def test_a_body_keeps_its_own_calendar_and_others_the_district_s() -> None:
    small = directory()
    assert small.calendar_for("heat").holidays == "none"
    assert small.calendar_for("works") is small.calendar_for("no-such-body") is small.calendar_for()
    assert small.calendar_for().zone.key == "Asia/Shanghai"


def test_what_is_retired_is_found_by_its_id_but_offered_nowhere() -> None:
    changed = after("categories: [{id: roads, name_zh: 道路, name_en: Roads, retired: true}]")
    found = changed.category("roads")
    assert found is not None
    assert found.name("en") == "Roads"
    assert found not in changed.categories
    assert [node.category.id for node in category_tree(changed)] == ["heating", "other"]


def test_a_user_who_is_retired_may_not_sign_in() -> None:
    user = "username: head.heat, role: officer, name: 某人, body: heat"
    changed = after(
        f"users: [{{{user}, retired: true}}]\nbodies: [{{id: heat, name_zh: 热力, name_en: Heat, calendar: daily}}]"
    )
    assert changed.user("head.heat") is None
    assert changed.users == ()
    assert directory().user("head.heat") is not None


def test_names_come_in_the_language_asked_for() -> None:
    small = directory()
    lin, heat = small.deputy("lin"), small.body("heat")
    assert lin is not None
    assert heat is not None
    assert (lin.name("zh"), lin.name("en"), lin.ward("zh"), lin.ward("en")) == ("林", "Lin", "一选区", "Ward 1")
    assert [body.name("en") for body in small.bodies] == ["Heat", "Hill Heat", "Works"]


def test_a_station_is_found_by_its_id() -> None:
    changed = after("stations: [{id: hall, name_zh: 站, name_en: Hall, grid: hill}]")
    found = changed.station("hall")
    assert found is not None
    assert found.grid == "hill"
    assert changed.station("none") is None


# Codes


@pytest.mark.parametrize("typed", ["AAAA0001", "aaaa0001", "aaaa-0001", " AAAA OOOI ", "aaaa-ooo l"])
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert directory().deputy_by_code(typed).state == "live"


def test_a_live_code_leads_to_its_deputy() -> None:
    small = directory()
    found = small.deputy_by_code("AAAA0001")
    assert found.deputy == small.deputy("lin")
    assert small.live_code("lin") == found.printed


def test_a_code_nobody_printed_is_unknown() -> None:
    found = directory().deputy_by_code("zzzz-9999")
    assert (found.state, found.code, found.deputy, found.deputies) == ("unknown", "ZZZZ9999", None, ())


def test_an_old_print_offers_the_same_deputy_after_a_replacement() -> None:
    issued = "issued_at: 2026-09-01T09:00:00+08:00"
    changed = after(
        f"codes:\n- {{code: AAAA0001, deputy: lin, {issued}, revoked_at: 2026-10-01T09:00:00+08:00, reason: torn}}\n"
        f"- {{code: AAAA0002, deputy: lin, {issued}}}"
    )
    old = changed.deputy_by_code("AAAA0001")
    assert (old.state, old.deputy, old.deputies) == ("revoked", None, (changed.deputy("lin"),))
    new = changed.live_code("lin")
    assert new is not None
    assert new.code == "AAAA0002"


LIN = "id: lin, name_zh: 林, name_en: Lin, ward_zh: 一选区, ward_en: Ward 1, grids: [hill-1, shore-1], retired: true"


def test_a_print_of_a_deputy_who_left_offers_the_successor() -> None:
    changed = after(f"deputies: [{{{LIN}, successor: gao}}]")
    found = changed.deputy_by_code("AAAA0001")
    assert (found.state, found.deputies) == ("revoked", (changed.deputy("gao"),))


def test_without_a_successor_it_offers_those_in_charge_of_the_same_grids() -> None:
    changed = after(f"deputies: [{{{LIN}}}]")
    assert changed.deputy_by_code("AAAA0001").deputies == (changed.deputy("gao"),)


def test_successors_who_succeed_each_other_end_in_those_of_the_grids() -> None:
    gao = "id: gao, name_zh: 高, name_en: Gao, ward_zh: 一, ward_en: '1', grids: [hill], successor: lin, retired: true"
    ma = "id: ma, name_zh: 马, name_en: Ma, ward_zh: 一, ward_en: '1', grids: [shore-1]"
    changed = after(f"deputies: [{{{LIN}, successor: gao}}, {{{gao}}}, {{{ma}}}]")
    assert changed.deputy_by_code("AAAA0001").deputies == (changed.deputy("ma"),)


def test_a_code_is_stored_in_one_way() -> None:
    assert normal_code(" demo-oiL1 ") == "DEM00111"


# Places


def test_the_deputies_of_a_grid_include_those_of_the_grid_around_it() -> None:
    small = directory()
    assert [deputy.id for deputy in small.deputies_of("hill-1")] == ["lin", "gao"]
    assert [deputy.id for deputy in small.deputies_of("hill")] == ["gao"]
    assert small.deputies_of("no-such-grid") == ()


def test_a_grid_is_found_by_what_people_call_it() -> None:
    small = directory()
    assert [grid.id for grid in small.grids_in("我住松林苑二期3号楼")] == ["hill-1"]
    assert [grid.id for grid in small.grids_in("from Elm Court to 渔家巷, up the hill")] == ["hill-1", "hill", "shore-1"]
    assert small.grids_in("无此地") == ()


@pytest.mark.parametrize(("lat", "lon", "grid"), [(30.001, 123.501, "shore-1"), (30.1, 123.5, None)])
def test_a_position_belongs_to_the_nearest_grid_within_two_kilometres(lat: float, lon: float, grid: str | None) -> None:
    found = directory().grid_near(lat, lon)
    assert (found.id if found else None) == grid


# Forms


def test_a_form_offers_the_deputy_s_grids_and_the_leaves_under_their_headings() -> None:
    offered = form_choices(directory(), "lin", "en")
    assert [choice.name for choice in offered.grids] == ["Hill One", "Shore One"]
    assert [(group.name, [choice.id for choice in group.choices]) for group in offered.categories] == [
        ("Heating", [COLD]),
        ("Roads", ["roads"]),
        ("Other", ["other"]),
    ]


def test_a_form_offers_the_grids_within_a_deputy_s_grid() -> None:
    assert [choice.id for choice in form_choices(directory(), "gao", "zh").grids] == ["hill", "hill-1"]
    assert form_choices(directory(), "nobody", "zh").grids == ()


def test_with_very_many_categories_a_form_stays_small() -> None:
    many = "".join(f"  - {{id: heating/supply/n-{n}, name_zh: 类, name_en: N}}\n" for n in range(100))
    offered = form_choices(after(f"categories:\n{many}"), "lin", "zh")
    assert [choice.id for choice in offered.categories[0].choices] == ["heating/supply"]


def test_settings_have_values_where_the_district_settled_nothing() -> None:
    assert directory().setting("close_by_silence_days") == 7
    assert after("settings: {close_by_silence_days: 10}").setting("close_by_silence_days") == 10


def test_the_danger_rules_in_use_are_at_hand() -> None:
    rule = "{id: fire, words: [着火], urgency: danger, why_zh: 火, why_en: Fire}"
    assert [found.id for found in directory(SMALL + f"dangers: [{rule}]").danger_rules] == ["fire"]
