"""Words: the call centre."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "calls.answered": ("Are callers answered?", "来电接通了吗？"),
    "calls.answered_grain": (
        "Calls answered within 20 seconds and calls abandoned, of those offered, by month; the bands are the 95 % "
        "intervals, the dashed lines the targets.",
        "按月：20 秒接通率与放弃率（占呼入量）；色带为 95% 区间，虚线为目标。",
    ),
    "calls.times": ("How long do they wait, and how long are they served?", "等待多久，处理多久？"),
    "calls.times_grain": (
        "Average speed of answer and handling time per contact, by month. Logarithmic scale.",
        "按月：平均应答速度与每次联系的处理时长。对数刻度。",
    ),
    "calls.not_narrowed": (
        "What follows is of all calls: they are told apart by queue, not by what is chosen in the sidebar.",
        "以下为全部来电：按技能组划分，不随侧栏筛选。",
    ),
    "calls.staff": ("Were enough people there?", "人手够吗？"),
    "calls.staff_grain": (
        "Hour by hour from {first} to {last}, all queues: agents on telephone duty, and agents required by Erlang C to "
        "reach the target. Marked are hours that lack half an agent or more.",
        "{first} 至 {last} 逐小时，全部技能组：排班坐席与按 Erlang C 达标所需坐席。标记为缺半个坐席及以上的小时。",
    ),
    "calls.rostered": ("On duty", "排班坐席"),
    "calls.required": ("Required", "所需坐席"),
    "calls.short": ("Lacking", "人手不足"),
    "calls.week": ("When do calls come?", "来电何时最多？"),
    "calls.week_grain": (
        "The mean week of the whole history, hour by hour in local time; framed is the hour with most calls.",
        "全部历史的平均一周，按当地时间逐小时；框出的是来电最多的小时。",
    ),
    "calls.measure": ("Shown", "显示"),
    "calls.offered": ("Calls offered", "呼入量"),
    "calls.load": ("Load, Erlang", "话务量（Erlang）"),
    "calls.agents": ("On duty", "排班坐席"),
    "calls.understaffed": ("Hours lacking", "不足小时数"),
    "calls.queue": ("Queue", "技能组"),
    "calls.all_queues": ("All queues", "全部技能组"),
    "calls.only_all": ("This is known of all queues together only.", "该项仅按全部技能组统计。"),
    "calls.queues": ("Queue by queue", "各技能组"),
    "calls.queues_grain": (
        "One row per queue, {period}: answered within the target of the day, abandoned, waits and handling.",
        "每个技能组一行，{period}：按当日目标的接通率、放弃率、等待与处理时长。",
    ),
    "calls.short_hours": ("The hours that lacked most", "缺口最大的时段"),
    "calls.short_hours_grain": (
        "One row per local hour of {period} with at least half an agent less than required, largest gap first, at most "
        "50 rows.",
        "每行为{period}内比所需少半个坐席及以上的一个小时（当地时间），缺口大者在前，最多 50 行。",
    ),
    "calls.no_short_hours": ("No hour lacked half an agent or more.", "没有缺半个坐席及以上的时段。"),
    "queue.repair": ("Repair", "报修"),
    "queue.enquiry": ("Enquiry", "咨询"),
    "queue.complaint": ("Complaint", "投诉"),
}
