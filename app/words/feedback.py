"""Words: what customers write."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "feedback.headline": (
        "Of {count} comments {share} sound negative; {theme} weighs most, {weight} of all complaints.",
        "{count} 条评论中 {share} 为负面；分量最重的是“{theme}”，占全部抱怨的 {weight}。",
    ),
    "feedback.headline_no_theme": (
        "Of {count} comments {share} sound negative; none names a known theme of complaints.",
        "{count} 条评论中 {share} 为负面，未出现已知的抱怨主题。",
    ),
    "feedback.few": (
        "{count} comments: anecdotes, from which nothing is concluded (fewer than {fewest}).",
        "{count} 条评论：数量不足 {fewest} 条，仅供参考，不作结论。",
    ),
    "feedback.new": ("Newly rising in {month}: {themes}.", "{month}新上升主题：{themes}。"),
    "feedback.nothing_new": (
        "In {month} no theme rose more than chance explains.",
        "{month}没有主题的上升超出偶然波动。",
    ),
    "feedback.not_tested": (
        "Too few comments to tell what rises in {month}: it takes 10 on a theme, and 3 months with comments before.",
        "{month}评论太少，无法判断何者上升：同一主题须有 10 条，且之前须有 3 个月的评论。",
    ),
    "feedback.unread": (
        "{count} more comments are in a language that is not read, and are in no share.",
        "另有 {count} 条评论的语言无法分析，不计入占比。",
    ),
    "feedback.pareto": ("What weighs most", "什么最要紧"),
    "feedback.pareto_grain": (
        "Themes of complaints in comments of {period}, by weight: how often × how severe × how strongly said. The last "
        "number adds up from the top.",
        "{period}评论中的抱怨主题，按权重排列：频次 × 严重程度 × 强度。末尾数字为自上而下累计占比。",
    ),
    "feedback.of_weight": ("{share} · {count} · Σ {cumulated}", "{share} · {count} 条 · 累计 {cumulated}"),
    "feedback.weight_share": ("Share of weight (%)", "权重占比（%）"),
    "feedback.severity_1": ("Annoys", "令人不快"),
    "feedback.severity_2": ("Costs time", "耗费时间"),
    "feedback.severity_3": ("Fails or endangers", "失败或有危险"),
    "feedback.no_complaints": ("No theme of complaints was found.", "未发现抱怨主题。"),
    "feedback.rising": ("What is new", "有何新动向"),
    "feedback.rising_grain": (
        "Themes of complaints in {month} against the up to 6 months before. The chance is that of so many comments if "
        "nothing had changed, times the number of themes looked at; risen is what stays at 0.01 or below.",
        "{month}抱怨主题与之前最多 6 个月相比。偶然概率指若无变化出现如此多评论的概率，再乘以所检验的主题数；"
        "不高于 0.01 者判为上升。",
    ),
    "feedback.risen": ("Risen", "上升"),
    "feedback.chance": ("As before", "与此前相当"),
    "feedback.least": ("< 0.001", "< 0.001"),
    "feedback.theme_months": ("Themes over time", "主题走势"),
    "feedback.theme_months_grain": (
        "Share of the comments of a month that name a theme of complaints; darker is more. An empty cell: none.",
        "每月提及各抱怨主题的评论占比，颜色越深占比越高；空白表示没有。",
    ),
    "feedback.of_read": ("{count} of {all}", "{all} 条中 {count} 条"),
    "feedback.sentiment_months": ("How it sounds", "情感走势"),
    "feedback.sentiment_months_grain": (
        "Comments by month written. A faint bar is a month in progress.",
        "按撰写月份的评论数。淡色柱为进行中的月份。",
    ),
    "feedback.kinds_grain": ("By where it was written, in {period}.", "{period}，按评论来源。"),
    "feedback.praise": ("What is praised", "表扬什么"),
    "feedback.praise_grain": (
        "Themes of praise in comments of {period}: count and share of all comments.",
        "{period}评论中的表扬主题：数量及占全部评论的比例。",
    ),
    "feedback.no_praise": ("No theme of praise was found.", "未发现表扬主题。"),
    "feedback.contexts": ("Keywords in context", "关键词上下文"),
    "feedback.contexts_grain": (
        "The words by which a theme was found in comments of {period}, latest first, at most 60.",
        "{period}评论中识别出主题的词语及其上下文，按时间降序，最多 60 条。",
    ),
    "feedback.no_texts": (
        "The company publishes no comments; the words by which themes are known are shown without their context.",
        "公司未公开评论原文，仅显示识别主题的词语。",
    ),
    "sentiment.positive": ("Positive", "正面"),
    "sentiment.neutral": ("Neutral", "中性"),
    "sentiment.negative": ("Negative", "负面"),
    "feedback_kind.survey": ("Survey", "调查"),
    "feedback_kind.review": ("Public review", "网络评价"),
    "feedback_kind.complaint": ("Complaint", "投诉"),
    "feedback_kind.audit": ("Audit", "审核"),
    "theme.slow_response": ("Slow to answer", "响应慢"),
    "theme.slow_resolution": ("Slow to resolve", "解决慢"),
    "theme.parts_wait": ("Waiting for parts", "等配件"),
    "theme.attitude_bad": ("Bad attitude", "态度不好"),
    "theme.not_fixed": ("Not fixed", "没修好"),
    "theme.communication_bad": ("Poor communication", "沟通不畅"),
    "theme.late_visit": ("Late or missed visit", "上门迟到或爽约"),
    "theme.price": ("Price", "收费"),
    "theme.product_quality": ("Product quality", "产品质量"),
    "theme.safety": ("Safety", "安全隐患"),
    "theme.leaving": ("Leaving, refund", "退换与流失"),
    "theme.dissatisfied": ("Dissatisfied at large", "总体不满"),
    "theme.fast": ("Fast", "快速"),
    "theme.attitude_good": ("Good attitude", "态度好"),
    "theme.skill_good": ("Skilled", "技术好"),
    "theme.clear_explanation": ("Clear explanation", "讲解清楚"),
    "theme.price_good": ("Fair price", "收费合理"),
    "theme.satisfied": ("Satisfied at large", "总体满意"),
    "column.theme": ("Theme", "主题"),
    "column.comments": ("Comments", "评论数"),
    "column.mentioned": ("Share of comments", "提及率"),
    "column.severity": ("Severity (0–3)", "严重程度（0–3）"),
    "column.intensity": ("Intensity (0–1)", "强度（0–1）"),
    "column.weight_share": ("Share of weight", "权重占比"),
    "column.cumulated": ("Adds up to", "累计占比"),
    "column.comments_before": ("Comments before", "此前评论数"),
    "column.mentioned_before": ("Share before", "此前提及率"),
    "column.ratio": ("Times", "倍数"),
    "column.chance_alone": ("Chance", "偶然概率"),
    "column.feedback_kind": ("Where", "来源"),
    "column.negative_share": ("Negative share", "负面占比"),
    "column.before_word": ("Before it", "上文"),
    "column.word": ("Keyword", "关键词"),
    "column.after_word": ("After it", "下文"),
    "column.written": ("Written", "日期"),
}
