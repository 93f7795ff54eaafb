"""The commonest characters and words of Chinese and English, for a platform that has met no message yet.

General lists, of no district and no matter; what the messages themselves say soon outweighs them. Pure.
"""

from collections.abc import Iterator
from typing import Final

# Each with the messages of 300 in which it is taken to stand.
_CHARACTERS: Final = (
    (150, "的一是不了在人有我他这个们中来上大为和地到以说时要就出会可也你对能而子那得于着下自之年过发后里"),
    (
        70,
        "作用道行所家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日者意"
        "无力与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向您请谢希望每几次处",
    ),
    (
        25,
        "头文体政相见被利什二等产或新己制身果加西月话合回特代内信表化老给世位度门任常先通教儿原东声提立及比员解水"
        "名真论走各入口认条平系气题活更别打女变四总何电数安少报才结反受目太量再感建务做接必场件计管期市直资山金指"
        "许统区保至队形社便空决治科司五基书非则听白却达光放强即像难且权完设式色路记南品住告类求据程北边该交规万取"
        "觉领共确师观清今切院让候带导争运号楼房车六七八九百千半",
    ),
)
_WORDS: Final = (
    (
        60,
        "我们 你们 他们 自己 大家 这个 那个 一个 什么 怎么 这样 这些 那些 没有 不是 就是 还是 但是 因为 所以"
        " 如果 而且 或者 以及 现在 已经 可以 不能 应该 需要 进行 一直 一些 很多 许多 非常 目前 今年 去年 时候"
        " 时间 今天 昨天 多次 每天 您好 你好 尊敬 领导 谢谢 感谢 希望 请问 问题 解决 反映 投诉 咨询 建议 相关"
        " 有关 部门 处理 情况 小区 居民 业主 物业 政府 社区 街道 市民 附近 造成 影响 严重",
    ),
)
_ENGLISH: Final = (
    (180, "the a to and of in is it i for on that"),
    (
        70,
        "we you he she they this these those there be are was were been has have had not no do does did with"
        " at by from as or but if so my our your their his her its me us them will would can could should may"
        " must an all any some more most very than then when where who what which how why please hello dear"
        " thanks thank help since about after before also still only again always never out up down over now",
    ),
)


def common() -> Iterator[tuple[int, tuple[str, ...]]]:
    """How many messages of 300, and the tokens that stand in them, side by side."""
    for count, characters in _CHARACTERS:
        yield from ((count, (each,)) for each in characters)
    for count, words in _WORDS:
        yield from ((count, tuple(each)) for each in words.split())
    for count, words in _ENGLISH:
        yield from ((count, (each,)) for each in words.split())
