"""Words: drivers."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "drivers.note": (
        "Associations, not proof of cause: nobody was assigned to wait. All that happened up to the as-of time is "
        "compared, like with like; what is hollow cannot be told from chance.",
        "以下为关联，并非因果证明：没有客户是被随机安排等待的。比较截止时间之前的全部数据，同类相比；空心点无法与偶然区分。",
    ),
    "drivers.outcome": ("What is looked at", "关注的结果"),
    "drivers.csat": ("Satisfied", "满意"),
    "drivers.nps": ("Recommends", "推荐"),
    "drivers.repurchase": ("Buys again", "复购"),
    "drivers.wait": ("Waiting for", "等待"),
    "drivers.first_response_time": ("the first response", "首次响应"),
    "drivers.resolution_time": ("the resolution", "解决"),
    "drivers.service_csat": ("What goes with satisfaction?", "满意与什么有关？"),
    "drivers.service_csat_grain": (
        "Share of satisfied answers (4 or 5 of 5) after such a request, less that after other requests, in percentage "
        "points with 95 % intervals.",
        "此类请求后的满意占比（5 分制 4–5 分）与其他请求之差，百分点，附 95% 区间。",
    ),
    "drivers.service_nps": ("What goes with recommending?", "推荐与什么有关？"),
    "drivers.service_nps_grain": (
        "Net promoter score after such a request, less that after other requests, in points with 95 % intervals.",
        "此类请求后的净推荐值与其他请求之差，点，附 95% 区间。",
    ),
    "drivers.service_repurchase": ("What goes with buying again?", "复购与什么有关？"),
    "drivers.service_repurchase_grain": (
        "Share of requests whose customer bought again within the 12 months that begin two weeks after the resolution, "
        "less that of other requests, in percentage points with 95 % intervals.",
        "解决两周后起 12 个月内客户再次购买的请求占比，与其他请求之差，百分点，附 95% 区间。",
    ),
    "drivers.aspects": ("And how it was done?", "服务过程评价如何？"),
    "drivers.aspects_grain": (
        "The same difference between answers that rate an aspect 3 of 5 or lower and those that rate it higher. Both "
        "are told in one survey: a good mood alone makes them agree.",
        "某方面评分 3 分及以下与更高评分之间的同一差异。两者来自同一份问卷：心情好本身就会使其一致。",
    ),
    "drivers.responses": ("How does it change with the time waited?", "随等待时间如何变化？"),
    "drivers.responses_grain": (
        "By band of waiting, as it is and with the mix held equal; intervals of 95 %. The adjusted line begins at the "
        "first band, which the others are compared with.",
        "按等待时长分组：未调整与同类相比两种，95% 区间。调整线以首组为起点，其余各组与其相比。",
    ),
    "drivers.hazards": ("Who leaves after what?", "哪些经历之后客户流失？"),
    "drivers.hazards_grain": (
        "Customers who buy, followed for a year after the first such request, against those followed without one; the "
        "time before it counts as without. Left is who bought nothing for 12 months. Right of 1 they leave more often.",
        "购买中的客户：自首次此类请求起跟踪一年，与没有此类请求的客户相比；请求之前的时间计入对照。"
        "12 个月未购买即为流失。大于 1 表示流失更多。",
    ),
    "drivers.at_risk": ("What is at risk?", "面临多大风险？"),
    "drivers.at_risk_grain": (
        "Customers with such a request in the last 3 months who still buy, times the excess hazard of leaving, times "
        "what they bought in the last year. One customer may stand in several rows: they do not add up.",
        "近 3 个月有此类请求且仍在购买的客户 × 超额流失率 × 其近一年购买额。同一客户可能出现在多行，不可相加。",
    ),
    "drivers.found": (
        "{where}, {what} (95 % interval {interval}), with {mix} held equal.",
        "{where}，{what}（95% 区间 {interval}），已控制{mix}。",
    ),
    "drivers.step": (
        "With each longer band {what} (95 % interval {interval}), with {mix} held equal.",
        "等待每升一档，{what}（95% 区间 {interval}），已控制{mix}。",
    ),
    "drivers.leave": (
        "{where}, customers leave {ratio} times as often (95 % interval {interval}), with {mix} held equal.",
        "{where}，客户流失为对照的 {ratio} 倍（95% 区间 {interval}），已控制{mix}。",
    ),
    "drivers.value_at_risk": (
        "{where}: {customers} customers of the last 3 months, and {amount} of their yearly purchases at risk ({low} to "
        "{high}).",
        "{where}：近 3 个月涉及客户 {customers} 位，其年购买额中 {amount} 面临风险（{low} 至 {high}）。",
    ),
    "drivers.less_csat": ("{difference} fewer are satisfied", "满意占比低 {difference}"),
    "drivers.more_csat": ("{difference} more are satisfied", "满意占比高 {difference}"),
    "drivers.less_nps": ("the net promoter score is {difference} lower", "净推荐值低 {difference}"),
    "drivers.more_nps": ("the net promoter score is {difference} higher", "净推荐值高 {difference}"),
    "drivers.less_repurchase": ("{difference} fewer buy again", "复购占比低 {difference}"),
    "drivers.more_repurchase": ("{difference} more buy again", "复购占比高 {difference}"),
    "drivers.rated_low": ("Where “{aspect}” is rated low", "“{aspect}”评分低时"),
    "drivers.silent": (
        "Nothing that was compared can be told from chance.",
        "所比较的各项均无法与偶然区分。",
    ),
    "drivers.all_too_few": (
        "Too few to compare: fewer than 20 with, or without, such a request.",
        "样本过少，无法比较：有或没有此类请求的不足 20 个。",
    ),
    "drivers.too_few": ("Too few to compare: {names}.", "样本过少，未比较：{names}。"),
    "drivers.nothing_at_risk": (
        "Nothing is shown: no excess of leaving can be told from none.",
        "无可显示：没有能与零区分的超额流失。",
    ),
    "drivers.crude": ("Unadjusted", "未调整"),
    "drivers.adjusted": ("Mix held equal", "同类相比"),
    "drivers.crude_ratio": ("Unadjusted ratio", "未调整比值"),
    "drivers.adjusted_ratio": ("Ratio, mix held equal", "同类相比比值"),
    "drivers.percentage_points": ("percentage points", "百分点"),
    "drivers.against": ("{exposed} against {unexposed}", "{exposed} 对 {unexposed}"),
    "drivers.up_to": ("≤ {time}", "≤ {time}"),
    "drivers.between": ("{low} – {high}", "{low} – {high}"),
    "drivers.over": ("> {time}", "> {time}"),
    "drivers_name.late_first_response": ("Late first response", "首次响应超时"),
    "drivers_name.late_resolution": ("Late resolution", "解决超时"),
    "drivers_name.repeat": ("Repeat of an issue", "重复来访"),
    "drivers_name.reopened": ("Reopened", "重新打开"),
    "drivers_name.slow_site": ("Served by a slow site", "由慢网点服务"),
    "drivers_where.late_first_response": ("Where the first response was late", "首次响应超时时"),
    "drivers_where.late_resolution": ("Where the request was resolved late", "解决超时时"),
    "drivers_where.repeat": ("Where an issue came back", "问题重复出现时"),
    "drivers_where.reopened": ("Where the request was reopened", "请求被重新打开时"),
    "drivers_where.slow_site": ("Where a slow site served", "由慢网点服务时"),
    "drivers_verdict.association": ("Association", "关联显著"),
    "drivers_verdict.chance": ("Not told from chance", "无法与偶然区分"),
    "drivers_verdict.too_few": ("Too few", "样本过少"),
    "drivers_mix.site_family_channel_priority": (
        "site, product family, channel and priority",
        "网点、产品类别、渠道与紧急程度",
    ),
    "drivers_mix.site_channel_priority": ("site, channel and priority", "网点、渠道与紧急程度"),
    "drivers_mix.site_priority": ("site and priority", "网点与紧急程度"),
    "drivers_mix.family_channel_priority": ("product family, channel and priority", "产品类别、渠道与紧急程度"),
    "drivers_mix.channel_priority": ("channel and priority", "渠道与紧急程度"),
    "drivers_mix.priority": ("priority", "紧急程度"),
    "drivers_mix.customer_history": (
        "kind of customer and time since the last purchase",
        "客户类型与距上次购买的时间",
    ),
    "drivers_mix.site_customer_history": (
        "site, kind of customer and time since the last purchase",
        "网点、客户类型与距上次购买的时间",
    ),
    "column.driver": ("Driver", "驱动因素"),
    "column.exposed": ("With", "有"),
    "column.unexposed": ("Without", "无"),
    "column.exposed_value": ("Outcome with", "有时的结果"),
    "column.unexposed_value": ("Outcome without", "无时的结果"),
    "column.held_equal": ("Held equal", "控制因素"),
    "column.difference_in": ("Difference ({unit})", "差异（{unit}）"),
    "column.exposed_customers": ("Customers with", "有（客户数）"),
    "column.unexposed_customers": ("Customers without", "无（客户数）"),
    "column.exposed_leavers": ("Left with", "有（流失）"),
    "column.unexposed_leavers": ("Left without", "无（流失）"),
    "column.exposed_hazard": ("Left per year with", "有（年流失率）"),
    "column.unexposed_hazard": ("Left per year without", "无（年流失率）"),
    "column.hazard_ratio": ("Hazard of leaving, ratio", "流失风险比"),
    "column.bought_last_year": ("Bought in the last year", "近一年购买额"),
    "column.expected_leavers": ("Leave beyond others", "预计额外流失"),
    "column.value_at_risk": ("Value at risk", "风险价值"),
}
