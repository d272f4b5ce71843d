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
    "response.stages": ("Where the time goes", "时间花在哪里"),
    "response.stages_grain": (
        "One bar per month raised, the last six: how the time of the lives of its requests is shared out over the "
        "stages.",
        "近六个月，每月一条：该月提出的请求的全部时间在各阶段的占比。",
    ),
    "response.stage_times": ("How long each stage takes", "各阶段停留时长"),
    "response.stage_times_grain": (
        "One row per stage, requests raised in {month}; those still there count up to the as-of time.",
        "每个阶段一行，{month}提出的请求；仍在该阶段的计至数据截止时间。",
    ),
    "stage.after": ("After resolution", "解决之后"),
    "waits_for.us": ("Us", "我方"),
    "waits_for.customer": ("Customer", "客户"),
    "waits_for.parts": ("Parts", "备件"),
    "waits_for.hold": ("On hold", "挂起"),
    "waits_for.nobody": ("Nobody", "无"),
    "response.survival": ("How many are still waiting?", "还有多少在等待？"),
    "response.survival_grain": (
        "Share still waiting after a time since raised, those still open included (Kaplan–Meier), with its 95 % "
        "interval: by year raised for the company, else of the whole history. Logarithmic scale.",
        "提出后经过一定时间仍在等待的占比，含未完成的请求（Kaplan–Meier）及 95% 区间：全公司按提出年份，"
        "否则为全部历史。对数刻度。",
    ),
    "response.survival_narrow": (
        "The curves are published by site or by product family, not by both: choose one of them.",
        "曲线按网点或按产品类别发布，不同时按两者：请只选其一。",
    ),
    "response.curve": ("Until", "直至"),
    "response.week": ("When do requests come in?", "请求何时最多？"),
    "response.week_grain": (
        "The mean week of the whole history and company, hour by hour in local time; framed is the peak.",
        "全公司全部历史的平均一周，按当地时间逐小时；框出的是高峰。",
    ),
    "response.all_channels": ("All channels", "全部渠道"),
    "response.at_risk": ("What still runs", "待履行的承诺"),
    "response.at_risk_grain": (
        "Promises that still run at the as-of time, by how soon they fall due.",
        "截止时仍在进行的承诺，按到期远近。",
    ),
    "response.none_at_risk": ("No promise is running.", "没有进行中的承诺。"),
    "response.due": ("When it falls due", "到期时段"),
    "response.due_grain": (
        "Promises not kept yet, by the coming local hour in which they fall due; all product families.",
        "尚未履行的承诺，按即将到期的当地小时；全部产品类别。",
    ),
    "response.none_due": ("No promise falls due.", "没有即将到期的承诺。"),
    "due_band.overdue": ("Overdue", "已超期"),
    "due_band.within_1h": ("Within 1 hour", "1 小时内"),
    "due_band.within_4h": ("Within 4 hours", "4 小时内"),
    "due_band.today": ("Later today", "今日稍后"),
    "due_band.later": ("Later", "更晚"),
    "due_band.paused": ("Paused", "已暂停"),
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
