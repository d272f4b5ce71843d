"""Words: complaints and feedback."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "complaints.rate": ("Are complaints getting fewer?", "投诉在减少吗？"),
    "complaints.rate_grain": (
        "Complaints raised per 100 finished requests, by month; the band is the 95 % interval, the dashed line the "
        "target.",
        "按月每百件完结请求的投诉数；色带为 95% 区间，虚线为目标。",
    ),
    "complaints.times": ("How fast are they dealt with?", "处理得多快？"),
    "complaints.times_grain": (
        "Mean time to acknowledge and to close a complaint, by month raised; open ones are not in it. Logarithmic "
        "scale.",
        "按提出月份的平均受理时长与平均处理时长，未关闭的不计；对数刻度。",
    ),
    "complaints.kind_of": ("Told apart by", "划分方式"),
    "complaints.complaint_kind": ("Type", "类型"),
    "complaints.severity": ("Severity", "严重程度"),
    "complaints.outcome": ("Outcome", "处理结果"),
    "complaints.over_time": ("Complaints over time", "投诉走势"),
    "complaints.over_time_grain": (
        "Complaints by month raised. A faint bar is a month in progress.",
        "按提出月份的投诉数。淡色柱为进行中的月份。",
    ),
    "complaints.kinds": ("What they are", "构成"),
    "complaints.kinds_grain": (
        "Complaints raised in {period}: count and share of all.",
        "{period}提出的投诉：数量及占比。",
    ),
    "complaints.causes": ("Causes", "原因"),
    "complaints.causes_grain": (
        "Complaints raised in {period}, one row per cause: how many are still open or came again within 30 days, and "
        "the mean times.",
        "{period}提出的投诉，每个原因一行：未关闭数、30 天内再次投诉数及平均时长。",
    ),
    "complaints.circumstances": ("What lies behind the causes", "原因背后的服务事实"),
    "complaints.circumstances_grain": (
        "Of the requests complained of for each recorded cause: the share of which the company's own records show it, "
        "over the whole history. Blue: more often than among all requests, and than expected of their channel and "
        "priority, by more than chance. Grey: chance, or fewer than 5 requests. An association: it does not say why.",
        "各投诉原因所涉请求中，本公司记录显示发生该事实的占比（全部历史）。蓝色：高于全部请求，也高于同渠道同优先级的"
        "期望，且超出偶然；灰色：偶然或不足 5 件。仅为相关，不说明原因。",
    ),
    "complaints.circumstance_found": (
        "{cause}: {circumstance} at {share} of these requests, {expected} expected.",
        "{cause}：这些请求中 {share} {circumstance}，期望为 {expected}。",
    ),
    "complaints.circumstance_cell": ("{share}, {expected} expected", "{share}，期望 {expected}"),
    "complaints.circumstances_silent": (
        "The records show nothing of these requests that could not be chance.",
        "这些请求的服务记录与偶然无法区分。",
    ),
    "complaints.all_causes": ("All complaints", "全部投诉"),
    "circumstance.late_first_response": ("first response late", "首次响应超时"),
    "circumstance.late_visit": ("visit late", "上门超时"),
    "circumstance.lost_visit": ("part missing", "上门缺件"),
    "circumstance.late_part": ("part late", "配件超时"),
    "circumstance.late_resolution": ("resolved late", "解决超时"),
    "circumstance.reopened": ("reopened", "重新打开"),
    "circumstance.repeat": ("repeated issue", "重复来访"),
    "complaints.list": ("Complaints one by one", "投诉明细"),
    "complaints.list_grain": (
        "One row per complaint raised in {period}: open ones first, then the latest; at most 200 rows.",
        "每行为一件{period}提出的投诉：未关闭优先，其次按时间降序，最多 200 行。",
    ),
    "complaints.none": ("No complaint in this period and scope.", "该时段与范围内没有投诉。"),
    "complaints.others": ("Others", "其他"),
    "complaints.audit_trend": ("What audits say", "审核得分走势"),
    "complaints.audit_trend_grain": (
        "Mean score out of 100 by month: mystery shoppers, and monitored contacts; the bands are the 95 % intervals.",
        "按月平均得分（满分 100）：神秘顾客与服务质量监测；色带为 95% 区间。",
    ),
    "complaints.audits": ("By aspect", "按方面"),
    "complaints.audits_grain": (
        "Mean score out of 100 in {period}, one point per kind of audit and aspect, with its 95 % interval; hollow: "
        "fewer than 10 scores.",
        "{period}平均得分（满分 100），每种审核与方面一个点及其 95% 区间；空心：不足 10 个评分。",
    ),
    "complaints.audited": ("{audit} · {aspect}", "{audit} · {aspect}"),
    "complaints.review_trend": ("What the public reads", "网络评分走势"),
    "complaints.review_trend_grain": (
        "Mean of public ratings with five stars at most, by month; the band is the 95 % interval.",
        "按月五星制网络评分均值；色带为 95% 区间。",
    ),
    "complaints.reviews": ("Reviews", "网络评价"),
    "complaints.reviews_grain": (
        "Public reviews in {period}, latest first, at most 30.",
        "{period}的网络评价，按时间降序，最多 30 条。",
    ),
    "audit.mystery_shopper": ("Mystery shopper", "神秘顾客"),
    "audit.monitoring": ("Monitoring", "质量监测"),
    # Codes that are usual; a company's others are shown as they are.
    "complaint_kind.attitude": ("Attitude", "服务态度"),
    "complaint_kind.slow_response": ("Slow response", "响应慢"),
    "complaint_kind.fee_dispute": ("Fee dispute", "费用争议"),
    "complaint_kind.repair_quality": ("Repair quality", "维修质量"),
    "complaint_kind.product_quality": ("Product quality", "产品质量"),
    "severity.critical": ("Critical", "特别严重"),
    "severity.high": ("High", "严重"),
    "severity.medium": ("Medium", "一般"),
    "severity.low": ("Low", "轻微"),
    "cause.service_attitude": ("Attitude of staff", "人员态度"),
    "cause.understaffed": ("Too few people", "人手不足"),
    "cause.unclear_prices": ("Unclear prices", "收费不清"),
    "cause.skill": ("Skill", "技能不足"),
    "cause.product_design": ("Product design", "产品设计"),
    "outcome.open": ("Open", "未关闭"),
    "outcome.compensated": ("Compensated", "补偿"),
    "outcome.repaired_again": ("Repaired again", "再次维修"),
    "outcome.refunded": ("Refunded", "退款"),
    "outcome.unit_replaced": ("Unit replaced", "换机"),
    "outcome.explained": ("Explained", "解释说明"),
    "platform.jd": ("JD.com", "京东"),
    "platform.tmall": ("Tmall", "天猫"),
    "platform.dianping": ("Dianping", "大众点评"),
    "platform.douyin": ("Douyin", "抖音"),
}
