"""Words: the early warning."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "page.early_warning": ("Early warning", "预警"),
    "early.breach": ("Tickets likely to miss their promise", "可能超时的工单"),
    "early.breach_short": ("Missed promise", "超时"),
    "early.breach_grain": (
        "Open tickets whose promise of resolution is not yet missed, most likely first: the probability that it will "
        "be missed, and what moves it away from that of the mean ticket (↑ more likely, ↓ less). An association, not a "
        "cause.",
        "解决承诺尚未超时的未结工单，按可能性排序：超时的概率，以及使其偏离平均工单的原因（↑ 更可能，↓ 更不可能）。"
        "是相关，不是因果。",
    ),
    "early.breach_found": (
        "**{likely} of {count}** open tickets are more likely than not to miss their promise.",
        "**{count} 个**未结工单中有 **{likely} 个**超时的可能性大于一半。",
    ),
    "early.comeback": ("Tickets likely to come back", "可能返修的工单"),
    "early.comeback_short": ("Comes back", "返修"),
    "early.comeback_grain": (
        "Open tickets by the probability that the customer comes back about the same issue within 7 days of the "
        "resolution. An association, not a cause.",
        "未结工单按解决后 7 天内客户就同一问题再次联系的概率排序。是相关，不是因果。",
    ),
    "early.comeback_found": (
        "**{likely} of {count}** open tickets are more likely than not to come back.",
        "**{count} 个**未结工单中有 **{likely} 个**返修的可能性大于一半。",
    ),
    "early.leave": ("Customers likely to leave", "可能流失的客户"),
    "early.leave_short": ("Leaves", "流失"),
    "early.leave_grain": (
        "Customers who bought within the last 180 days, by the probability that they buy nothing within the next 180. "
        "An association, not a cause.",
        "近 180 天内购买过的客户，按其未来 180 天内不再购买的概率排序。是相关，不是因果。",
    ),
    "early.leave_found": (
        "**{likely} of {count}** customers are more likely than not to buy nothing in the next 180 days.",
        "**{count} 位**客户中有 **{likely} 位**未来 180 天不再购买的可能性大于一半。",
    ),
    "early.off_not_better": (
        "Switched off: in months that it had not seen, the model was no better than a plain rate. So it says nothing, "
        "rather than something that cannot be told from chance.",
        "已停用：在未见过的月份里，模型并不比简单比例更准。无法与偶然区分，因此不给出结论。",
    ),
    "early.off_too_few": (
        "Switched off: there are too few cases to learn from and to judge the model by (200 at least, 50 of either "
        "outcome).",
        "已停用：可供学习和检验的案例太少（至少 200 个，且两种结果各 50 个）。",
    ),
    "early.no_tickets": ("No open ticket is asked about here.", "此范围内没有需要评估的未结工单。"),
    "early.reason": ("{arrow} {feature}: {value}", "{arrow} {feature}：{value}"),
    "early.why_1": ("Main reason", "首要原因"),
    "early.why_2": ("Second", "其次"),
    "early.why_3": ("Third", "第三"),
    "early.evaluation": ("How far can it be believed?", "可信到什么程度？"),
    "early.which": ("Risk", "风险"),
    "early.calibration": ("What was foretold, and what came", "预测与实际"),
    "early.calibration_grain": (
        "Each point: forecasts of the past with about the same probability, made by a model that knew nothing later, "
        "and how often it came, with its 95 % interval. On the dashed line came exactly what was foretold.",
        "每个点：过去概率相近的预测（模型不知之后的任何数据）及其实际发生比例与 95% 区间。虚线上的点预测与实际一致。",
    ),
    "early.not_judged": ("There was too little to judge forecasts by.", "可检验的预测太少。"),
    "early.foretold": ("Foretold", "预测概率"),
    "early.came": ("Came", "实际比例"),
    "early.models": ("Is it better than a plain rate?", "是否优于简单比例？"),
    "early.models_grain": (
        "One row per risk. The Brier score is the mean squared distance between probability and outcome: smaller is "
        "better. A model is used only where the better plain rate, that of all or that of the same group, is worse "
        "beyond chance.",
        "每种风险一行。布里尔分数是概率与结果之差的平方均值，越小越好。只有当较好的简单比例（总体或同组）"
        "显著更差时，模型才启用。",
    ),
    "early.verdict_used": ("Used", "启用"),
    "early.verdict_not_better": ("Off: not better", "停用：不更准"),
    "early.verdict_too_few": ("Off: too few cases", "停用：案例太少"),
    "early.with_interval": ("{value} ({low} … {high})", "{value}（{low} … {high}）"),
    "column.chance": ("Probability", "概率"),
    "column.customer": ("Customer", "客户"),
    "column.at_stake": ("Bought in 180 days", "180 天内购买额"),
    "column.since_purchase": ("Last bought", "距上次购买"),
    "column.risk": ("Risk", "风险"),
    "column.forecasts": ("Forecasts judged", "检验的预测数"),
    "column.came": ("Came (%)", "实际发生（%）"),
    "column.brier": ("Brier", "布里尔分数"),
    "column.base_brier": ("of one rate", "总体比例"),
    "column.group_brier": ("of the group's rate", "同组比例"),
    "column.brier_gain": ("Gain (interval)", "改善（区间）"),
    "column.auc": ("AUC (95 % interval)", "AUC（95% 区间）"),
    "feature.priority": ("priority", "紧急程度"),
    "feature.channel": ("channel", "渠道"),
    "feature.product_family": ("product family", "产品类别"),
    "feature.stage": ("stage", "阶段"),
    "feature.weekday": ("weekday", "星期"),
    "feature.age_hours": ("open for", "已开启"),
    "feature.site_open_count": ("open at the site", "网点未结工单"),
    "feature.visit_count": ("visits so far", "已上门次数"),
    "feature.customer_request_count": ("customer's requests in 90 days before", "客户此前 90 天的请求"),
    "feature.unit_request_count": ("unit's requests in 90 days before", "设备此前 90 天的请求"),
    "feature.promise_used_share": ("promised time used up", "承诺时间已用"),
    "feature.is_answered": ("answered", "已响应"),
    "feature.is_reopened": ("reopened", "重新打开"),
    "feature.is_visit_planned": ("visit ahead", "待上门"),
    "feature.is_part_awaited": ("waits for a part", "等待备件"),
    "feature.site_breach_share": ("site's missed promises in 90 days", "网点近 90 天超时比例"),
    "feature.technician_return_share": ("person's tickets that came back", "负责人的返修比例"),
    "feature.last_bought_within": ("last bought within", "上次购买"),
    "feature.days_since_purchase": ("last bought", "距上次购买"),
    "feature.purchase_count": ("purchases in 180 days", "180 天内购买次数"),
    "feature.purchase_amount": ("bought in 180 days", "180 天内购买额"),
    "feature.request_count": ("requests in 180 days", "180 天内请求数"),
    "feature.open_count": ("open requests", "未结请求"),
    "feature.longest_days": ("longest wait for a resolution", "最长解决等待"),
    "feature.breach_count": ("promises missed in 180 days", "180 天内超时承诺"),
    "feature.complaint_count": ("complaints in 180 days", "180 天内投诉"),
    "feature.has_contract": ("service contract", "服务合同"),
    "last_bought.month": ("a month", "一个月内"),
    "last_bought.quarter": ("three months", "三个月内"),
    "last_bought.half_year": ("half a year", "半年内"),
    "door.no_customers_at_risk": (
        "Customers at risk are shown to those who may see persons, for the whole company.",
        "高风险客户仅向可查看全公司及个人信息的人员显示。",
    ),
    "door.no_site_models": (
        "How well the models foretell is a number of the whole company.",
        "模型的预测效果是全公司的数字。",
    ),
}
