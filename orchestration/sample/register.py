"""The register of improvement measures: what the company did about its complaints and about what it found otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, Ints, Objects, Window, text_of
from orchestration.sample.rows import Rows
from orchestration.sample.voices import COMPLAINT_KINDS, Complaints
from orchestration.sample.world import COACHED_MONTH, SHORTAGE_MONTH, UNDERSTAFFED_MONTH, World

_NOBODY = -1
_SLOW, _ATTITUDE, _FEES = (COMPLAINT_KINDS.index(kind) for kind in ("响应慢", "服务态度", "收费争议"))


@dataclass(frozen=True)
class Measure:
    """One row; days are local instants at midnight. `complaint` is an index of the complaints, -1 for none."""

    finding: tuple[str, str]
    action: tuple[str, str] | None
    cause: str | None
    owner: str
    kpi: str
    raised: int
    due: int
    done: int | None = None
    of: tuple[str, str | None] = ("all", None)
    trigger: tuple[int, int] | None = None
    complaint: int = _NOBODY


def register_rows(world: World, complaints: Complaints) -> Rows:
    """The register. One measure works as planted, one ends a bad time, one changes nothing; others are not done yet."""
    measures = _measures(world, complaints)
    english, chinese = (
        [measure.action[language] if measure.action else None for measure in measures] for language in (0, 1)
    )
    return {
        "action_id": _texts([f"M{number + 1:03d}" for number in range(len(measures))]),
        "raised_date": _days([measure.raised for measure in measures]),
        "complaint_id": _texts([None if m.complaint == _NOBODY else f"TS{m.complaint + 1:06d}" for m in measures]),
        "finding_en": _texts([measure.finding[0] for measure in measures]),
        "finding_zh": _texts([measure.finding[1] for measure in measures]),
        "cause": _texts([measure.cause for measure in measures]),
        "action_en": _texts(english),
        "action_zh": _texts(chinese),
        "owner_role": _texts([measure.owner for measure in measures]),
        "kpi_id": _texts([measure.kpi for measure in measures]),
        "segment": _texts([measure.of[0] for measure in measures]),
        "member": _texts([measure.of[1] for measure in measures]),
        "trigger_from_date": _days([measure.trigger[0] if measure.trigger else None for measure in measures]),
        "trigger_to_date": _days([measure.trigger[1] if measure.trigger else None for measure in measures]),
        "due_date": _days([measure.due for measure in measures]),
        "done_date": _days([measure.done for measure in measures]),
    }


def _measures(world: World, complaints: Complaints) -> list[Measure]:
    facts, window = world.facts, world.window
    last_month = window.closed_month_count - 1
    return [
        Measure(
            ("Mystery shoppers rate the counter in Wuhan no better than others", "武汉网点的神秘顾客评分平平"),
            ("Weekly coaching at the counter with recorded cases", "每周用录音案例辅导柜台人员"),
            "service_attitude",
            "site_manager",
            "mystery_shopper_score",
            raised=_day(window, COACHED_MONTH - 3, 8),
            due=_day(window, COACHED_MONTH - 1, 28),
            done=_day(window, COACHED_MONTH - 1, 26),
            of=("site", words.COACHED_SITE),
        ),
        Measure(
            ("Customers do not know when the technician comes", "客户不清楚师傅何时上门"),
            ("A text message on the evening before each visit", "上门前一晚发送短信提醒"),
            "understaffed",
            "dispatch_lead",
            "visit_on_time_rate",
            raised=_day(window, UNDERSTAFFED_MONTH, 20),
            due=_day(window, UNDERSTAFFED_MONTH + 2, 28),
            done=_day(window, UNDERSTAFFED_MONTH + 2, 9),
        ),
        Measure(
            ("Callers wait: the hotline is short of people for a month", "热线一个月人手不足，来电久候"),
            ("The hotline is staffed in full again", "热线恢复满编"),
            "understaffed",
            "hotline_lead",
            "call_service_level_20s",
            raised=_day(window, UNDERSTAFFED_MONTH, 12),
            due=_day(window, UNDERSTAFFED_MONTH + 1, 1),
            done=_day(window, UNDERSTAFFED_MONTH + 1, 1),
            trigger=(_day(window, UNDERSTAFFED_MONTH, 1), _day(window, UNDERSTAFFED_MONTH, 30)),
            complaint=_last_of(complaints, window, _SLOW, UNDERSTAFFED_MONTH),
        ),
        Measure(
            ("Parts of one supplier run out in Chengdu", "成都网点一家供应商的配件断供"),
            ("A second supplier is under contract", "签约第二家供应商"),
            "parts_shortage",
            "parts_planner",
            "parts_fill_rate",
            raised=_day(window, SHORTAGE_MONTH + 1, 2),
            due=_day(window, SHORTAGE_MONTH + 2, 10),
            done=_day(window, SHORTAGE_MONTH + 2, 20),
            of=("site", words.SHORTAGE_SITE),
            trigger=(facts.shortage_from, facts.shortage_to),
        ),
        Measure(
            ("Customers learn the price after the work", "客户修完才知道价格"),
            ("A price list is shown and signed before work begins", "开工前出示价目表并签字确认"),
            "unclear_prices",
            "service_director",
            "complaint_rate",
            raised=_day(window, last_month - 2, 6),
            due=_day(window, last_month - 1, 15),
            done=_day(window, last_month - 1, 12),
            complaint=_last_of(complaints, window, _FEES, last_month - 2),
        ),
        Measure(
            ("Hoses of one washing machine batch leak again after repair", "一批洗衣机的软管修后仍漏水"),
            ("All hoses of the batch are replaced at the next visit", "下次上门时更换该批次全部软管"),
            "product_design",
            "product_manager",
            "first_time_fix_rate",
            raised=_day(window, last_month - 4, 3),
            due=_day(window, last_month - 1, 28),
            of=("product_family", "washing_machine"),
        ),
        Measure(
            ("Complaints about manners come from all sites", "各网点均有服务态度投诉"),
            ("A refresher on manners for everybody who meets customers", "面向一线人员的服务礼仪复训"),
            "service_attitude",
            "quality_manager",
            "attitude_top_box_share",
            raised=_day(window, last_month, 10),
            due=_day(window, last_month, 10) + 75 * DAY,
            complaint=_last_of(complaints, window, _ATTITUDE, last_month),
        ),
        Measure(
            ("Complaints stay open longer than a week", "投诉一周以上未关闭"),
            None,
            None,
            "quality_manager",
            "complaint_handling_time_mean",
            raised=_day(window, last_month, 22),
            due=_day(window, last_month, 22) + 60 * DAY,
        ),
    ]


def _day(window: Window, month: int, day: int) -> int:
    """Midnight of a day of a month of the window."""
    return int(window.month_starts[month]) + (day - 1) * DAY


def _last_of(complaints: Complaints, window: Window, kind: int, month: int) -> int:
    """The last complaint of a kind up to the end of a month, as its place among the delivered ones; -1 where none."""
    raised: Ints = complaints.raised
    found = np.flatnonzero(
        (complaints.kind == kind) & (raised < window.month_starts[month + 1]) & (raised < window.end)
    )
    return int(found[-1]) if len(found) else _NOBODY


def _texts(values: list[str | None]) -> Objects:
    return np.array(values, dtype=object)


def _days(values: list[int | None]) -> Objects:
    return np.array(
        [None if at is None else text_of(np.array([at], dtype=np.int64), "date")[0] for at in values], dtype=object
    )
