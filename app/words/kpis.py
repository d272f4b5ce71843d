"""Words: kPI cards."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "kpi.not_available": ("Not available", "不可用"),
    "kpi.needs": ("needs {feeds}", "需要{feeds}"),
    "kpi.lacking": ("Not available: needs {feeds}", "不可用：需要{feeds}"),
    "kpi.silent": ("No value so far", "至今没有数值"),
    "kpi.reading": ("{period}: {value}", "{period}：{value}"),
    "kpi.last": ("last {reading}", "最近 {reading}"),
    "kpi.line": ("Line from {first} to {last}", "走势：从 {first} 到 {last}"),
    "kpi.target_higher": ("target ≥\N{NO-BREAK SPACE}{value}", "目标 ≥\N{NO-BREAK SPACE}{value}"),
    "kpi.target_lower": ("target ≤\N{NO-BREAK SPACE}{value}", "目标 ≤\N{NO-BREAK SPACE}{value}"),
    "kpi.sample": ("n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{count}", "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{count}"),
    "kpi.interval": ("95 % interval {interval}", "95% 区间 {interval}"),
    "kpi.in_progress": ("in progress", "进行中"),
    "kpi.unit": ("unit: {unit}", "单位：{unit}"),
    "kpi.no_change": ("no change", "无变化"),
    "kpi.no_comparison": ("no value", "无数值"),
    "kpi.fraction": ("{numerator} / {denominator}", "{numerator} / {denominator}"),
}
