"""Words: why a KPI moved, and what of it is signal."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "why.title": ("Why it moved", "为何变化"),
    "why.grain": (
        "{period} against {before}: what each member makes of the change of the whole company. The bars of one "
        "dimension add up to the change.",
        "{period}与{before}相比：各成员对全公司变化的贡献，同一维度的各条合计等于总变化。",
    ),
    "why.against": ("{change} against {before}", "与{before}相比 {change}"),
    "why.sentence": ("{change}: {cause}.", "{change}：{cause}。"),
    "why.and_within": ("{cause}; within it {part}", "{cause}；其中{part}"),
    "why.whole_company": (
        "Only the change of the whole company is split; take the filters away to see it.",
        "仅拆分全公司的变化；取消筛选后可查看。",
    ),
    "why.no_change": (
        "There is no change to split: the value is the same, or one of the two periods has none.",
        "没有可拆分的变化：数值相同，或其中一期没有数值。",
    ),
    "why.not_split": (
        "This indicator is no sum over sites, products, channels or priorities: its change cannot be split.",
        "该指标不是网点、产品、渠道或优先级的合计，其变化无法拆分。",
    ),
    "why.no_drill": (
        "All members changed alike: there is nobody to look into.",
        "各成员变化一致：没有需要进一步查看的成员。",
    ),
    "why.by": ("Split by", "拆分维度"),
    "why.within": ("Within {member}, which stands out most, by", "{member}最为突出，其内部按"),
    "why.dimension_site": ("Site", "网点"),
    "why.dimension_product_family": ("Product family", "产品类别"),
    "why.dimension_channel": ("Channel", "渠道"),
    "why.dimension_priority": ("Priority", "优先级"),
    "why.part_rate": ("another rate", "比率变化"),
    "why.part_mix": ("another share of the volume (mix)", "占比变化（结构）"),
    "why.part_total": ("difference", "差额"),
    "why.others": ("{count} others", "其他 {count} 个"),
    "why.points": ("Percentage points", "百分点"),
    "why.table": ("As a table", "以表格查看"),
    "column.member": ("Member", "成员"),
    "column.compared_value": ("Before", "对比期"),
    "column.current_value": ("Now", "本期"),
    "column.weight_before": ("Share of the volume before", "对比期占比"),
    "column.weight_after": ("Share of the volume now", "本期占比"),
    "column.mix_effect": ("By mix", "结构效应"),
    "column.rate_effect": ("By rate", "比率效应"),
    "column.change_part": ("Makes of the change", "对变化的贡献"),
    "column.limits": ("Natural limits", "自然波动范围"),
    "column.signal": ("Signal", "信号"),
    "column.event": ("Declared event", "已公告事件"),
    "noise.title": ("Signal or noise", "信号还是波动"),
    "noise.grain": (
        "One point per finished month, {scope}, against the natural limits of the 8 to 24 months before it; the dashed "
        "line is their mean.",
        "每个已结束月份一个点，{scope}，对照此前 8 至 24 个月的自然波动范围；虚线为其均值。",
    ),
    "noise.some": (
        "{count} of {total} judged months are signals; the latest is {month}: {signal}.",
        "{total} 个可判断的月份中有 {count} 个为信号；最近一个是{month}：{signal}。",
    ),
    "noise.none": (
        "None of {count} judged months is a signal: it moves as it always did.",
        "{count} 个可判断的月份均无信号：波动一如既往。",
    ),
    "noise.too_few": (
        "Fewer than 8 months before any month, or none that moved: there are no limits to judge by yet.",
        "此前不足 8 个月或数值从未变动：尚无可用的自然波动范围。",
    ),
    "noise.how": (
        "Mean ± 2.66 × the mean step from month to month (individuals chart). A declared event begins the limits anew.",
        "均值 ± 2.66 × 平均移动极差（单值控制图）。已公告事件之后重新计算范围。",
    ),
    "signal.beyond_limits": ("outside the natural limits", "超出自然波动范围"),
    "signal.near_limit": ("two of three near one limit", "三点中两点接近同一界限"),
    "signal.run": ("eight in a row on one side of the mean", "连续八点位于均值同侧"),
}
