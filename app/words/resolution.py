"""Words: resolution and repeats."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "resolution.variants": ("Is it solved at the first contact?", "首次联系就解决了吗？"),
    "resolution.variants_grain": (
        "First-contact resolution in {period} by every published definition, one point each with its 95 % interval: "
        "the longer the window, the harder to keep.",
        "{period}按各种公开口径的首次解决率，每种一个点及其 95% 区间：观察窗口越长越难达到。",
    ),
    "resolution.disagreement": ("Where the definitions disagree", "各口径在哪里不一致"),
    "resolution.disagreement_grain": (
        "Pairs of definitions over the resolved requests that both judge, {period}: per cent on which they agree; "
        "the stronger the colour, the more they differ.",
        "两种口径均可判定的已解决请求（{period}）：数字为一致的百分比，颜色越浓差异越大。",
    ),
    "resolution.disagreement_narrow": (
        "The disagreement is published by site or by product family, not by both: choose one of them.",
        "口径对比按网点或按产品类别发布，不同时按两者：请只选其一。",
    ),
    "resolution.agree": (
        "{share} agree; first only {a}, second only {b}; kappa {kappa}",
        "一致 {share}；仅前者 {a}，仅后者 {b}；kappa {kappa}",
    ),
    "variant.touch": ("One reply", "单次回复"),
    "variant.event": ("No further event", "无后续事件"),
    "variant.1d": ("1 day", "1 天"),
    "variant.3d": ("3 days", "3 天"),
    "variant.7d": ("7 days", "7 天"),
    "variant.14d": ("14 days", "14 天"),
    "variant.30d": ("30 days", "30 天"),
    "variant.survey": ("Customers say", "客户反馈"),
    "resolution.repeats": ("After which issues do customers come back?", "哪些问题会让客户再次联系？"),
    "resolution.repeats_grain": (
        "Resolved requests of {period} whose 7 days have passed, by issue and product family: per cent after which the "
        "customer came back on the same issue; grey: fewer than 5 requests.",
        "{period}已解决且满 7 天的请求，按问题类别与产品类别：客户就同一问题再次联系的百分比；灰色：不足 5 件。",
    ),
    "resolution.repeat_trend": ("Are repeats getting fewer?", "重复联系在减少吗？"),
    "resolution.repeat_trend_grain": (
        "Repeat contacts within 7 days by month of the first resolution; the band is the 95 % interval, the dashed "
        "line the target.",
        "按首次解决月份的 7 天重复联系率；色带为 95% 区间，虚线为目标。",
    ),
    "resolution.most_repeats": ("Most repeats", "重复联系最多的问题"),
    "resolution.fixed": ("Fixed at the first visit?", "一次修复了吗？"),
    "resolution.fixed_grain": (
        "Completed corrective jobs by month: fixed at one visit, with no new job on the unit and fault within 14 and "
        "30 days.",
        "按月完成的维修作业：一次上门修复，且 14 天与 30 天内同一设备同一故障没有新作业。",
    ),
    "resolution.non_fix": ("Why not the first time", "一次未修复的原因"),
    "resolution.non_fix_grain": (
        "Judged corrective jobs of {period} that were not fixed the first time: one bar per reason.",
        "{period}已判定但一次未修复的维修作业，每个原因一条。",
    ),
    "resolution.kept": ("Resolved, and kept so?", "解决了并且没有反复吗？"),
    "resolution.kept_grain": (
        "Decided requests by month that stand resolved, and resolved requests that were opened again.",
        "按月：已判定请求中已解决的比例，以及解决后被重新打开的比例。",
    ),
    "resolution.unresolved": ("Why it was given up", "未能解决的原因"),
    "resolution.unresolved_grain": (
        "Requests of {period} decided unresolved: one bar per recorded reason.",
        "{period}判定未解决的请求，每个记录的原因一条。",
    ),
    "resolution.of_reasons": ("{count} ({share})", "{count}（{share}）"),
    "resolution.chains": ("Issues that came back", "反复出现的问题"),
    "resolution.chains_grain": (
        "One row per issue whose first contact fell in {period} and after whose resolution the customer came back: "
        "most repeats first, at most 100 rows.",
        "每行为一个首次联系在{period}、解决后客户再次联系的问题：按重复次数降序，最多 100 行。",
    ),
    "resolution.no_chains": ("No issue of this period and scope came back.", "该时段与范围内没有反复出现的问题。"),
    "resolution.still_open": ("Still open", "未结束"),
    "resolution.ended": ("Ended", "已结束"),
    "why.came_back": ("The fault came back", "故障复发"),
    "why.not_recorded": ("Not recorded", "未记录"),
    "why.part_missing": ("Part missing", "缺件"),
    "why.misdiagnosis": ("Wrong diagnosis", "误诊"),
    "why.access": ("No access to the unit", "无法接触设备"),
    "why.other": ("Other", "其他"),
}
