"""Words: the overview."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "overview.audience": ("Indicators", "指标范围"),
    "overview.executive": ("Executive", "管理层"),
    "overview.all": ("All", "全部"),
    "overview.grain": (
        "One card per indicator of the registry: its value for {period}, {scope}, against its target and the period "
        "that it is compared with. The line shows the periods up to it.",
        "每张卡片是一个登记指标：{scope}{period}的数值，与目标及对比期相比。折线为至今各期走势。",
    ),
    "overview.hidden": (
        "{shown} of {total} indicators shown; “All” adds those that the front line looks at first.",
        "显示 {total} 个指标中的 {shown} 个；选择“全部”可加上一线指标。",
    ),
}
