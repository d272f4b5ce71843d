"""Words: improvement."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "actions.how": (
        "A company names its register in its profile, under policies: improvement_actions. One row per measure: "
        "complaint or finding, cause, measure, owner, due day, day done, and the indicator that it is to move.",
        "企业在配置文件的 policies: improvement_actions 中指定台账，每行一项措施："
        "投诉或问题、原因、措施、责任岗位、期限、完成日及目标指标。",
    ),
    "actions.stands": (
        "Of {count} measures {done} are done and {overdue} overdue.",
        "共 {count} 项措施，已完成 {done} 项，逾期 {overdue} 项。",
    ),
    "actions.came_of_it": (
        "Of {judged} that can be judged, the indicator moved for the better after {improved} and for the worse after "
        "{worsened}; the rest cannot be told from noise.",
        "可评估的 {judged} 项中，{improved} 项之后指标改善，{worsened} 项之后恶化，其余无法与波动区分。",
    ),
    "actions.most": ("“{action}”: {kpi} {change}.", "“{action}”：{kpi} {change}。"),
    "actions.overdue": ("Overdue", "逾期"),
    "actions.open": ("Open, in time", "进行中"),
    "actions.done": ("Done", "已完成"),
    "actions.effective": ("Indicator improved", "指标改善"),
    "actions.of": ("{part} of {whole}", "{part} / {whole}"),
    "actions.funnel": ("How far cases come", "闭环进度"),
    "actions.funnel_grain": (
        "Complaints and other findings of the last twelve months, and how many of them came to each step.",
        "近十二个月的投诉与其他问题，以及到达各环节的件数。",
    ),
    "actions.reading": ("How to read the effects", "如何解读效果"),
    "actions.reading_grain": (
        "What the comparisons below can say, and what not.",
        "下方对比能说明什么、不能说明什么。",
    ),
    "actions.reading_association": (
        "An effect is an association in time: what else changed in those months is in it too.",
        "效果只是时间上的关联：同期的其他变化也包含在内。",
    ),
    "actions.reading_chance": (
        "Of measures that do nothing one in twenty reads improved or worsened; of the {count} judged here that is "
        "{chance}.",
        "毫无作用的措施中，约二十分之一会显示改善或恶化；此处评估的 {count} 项约合 {chance} 项。",
    ),
    "actions.reading_regression": (
        "A very bad month is followed by better ones whatever is done. Months that called for a measure are left out "
        "of what it is compared with.",
        "极差的月份之后总会回升（均值回归），因此触发措施的月份不计入对比。",
    ),
    "actions.reading_early": (
        "With fewer than three whole months after a measure, or eight before, nothing is said.",
        "措施后不足三个完整月份，或之前不足八个月，不下结论。",
    ),
    "actions.list": ("Measures", "措施清单"),
    "actions.list_grain": (
        "One row per measure of the register: overdue ones first, then those still running, then those done.",
        "每行为台账中的一项措施：逾期优先，其次进行中，再次已完成。",
    ),
    "actions.undecided": ("Not decided yet", "尚未确定"),
    "actions.effects": ("What came of it", "措施效果"),
    "actions.effects_grain": (
        "One picture per measure that is done: its indicator by month, the level before and after, and, dashed with "
        "its 95 % interval, what the months before and the others let expect.",
        "每项已完成措施一图：指标月度值、前后水平，以及依据前期与对照推算的预期（虚线及其 95% 区间）。",
    ),
    "actions.none_done": ("No measure is done yet.", "尚无已完成的措施。"),
    "actions.done_on": ("done on {day}", "{day} 完成"),
    "actions.told": (
        "Expected {expected}, came {after}: {change} (95 % interval {low} … {high}).",
        "预期 {expected}，实际 {after}：{change}（95% 区间 {low} … {high}）。",
    ),
    "actions.reason_few_months_before": (
        "Months before it that can be compared: {before}; eight are needed.",
        "之前可比月份仅 {before} 个，至少需要八个。",
    ),
    "actions.reason_few_months_after": (
        "Months with a value in the year since then: {after}; three are needed.",
        "已过一年，之后有数值的月份仅 {after} 个。",
    ),
    "actions.reason_too_early": (
        "Whole months with a value since then: {after}; three are needed.",
        "之后有数值的完整月份为 {after} 个，需要三个。",
    ),
    "actions.reason_no_scatter": (
        "The months are all alike, so nobody can tell how large chance is.",
        "各月数值相同，无法判断波动大小。",
    ),
    "actions.design_interrupted_series": (
        "Compared with its own trend before.",
        "与其自身此前的趋势对比。",
    ),
    "actions.design_difference_in_differences": (
        "Compared with the {count} others that had no measure for this indicator.",
        "与 {count} 个没有针对该指标采取措施的对照对象对比。",
    ),
    "actions.seasonal": (
        "Season is taken out by the same months of the year before.",
        "已用上年同月剔除季节影响。",
    ),
    "actions.left_out": (
        "Months left out because they called for it: {count}.",
        "已剔除触发措施的月份：{count} 个。",
    ),
    "actions.side_before": ("Before", "措施前"),
    "actions.side_left_out": ("Left out", "剔除"),
    "actions.side_after": ("After", "措施后"),
    "actions.side_expected": ("Expected", "预期"),
    "action_step.raised": ("Raised", "提出"),
    "action_step.cause_known": ("Cause known", "原因已明"),
    "action_step.action_decided": ("Measure decided", "已定措施"),
    "action_step.action_done": ("Measure done", "措施完成"),
    "action_step.effective": ("Indicator improved", "指标改善"),
    "status.open": ("Open", "进行中"),
    "status.overdue": ("Overdue", "逾期"),
    "status.done": ("Done", "已完成"),
    "status.done_late": ("Done late", "逾期完成"),
    "effect.improved": ("Improved", "改善"),
    "effect.worsened": ("Worsened", "恶化"),
    "effect.not_told": ("Cannot be told from noise", "无法与波动区分"),
    "effect.too_early": ("Too early", "尚早"),
    "owner.site_manager": ("Site manager", "网点经理"),
    "owner.dispatch_lead": ("Dispatch lead", "派单主管"),
    "owner.hotline_lead": ("Hotline lead", "热线主管"),
    "owner.parts_planner": ("Parts planner", "备件计划员"),
    "owner.service_director": ("Service director", "服务总监"),
    "owner.product_manager": ("Product manager", "产品经理"),
    "owner.quality_manager": ("Quality manager", "质量经理"),
    "cause.parts_shortage": ("Parts shortage", "配件短缺"),
    "column.loop_cases": ("Cases", "件数"),
    "column.late_days": ("Days late", "逾期天数"),
    "column.measure": ("Measure", "措施"),
    "column.owner": ("Owner", "责任岗位"),
    "column.done": ("Done", "完成"),
    "column.effect": ("Effect", "效果"),
    "column.of": ("Of", "范围"),
    "column.finding": ("Finding", "问题"),
    "column.number": ("No.", "编号"),
}
