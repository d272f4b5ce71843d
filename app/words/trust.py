"""Words: the stamp of the gates on a KPI."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "trust.warned": ("Read with care", "谨慎使用"),
    "trust.withheld": ("withheld", "暂不发布"),
    "trust.why": ("data health", "数据健康"),
    "trust.warned_why": (
        "A check of this build warned of data that this number depends on:",
        "本次构建的检查对此数字所依据的数据发出了警告：",
    ),
    "trust.withheld_why": (
        "Not published, because a check of data that it depends on failed:",
        "其所依据的数据未通过检查，暂不发布：",
    ),
    "kpi.owner": ("Owner: {owner}", "负责人：{owner}"),
    "kpi.version": ("definition {version}", "定义版本 {version}"),
    "kpi.left_out": (
        "Counted {eligible} · too young {immature} · still open {censored} · excluded {excluded}",
        "计入 {eligible} · 未到期 {immature} · 未结束 {censored} · 排除 {excluded}",
    ),
    "kpi.reason": ("Excluded: {reason}", "排除原因：{reason}"),
    "status.on_target": ("On target", "达标"),
    "status.near_target": ("Near target", "接近目标"),
    "status.off_target": ("Off target", "未达标"),
    "status.no_target": ("No target set", "未设目标"),
    "status.no_value": ("Nothing counted yet", "尚无可计入项"),
    "class.customer": ("Customer", "客户"),
    "class.internal": ("Internal operation", "内部运营"),
    "class.financial": ("Financial", "财务"),
    "class.learning": ("Learning and growth", "学习与成长"),
    "kpi_unit.share": ("%", "%"),
    "kpi_unit.rate": ("per 100", "每百件"),
    "kpi_unit.per_1000": ("per 1,000", "每千台"),
    "kpi_unit.seconds": ("time", "时间"),
    "kpi_unit.score": ("score", "分值"),
    "kpi_unit.points": ("points", "点"),
    "kpi_unit.count": ("count", "数量"),
    "kpi_unit.hours": ("hours", "小时"),
    "kpi_unit.days": ("days", "天"),
    "kpi_unit.number": ("number", "数值"),
    "kpi_unit.ratio": ("%", "%"),
}
