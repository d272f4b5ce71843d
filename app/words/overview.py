"""Words: the overview."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "overview.audience": ("Indicators", "指标范围"),
    "overview.executive": ("Executive", "管理层"),
    "overview.front_line": ("Front line", "一线"),
    "overview.all": ("All", "全部"),
    "overview.own": ("My own", "自选"),
    "overview.own_kpis": ("Indicators of your own", "自选指标"),
    "overview.own_choose": ("Choose indicators", "请选择指标"),
    "overview.own_empty": (
        "Put your own board together: choose indicators in the order in which they are to stand. The address of this "
        "page names them, with period and filters; saved as a view in the sidebar, the board has a name.",
        "组建自己的看板：按希望的顺序选择指标。页面网址包含所选指标、期间和筛选条件；在侧边栏保存为视图即可命名。",
    ),
    "overview.grain": (
        "One card per indicator of the registry: its value for {period}, {scope}, against its target and the period "
        "that it is compared with. The line shows the periods up to it.",
        "每张卡片是一个登记指标：{scope}{period}的数值，与目标及对比期相比。折线为至今各期走势。",
    ),
    "overview.score": (
        "Score of the class {score} of 100{compared}: {count} indicators with {weight} of its weight.",
        "本类得分 {score}（满分 100）{compared}：{count} 个指标，占本类权重 {weight}。",
    ),
    "overview.score_before": (" ({period}: {score})", "（{period}：{score}）"),
    "overview.no_score": (
        "No score of the class: only {weight} of its weight has a score, half is needed.",
        "本类暂无得分：仅 {weight} 的权重有得分，至少需要一半。",
    ),
    "overview.score_help": (
        "Balanced scorecard: the weighted mean of the scores of the class's indicators that have a target, 0 at "
        "their worst value and 100 at their best. Those without a target or a value are left out.",
        "平衡计分卡：本类有目标的指标得分的加权平均，最差值为 0，最佳值为 100。没有目标或数值的指标不计入。",
    ),
    "overview.hidden": (
        "{shown} of {total} indicators shown.",
        "显示 {total} 个指标中的 {shown} 个。",
    ),
}
