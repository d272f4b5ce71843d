"""Words: filters, and what is said where there is nothing to show."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    # Filters
    "filter.grain": ("Period", "周期"),
    "filter.which": ("Which", "时段"),
    "filter.site": ("Site", "网点"),
    "filter.family": ("Product family", "产品类别"),
    "filter.region": ("Region", "区域"),
    "filter.channel": ("Channel", "渠道"),
    "filter.priority": ("Priority", "优先级"),
    "filter.choice": ("{filter}: {value}", "{filter}：{value}"),
    "filter.narrow": ("Narrow by", "筛选方式"),
    "filter.narrow_site": ("Site and product family", "网点与产品类别"),
    "filter.narrow_region": ("Region", "区域"),
    "filter.narrow_channel": ("Channel", "渠道"),
    "filter.narrow_priority": ("Priority", "优先级"),
    "filter.narrow_why": (
        "Indicators are published by site, by product family and by both together, and by region, by channel and by "
        "priority, each alone. Only what is published can be chosen: the report computes nothing.",
        "指标按网点、产品类别及二者组合发布，也分别按区域、渠道、优先级发布。只能选择已发布的口径：报告本身不做计算。",
    ),
    "filter.all_region": ("All regions", "全部区域"),
    "filter.all_channel": ("All channels", "全部渠道"),
    "filter.all_priority": ("All priorities", "全部优先级"),
    "filter.compare": ("Compare with", "对比"),
    "filter.previous": ("Period before", "环比"),
    "filter.year_before": ("Year before", "同比"),
    "filter.language": ("Language", "语言"),
    "filter.all_sites": ("All sites", "全部网点"),
    "filter.all_families": ("All product families", "全部产品类别"),
    "filter.not_here": (
        "Not narrowed by {filters}, since nothing is published by it here. Shown: {shown}.",
        "此处未按{filters}筛选（没有按其发布的数据）。所示范围：{shown}。",
    ),
    "grain.month": ("Month", "月"),
    "grain.quarter": ("Quarter", "季度"),
    "grain.year": ("Year", "年"),
    "grain.all": ("All", "全部"),
    "period.month_name": ("{month} {year}", "{year}年{number}月"),
    "period.quarter_name": ("{year} Q{number}", "{year}年第{number}季度"),
    "period.year_name": ("{year}", "{year}年"),
    "period.all_name": ("All time", "全部时间"),
    "period.incomplete_mark": ("{period} · in progress", "{period} · 进行中"),
    "period.versus": ("vs {period}", "较{period}"),
    "period.within": ("in {period}", "{period}"),
    # One indicator, site by site
    "by_site.title": ("By site", "按网点"),
    "by_site.kpi": ("Indicator", "指标"),
    "by_site.grain": (
        "{kpi}, {period}: one point per site, with its 95 % interval where it has one; dashed: the target.",
        "{kpi}，{period}：每个网点一个点及其 95% 区间（如有）；虚线为目标。",
    ),
    # What there is nothing to show of
    "chart.first": ("The first {shown} of {total} are drawn.", "仅绘制前 {shown} 个（共 {total} 个）。"),
    "nothing.rows": (
        "No rows for this period and scope. Choose a longer period or a wider scope in the sidebar.",
        "该时段与范围没有数据。请在侧栏选择更长的时段或更大的范围。",
    ),
    "nothing.feeds": (
        "Not available: this company has not connected {feeds}.",
        "不可用：该公司尚未接入{feeds}。",
    ),
    "nothing.segment": (
        "Not published by {filters}: {kpis}.",
        "没有按{filters}发布：{kpis}。",
    ),
    "nothing.title": ("No value", "没有数值"),
    "nothing.period": ("for this period and scope", "该时段与范围"),
}
