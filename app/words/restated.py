"""Words: numbers of the past that a version tells otherwise."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "health.tab_restated": ("Restated numbers", "数据重述"),
    "restated.title": ("Restated numbers", "数据重述"),
    "restated.first": (
        "This is the first version: no number was published before that could have changed.",
        "这是首个版本：此前没有发布过数字，不存在重述。",
    ),
    "restated.not_compared": (
        "This version was compared with no earlier one: whether numbers of the past changed is not known.",
        "本版本未与更早的版本比较：过往数字是否有变化不得而知。",
    ),
    "restated.none": (
        "Nothing was restated ({scope}): every number of the past stands as the version published {moment} told it.",
        "没有重述（{scope}）：过往各期数字与 {moment} 发布的版本一致。",
    ),
    "restated.none_here": ("No number of this scope was restated.", "该范围内没有被重述的数字。"),
    "restated.headline": (
        "{count} published numbers of the past ({scope}) differ from the version published {moment}: {causes}. The "
        "tab Restated numbers lists them.",
        "与 {moment} 发布的版本相比，{count} 个过往数字有变化（{scope}）：{causes}。详见“数据重述”。",
    ),
    "restated.grain": (
        "One row per number that the version before told otherwise: {scope}. What matters most is first: what nobody "
        "can explain, then periods that had ended, then the greatest change.",
        "每行为一个与上一版本不同的数字：{scope}。最重要的在前：先原因不明，再已结束的期间，后变化最大者。",
    ),
    "restated.all_segments": (
        "In all sites, regions, product families, channels and priorities together: {total}. A version keeps the "
        "10,000 that matter most.",
        "全部网点、区域、产品类别、渠道和紧急程度合计：{total} 个。每个版本保留最重要的 10,000 个。",
    ),
    "restated.all_causes": ("All reasons", "全部原因"),
    "restated.of_kpi": (
        "Numbers of this indicator that differ from the version before: {count}",
        "该指标与上一版本不同的数字：{count} 个",
    ),
    "restated.definition": ("Other definition", "口径变更"),
    "restated.definition_means": (
        "Definition, target, policy, calendar or model changed: the same facts are counted otherwise.",
        "指标定义、目标、政策、日历或模型有变更：同样的事实，不同的算法。",
    ),
    "restated.late_data": ("Late data", "数据迟到"),
    "restated.late_data_means": (
        "What had happened by then was delivered only afterwards.",
        "当时已发生的业务，事后才交付数据。",
    ),
    "restated.correction": ("Correction at the source", "来源更正"),
    "restated.correction_means": (
        "A source delivered a record with other contents, or took it back.",
        "来源系统修改或撤回了已交付的记录。",
    ),
    "restated.maturity": ("Time has passed", "时间推移"),
    "restated.maturity_means": (
        "The period was still running, or cases that were open then are decided now. This is expected.",
        "当时期间尚未结束，或当时未结的案件现已有结果。属正常情况。",
    ),
    "restated.withheld": ("Withheld", "暂不发布"),
    "restated.withheld_means": (
        "One of the two versions withholds the indicator, because a check of its data failed.",
        "因数据未通过检查，其中一个版本暂不发布该指标。",
    ),
    "restated.unexplained": ("Unexplained", "原因不明"),
    "restated.unexplained_means": (
        "Nothing found accounts for it. Ask whoever runs the warehouse before you rely on these numbers.",
        "未找到可解释的原因。使用这些数字前请先咨询数据仓库管理员。",
    ),
    "restated.evidence": ("{cause}: {things}", "{cause}：{things}"),
    "restated.evidence_indirect": ("{cause}, indirectly: {things}", "{cause}（间接）：{things}"),
    "restated.target": ("target {before} → {now}", "目标 {before} → {now}"),
    "restated.same": ("the same", "不变"),
    "restated.too_small": ("hardly any", "极小"),
    "evidence.the_period_was_not_finished": ("the period was not finished", "期间尚未结束"),
    "evidence.cases_were_undecided": ("cases were undecided", "案件尚无结果"),
    "evidence.the_models": ("the models", "模型"),
    "evidence.the_code": ("the code", "代码"),
    "evidence.the_time_zone": ("the time zone", "时区"),
    "evidence.the_currency": ("the currency", "币种"),
    "evidence.the_feeds_that_are_connected": ("the feeds that are connected", "已接入的数据源"),
    "evidence.the_profile_changed": ("the profile changed", "公司配置有变更"),
    "evidence.the_older_version_withholds_it": ("the version before withholds it", "上一版本暂不发布"),
    "evidence.the_newer_version_withholds_it": ("this version withholds it", "本版本暂不发布"),
    "column.why": ("Why", "原因"),
    "column.numbers": ("Numbers", "数字个数"),
    "column.meaning": ("What that means", "含义"),
    "column.period": ("Period", "期间"),
    "column.before": ("Published before", "此前发布"),
    "column.now": ("Now", "现值"),
    "column.change": ("Change", "变化"),
    "column.found_in": ("Found in", "依据"),
}
