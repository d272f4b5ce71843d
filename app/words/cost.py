"""Words: cost."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "cost.over_time": ("What service costs, and what it is made of", "服务成本及其构成"),
    "cost.over_time_grain": (
        "Cost by month and {detail}, {currency}. A pale bar is a month in progress.",
        "按月和{detail}的成本，{currency}。浅色柱为进行中的月份。",
    ),
    "cost.detail": ("Detail", "明细"),
    "cost.groups": ("cost group", "成本大类"),
    "cost.components": ("component", "成本项目"),
    "cost.share": ("Composition in {month}", "{month}成本构成"),
    "cost.share_grain": (
        "One bar per component in {month}; the label is its share of the month's cost.",
        "{month}每个成本项目一条；标签为占当月成本的比例。",
    ),
    "cost.by_site": ("By site", "按网点"),
    "cost.by_site_grain": ("{kpi}, {period}, one point per site.", "{kpi}，{period}，每个网点一个点。"),
    "cost.unallocated": ("What no ticket carries", "未归集到工单的成本"),
    "cost.unallocated_grain": (
        "Cost by month, split into what tickets and visits carry and what is left unallocated; together they are the "
        "ledger.",
        "按月成本：已归集到工单和作业的部分与未归集的部分，两者之和等于总账。",
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
