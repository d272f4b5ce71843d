"""Words: the board pack."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "pack.title": ("Board pack", "董事会服务报告"),
    "pack.subtitle": ("After-sales service", "售后服务"),
    "pack.summary": ("Summary", "摘要"),
    "pack.findings": ("In short", "本期要点"),
    "pack.queries": ("The query behind each sentence", "每句话背后的查询"),
    "pack.queries_lead": (
        "Paste them into duckdb -readonly current.duckdb.",
        "可粘贴到 duckdb -readonly current.duckdb 中执行。",
    ),
    "pack.summary_lead": (
        "The executive indicators of {period}, {scope}. Change is against {before}: real, or no more than chance and "
        "the usual ups and downs explain (noise); –: too little is known. The line shows the last periods.",
        "{scope}{period}的管理层指标。变化为较{before}：显著，或未超出偶然与正常波动（波动）；–：数据不足。折线为近期走势。",
    ),
    "pack.summary_lead_all": (
        "The executive indicators over all time, {scope}. The line shows the periods.",
        "{scope}全部时间的管理层指标。折线为各期走势。",
    ),
    "pack.incomplete": (
        "{period} had not ended at the as-of time: these numbers will still change.",
        "{period}在数据截止时尚未结束，数字仍会变化。",
    ),
    "pack.empty": (
        "This company has published no indicators yet: none of its feeds is connected.",
        "该公司尚未发布任何指标：没有接入数据源。",
    ),
    "pack.kpi": ("Indicator", "指标"),
    "pack.value": ("Value", "数值"),
    "pack.target": ("Target", "目标"),
    "pack.status": ("Status", "状态"),
    "pack.change": ("Change", "变化"),
    "pack.verdict": ("Real?", "显著？"),
    "pack.real": ("real", "显著"),
    "pack.noise": ("noise", "波动"),
    "pack.unknown": ("–", "–"),
    "pack.trend": ("Trend", "走势"),
    "pack.sample": ("n", "n"),
    "pack.target_higher": ("≥\N{NO-BREAK SPACE}{value}", "≥\N{NO-BREAK SPACE}{value}"),
    "pack.target_lower": ("≤\N{NO-BREAK SPACE}{value}", "≤\N{NO-BREAK SPACE}{value}"),
    "pack.withheld": ("Withheld: a check of its data failed", "暂不发布：数据检查未通过"),
    "pack.care": ("read with care", "谨慎使用"),
    "pack.care_note": (
        "† Read with care: a check of this build warned of data behind this number. Reasons: report, Data health.",
        "† 谨慎使用：本次构建的检查对该数字的数据发出警告，原因见报告“数据健康”。",
    ),
    "pack.not_shown": ("No value in {period}: {kpis}.", "{period}无数值：{kpis}。"),
    "pack.not_available": (
        "Not available from the connected feeds: {kpis}.",
        "现有数据源无法提供：{kpis}。",
    ),
    "pack.by_site": ("{kpi}, by site", "{kpi}（按网点）"),
    "pack.by_site_grain": (
        "{period}: one point per site with its 95 % interval where it has one, best first; dashed: the target.",
        "{period}：每个网点一个点及其 95% 区间（如有），最好的在前；虚线为目标。",
    ),
    "pack.worst": (
        "{period}: the {shown} worst of {total} sites with their 95 % intervals; dashed: the target.",
        "{period}：{total} 个网点中最差的 {shown} 个及其 95% 区间；虚线为目标。",
    ),
    "pack.trend_grain": (
        "By month; the band is the 95 % interval where there is one, dashed rules are targets, a hollow point is a "
        "month in progress.",
        "按月；色带为 95% 区间（如有），虚线为目标，空心点为进行中的月份。",
    ),
    "pack.resolution": ("Resolution and repeats", "解决与重复"),
    "pack.complaints": ("Complaints", "投诉"),
    "pack.calls": ("Call centre", "呼叫中心"),
    "pack.network": ("Parts and network", "备件与网点"),
    "pack.team": ("Team", "服务团队"),
    "pack.first_time": ("Solved the first time", "首次解决"),
    "pack.repeats": ("Requests that come back", "重复与重新打开"),
    "pack.csat": ("Satisfied customers", "满意客户"),
    "pack.nps": ("Net promoter score", "净推荐值"),
    "pack.complaint_rate": ("Complaints per finished request", "投诉率"),
    "pack.complaint_time": ("How long complaints take", "投诉处理时长"),
    "pack.service_level": ("Calls answered in time, calls given up", "及时接听与放弃"),
    "pack.calls_offered": ("Calls offered", "呼入量"),
    "pack.parts": ("Parts there when needed", "备件可用"),
    "pack.parts_lost": ("Visits lost to missing parts", "缺件导致的无效上门"),
    "pack.coverage": ("Requests within reach of a site", "服务覆盖"),
    "pack.training": ("Training", "培训"),
    "pack.jobs": ("Finished jobs per available day", "人均日完成作业数"),
    "pack.per_ticket": ("Cost per finished request", "单均服务成本"),
    "pack.retention": ("Customers retained", "客户保留"),
    "pack.sources": ("Sources and checks", "数据来源与检查"),
    "pack.sources_lead": (
        "Feeds that this company has connected, with the rows in use. What a missing feed cannot tell is 'not "
        "available', never 0.",
        "该公司已接入的数据源及使用行数。缺失的数据源所不能说明的为“不可用”，从不为 0。",
    ),
    "pack.missing_feeds": ("Not connected: {feeds}.", "未接入：{feeds}。"),
    "pack.no_doubts": (
        "No check of this build stamped or withheld an indicator.",
        "本次构建的检查没有标记或暂缓任何指标。",
    ),
    "pack.doubts": (
        "Checks of this build: {warned} indicators to be read with care, {withheld} withheld.",
        "本次构建的检查：{warned} 个指标谨慎使用，{withheld} 个暂不发布。",
    ),
    "pack.how": (
        "This document is a function of the published version named in the footer: the same version makes the same "
        "document, bit for bit. Its numbers are rows of marts.kpi_values and of the monthly marts; it computes none. "
        "It holds totals only: no tickets, no comments, no names of persons.",
        "本文件由页脚所示的发布版本生成：同一版本逐位生成相同文件。数字取自 marts.kpi_values "
        "及各月度集市，文件自身不做计算。"
        "仅含汇总：没有工单、意见或人员姓名。",
    ),
    "pack.definitions": ("Definitions", "指标定义"),
    "pack.definitions_lead": (
        "Every indicator of this document as in force at the as-of time, with its owner, the version of its "
        "definition, its interval and the sample behind the value of {period}.",
        "本文件中每个指标在数据截止时的现行定义，及其负责人、定义版本、区间和{period}数值的样本。",
    ),
    "pack.build": ("Build {build_id}", "构建 {build_id}"),
    "pack.fingerprint": ("contents {contents}", "内容 {contents}"),
    "pack.make": ("Board pack (PDF)", "董事会报告（PDF）"),
    "pack.make_help": (
        "{period} of the whole company as a document to print: a page of summary, a page for each view, sources and "
        "definitions. It is made when you click, which takes some seconds.",
        "全公司{period}的可打印文件：一页摘要、各视图一页、来源与定义。点击后生成，需数秒。",
    ),
}
