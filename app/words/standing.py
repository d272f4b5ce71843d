"""Words: where we stand, what changed and why, what needs a decision, what is about to be late."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "verdict.real": ("Real change", "显著变化"),
    "verdict.noise": ("Normal variation", "正常波动"),
    "verdict.unknown": ("Not enough data", "数据不足"),
    "verdict.interval": ("95 % interval of the change {interval}", "变化的 95% 区间 {interval}"),
    "verdict.limits": ("natural limits {interval}", "自然波动范围 {interval}"),
    "standing.headline": (
        "{on} of {total} executive indicators with a target are on target, {near} near it, {off} off it.",
        "{total} 项设有目标的管理层指标中，{on} 项达标，{near} 项接近目标，{off} 项未达标。",
    ),
    "standing.no_headline": (
        "No executive indicator with a target has a value for {period}.",
        "{period}没有任何设有目标的管理层指标有数值。",
    ),
    "standing.moved": (
        "Against {period}: {better} clearly better, {worse} clearly worse; all other changes are normal variation or "
        "cannot be told from it.",
        "与{period}相比：{better} 项显著改善，{worse} 项显著变差；其余变化属正常波动或无法区分。",
    ),
    "standing.changed": ("What changed", "有何变化"),
    "standing.decide": ("What needs a decision", "需要决策"),
    "standing.late": ("About to be late", "即将超时"),
    "standing.nothing_changed": (
        "Nothing moved by more than normal variation.",
        "没有超出正常波动的变化。",
    ),
    "standing.not_judged": (
        "Changes cannot be judged here: the period has not ended, has none to compare it with, or has too little data.",
        "此处无法判断变化：本期尚未结束、没有对比期，或数据不足。",
    ),
    "standing.better": ("better", "改善"),
    "standing.worse": ("worse", "变差"),
    "standing.other_changes": ("and {count} more real changes below", "下方另有 {count} 项显著变化"),
    "standing.cause_rate": (
        "mainly {member} (rate: {before} → {after})",
        "主要来自{member}（比率：{before} → {after}）",
    ),
    "standing.cause_mix": (
        "mainly {member} (mix: its share of the volume {before} → {after})",
        "主要来自{member}（结构：占比 {before} → {after}）",
    ),
    "standing.cause_total": ("mainly {member} ({before} → {after})", "主要来自{member}（{before} → {after}）"),
    "standing.cause_none": (
        "no single site, product, channel or priority stands out",
        "没有单一网点、产品、渠道或优先级特别突出",
    ),
    "standing.near_limit_high": (
        "two of the last three near the upper natural limit; the mean before is {center}",
        "最近三期中两期接近自然上限；此前均值 {center}",
    ),
    "standing.near_limit_low": (
        "two of the last three near the lower natural limit; the mean before is {center}",
        "最近三期中两期接近自然下限；此前均值 {center}",
    ),
    "standing.run_high": ("{periods} in a row above {center}, the mean before", "连续 {periods}高于此前均值 {center}"),
    "standing.run_low": ("{periods} in a row below {center}, the mean before", "连续 {periods}低于此前均值 {center}"),
    "standing.run_of_month": ("8 months", "8 个月"),
    "standing.run_of_quarter": ("8 quarters", "8 个季度"),
    "standing.run_of_year": ("8 years", "8 年"),
    "standing.other_levels": ("and {count} more whose level has moved", "另有 {count} 项水平发生移动"),
    "standing.nothing_to_decide": (
        "No executive indicator has been off target for several periods, or got clearly worse off target.",
        "没有管理层指标连续多期未达标，或在未达标的同时显著变差。",
    ),
    "standing.off_first": ("newly off target", "新近未达标"),
    "standing.off_month": ("off target for {count} months", "连续 {count} 个月未达标"),
    "standing.off_quarter": ("off target for {count} quarters", "连续 {count} 个季度未达标"),
    "standing.off_year": ("off target for {count} years", "连续 {count} 年未达标"),
    "standing.really_worse": ("clearly worse", "显著变差"),
    "standing.more": ("and {count} more off target, below", "下方另有 {count} 项未达标"),
    "standing.overdue": ("{count} overdue", "{count} 项已超时"),
    "standing.within_4h": ("{count} due within 4 hours", "{count} 项 4 小时内到期"),
    "standing.today": ("{count} more today", "{count} 项今日稍后到期"),
    "standing.late_by": ("{time} late", "超时 {time}"),
    "standing.left": ("{time} left", "剩余 {time}"),
    "standing.none_late": ("No promise is overdue or due today.", "没有已超时或今日到期的承诺。"),
    "standing.all_late": ("All open promises", "全部未完成的承诺"),
}
