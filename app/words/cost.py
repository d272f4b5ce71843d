"""Words: cost."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "cost.over_time": ("What service costs, and what it is made of", "服务成本及其构成"),
    "cost.over_time_grain": (
        "Cost by month and {detail}, {currency}. A faint bar is a month in progress.",
        "按月和{detail}的成本，{currency}。淡色柱为进行中的月份。",
    ),
    "cost.detail": ("Detail", "明细"),
    "cost.groups": ("cost group", "成本大类"),
    "cost.components": ("component", "成本项目"),
    "cost.share": ("Composition in {month}", "{month}成本构成"),
    "cost.share_grain": (
        "One bar per component in {month}; the label is its share of the month's cost.",
        "{month}每个成本项目一条；标签为占当月成本的比例。",
    ),
    "cost.unallocated": ("What no ticket carries", "未归集到工单的成本"),
    "cost.unallocated_grain": (
        "Cost by month, split into what tickets and visits carry and what is left unallocated; together they are the "
        "ledger.",
        "按月成本：已归集到工单和作业的部分与未归集的部分，两者之和等于总账。",
    ),
    "cost.change": ("What changed the cost?", "成本为什么变动？"),
    "cost.change_grain": (
        "From the compared period to the chosen one, whole company: what more or fewer requests, a shift between "
        "dearer and cheaper ones, and another cost per request make of the change. The axis need not start at 0.",
        "从对比期到所选期，全公司：请求量、贵贱结构与单价各自的影响。坐标轴不一定从 0 开始。",
    ),
    "cost.not_comparable": (
        "{period} cannot be compared yet: it has not ended, its books are not in, or there is none to compare with.",
        "{period}尚不可比：期间未结束、账未齐或没有可比期。",
    ),
    "cost.split": ("Mix of", "结构按"),
    "cost.split_site": ("Sites", "网点"),
    "cost.split_product_family": ("Product families", "产品类别"),
    "cost.split_component": ("Components", "成本项目"),
    "cost.volume": ("Volume", "量"),
    "cost.mix": ("Mix", "结构"),
    "cost.rate": ("Cost per request", "单价"),
    "cost.labor": ("People and pay", "人员与薪酬"),
    "cost.labor_grain": (
        "One row per site and role: how pay changed, and what more or fewer people and another pay per head make of "
        "it. A head is a person with any pay at a site in the month.",
        "每个网点和岗位一行：薪酬变化及其中人数与人均薪酬的影响。当月在某网点领薪者计一人。",
    ),
    "cost.labor_months": (
        "{month} against {compared}; a month counts when its payroll is in.",
        "{month}对比{compared}；工资入账后的月份才计入。",
    ),
    "labor.role": ("Role", "岗位"),
    "labor.heads_before": ("Heads before", "此前人数"),
    "labor.heads": ("Heads", "人数"),
    "labor.pay_before": ("Pay before", "此前薪酬"),
    "labor.heads_effect": ("By heads", "人数影响"),
    "labor.pay_effect": ("By pay per head", "人均薪酬影响"),
    "labor.pay": ("Pay", "薪酬"),
    "cost.reconciliation": ("Is it what was booked?", "与总账一致吗？"),
    "cost.reconciliation_grain": (
        "Per month, site and component: what requests, visits and calls carry and what is left over, against our "
        "ledger and the delivered books. Only rows that differ or lack a price are listed, at most 100.",
        "按月、网点与成本项目：已归集与未归集之和，与账面及交付的总账核对。仅列出有差异或缺价格的行，最多 100 行。",
    ),
    "cost.reconciled": (
        "{count} of {total} rows carry the ledger to the last digit.",
        "{total} 行中有 {count} 行与账面分毫不差。",
    ),
    "cost.reconciled_books": (
        "{count} of {total} equal the delivered books to the cent.",
        "与交付总账核对的 {total} 行中有 {count} 行分毫不差。",
    ),
    "cost.unpriced": (
        "{count} rows hold parts of which nobody knows the cost.",
        "{count} 行含成本未知的备件。",
    ),
    "cost.carried": ("Carried by tickets and visits", "已归集"),
    "cost.left": ("Unallocated", "未归集"),
    "group.labor": ("Labour", "人力"),
    "group.parts": ("Parts", "物料"),
    "group.operations": ("Operations", "运营"),
    "component.wage": ("Wage", "工资"),
    "component.bonus": ("Bonus", "奖金"),
    "component.social_insurance": ("Social insurance", "社保"),
    "component.training": ("Training", "培训"),
    "component.repair": ("Repair parts", "维修配件"),
    "component.replacement": ("Replacement parts", "更换零部件"),
    "component.consumable": ("Consumables", "耗材"),
    "component.rent": ("Site rent", "网点租金"),
    "component.utilities": ("Utilities", "水电"),
    "component.transport": ("Transport", "交通"),
    "component.tools": ("Tools", "工具"),
}
