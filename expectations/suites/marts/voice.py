"""Marts about what customers say: what may not be less than what, and what no row may say."""

from __future__ import annotations

from expectations.suites.structure import Contradiction, Contradictions, Order

# Mart → (column, the column it must not be less than or before).
ORDER: Order = {
    "agg_satisfaction_monthly": (
        ("answer_count", "top_box_count"),
        ("top_box_share", "top_box_low"),
        ("top_box_high", "top_box_share"),
        ("nps", "nps_low"),
        ("nps_high", "nps"),
    ),
    "agg_satisfaction_aspects": (
        ("answer_count", "top_box_count"),
        ("mean_score", "mean_low"),
        ("mean_high", "mean_score"),
        ("top_box_share", "top_box_low"),
        ("top_box_high", "top_box_share"),
    ),
    "agg_survey_funnel": (
        ("answered_count", "valid_count"),
        ("valid_count", "top_box_count"),
        ("satisfied_share", "satisfied_low"),
        ("satisfied_high", "satisfied_share"),
        ("satisfied_share", "satisfied_if_others_unhappy"),
        ("satisfied_if_others_happy", "satisfied_share"),
    ),
    "agg_complaints_monthly": (
        ("complaint_count", "open_count"),
        ("complaint_count", "recurrent_count"),
        ("complaint_count", "acknowledged_count"),
        ("complaint_count", "handled_count"),
    ),
    "agg_complaint_causes": (
        ("ticket_count", "present_count"),
        ("base_ticket_count", "ticket_count"),
        ("present_share", "present_low"),
        ("present_high", "present_share"),
    ),
    "agg_complaints_by_kind": (
        ("complaint_count", "open_count"),
        ("complaint_count", "recurrent_count"),
        ("complaint_count", "acknowledged_count"),
        ("complaint_count", "handled_count"),
    ),
    "agg_feedback_sentiment": (
        ("comment_count", "read_count"),
        ("comment_count", "themed_count"),
        ("negative_share", "negative_low"),
        ("negative_high", "negative_share"),
    ),
    "agg_feedback_themes": (
        ("read_count", "comment_count"),
        ("comment_share", "comment_low"),
        ("comment_high", "comment_share"),
    ),
    "agg_feedback_themes_monthly": (
        ("read_count", "comment_count"),
        ("comment_share", "comment_low"),
        ("comment_high", "comment_share"),
    ),
    "agg_audit_scores": (("mean_points", "mean_low"), ("mean_high", "mean_points")),
}

# Mart → what would contradict itself.
CONTRADICTIONS: Contradictions = {
    "fct_survey_answers": (
        Contradiction(
            "valid_is_in_scale",
            "a valid score lies within its scale",
            "is_valid and (raw_score is null or raw_score < scale_min or raw_score > scale_max)",
            ("answer_id", "raw_score", "scale_min", "scale_max"),
        ),
    ),
    "fct_complaints": (
        Contradiction(
            "open_is_not_closed",
            "a complaint is open or closed",
            "is_open = (closed_at is not null)",
            ("complaint_id", "is_open", "closed_at"),
        ),
    ),
    "fct_reviews": (
        Contradiction(
            "valid_is_in_scale",
            "a valid rating lies within its scale",
            "is_valid and (rating is null or rating > scale_max)",
            ("review_id", "rating", "scale_max"),
        ),
    ),
    "fct_audits": (
        Contradiction(
            "valid_is_in_scale",
            "valid points lie within their scale",
            "is_valid and score > scale_max",
            ("audit_id", "score", "scale_max"),
        ),
    ),
    "agg_feedback_sentiment": (
        Contradiction(
            "sentiments_add_up",
            "a comment that was read is positive, neutral or negative",
            "positive_count + neutral_count + negative_count <> read_count",
            ("period_grain", "period_start_date", "feedback_kind", "segment", "site_id", "read_count"),
        ),
    ),
    "agg_satisfaction_monthly": (
        Contradiction(
            "groups_in_whole",
            "promoters and detractors are no more than the answers",
            "promoter_count + detractor_count > answer_count",
            ("month_start_date", "question_kind", "segment", "promoter_count", "detractor_count", "answer_count"),
        ),
    ),
    "agg_survey_funnel": (
        Contradiction(
            "funnel_adds_up",
            "nobody invited is lost between sending and answering",
            "invited_count <> immature_count + answered_count + late_count + unanswered_count",
            ("period_grain", "period_start_date", "survey_kind", "segment", "site_id", "invited_count"),
        ),
    ),
}
