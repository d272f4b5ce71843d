"""Words: staffing."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "staffing.ahead_covered": (
        "From {first} to {last} the usual roster covers the calls expected: no hour lacks half an agent or more.",
        "{first} 至 {last}，常规排班可覆盖预期来电：没有缺半个坐席及以上的小时。",
    ),
    "staffing.ahead_nearly": (
        "From {first} to {last} the usual roster covers the calls expected but for {hours} agent hours, {share} of "
        "what they require, in {count} hours. Closing the gap would cost {cost}.",
        "{first} 至 {last}，常规排班基本可覆盖预期来电，仅缺 {hours} 个坐席工时（占所需的 {share}），"
        "涉及 {count} 个小时；补足需 {cost}。",
    ),
    "staffing.ahead_lacking": (
        "From {first} to {last} the usual roster lacks {hours} agent hours, {share} of what the calls expected "
        "require, "
        "in {count} hours. Closing the gap would cost {cost}.",
        "{first} 至 {last}，常规排班缺 {hours} 个坐席工时（占预期来电所需的 {share}），涉及 {count} 个小时；补足需 "
        "{cost}。",
    ),
    "staffing.past_covered": (
        "In hindsight the telephone was staffed for its calls in all of {count} months.",
        "回看 {count} 个月，电话坐席均满足来电所需。",
    ),
    "staffing.past_short": (
        "In hindsight too few agents were on the telephone in {count} of {of} months, more than chance explains: "
        "{months} "
        "of the hours required were lacking.",
        "回看 {of} 个月，其中 {count} 个月电话坐席不足，超出偶然波动：所需工时缺口为 {months}。",
    ),
    "staffing.past_month": ("{month}: {share}", "{month}：{share}"),
    "staffing.field_covered": (
        "In the field the usual roster covers the visits expected at all of {count} sites.",
        "外勤：常规排班可覆盖全部 {count} 个网点的预期上门。",
    ),
    "staffing.field_short": (
        "In the field {count} of {of} sites lack technicians for the visits expected: {sites}.",
        "外勤：{of} 个网点中有 {count} 个技师不足以应对预期上门：{sites}。",
    ),
    "staffing.no_roster": (
        "Whether the telephone is staffed for the calls expected is not known: no roster is connected, or no handling "
        "was ever measured.",
        "无法判断电话坐席是否充足：未接入排班，或从未测得处理时长。",
    ),
    "staffing.forecast": ("What is to come?", "未来有多少联系？"),
    "staffing.forecast_grain": (
        "By day: the last {days} days, and the forecast of the next 28 from the as-of day on, whatever period is "
        "chosen. "
        "The band is the 95 % prediction interval of a day.",
        "按日：最近 {days} 天及自数据截止日起未来 28 天的预测，与所选期间无关；色带为单日 95% 预测区间。",
    ),
    "staffing.kind": ("What", "类别"),
    "contact_kind.calls": ("Calls", "来电"),
    "contact_kind.tickets": ("Requests", "工单"),
    "contact_kind.visits": ("Visits", "上门"),
    "staffing.day": ("Day", "日期"),
    "staffing.counted": ("Counted", "实际"),
    "staffing.expected": ("Expected", "预测"),
    "staffing.calendar": ("Calendar", "日历"),
    "day_kind.as_usual": ("as usual", "平日"),
    "day_kind.holiday": ("holiday", "节假日"),
    "day_kind.make_up_day": ("make-up day", "调休上班"),
    "forecast_method.seasonal_naive": ("The last week again", "上周重复（朴素基线）"),
    "forecast_method.weekday_mean": ("Mean of the weekday, eight weeks", "同星期八周均值"),
    "forecast_method.calendar_model": ("Calendar model", "日历模型"),
    "forecast_verdict.baseline": ("baseline", "基线"),
    "forecast_verdict.better": ("better than the baseline", "优于基线"),
    "forecast_verdict.not_better": ("not better than the baseline: not used", "不优于基线，不采用"),
    "forecast_verdict.unjudged": ("too short a history to judge", "历史过短，无法判断"),
    "staffing.beats": (
        "Method: {method}. Tried on the past it was closer than the last week again from {better} of {count} starting "
        "days; a day was off by {error} of its contacts in the mean, and {coverage} of the days lay within the "
        "interval.",
        "方法：{method}。回测中 {count} 个起点有 {better} 个优于“上周重复”；单日平均误差为联系量的 {error}，"
        "{coverage} 的日子落在区间内。",
    ),
    "staffing.baseline_used": (
        "Method: {method}. No other method was closer more often than chance, so the baseline itself is the forecast: "
        "over {count} starting days it was off by {error} of the contacts of a day in the mean, and {coverage} of the "
        "days lay within the interval.",
        "方法：{method}。没有其他方法显著优于基线，故直接采用基线：{count} 个起点的单日平均误差为联系量的 {error}，"
        "{coverage} 的日子落在区间内。",
    ),
    "staffing.unjudged": (
        "Method: {method}. The history is too short to judge forecasts by, so the baseline is used; read it with care.",
        "方法：{method}。历史过短，无法评判预测，故采用基线，请谨慎使用。",
    ),
    "staffing.too_short": (
        "No forecast: there are fewer than eight weeks of history.",
        "不预测：历史不足八周。",
    ),
    "staffing.too_few": (
        "No forecast: there were fewer than 28 in the last year, too few to tell one day from another.",
        "不预测：最近一年不足 28 次，无法区分各日。",
    ),
    "staffing.backtests_grain": (
        "The back-test: each method forecast the 28 days after {count} past days with what was known then. Better is "
        "less squared error in more of them than chance explains; squares judge, since staff is planned by the mean. "
        "MASE below 1 is closer than a week ago was.",
        "回测：各方法仅用当时已知数据，预测 {count} 个历史起点之后 28 天。“优于”指平方误差更小的次数超出偶然；"
        "人员按均值配置，故以平方误差评判。MASE 小于 1 即优于一周前的数值。",
    ),
    "staffing.method": ("Method", "方法"),
    "staffing.used": ("Used", "采用"),
    "staffing.better": ("Closer than the baseline", "优于基线次数"),
    "staffing.of": ("{count} of {of}", "{count} / {of}"),
    "staffing.rmse": ("Root mean squared error", "均方根误差"),
    "staffing.wape": ("Error / contacts (WAPE)", "加权误差（WAPE）"),
    "staffing.mase": ("MASE", "MASE"),
    "staffing.bias": ("Bias", "偏差"),
    "staffing.coverage": ("Days within the interval", "区间覆盖率"),
    "staffing.hours": ("Will enough people be on the telephone?", "未来电话人手够吗？"),
    "staffing.hours_grain": (
        "Hour by hour from {first} to {last}: agents of the usual roster (the mean of the hour of the week over eight "
        "weeks, since shifts are known only when they begin), and agents required by Erlang C for the calls expected. "
        "Marked are hours that lack half an agent or more.",
        "{first} 至 {last} 逐小时：常规排班坐席（同一周内小时的八周均值，因班次开始后才可知）与按预期来电以 Erlang C "
        "计算的所需坐席。标记为缺半个坐席及以上的小时。",
    ),
    "staffing.hours_grain_none": (
        "Agents of the usual roster against agents required for the calls expected.",
        "常规排班坐席与预期来电所需坐席。",
    ),
    "staffing.usual": ("Usual roster", "常规排班"),
    "staffing.calls_expected": ("Calls expected", "预期来电"),
    "staffing.no_lacking_hours": (
        "No hour of the next 28 days lacks half an agent or more.",
        "未来 28 天没有缺半个坐席及以上的小时。",
    ),
    "staffing.hindsight": ("Was the telephone staffed?", "过去电话人手够吗？"),
    "staffing.hindsight_grain": (
        "Agent hours lacking by month: of hours that lacked half an agent or more, against what the calls of such "
        "hours "
        "of the month required in the mean. Understaffed: 5 % or more of the hours required were lacking, even at the "
        "lower end of the interval of the load.",
        "按月的坐席工时缺口：缺半个坐席及以上的小时，相对于该月同类小时平均来电所需。人手不足：即使按话务量区间下限，"
        "缺口仍达所需工时的 5% 及以上。",
    ),
    "staffing.lacking_less": ("less, or not for certain", "较少，或尚不确定"),
    "staffing.no_lacking_months": ("No month lacked anybody.", "没有缺人的月份。"),
    "staffing.technicians": ("Will enough technicians be there?", "未来技师够吗？"),
    "staffing.technicians_grain": (
        "One row per site, over the next 28 days: hours required are the visits expected × minutes on site / the "
        "target "
        "utilisation; the roster is the usual one. Sites with too few visits for a forecast are left out.",
        "每个网点一行，未来 28 天：所需工时 = 预期上门 × 每次现场分钟 / 目标利用率；排班为常规排班。上门过少、"
        "无法预测的网点不列出。",
    ),
    "staffing.verdict": ("Verdict", "结论"),
    "staffing_verdict.understaffed": ("understaffed", "人手不足"),
    "staffing_verdict.tight": ("tight, not for certain", "偏紧，尚不确定"),
    "staffing_verdict.covered": ("covered", "充足"),
    "staffing_verdict.unknown": ("unknown", "未知"),
    "staffing.required": ("Hours required", "所需工时"),
    "staffing.rostered": ("Hours rostered", "排班工时"),
    "staffing.lacking": ("Hours lacking", "缺口工时"),
    "staffing.share": ("Lacking of required", "缺口占比"),
    "staffing.cost": ("Cost of closing", "补足成本"),
}
