"""Words: satisfaction."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
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
        "Share of top answers per aspect and month answered; the stronger the colour, the better. Cells of fewer "
        "than 10 answers are left out.",
        "按方面和回答月份的高分占比，颜色越浓越好；少于 10 份回答的格不显示。",
    ),
    "satisfaction.funnel": ("Who was asked, and who told?", "问了谁，谁回答了？"),
    "satisfaction.funnel_grain": (
        "Invitations sent in {period}, by kind of survey: answered within 14 days, with a valid answer to the overall "
        "question, and satisfied.",
        "{period}发出的调查邀请，按调查类型：14 天内回答、总体问题有效、满意。",
    ),
    "satisfaction.invited": ("Invited", "邀请"),
    "satisfaction.answered": ("Answered", "已回答"),
    "satisfaction.valid": ("Valid", "有效"),
    "satisfaction.satisfied": ("Satisfied", "满意"),
    "satisfaction.too_young": (
        "{count} were sent less than 14 days ago and are not judged.",
        "{count} 份发出不足 14 天，未计入。",
    ),
    "satisfaction.silent": (
        "Whatever the silent think, between {low} and {high} of all who were asked are satisfied.",
        "无论未回答者怎么想，全部受访者的满意占比介于 {low} 与 {high} 之间。",
    ),
    "satisfaction.scores": ("Which points of the scale?", "分值分布"),
    "satisfaction.scores_grain": (
        "Answers of {month} in the kind of survey with most answers: one bar per aspect, split by the point chosen.",
        "{month}回答最多的调查类型：每个方面一条，按所选分值拆分。",
    ),
    "satisfaction.scores_narrow": (
        "The points are published by site or by product family, not by both: choose one of them.",
        "分值分布按网点或按产品类别发布，不同时按两者：请只选其一。",
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
}
