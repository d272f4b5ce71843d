"""What customers write: comments in Chinese and English, each about a theme that really holds for the ticket."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import Flags, Ints

THEMES = (
    "slow_response",
    "slow_resolution",
    "parts_wait",
    "attitude_bad",
    "not_fixed",
    "communication_bad",
    "late_visit",
    "price",
    "product_quality",
    "fast",
    "attitude_good",
    "skill_good",
    "clear_explanation",
    "plain",
)
SLOW_RESPONSE, SLOW_RESOLUTION, PARTS_WAIT, ATTITUDE_BAD, NOT_FIXED = range(5)
COMMUNICATION_BAD, LATE_VISIT, PRICE, PRODUCT_QUALITY = range(5, 9)
FAST, ATTITUDE_GOOD, SKILL_GOOD, CLEAR_EXPLANATION, PLAIN = range(9, 14)


class _Theme(NamedTuple):
    chinese: tuple[str, ...]
    english: tuple[str, ...]


_TEXTS = {
    SLOW_RESPONSE: _Theme(
        (
            "报修后{hours}个小时才有人联系我",
            "打了好几次电话都没人回应，等了{hours}小时",
            "{product}坏了半天没人理，响应太慢",
            "客服迟迟不回复，催了才有动静",
            "提交报修后一直没有消息",
        ),
        (
            "It took {hours} hours before anybody called me back",
            "Nobody answered my request for the {product_en} for hours",
            "The first reply came far too late",
        ),
    ),
    SLOW_RESOLUTION: _Theme(
        (
            "前后拖了{days}天才修好",
            "一台{product}修了{days}天，耽误生活",
            "处理进度太慢，等了{days}天",
            "效率低，{days}天才解决",
            "来来回回{days}天，希望能快一点",
        ),
        (
            "It took {days} days to get the {product_en} repaired",
            "Far too slow, {days} days for a simple repair",
            "The repair dragged on for {days} days",
        ),
    ),
    PARTS_WAIT: _Theme(
        (
            "说没有配件，让我一直等",
            "等{part}等了{days}天",
            "配件缺货，{product}放着没法用",
            "备件不足，师傅来了也修不了",
            "{part}没货，白跑一趟",
        ),
        (
            "We waited {days} days for a spare part",
            "The part was out of stock, so the {product_en} stood idle",
            "The technician came without the part",
        ),
    ),
    ATTITUDE_BAD: _Theme(
        (
            "师傅态度不好，很不耐烦",
            "态度冷淡，爱答不理",
            "说话很冲，服务意识差",
            "客服态度敷衍，推来推去",
            "进门不穿鞋套，还嫌麻烦",
        ),
        (
            "The technician was rude and impatient",
            "Unfriendly staff, I felt like a nuisance",
            "The attitude of the service person was poor",
        ),
    ),
    NOT_FIXED: _Theme(
        (
            "修完没几天又{symptom}了",
            "同一个问题修了两次还没好",
            "没有彻底解决，{product}还是有毛病",
            "刚修好又坏，维修质量差",
            "第一次没修好，又要重新预约",
        ),
        (
            "The same fault came back a few days later",
            "Not fixed properly, the {product_en} failed again",
            "They had to come twice for the same problem",
        ),
    ),
    COMMUNICATION_BAD: _Theme(
        (
            "没人告诉我进度，全靠自己催",
            "师傅不解释原因，问了也说不清",
            "说好的时间改了也不通知",
            "不同客服说法不一致",
            "沟通不顺畅，信息要重复说好几遍",
        ),
        (
            "Nobody told me what was going on",
            "I had to explain the problem three times",
            "The appointment was changed without telling me",
        ),
    ),
    LATE_VISIT: _Theme(
        ("约好上午来，下午才到", "师傅迟到了很久，白请了假", "没有按预约时间上门", "上门时间一拖再拖"),
        ("The technician arrived hours after the agreed time", "Late for the appointment, I had to take a day off"),
    ),
    PRICE: _Theme(
        ("收费偏高，{part}太贵", "上门费加材料费不透明", "保修期刚过就要收这么多钱", "报价和实际收费不一样"),
        ("The repair was too expensive", "The fee was higher than quoted", "Charges were not transparent"),
    ),
    PRODUCT_QUALITY: _Theme(
        (
            "{product}用了没多久就{symptom}，质量不行",
            "产品质量下降了，又是{symptom}",
            "新买的{product}就出问题，失望",
            "做工不如以前",
        ),
        ("The {product_en} broke far too early", "Poor product quality, it failed after a short time"),
    ),
    FAST: _Theme(
        (
            "响应很快，当天就解决了",
            "上门及时，效率很高",
            "预约方便，处理迅速",
            "打完电话很快就来了，点赞",
            "速度快，{product}马上能用了",
        ),
        (
            "Very quick, fixed on the same day",
            "Fast response and on time",
            "Quick and easy, the {product_en} works again",
        ),
    ),
    ATTITUDE_GOOD: _Theme(
        (
            "师傅态度很好，热情有礼貌",
            "客服耐心细致，服务周到",
            "非常客气，还帮忙打扫干净",
            "态度亲切，让人放心",
            "服务态度一流，五星好评",
        ),
        (
            "Very friendly and polite technician",
            "The agent was patient and kind",
            "Great attitude, left everything clean",
        ),
    ),
    SKILL_GOOD: _Theme(
        (
            "师傅技术过硬，一次就修好了",
            "很专业，一下就找到{symptom}的原因",
            "手艺好，{product}恢复正常",
            "专业水平高，值得信赖",
        ),
        (
            "Very professional, fixed at the first visit",
            "The technician found the fault at once",
            "Skilled work, the {product_en} runs like new",
        ),
    ),
    CLEAR_EXPLANATION: _Theme(
        ("讲解清楚，还教了日常保养", "每一步都提前告知，很安心", "问题解释得明白，沟通顺畅", "主动反馈进度，体验不错"),
        ("Everything was explained clearly", "I was kept informed at every step", "Good advice on maintenance"),
    ),
    PLAIN: _Theme(
        ("还行", "可以", "一般般", "满意", "没什么意见", "谢谢", "好"),
        ("OK", "Fine", "Thanks", "No comment", "It was all right"),
    ),
}
_OPENERS = ("", "", "", "总体来说，", "这次", "说实话，", "个人感觉")
_CLOSERS: dict[bool, tuple[str, ...]] = {
    True: ("", "。", "！", "，谢谢", "，会继续支持豪盛", "，推荐", "。点赞"),
    False: ("", "。", "！", "，希望改进", "，不太满意", "，下次不会再买了", "。请重视"),
}
_ENGLISH_CLOSERS: dict[bool, tuple[str, ...]] = {
    True: (".", "!", ". Thank you.", ". Recommended."),
    False: (".", "!", ". Please improve.", ". Disappointing."),
}
_PRODUCTS_EN = ("air conditioner", "refrigerator", "washing machine", "water heater", "range hood", "water purifier")


@dataclass(frozen=True)
class Subjects:
    """What comments are about, one element per comment; `days` to resolution and `hours` to first response."""

    theme: Ints
    is_english: Flags
    family: Ints
    issue: Ints
    symptom: Ints
    days: Ints
    hours: Ints


def write_comments(rng: np.random.Generator, subjects: Subjects) -> list[str]:
    """Write one comment per subject."""
    draws = rng.integers(0, 1 << 30, (len(subjects.theme), 4)).tolist()
    columns = [getattr(subjects, field.name).tolist() for field in fields(subjects)]
    return [_comment(*row) for row in zip(*columns, draws, strict=True)]


def _comment(
    theme: int, is_english: bool, family: int, issue: int, symptom: int, days: int, hours: int, draws: list[int]
) -> str:
    choices = _TEXTS[theme].english if is_english else _TEXTS[theme].chinese
    text = choices[draws[0] % len(choices)].format(
        product=words.FAMILIES[family],
        product_en=_PRODUCTS_EN[family],
        part=words.PART_NAMES[family][draws[1] % 4][0],
        symptom=words.SYMPTOMS[issue][symptom],
        days=max(days, 2),
        hours=max(hours, 2),
    )
    if theme == PLAIN:
        return text
    closers = (_ENGLISH_CLOSERS if is_english else _CLOSERS)[theme >= FAST]
    opener = "" if is_english else _OPENERS[draws[3] % len(_OPENERS)]
    return opener + text + closers[draws[2] % len(closers)]
