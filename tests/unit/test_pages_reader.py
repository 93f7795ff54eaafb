"""What the reader reads: dates, spans and promises as people say them, in either language."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.web.reader import Reader, catalogue, preferred

NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)  # nine in the evening in the district, a Tuesday
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZH = Reader("zh", SHANGHAI, NOW, catalogue("zh"))
EN = Reader("en", SHANGHAI, NOW, catalogue("en"))


@pytest.mark.parametrize(
    ("hours", "zh", "en"),
    [
        (1, "今天 22:00", "today, 22:00"),
        (3, "明天 00:00", "tomorrow, 00:00"),
        (-21.5, "昨天 23:30", "yesterday, 23:30"),
        (72, "11月27日（周五） 21:00", "Friday 27 November, 21:00"),
        (24 * 40, "2027年1月3日（周日） 21:00", "Sunday 3 January 2027, 21:00"),
    ],
)
def test_a_moment_is_said_on_the_districts_wall_clock(hours: float, zh: str, en: str) -> None:
    at = NOW + timedelta(hours=hours)
    assert (ZH.moment(at), EN.moment(at)) == (zh, en)


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        (timedelta(seconds=5), "1分钟", "1 minute"),
        (timedelta(minutes=59, seconds=59), "59分钟", "59 minutes"),
        (timedelta(hours=1), "1小时", "1 hour"),
        (timedelta(hours=2, minutes=15), "2小时15分钟", "2 hours 15 minutes"),
        (timedelta(days=1, hours=4, minutes=30), "1天4小时", "1 day 4 hours"),
        (timedelta(days=2), "2天", "2 days"),
        (timedelta(days=6, hours=20), "7天", "7 days"),
    ],
)
def test_a_span_is_said_in_at_most_two_units(span: timedelta, zh: str, en: str) -> None:
    assert (ZH.span(span), EN.span(span)) == (zh, en)


@pytest.mark.parametrize(
    ("amount", "mode", "zh", "en"),
    [
        ("5d", "working", "5个工作日", "5 working days"),
        ("1d", "working", "1个工作日", "1 working day"),
        ("1d", "elapsed", "1天", "1 day"),
        ("2h", "elapsed", "2小时", "2 hours"),
        ("4h", "working", "4个工作小时", "4 working hours"),
        ("1d4h", "elapsed", "1天4小时", "1 day 4 hours"),
        ("30m", "elapsed", "30分钟", "30 minutes"),
    ],
)
def test_a_promise_is_said_as_the_directory_gives_it(amount: str, mode: str, zh: str, en: str) -> None:
    assert (ZH.amount(amount, mode), EN.amount(amount, mode)) == (zh, en)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("de-DE,de;q=0.9,en;q=0.5,zh;q=0.7", "zh"),
        ("fr;q=0.9, en;q=0.1", "en"),
        ("en;q=0, fr", "zh"),
        ("", "zh"),
        ("*;;q=,,;q=banana", "zh"),
    ],
)
def test_the_browsers_best_language_of_ours_is_taken(accepted: str, language: str) -> None:
    assert preferred(accepted) == language
