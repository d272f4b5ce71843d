"""Words: technicians."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "technicians.year": (
        "Scorecards are made per month, quarter and year: {year} is shown, the last year within {period}.",
        "评分卡按月、季、年编制：显示{period}内最后一年 {year}。",
    ),
    "technicians.month_is_short": (
        "A month has few items per person: quarters and years serve better.",
        "单月每人样本很少，按季或按年查看更可靠。",
    ),
    "technicians.role": ("Whose scorecards", "岗位"),
    "technicians.rank": ("{low}–{high} of {count}", "第 {low}–{high} 名（共 {count} 人）"),
    "work_role.technician": ("Technicians", "技术员"),
    "work_role.agent": ("Agents", "坐席"),
    "comparison.better": ("Better than expected", "优于预期"),
    "comparison.worse": ("Worse than expected", "低于预期"),
    "comparison.as_expected": ("As expected, as far as one can tell", "与预期无明显差异"),
    "comparison.not_enough_data": ("Not enough data", "数据不足"),
    "comparison.not_compared": ("Not compared by cases", "不按案例组合比较"),
    "technicians.bands": ("How the team scores", "团队得分分布"),
    "technicians.bands_grain": (
        "People by band of their total score in {period}; a total needs enough data for at least half of the weight.",
        "{period}按总分档次的人数；至少一半权重的指标数据充足才有总分。",
    ),
    "technicians.weights": ("What counts", "计分权重"),
    "technicians.weights_grain": (
        "Weight of each indicator in the total score, in force in {period}.",
        "{period}生效的各指标在总分中的权重。",
    ),
    "technicians.card": ("Scorecards", "评分卡"),
    "technicians.card_grain": (
        "One row per person in {period}: the total of weight × score over the indicators that apply, and the value of "
        "each. A dash stands for an indicator that does not apply. Small samples move much by chance: read the "
        "intervals below before comparing people.",
        "{period}每人一行：适用指标的权重×得分之和及各指标数值。横线表示不适用。样本小时偶然波动大，"
        "比较前请先看下方的区间。",
    ),
    "technicians.person": ("Person", "人员"),
    "technicians.person_grain": (
        "One row per scorecard indicator of {name} in {period}: value, what the person's cases let expect, the value "
        "leant on it as far as the sample is small, and the ranks that the person may have.",
        "{name} 在{period}的各项评分指标：数值、本人案例组合的预期值、按样本量向预期收缩后的值，以及可能的名次范围。",
    ),
    "technicians.interval": ("How sure is the number?", "数字有多可靠？"),
    "technicians.interval_grain": (
        "{kpi} per person in {period} with its 95 % interval; the dashed line is the target. Overlapping intervals are "
        "not a ranking. Hollow points have too little data for a score.",
        "{period}每人的{kpi}及其 95% 区间；虚线为目标。区间重叠不代表高低之分。空心点样本不足，不计分。",
    ),
    "technicians.too_small": (
        "{count} people have no total score in {period}: indicators with enough data carry less than half the weight.",
        "{period}有 {count} 人没有总分：数据充足的指标权重不足一半。",
    ),
    "band.95": ("95 and more", "95 及以上"),
    "band.90": ("90 to 95", "90–95"),
    "band.80": ("80 to 90", "80–90"),
    "band.70": ("70 to 80", "70–80"),
    "band.below_70": ("below 70", "低于 70"),
    "band.none": ("not enough data", "数据不足"),
}
