"""A large district with invented names, to see how large its edition gets: some 300 deputies and a million residents.

Names are random signs, so it compresses worse than a real one.
"""

import random
from datetime import UTC, datetime
from typing import Final

from chalicelib.directory import kinds
from chalicelib.directory.edition import Edition

SIZES: Final = {"deputies": 300, "bodies": 80, "grids": 1_200, "categories": 240, "responsibilities": 200, "users": 500}
ALIASES, WORDS = 4, 10  # of each grid, of each category
NOW: Final = datetime(2026, 11, 24, tzinfo=UTC)
SIGNS: Final = (
    "东西南北中上下大小新老金银福安康宁和平建设解放人民胜利光明朝阳滨河湖"
    "山林松柏桃李杏梅兰竹菊云星月泉溪桥园苑里坊街路巷村庄屯店市场学校医院"
)


class Dice:
    """Random names, the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def name(self, longest: int = 4) -> str:
        """Two signs or more."""
        return "".join(self._random.choices(SIGNS, k=self._random.randint(2, longest)))

    def names(self, count: int) -> tuple[str, ...]:
        """So many names."""
        return tuple(self.name(5) for _ in range(count))

    def one_of(self, kind: str) -> str:
        """The id of some record of a kind."""
        return _id(kind, self._random.randrange(SIZES[kind]))

    def code(self) -> str:
        """Eight hexadecimal digits."""
        return f"{self._random.getrandbits(32):08X}"


def edition(dice: Dice) -> Edition:
    """The whole district."""
    hours: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:30-12:00", "14:30-18:00"))
    return Edition(
        version=1,
        published_at=NOW,
        calendars=(kinds.Calendar(id="office", name_zh="机关", name_en="Office", hours=hours),),
        district=(kinds.District(id="synthetic", name_zh="某区", name_en="Synthetic", calendar="office"),),
        bodies=tuple(_body(number, dice) for number in range(SIZES["bodies"])),
        grids=tuple(_grid(number, dice) for number in range(SIZES["grids"])),
        deputies=tuple(_deputy(number, dice) for number in range(SIZES["deputies"])),
        categories=tuple(_category(number, dice) for number in range(SIZES["categories"])),
        responsibilities=tuple(_responsibility(dice) for _ in range(SIZES["responsibilities"])),
        users=tuple(_user(number, dice) for number in range(SIZES["users"])),
        codes=tuple(_printed(number, dice) for number in range(SIZES["deputies"])),
    )


def _id(kind: str, number: int) -> str:
    return f"top-{number % 12}/second-{number % 60}/leaf-{number}" if kind == "categories" else f"{kind}-{number}"


def _body(number: int, dice: Dice) -> kinds.Body:
    id = _id("bodies", number)
    return kinds.Body(id=id, name_zh=dice.name(8), name_en=f"Body {number}", mail=f"{id}@example.org")


def _grid(number: int, dice: Dice) -> kinds.Grid:
    return kinds.Grid(
        id=_id("grids", number),
        name_zh=dice.name(),
        name_en=f"Grid {number}",
        aliases=dice.names(ALIASES),
        lat=30 + number / 1e3,
        lon=120 + number / 2e3,
    )


def _deputy(number: int, dice: Dice) -> kinds.Deputy:
    return kinds.Deputy(
        id=_id("deputies", number),
        name_zh=dice.name(3),
        name_en=f"Deputy {number}",
        ward_zh=dice.name(),
        ward_en=f"Ward {number % 60}",
        grids=tuple({dice.one_of("grids") for _ in range(4)}),
    )


def _category(number: int, dice: Dice) -> kinds.Category:
    return kinds.Category(
        id=_id("categories", number),
        name_zh=dice.name(6),
        name_en=f"Category {number}",
        body=dice.one_of("bodies"),
        words=dice.names(WORDS),
    )


def _responsibility(dice: Dice) -> kinds.Responsibility:
    return kinds.Responsibility(category=dice.one_of("categories"), grid=dice.one_of("grids"), body=dice.one_of("bodies"))


def _user(number: int, dice: Dice) -> kinds.User:
    id = _id("users", number)
    return kinds.User(username=id, role="officer", name=dice.name(3), body=dice.one_of("bodies"), mail=f"{id}@example.org")


def _printed(number: int, dice: Dice) -> kinds.PrintedCode:
    return kinds.PrintedCode(code=dice.code(), deputy=_id("deputies", number), issued_at=NOW)
