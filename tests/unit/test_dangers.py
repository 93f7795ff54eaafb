"""What sounds dangerous in the demo district: in the words that people use, in Chinese and English, and not everywhere else."""

from functools import cache

import pytest

from chalicelib.cases.routing import urgency_of
from chalicelib.directory.model import Directory
from tests.support.district import directory as district
from tests.support.wanglan import FILE

DANGER = (
    "我爸一个人住，敲门没人应，灯一直亮着",
    "楼上阳台的砖松了，昨天往下掉了两块",
    "三楼窗口有黑烟往外冒",
    "充电棚里一辆电动车电池鼓包烧了起来",
    "厨房里总闻到淡淡的天然气味道",
    "楼道里燃气管好像在漏，嘶嘶响",
    "电线杆歪了快要倒，线都垂到地上",
    "洗澡时摸水龙头被电到了",
    "路边的井盖被人偷了，晚上根本看不见",
    "电梯又把人困住了，里面有个孩子",
    "电梯从九楼直接掉到三楼",
    "他喝了酒就打我，孩子吓得躲床底下",
    "小区里有个男的拿着一把刀乱晃",
    "我真的活不下去了，想从桥上跳下去",
    "再没人管我就一死了之",
    "我母亲有老年痴呆，今天早上走丢了",
    "孩子放学到现在没回家，学校也说不知道",
    "幼儿园中午吃完饭好多孩子都在呕吐",
    "有个小孩掉进小区的水池里了",
    "隔壁墙裂了一道大缝，快塌了",
    "I think there is a gas leak in our stairwell",
    "We can smell gas since last night",
    "There is smoke coming out of the basement window",
    "The charging shed is on fire",
    "An old man is trapped in the elevator of block 3",
    "The lift suddenly dropped three floors",
    "A cable came down in the storm and is lying in a puddle",
    "I got a shock when I touched the lamp post",
    "Bricks keep falling from the top of the building",
    "The manhole in front of the school has no cover",
    "My neighbour beats her every night and she screams",
    "A man with a knife is standing at the gate",
    "I can’t go on, I want to die",
    "She says she will end it all if she is evicted",
    "My father has dementia and went missing this morning",
    "My son is missing since yesterday",
    "My grandma fell in the bath and cannot get up",
    "Several children vomited after the school lunch",
    "A boy nearly drowned in the pond",
    "The wall is leaning and about to fall on the pavement",
)
URGENT = (
    "我们楼从周六起就没有水",
    "水管冻裂了，两天没水用",
    "暖气从昨天晚上就停了，家里老人受不了",
    "室温只有九度",
    "整栋楼停电一天了",
    "燃气公司停气三天，没法做饭",
    "外面零下十五度，供热站却停了",
    "消防通道被车堵死了",
    "邻居威胁要打断我的腿",
    "There has been no water since Monday",
    "The heating in our block has been off for two days",
    "The power has been out since this morning",
    "Our radiators are stone cold",
    "A newborn lives in this flat",
    "Cars block the fire lane every night",
    "The stairs are dangerous, an old lady got hurt",
)
PLAIN = (
    "请问居住证怎么办理",
    "希望小区门口多种几棵树",
    "公交车等了四十分钟才来",
    "楼下广场舞音响太吵",
    "建议增加垃圾桶",
    "相关人员一直没有答复，有关人士说再等等",
    "物业没有电梯维修基金的公示",
    "办事窗口要求没有盖章的材料重开",
    "The bus to the school is always late",
    "Please plant more trees along the river",
    "When does the library open on Sundays",
    "The degree course at the evening school was cancelled",
    "Our trip to Las Vegas was cancelled and the agency will not refund",
    "The allowance for carers is not paid",
)


@cache
def wanglan() -> Directory:
    return district(FILE.read_text())


@pytest.mark.parametrize("text", DANGER)
def test_a_danger_to_life_is_heard(text: str) -> None:
    assert urgency_of(text, wanglan())[0] == "danger"


@pytest.mark.parametrize("text", URGENT)
def test_what_can_not_wait_is_heard(text: str) -> None:
    assert urgency_of(text, wanglan())[0] in ("urgent", "danger")


@pytest.mark.parametrize("text", PLAIN)
def test_plain_matters_are_no_alarm(text: str) -> None:
    assert urgency_of(text, wanglan()) == ("normal", ())
