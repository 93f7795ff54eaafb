"""Made-up messages for the learner's tests: three matters, each told in many ways, in Chinese and in English."""

from datetime import UTC, datetime, timedelta
from random import Random

from chalicelib.cases.learner import Example

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SAYINGS = {
    "heating": (
        "暖气不热，屋里很冷", "供暖开始了我家还是冰凉", "暖气片漏水没有人来修", "热力公司的电话打不通",
        "The radiators are cold again", "Our heating has been off since Friday", "the flat is not heated at all",
    ),
    "roads": (
        "路面坑洼不平，车轮都坏了", "井盖松动，夜里很危险", "红绿灯坏了三天", "路灯不亮，走路要摸黑",
        "A pothole in front of our gate", "The street lamps do not work", "potholes everywhere on this road",
    ),
    "waste": (
        "垃圾三天没有清运", "垃圾桶满了，臭味很大", "楼下堆着建筑垃圾", "垃圾站旁边都是苍蝇",
        "Nobody collects the garbage", "The garbage bins are full and smell", "rubbish lies behind the house",
    ),
}  # fmt: skip
ASIDE = (
    "请尽快处理。",
    "已经打过电话了。",
    "我们楼有很多老人。",
    "Please help.",
    "Thank you very much.",
    "谢谢！",
    "没有人管。",
)


def messages(number: int, seed: int = 7, **wrong: str) -> list[Example]:
    """So many messages, one an hour. ``wrong``: categories that people set in place of the true one."""
    rng = Random(seed)
    return [_message(rng, BEGAN + timedelta(hours=hour), wrong) for hour in range(number)]


def _message(rng: Random, at: datetime, wrong: dict[str, str]) -> Example:
    matter = rng.choice(list(SAYINGS))
    text = f"{rng.choice(SAYINGS[matter])}{rng.randint(1, 99)}栋，{rng.choice(SAYINGS[matter])}。{rng.choice(ASIDE)}"
    return Example(text, wrong.get(matter, matter), at)
