"""Words: response and SLA."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "response.first_response": ("First response time", "首次响应时间"),
    "response.first_response_grain": (
        "Tickets by month raised, those still waiting included (Kaplan–Meier): half were answered by the median, nine "
        "in ten by the 90th percentile; no point where so many are not answered yet. Logarithmic scale; a hollow point "
        "is a month in progress.",
        "按提出月份统计的工单，含仍在等待的（Kaplan–Meier）：一半在中位数内响应，九成在 90 分位内响应；尚未达到则无点。"
        "对数刻度；空心点为进行中的月份。",
    ),
    "response.resolution": ("Resolution time", "解决时间"),
    "response.resolution_grain": (
        "Tickets by month raised until first resolved, open ones included (Kaplan–Meier): recent months are not read "
        "too short; no point where too many are still open. Logarithmic scale.",
        "按提出月份统计至首次解决，含未解决的工单（Kaplan–Meier），近期月份不会偏短；未解决过多则无点。对数刻度。",
    ),
    "response.sample": ("{count}, {share} still open", "{count}，{share} 未完成"),
    "response.volume": ("Tickets raised, and where they stand", "工单量与当前状态"),
    "response.volume_grain": (
        "Tickets by month raised: resolved and still open at the as-of time.",
        "按提出月份统计的工单：截止时已解决与仍未解决。",
    ),
    "response.attainment": ("SLA attainment", "SLA 达成率"),
    "response.attainment_grain": (
        "Share of promises whose due time has passed that were kept, by month due; the band is the 95 % interval, the "
        "dashed lines are the targets.",
        "已到期承诺中按时完成的比例，按到期月份；色带为 95% 区间，虚线为目标。",
    ),
    "response.breakdown": ("Where is it kept, and where not?", "哪里达成，哪里没有？"),
    "response.breakdown_kpi": ("Indicator", "指标"),
    "response.by_priority": ("By priority, all sites", "按紧急程度（全部网点）"),
    "response.by_channel": ("By channel, all sites", "按渠道（全部网点）"),
    "response.by_site": ("By site", "按网点"),
    "response.by_grain": (
        "{kpi}, {period}: one point per group, with its 95 % interval where it has one; dashed: the target.",
        "{kpi}，{period}：每组一个点及其 95% 区间（如有）；虚线为目标。",
    ),
    "response.promises": ("Open promises at the as-of time", "截止时未完成的承诺"),
    "response.overdue": ("Overdue and open ({count})", "已超期未完成（{count}）"),
    "response.next": ("Due next ({count})", "即将到期（{count}）"),
    "response.promises_grain": (
        "One row per ticket and promise, earliest due first, at most 200 rows; times in {zone}.",
        "每行为一张工单的一项承诺，按到期时间升序，最多 200 行；时区 {zone}。",
    ),
    "response.none_overdue": ("No open promise is overdue.", "没有超期未完成的承诺。"),
    "response.none_next": ("No open promise is waiting for its due time.", "没有待到期的承诺。"),
    "series.median": ("Median", "中位数"),
    "series.p90": ("90th percentile", "90 分位"),
    "series.mean": ("Mean", "平均"),
    "series.resolved": ("Resolved", "已解决"),
    "series.open": ("Open", "未解决"),
    "series.other_exit": ("Other exits", "其他结束"),
}
