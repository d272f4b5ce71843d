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
}
