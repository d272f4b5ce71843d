"""Words: the findings of a period in sentences."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "findings.title": ("In short", "本期要点"),
    "findings.sql": ("The query behind each sentence", "每句话背后的查询"),
    "findings.look": ("Look into it", "查看详情"),
    "findings.none": (
        "Nothing stands out: no executive indicator changed by more than chance would change one of so many, none has "
        "moved its level, and none has newly missed its target for three periods.",
        "没有突出变化：没有管理层指标的变化超出众多指标中的偶然波动，水平没有移动，也没有新出现的连续三期未达标。",
    ),
    "findings.incomplete": (
        "The period has not ended: what stands out is said when it has.",
        "本期尚未结束：结束后再给出要点。",
    ),
    "findings.kind_worse": ("worse", "变差"),
    "findings.kind_better": ("better", "改善"),
    "findings.kind_changed": ("changed", "变化"),
    "findings.kind_level": ("level moved", "水平移动"),
    "findings.kind_off_target": ("off target", "未达标"),
    "findings.next": ("{said} {more}", "{said}{more}"),
    "findings.worse": (
        "{kpi} became worse: {before} → {after} ({change}).",
        "{kpi}变差：{before} → {after}（{change}）。",
    ),
    "findings.better": (
        "{kpi} became better: {before} → {after} ({change}).",
        "{kpi}改善：{before} → {after}（{change}）。",
    ),
    "findings.changed": (
        "{kpi} changed: {before} → {after} ({change}).",
        "{kpi}变化：{before} → {after}（{change}）。",
    ),
    "findings.by_interval": (
        "This is more than chance (95 % interval of the change {low} to {high}).",
        "超出偶然波动（变化的 95% 区间 {low} 至 {high}）。",
    ),
    "findings.by_limits": (
        "This is more than its usual ups and downs ({limits}).",
        "超出其自然波动范围（{limits}）。",
    ),
    "findings.cause": ("Mainly {cause}.", "主要来自{cause}。"),
    "findings.cause_and_part": ("Mainly {cause}; within it {part}.", "主要来自{cause}；其中为{part}。"),
    "findings.no_cause": (
        "No single site, product, channel or priority stands out.",
        "没有单一网点、产品、渠道或优先级特别突出。",
    ),
    "findings.by_rate": ("{member} (rate {before} → {after})", "{member}（比率 {before} → {after}）"),
    "findings.by_mix": (
        "{member} (mix: share of the volume {before} → {after})",
        "{member}（结构：占比 {before} → {after}）",
    ),
    "findings.by_total": ("{member} ({before} → {after})", "{member}（{before} → {after}）"),
    "findings.near_limit_high": (
        "{kpi} is at {value}, twice in the last three periods near its upper natural limit (mean before {center}); its "
        "level may have moved.",
        "{kpi}为 {value}，最近三期中两期接近自然上限（此前均值 {center}），水平可能已移动。",
    ),
    "findings.near_limit_low": (
        "{kpi} is at {value}, twice in the last three periods near its lower natural limit (mean before {center}); its "
        "level may have moved.",
        "{kpi}为 {value}，最近三期中两期接近自然下限（此前均值 {center}），水平可能已移动。",
    ),
    "findings.run_high": (
        "{kpi} is at {value}, for {periods} in a row above {center}, its mean before: its level has moved.",
        "{kpi}为 {value}，连续 {periods}高于此前均值 {center}：水平已移动。",
    ),
    "findings.run_low": (
        "{kpi} is at {value}, for {periods} in a row below {center}, its mean before: its level has moved.",
        "{kpi}为 {value}，连续 {periods}低于此前均值 {center}：水平已移动。",
    ),
    "findings.off_target": ("{kpi} is at {value} ({target}), {since}.", "{kpi}为 {value}（{target}），{since}。"),
    "findings.and_off_target": ("It is {since} ({target}).", "该指标{since}（{target}）。"),
    "findings.owner": ("To look into it: {owner}.", "负责跟进：{owner}。"),
}
