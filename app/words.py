"""Every word of the report in English and Chinese; KPI names and definitions come from dim_kpis instead."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
import streamlit as st

from app.settings import LANGUAGES

_LANGUAGE_KEY = "language"
_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")

# key: (English, 简体中文)
WORDS: dict[str, tuple[str, str]] = {
    # Frame
    "app.title": ("After-sales service report", "售后服务报告"),
    "app.as_of": ("Data as of {moment} ({zone})", "数据截至 {moment}（{zone}）"),
    "app.stale": (
        "The last build was published {age} ago. The numbers hold for their as-of time, but newer data is missing.",
        "最近一次发布在 {age} 前。数字在其截止时间是准确的，但缺少之后的数据。",
    ),
    "app.incomplete": (
        "{period} has not ended at the as-of time: its numbers will still change.",
        "{period} 在数据截止时尚未结束，数字仍会变化。",
    ),
    "app.scope_all": ("whole company", "全公司"),
    "app.no_file_title": ("Nothing has been published yet", "尚未发布任何数据"),
    "app.no_file": (
        "This report reads a published warehouse file, and there is none at `{path}`.",
        "本报告读取已发布的数据仓库文件，但 `{path}` 处没有文件。",
    ),
    "app.no_file_do": (
        "Build and publish one from the project's folder; this page opens the report by itself when it is there:",
        "请在项目目录中构建并发布；文件就绪后本页会自动打开报告：",
    ),
    "app.no_file_other": (
        "To show another file, set AFTERSALES_WAREHOUSE to its path before the report is started.",
        "要显示其他文件，请在启动报告前把 AFTERSALES_WAREHOUSE 设为其路径。",
    ),
    "app.broken_title": ("The published file cannot be opened", "无法打开已发布的文件"),
    "app.broken": (
        "`{name}` is there, but it is not a readable published warehouse. Publish again, or roll back to an earlier "
        "version with `aftersales rollback`.",
        "`{name}` 存在，但不是可读的已发布数据仓库。请重新发布，或用 `aftersales rollback` 回退到较早版本。",
    ),
    "app.outdated_title": ("Publish again", "请重新发布"),
    "app.outdated": (
        "`{name}` was published by another release than this report: it lacks a table or column that the report reads. "
        "Build and publish again with this release (`aftersales build`); the server's log names what is missing.",
        "`{name}` 由与本报告不同的版本发布，缺少本报告读取的表或字段。请用当前版本重新构建并发布"
        "（`aftersales build`）；缺少的内容见服务器日志。",
    ),
    "app.empty_title": ("The published file holds no indicators", "已发布的文件中没有指标"),
    # Pages
    "page.overview": ("Overview", "总览"),
    "page.response": ("Response and SLA", "响应与 SLA"),
    "page.satisfaction": ("Satisfaction", "客户满意度"),
    "page.retention": ("Retention", "客户保留"),
    "page.cost": ("Cost", "服务成本"),
    "page.technicians": ("Technicians", "服务团队"),
    "page.health": ("Data health", "数据健康"),
    # Who may see what
    "door.signed_out_title": ("Sign in", "登录"),
    "door.signed_out": (
        "This report is open to people of the organisation who were given a role in it.",
        "本报告仅对已获授权的本组织人员开放。",
    ),
    "door.expired_title": ("Your login has ended", "登录已过期"),
    "door.expired": (
        "A login counts for some hours only. Sign in again to go on.",
        "登录仅在数小时内有效。请重新登录后继续。",
    ),
    "door.unknown_title": ("No access", "没有访问权限"),
    "door.unknown": (
        "This account has no role in the report. If you need it for your work, ask whoever runs the report for access, "
        "or sign out and use another account.",
        "该账号在本报告中没有角色。如工作需要，请联系报告管理员开通权限，或退出后换用其他账号。",
    ),
    "door.misconfigured_title": ("The report is closed", "报告暂时关闭"),
    "door.misconfigured": (
        "Its list of who may see what has a mistake, so nobody is let in. Whoever runs the report finds the line of "
        "the mistake in the server's log.",
        "权限清单有误，因此暂不允许任何人进入。报告管理员可在服务器日志中找到出错的行。",
    ),
    "door.no_rows_title": ("Nothing for your sites", "您的网点没有数据"),
    "door.no_rows": (
        "Your access is to {sites}, and this version has no rows of these sites.",
        "您的权限为 {sites}，当前版本没有这些网点的数据。",
    ),
    "door.sign_in": ("Sign in", "登录"),
    "door.sign_out": ("Sign out", "退出登录"),
    "door.open": ("No login: open to everybody on this machine.", "未设登录：本机上的任何人均可查看。"),
    "role.analyst": ("Analyst: everything", "分析师：全部内容"),
    "role.executive": ("Executive: the company, no single persons", "管理层：全公司，不含个人"),
    "role.site_manager": ("Site manager: {sites}", "网点经理：{sites}"),
    "door.no_people": (
        "Scorecards of single persons are for those who lead them and for analysts; your role sees the company, its "
        "sites and teams.",
        "个人评分卡仅供其直接管理者和分析师查看；您的角色可查看公司、网点和团队。",
    ),
    "door.ranks_of_company": (
        "Ranks, and what the cases let expect, compare with everybody of the role in the company.",
        "名次和案例预期与全公司同岗位人员比较。",
    ),
    "door.no_site_cohorts": (
        "Cohorts follow customers across all sites; they are not part of access to single sites.",
        "队列跨网点跟踪客户，不在单个网点的权限之内。",
    ),
    "door.no_site_kinds": (
        "By priority and by channel there are only values of the whole company; they are not part of access to single "
        "sites.",
        "按紧急程度和渠道只有全公司的数值，不在单个网点的权限之内。",
    ),
    "door.no_site_health": (
        "Checks, feeds and rejected rows are counted over the whole company; they are not part of access to single "
        "sites.",
        "检查、数据源和被拒行按全公司统计，不在单个网点的权限之内。",
    ),
    "door.no_pages": (
        "The pages quote single rows; they are for analysts.",
        "页面引用单行数据，仅供分析师查看。",
    ),
    "export.csv": ("Download (CSV)", "下载（CSV）"),
    # Filters
    "filter.grain": ("Period", "周期"),
    "filter.which": ("Which", "时段"),
    "filter.site": ("Site", "网点"),
    "filter.family": ("Product family", "产品类别"),
    "filter.language": ("Language", "语言"),
    "filter.all_sites": ("All sites", "全部网点"),
    "filter.all_families": ("All product families", "全部产品类别"),
    "filter.not_here": (
        "This view is not narrowed by {filters}: the mart behind it has no such grain.",
        "本视图不按{filters}筛选：其数据集市没有该粒度。",
    ),
    "grain.month": ("Month", "月"),
    "grain.quarter": ("Quarter", "季度"),
    "grain.year": ("Year", "年"),
    "grain.all": ("All", "全部"),
    "period.month_name": ("{month} {year}", "{year}年{number}月"),
    "period.quarter_name": ("{year} Q{number}", "{year}年第{number}季度"),
    "period.year_name": ("{year}", "{year}年"),
    "period.all_name": ("All time", "全部时间"),
    "period.incomplete_mark": ("{period} · in progress", "{period} · 进行中"),
    "period.versus": ("vs {period}", "较{period}"),
    "period.within": ("in {period}", "{period}"),
    # What there is nothing to show of
    "chart.first": ("The first {shown} of {total} are drawn.", "仅绘制前 {shown} 个（共 {total} 个）。"),
    "nothing.rows": (
        "No rows for this period, site and product family. Choose a longer period or a wider scope in the sidebar.",
        "该时段、网点和产品类别没有数据。请在侧栏选择更长的时段或更大的范围。",
    ),
    "nothing.feeds": (
        "Not available: this company has not connected {feeds}.",
        "不可用：该公司尚未接入{feeds}。",
    ),
    "nothing.title": ("No value", "没有数值"),
    "nothing.period": ("for this period and scope", "该时段与范围"),
    # KPI cards
    "kpi.not_available": ("Not available", "不可用"),
    "kpi.needs": ("needs {feeds}", "需要{feeds}"),
    "kpi.target_higher": ("target ≥\N{NO-BREAK SPACE}{value}", "目标 ≥\N{NO-BREAK SPACE}{value}"),
    "kpi.target_lower": ("target ≤\N{NO-BREAK SPACE}{value}", "目标 ≤\N{NO-BREAK SPACE}{value}"),
    "kpi.sample": ("n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{count}", "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{count}"),
    "kpi.interval": ("95 % interval {interval}", "95% 区间 {interval}"),
    "kpi.in_progress": ("in progress", "进行中"),
    "kpi.unit": ("unit: {unit}", "单位：{unit}"),
    "kpi.no_change": ("no change", "无变化"),
    "kpi.no_comparison": ("no value", "无数值"),
    "kpi.fraction": ("{numerator} / {denominator}", "{numerator} / {denominator}"),
    # Trust
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
    # Overview
    "overview.audience": ("Indicators", "指标范围"),
    "overview.executive": ("Executive", "管理层"),
    "overview.all": ("All", "全部"),
    "overview.grain": (
        "One card per indicator of the registry: its value for {period}, {scope}, against its target and the period "
        "before. The line shows the periods up to it.",
        "每张卡片是一个登记指标：{scope}{period}的数值，与目标及上期相比。折线为至今各期走势。",
    ),
    "overview.hidden": (
        "{shown} of {total} indicators shown; “All” adds those that the front line looks at first.",
        "显示 {total} 个指标中的 {shown} 个；选择“全部”可加上一线指标。",
    ),
    "overview.unavailable": ("Not available from the connected feeds", "现有数据源无法提供"),
    # Response
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
    # Satisfaction
    "satisfaction.csat": ("Satisfaction: share of top answers", "满意度：高分占比"),
    "satisfaction.csat_grain": (
        "{survey} surveys on the scale to {scale}, latest valid answer per ticket, by month answered; the band is the "
        "95 % interval.",
        "{survey}调查，满分 {scale}，每张工单取最新有效回答，按回答月份；色带为 95% 区间。",
    ),
    "satisfaction.nps": ("Net promoter score", "净推荐值"),
    "satisfaction.nps_grain": (
        "{survey} surveys, promoters less detractors per 100 answers, by month answered; the band is the 95 % "
        "interval.",
        "{survey}调查，每 100 份回答中推荐者减贬损者，按回答月份；色带为 95% 区间。",
    ),
    "satisfaction.ces": ("Customer effort: share who found it easy", "客户费力度：认为轻松的占比"),
    "satisfaction.aspects": ("What customers rate high and low", "客户评价高低的方面"),
    "satisfaction.aspects_grain": (
        "Share of top answers per aspect in {month} with its 95 % interval, on the scale to {scale}.",
        "{month}各方面高分占比及其 95% 区间，满分 {scale}。",
    ),
    "satisfaction.aspect_months": ("Aspects over time", "各方面走势"),
    "satisfaction.aspect_months_grain": (
        "Share of top answers per aspect and month answered; darker is better. Cells of fewer than 10 answers are "
        "left out.",
        "按方面和回答月份的高分占比，颜色越深越好；少于 10 份回答的格不显示。",
    ),
    "satisfaction.comments": ("Latest comments", "最新意见"),
    "satisfaction.comments_grain": (
        "Comments as written, latest first, answered in {period}; at most 60.",
        "原文意见，最新在前，回答于{period}；最多 60 条。",
    ),
    "satisfaction.no_comments": ("No comments in this period and scope.", "该时段与范围内没有意见。"),
    "survey.transactional": ("After-service", "服务后"),
    "survey.relationship": ("Relationship", "关系"),
    "aspect.overall": ("Overall", "总体"),
    "aspect.timeliness": ("Timeliness", "及时性"),
    "aspect.quality": ("Quality", "质量"),
    "aspect.attitude": ("Attitude", "服务态度"),
    "aspect.communication": ("Communication", "沟通"),
    "aspect.professionalism": ("Professionalism", "专业度"),
    "aspect.effectiveness": ("Effectiveness", "有效性"),
    "aspect.product": ("Product", "产品体验"),
    "aspect.friendliness": ("Friendliness", "友好度"),
    "aspect.empathy": ("Empathy", "同理心"),
    "question.csat": ("Satisfaction", "满意度"),
    "question.nps": ("Recommendation", "推荐意愿"),
    "question.ces": ("Effort", "费力度"),
    "question.aspect": ("Aspect", "方面"),
    "question.fcr": ("Solved at first contact", "首次解决"),
    # Retention
    "retention.activity": ("Activity", "活动"),
    "retention.source": ("Source", "来源"),
    "retention.form": ("Counted as active", "活跃口径"),
    "retention.exact": ("in exactly this month", "恰在当月"),
    "retention.unbounded": ("in this month or later", "当月或之后"),
    "activity.product_use": ("Used the product", "产品使用"),
    "activity.purchase": ("Bought", "购买"),
    "activity.service": ("Was served", "接受服务"),
    "source.all": ("Whole company", "全公司"),
    "retention.triangle": ("Who comes back, by month of first activity", "按首次活动月份的留存"),
    "retention.triangle_grain": (
        "One cell per cohort (customers whose first activity fell in that month) and months since: the share active "
        "{form}. Grey cells are incomplete: their month had not passed at the as-of time, so a low number there is "
        "not a fall.",
        "每格为一个群组（首次活动在该月的客户）与经过月数：{form}活跃的占比。灰色格不完整：截止时该月尚未结束，"
        "数值低并不代表下降。",
    ),
    "retention.curves": ("Are newer customers staying longer?", "新客户是否留得更久？"),
    "retention.curves_grain": (
        "One line per number of months since the first activity, over the cohorts; complete cells only.",
        "每条线为首次活动后的月数，按群组展示；仅含完整格。",
    ),
    "retention.decay": ("How fast customers fall away", "客户流失速度"),
    "retention.decay_grain": (
        "One line per cohort over the months since its first activity, complete cells only. Set off are the first "
        "cohort and the latest with half a year behind it.",
        "每条线为一个群组，按首次活动后的月数，仅含完整格；突出显示最早的群组与满半年的最新群组。",
    ),
    "retention.after_months": ("Month {count}", "第 {count} 个月"),
    "retention.size": ("Cohort size", "群组人数"),
    "retention.note": (
        "A service contact is not continued use of the product: the two activities are kept apart.",
        "接受服务不等于继续使用产品：两种活动分开统计。",
    ),
    # Cost
    "cost.over_time": ("What service costs, and what it is made of", "服务成本及其构成"),
    "cost.over_time_grain": (
        "Cost by month and {detail}, {currency}. A pale bar is a month in progress.",
        "按月和{detail}的成本，{currency}。浅色柱为进行中的月份。",
    ),
    "cost.detail": ("Detail", "明细"),
    "cost.groups": ("cost group", "成本大类"),
    "cost.components": ("component", "成本项目"),
    "cost.share": ("Composition in {month}", "{month}成本构成"),
    "cost.share_grain": (
        "One bar per component in {month}; the label is its share of the month's cost.",
        "{month}每个成本项目一条；标签为占当月成本的比例。",
    ),
    "cost.by_site": ("By site", "按网点"),
    "cost.by_site_grain": ("{kpi}, {period}, one point per site.", "{kpi}，{period}，每个网点一个点。"),
    "cost.unallocated": ("What no ticket carries", "未归集到工单的成本"),
    "cost.unallocated_grain": (
        "Cost by month, split into what tickets and visits carry and what is left unallocated; together they are the "
        "ledger.",
        "按月成本：已归集到工单和作业的部分与未归集的部分，两者之和等于总账。",
    ),
    "cost.carried": ("Carried by tickets and visits", "已归集"),
    "cost.left": ("Unallocated", "未归集"),
    "group.labor": ("Labour", "人力"),
    "group.parts": ("Parts", "物料"),
    "group.operations": ("Operations", "运营"),
    "component.wage": ("Wage", "工资"),
    "component.bonus": ("Bonus", "奖金"),
    "component.social_insurance": ("Social insurance", "社保"),
    "component.training": ("Training", "培训"),
    "component.repair": ("Repair parts", "维修配件"),
    "component.replacement": ("Replacement parts", "更换零部件"),
    "component.consumable": ("Consumables", "耗材"),
    "component.rent": ("Site rent", "网点租金"),
    "component.utilities": ("Utilities", "水电"),
    "component.transport": ("Transport", "交通"),
    "component.tools": ("Tools", "工具"),
    # Technicians
    "technicians.year": (
        "Scorecards are made per month, quarter and year: {year} is shown, the last year within {period}.",
        "评分卡按月、季、年编制：显示{period}内最后一年 {year}。",
    ),
    "technicians.month_is_short": (
        "A month has few items per person: quarters and years serve better.",
        "单月每人样本很少，按季或按年查看更可靠。",
    ),
    "technicians.role": ("Whose scorecards", "岗位"),
    "technicians.rank": ("{low}–{high} of {count}", "第 {low}–{high} 名（共 {count} 人）"),
    "work_role.technician": ("Technicians", "技术员"),
    "work_role.agent": ("Agents", "坐席"),
    "comparison.better": ("Better than expected", "优于预期"),
    "comparison.worse": ("Worse than expected", "低于预期"),
    "comparison.as_expected": ("As expected, as far as one can tell", "与预期无明显差异"),
    "comparison.not_enough_data": ("Not enough data", "数据不足"),
    "comparison.not_compared": ("Not compared by cases", "不按案例组合比较"),
    "technicians.bands": ("How the team scores", "团队得分分布"),
    "technicians.bands_grain": (
        "People by band of their total score in {period}; a total needs enough data for at least half of the weight.",
        "{period}按总分档次的人数；至少一半权重的指标数据充足才有总分。",
    ),
    "technicians.weights": ("What counts", "计分权重"),
    "technicians.weights_grain": (
        "Weight of each indicator in the total score, in force in {period}.",
        "{period}生效的各指标在总分中的权重。",
    ),
    "technicians.card": ("Scorecards", "评分卡"),
    "technicians.card_grain": (
        "One row per person in {period}: the total of weight × score over the indicators that apply, and the value of "
        "each. A dash stands for an indicator that does not apply. Small samples move much by chance: read the "
        "intervals below before comparing people.",
        "{period}每人一行：适用指标的权重×得分之和及各指标数值。横线表示不适用。样本小时偶然波动大，"
        "比较前请先看下方的区间。",
    ),
    "technicians.person": ("Person", "人员"),
    "technicians.person_grain": (
        "One row per scorecard indicator of {name} in {period}: value, what the person's cases let expect, the value "
        "leant on it as far as the sample is small, and the ranks that the person may have.",
        "{name} 在{period}的各项评分指标：数值、本人案例组合的预期值、按样本量向预期收缩后的值，以及可能的名次范围。",
    ),
    "technicians.interval": ("How sure is the number?", "数字有多可靠？"),
    "technicians.interval_grain": (
        "{kpi} per person in {period} with its 95 % interval; the dashed line is the target. Overlapping intervals are "
        "not a ranking. Hollow points have too little data for a score.",
        "{period}每人的{kpi}及其 95% 区间；虚线为目标。区间重叠不代表高低之分。空心点样本不足，不计分。",
    ),
    "technicians.too_small": (
        "{count} people have no total score in {period}: indicators with enough data carry less than half the weight.",
        "{period}有 {count} 人没有总分：数据充足的指标权重不足一半。",
    ),
    "band.95": ("95 and more", "95 及以上"),
    "band.90": ("90 to 95", "90–95"),
    "band.80": ("80 to 90", "80–90"),
    "band.70": ("70 to 80", "70–80"),
    "band.below_70": ("below 70", "低于 70"),
    "band.none": ("not enough data", "数据不足"),
    # Data health
    "health.summary": ("This version", "当前版本"),
    "health.as_of": ("As of", "数据截止"),
    "health.published": ("Published", "发布时间"),
    "health.duration": ("Build time", "构建耗时"),
    "health.gates": ("Checks passed", "检查通过"),
    "health.gates_value": ("{passed} of {total}", "{passed} / {total}"),
    "health.feeds_connected": ("Feeds connected", "已接入数据源"),
    "health.rejected": ("Rejected rows", "被拒行数"),
    "health.tab_checks": ("Checks", "检查"),
    "health.tab_feeds": ("Feeds", "数据源"),
    "health.tab_notices": ("Changes at the sources", "来源变化"),
    "health.tab_rejects": ("Rejected rows", "被拒行"),
    "health.tab_steps": ("How this build went", "构建过程"),
    "health.tab_versions": ("Versions", "版本"),
    "health.tab_tables": ("Tables", "数据表"),
    "health.checks_grain": (
        "One row per expectation of the two gates in this build: failures first, then warnings, then what passed. Last "
        "builds, oldest first: ✓ passed, ! warning, ✕ failed, · not evaluated.",
        "本次构建两道闸门的每项检查一行：先失败，再警告，后通过。近期构建由旧到新：✓ 通过，! 警告，✕ 失败，· 未执行。",
    ),
    "health.history": ("One check over the builds", "单项检查的历次构建"),
    "health.history_grain": (
        "One row per build that looked, latest first; a build without a publication time was not published.",
        "每次执行过该检查的构建一行，最新在前；没有发布时间的构建未发布。",
    ),
    "health.history_pick": ("Check", "检查项"),
    "health.pages": ("Pages of this build (Data Docs)", "本次构建的检查页面（Data Docs）"),
    "health.pages_grain": (
        "Every check of a table, with rows that contradict it; personal data is masked. The file opens offline.",
        "逐表列出每项检查及不符合的示例行，个人数据已遮盖。下载的文件可离线打开。",
    ),
    "health.pages_pick": ("Table", "表"),
    "health.pages_download": ("Download all pages (zip)", "下载全部页面（zip）"),
    "health.no_pages": (
        "There are no pages of this build beside the published file. Whoever runs the warehouse writes them with "
        "`{command}`.",
        "已发布文件旁没有本次构建的页面。数据仓库管理员可运行 `{command}` 生成。",
    ),
    "health.checks_good": ("Every check of this build passed.", "本次构建的所有检查均通过。"),
    "health.checks_warn": (
        "Checks with a warning: {count}. A failed blocking check would have stopped the publication.",
        "有警告的检查：{count} 项。若阻断性检查失败，则不会发布。",
    ),
    "health.feeds_grain": (
        "One row per feed of the contract. Delivered = in use + superseded + filtered + rejected.",
        "数据契约中每个数据源一行。交付 = 使用 + 被替代 + 被过滤 + 被拒。",
    ),
    "health.notices_grain": (
        "What the extraction noticed at the sources, latest first: columns that came, went or changed, texts in "
        "another encoding, data that is late. Nothing here stopped the build.",
        "抽取时在来源处发现的情况，最新在前：字段新增、缺失或变化，编码不同，数据迟到。这些均未阻断构建。",
    ),
    "health.no_notices": (
        "The sources deliver what they always delivered.",
        "各来源的交付与以往一致。",
    ),
    "health.new_notices": ("New with this build: {count}.", "本次构建新发现：{count} 项。"),
    "health.rejects_grain": (
        "Rows that were delivered and could not be used, by feed, column and reason; nothing is dropped in silence.",
        "已交付但无法使用的行，按数据源、字段和原因；不会静默丢弃。",
    ),
    "health.no_rejects": ("No row was rejected.", "没有被拒的行。"),
    "health.steps_grain": (
        "One row per step, in order. Memory is the most held until the step's end. How long the publication took is in "
        "the build's log.",
        "每行一个步骤，按先后排列。内存为截至该步骤结束的峰值。发布步骤本身记录在构建日志中。",
    ),
    "health.slowest_models": ("Slowest models", "最慢的模型"),
    "step.prepare": ("Prepare", "准备"),
    "step.extract": ("Read: {feed}", "读取：{feed}"),
    "step.inputs": ("Inputs of the models", "模型输入"),
    "step.models": ("All models and their tests", "全部模型及其测试"),
    "step.lineage": ("Lineage", "血缘"),
    "health.versions_grain": (
        "One row per published build, latest first; the first is the one shown.",
        "每次发布一行，最新在前；首行为当前显示版本。",
    ),
    "health.tables_grain": ("Rows per published table.", "各已发布表的行数。"),
    "check.failed": ("Failed", "失败"),
    "check.withheld": ("KPIs withheld", "相关指标暂不发布"),
    "check.warned": ("Warning", "警告"),
    "check.passed": ("Passed", "通过"),
    "gate.gate_1": ("Gate 1: as delivered", "闸门 1：交付数据"),
    "gate.gate_2": ("Gate 2: marts", "闸门 2：数据集市"),
    # Columns of tables and titles of axes
    "column.noticed": ("Noticed", "发现时间"),
    "column.notice": ("What", "情况"),
    "column.place": ("File or table", "文件或表"),
    "column.ticket": ("Ticket", "工单"),
    "column.metric": ("Promise", "承诺"),
    "column.priority": ("Priority", "紧急程度"),
    "column.channel": ("Channel", "渠道"),
    "column.site": ("Site", "网点"),
    "column.family": ("Product family", "产品类别"),
    "column.issue": ("Issue", "问题类别"),
    "column.status": ("Status", "状态"),
    "column.technician": ("Technician", "技师"),
    "column.due": ("Due", "到期"),
    "column.late_by": ("Late by", "已超期"),
    "column.left": ("Time left", "剩余时间"),
    "column.month": ("Month", "月份"),
    "column.cohort": ("Month of first activity", "首次活动月份"),
    "column.months_since": ("Months since", "经过月数"),
    "column.share_active": ("Share active (%)", "活跃占比（%）"),
    "column.share": ("Share (%)", "占比（%）"),
    "column.tickets": ("Tickets", "工单数"),
    "column.minutes": ("Minutes", "分钟"),
    "column.hours": ("Hours", "小时"),
    "column.days": ("Days", "天"),
    "column.time": ("Time", "时间"),
    "column.amount": ("Amount ({currency})", "金额（{currency}）"),
    "column.points": ("Points", "点"),
    "column.score": ("Score", "分值"),
    "column.count": ("Count", "数量"),
    "column.answers": ("Answers", "回答数"),
    "column.aspect": ("Aspect", "方面"),
    "column.interval": ("95 % interval", "95% 区间"),
    "column.sample": ("n", "n"),
    "column.sample_size": ("Sample", "样本"),
    "column.target": ("Target", "目标"),
    "column.value": ("Value", "数值"),
    "column.weight": ("Weight", "权重"),
    "column.total": ("Total (0–100)", "总分（0–100）"),
    "column.rank": ("Rank", "名次"),
    "column.expected": ("Expected by cases", "案例预期"),
    "column.adjusted": ("Adjusted", "收缩后"),
    "column.comparison": ("Against expected", "与预期比较"),
    "column.band": ("Band", "档次"),
    "column.people": ("People", "人数"),
    "column.kpi": ("Indicator", "指标"),
    "column.feed": ("Feed", "数据源"),
    "column.connected": ("Connected", "已接入"),
    "column.sources": ("Sources", "来源"),
    "column.step": ("Step", "步骤"),
    "column.seconds": ("Seconds", "秒"),
    "column.cpu_seconds": ("Processor seconds", "处理器秒"),
    "column.memory": ("Memory, MB", "内存（MB）"),
    "column.model": ("Model", "模型"),
    "column.rows": ("Rows in use", "使用行数"),
    "column.row_count": ("Rows", "行数"),
    "column.delivered": ("Delivered", "交付"),
    "column.superseded": ("Superseded", "被替代"),
    "column.filtered": ("Filtered", "被过滤"),
    "column.rejected": ("Rejected", "被拒"),
    "column.landed": ("Last landed", "最近落地"),
    "column.result": ("Result", "结果"),
    "column.trend": ("Last builds", "近期构建"),
    "column.gate": ("Gate", "闸门"),
    "column.table": ("Table", "表"),
    "column.column": ("Column", "字段"),
    "column.expectation": ("Expectation", "检查项"),
    "column.observed": ("Observed", "实际值"),
    "column.unexpected": ("Unexpected", "异常数"),
    "column.checked": ("Checked", "检查数"),
    "column.message": ("Message", "说明"),
    "column.reason": ("Reason", "原因"),
    "column.example": ("Example", "示例"),
    "column.source": ("Source", "来源"),
    "column.build": ("Build", "构建"),
    "column.as_of": ("As of", "数据截止"),
    "column.published": ("Published", "发布时间"),
    "column.duration": ("Duration", "耗时"),
    "column.code": ("Code version", "代码版本"),
    "column.engine": ("DuckDB", "DuckDB"),
    "column.schema": ("Schema", "模式"),
    "column.series": ("Series", "系列"),
    "column.group": ("Cost group", "成本大类"),
    "column.component": ("Component", "成本项目"),
    # Values of the marts
    "metric.first_response": ("First response", "首次响应"),
    "metric.resolution": ("Resolution", "解决"),
    "metric.visit_arrival": ("Visit arrival", "上门到达"),
    "metric.parts_arrival": ("Parts arrival", "备件到达"),
    "priority.urgent": ("Urgent", "紧急"),
    "priority.high": ("High", "高"),
    "priority.normal": ("Normal", "普通"),
    "priority.low": ("Low", "低"),
    "channel.phone": ("Phone", "电话"),
    "channel.email": ("E-mail", "电子邮件"),
    "channel.web": ("Web form", "网页表单"),
    "channel.chat": ("Online chat", "在线聊天"),
    "channel.social": ("Social media", "社交媒体"),
    "channel.app": ("App", "应用"),
    "channel.walk_in": ("Walk-in", "到店"),
    "channel.other": ("Other", "其他"),
    "value.unknown": ("Unknown", "未知"),
    "ticket_status.new": ("New", "新建"),
    "ticket_status.open": ("Open", "处理中"),
    "ticket_status.waiting_customer": ("Waiting for customer", "等待客户"),
    "ticket_status.waiting_parts": ("Waiting for parts", "等待备件"),
    "ticket_status.on_hold": ("On hold", "挂起"),
    "ticket_status.resolved": ("Resolved", "已解决"),
    "ticket_status.closed": ("Closed", "已关闭"),
    "ticket_status.cancelled": ("Cancelled", "已取消"),
    "ticket_status.merged": ("Merged", "已合并"),
    "ticket_status.unresolved": ("Unresolved", "未能解决"),
    "feed.customers": ("customers", "客户"),
    "feed.products": ("products", "产品"),
    "feed.assets": ("assets", "设备"),
    "feed.purchases": ("purchases", "购买"),
    "feed.tickets": ("tickets", "工单"),
    "feed.ticket_events": ("ticket events", "工单事件"),
    "feed.complaints": ("complaints", "投诉"),
    "feed.technicians": ("technicians", "技师"),
    "feed.sites": ("sites", "网点"),
    "feed.visits": ("visits", "上门作业"),
    "feed.part_lines": ("part lines", "备件明细"),
    "feed.part_stock": ("part stock", "备件库存"),
    "feed.calls": ("calls", "通话"),
    "feed.shifts": ("shifts", "排班"),
    "feed.survey_invitations": ("survey invitations", "调查邀请"),
    "feed.survey_answers": ("survey answers", "调查回答"),
    "feed.reviews": ("reviews", "网络评价"),
    "feed.labor_costs": ("labour costs", "人力成本"),
    "feed.operating_costs": ("operating costs", "运营成本"),
    "feed.ledger_totals": ("ledger totals", "总账合计"),
    "feed.audits": ("audits", "质量审核"),
    "feed.gate_limits": ("limits of the gates", "质量门限值"),
    "feed.delay_reason_groups": ("groups of delay reasons", "延误原因归类"),
    "feed.scorecard_weights": ("Scorecard weights", "评分卡权重"),
    "feed.sla_policies": ("SLA policies", "SLA 政策"),
    "feed.calendars": ("business calendars", "服务日历"),
    "feed.calendar_hours": ("hours of calendars", "日历营业时间"),
    "feed.calendar_days": ("holidays and make-up days", "节假日与调休"),
    "feed.calendar_rules": ("calendar rules", "日历规则"),
    "feed.call_policies": ("call targets", "话务服务目标"),
    "feed.kpi_registry": ("KPI registry", "指标登记"),
    "feed.reference_values": ("benchmarks and reference cases", "标杆值与参考案例"),
    "feed.cost_drivers": ("cost drivers", "成本分摊动因"),
    "notice.new_column": ("new column", "新增字段"),
    "notice.missing_column": ("missing column", "缺失字段"),
    "notice.returned_column": ("column is back", "字段恢复"),
    "notice.changed_type": ("other type", "类型变化"),
    "notice.encoding": ("encoding", "编码"),
    "notice.ambiguous_time": ("time that exists twice", "重复的本地时间"),
    "notice.impossible_date": ("impossible date", "不存在的日期"),
    "notice.compression": ("compression", "压缩格式"),
    "notice.empty_file": ("empty file", "空文件"),
    "notice.error_cell": ("cell with an error", "错误单元格"),
    "notice.next_page": ("more pages than read", "还有未读取的页"),
    "notice.stale": ("late data", "数据迟到"),
    "reason.unreadable": ("unreadable line", "无法读取的行"),
    "reason.required": ("required value missing", "缺少必填值"),
    "reason.cast": ("not of its type", "类型不符"),
    "reason.format": ("not in its form", "格式不符"),
    "reason.range": ("implausible date", "不合理的日期"),
    "reason.skipped_time": ("local time that never was", "不存在的本地时间"),
    "reason.allowed_values": ("value not allowed", "不允许的值"),
    # Units
    "unit.s": ("s", "秒"),
    "unit.min": ("min", "分"),
    "unit.h": ("h", "小时"),
    "unit.per_100": ("per 100", "每百件"),
    "unit.d": ("d", "天"),
    "unit.percentage_points": ("pp", "个百分点"),
    "unit.points": ("points", "点"),
    "money.thousand": ("K", "千"),
    "money.ten_thousand": ("× 10 K", "万"),
    "money.million": ("M", "百万"),
    "money.hundred_million": ("× 100 M", "亿"),
    "money.billion": ("B", "十亿"),
    "list.separator": (", ", "、"),
    "list.or": (" or ", "或"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
}


def use_language(language: str) -> None:
    """Speak `language` (one of settings.LANGUAGES) in this visitor's session from here on."""
    st.session_state[_LANGUAGE_KEY] = language


def language() -> str:
    """The language this visitor's session speaks."""
    return str(st.session_state.get(_LANGUAGE_KEY, LANGUAGES[0]))


def t(key: str, **values: object) -> str:
    """The words of `key` in the session's language, with `values` put in; KeyError names a key that is unknown."""
    return WORDS[key][LANGUAGES.index(language())].format(**values)


def named(kind: str, value: object) -> str:
    """A value of the data in words where `kind`.`value` has some, else as readable as it can be made."""
    text = "" if pd.isna(value) else str(value)
    if f"{kind}.{text}" in WORDS:
        return t(f"{kind}.{text}")
    if text in ("", "unknown"):
        return t("value.unknown")
    # A code of the company's own, such as air_conditioner: readable, though not translated.
    return text.replace("_", " ").capitalize() if _CODE.fullmatch(text) else text


def feeds(names: Iterable[str]) -> str:
    """Feeds of the contract as one list in words; `a|b` stands for one of several that would do."""
    alternatives = (t("list.or").join(named("feed", name) for name in one_of.split("|")) for one_of in names)
    return t("list.separator").join(alternatives)
