"""The places that a text names, by the words that places end in. Pure.

A guess by pattern, for what the directory does not know: its borders are not certain, so of a Chinese name only the two
characters before its ending are kept ("幸福" of "我们幸福小区"), and they are looked for anywhere in the other text.
"""

import re
from collections.abc import Iterator
from typing import Final

from chalicelib.demands.reading import feature

_HAN: Final = "[\u4e00-\u9fff]"
_ESTATE: Final = (
    "小区|社区|街道|公寓|家园|花园|花苑|广场|大厦|大道|新村|学校|小学|中学|学院|幼儿园|医院|公园|村|镇|乡|苑|路|街|巷|府|湾"
)
_NAMED: Final = re.compile(f"({_HAN})({_HAN})(?:{_ESTATE})")
_AREA: Final = re.compile(f"(?:({_HAN})({_HAN})|([a-z]*\\d+))(?:区|县)")
_ENGLISH: Final = re.compile(
    r"([a-z]+|\d+(?:st|nd|rd|th)) (?:road|street|avenue|lane|estate|court|garden|gardens|square|park|house|tower|towers|village"
    r"|school|hospital|terrace|close|drive|crescent|quay|green)\b"
)
_ENGLISH_AREA: Final = re.compile(r"([a-z]+) (?:district|county|ward)\b")
# What stands before such an ending and names nothing.
_NO_NAME: Final = frozenset(
    [
        "我们",
        "你们",
        "他们",
        "咱们",
        "本人",
        "居民",
        "住宅",
        "商业",
        "整个",
        "老旧",
        "安置",
        "附近",
        "周边",
        "封闭",
        "高层",
        "新建",
        "所有",
        "各个",
        "全部",
        "当地",
        "这个",
        "那个",
        "该个",
        "一个",
        "几个",
        "多个",
        "每个",
        "其他",
        "其它",
        "有关",
        "相关",
        "公立",
        "私立",
        "民办",
        "公办",
        "重点",
        "市政",
        "一条",
        "这条",
        "那条",
        "条小",
        "楼下",
        "门口",
        "旁边",
        "对面",
        "中心",
    ]
)
_NO_END: Final = frozenset("小社片地校园景城辖郊厂库山的是在和与及了到从把被让向于为本该此各全某")
_NO_BEGIN: Final = frozenset("的是在和与及了到从把被让向于为")
_NO_ENGLISH: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "our",
        "my",
        "your",
        "their",
        "his",
        "her",
        "its",
        "main",
        "high",
        "whole",
        "every",
        "each",
        "any",
        "no",
        "same",
        "of",
        "in",
        "on",
        "and",
    ]
)


def named(text: str) -> dict[int, str]:
    """The estates, roads, schools and the like that a plain text names: feature → name."""
    return dict(_chinese(_NAMED, text)) | dict(_english(_ENGLISH, text))


def areas(text: str) -> dict[int, str]:
    """The districts and counties that a plain text names: feature → name."""
    return dict(_chinese(_AREA, text)) | dict(_english(_ENGLISH_AREA, text))


def _chinese(pattern: "re.Pattern[str]", text: str) -> Iterator[tuple[int, str]]:
    for match in pattern.finditer(text):
        tokens = [token for token in match.groups() if token]
        name = "".join(tokens)
        if name not in _NO_NAME and tokens[-1] not in _NO_END and tokens[0] not in _NO_BEGIN:
            yield feature(*tokens), name


def _english(pattern: "re.Pattern[str]", text: str) -> Iterator[tuple[int, str]]:
    return ((feature(name), name) for name in pattern.findall(text) if name not in _NO_ENGLISH)
