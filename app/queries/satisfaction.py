"""Survey answers."""

from __future__ import annotations

from typing import Final

# Parameters: site, product family, first month, last month.
SATISFACTION_MONTHS: Final = """
select
    month_start_date, question_kind, survey_kind, aspect, scale_max, answer_count, mean_score, top_box_share,
    top_box_low, top_box_high, nps, nps_low, nps_high
from marts.agg_satisfaction_monthly
where
    site_id = ?
    and product_family = ?
    and month_start_date between ? and ?
order by month_start_date, question_kind, survey_kind, aspect, scale_max
"""

# Parameters: site, product family, channel and priority, each twice, first day, last day.
COMMENTS: Final = """
select
    fct_survey_answers.comment, fct_survey_answers.question_kind, fct_survey_answers.aspect,
    fct_survey_answers.nps_group, fct_survey_answers.raw_score, fct_survey_answers.scale_max,
    fct_survey_answers.product_family, dim_sites.site_name, fct_survey_answers.is_top_box,
    fct_survey_answers.answered_date
from marts.fct_survey_answers
left join marts.dim_sites
    on fct_survey_answers.site_id = dim_sites.site_id
where
    fct_survey_answers.comment is not null
    and (? = 'all' or fct_survey_answers.site_id = ?)
    and (? = 'all' or fct_survey_answers.product_family = ?)
    and (? = 'all' or fct_survey_answers.channel = ?)
    and (? = 'all' or fct_survey_answers.priority = ?)
    and fct_survey_answers.answered_date between ? and ?
order by fct_survey_answers.answered_at desc, fct_survey_answers.answer_id
limit 60
"""

# Parameters: grain, period start, site, product family.
FUNNEL: Final = """
select
    survey_kind, invited_count, immature_count, answered_count, valid_count, top_box_count, response_share,
    satisfied_share, satisfied_if_others_unhappy, satisfied_if_others_happy
from marts.agg_survey_funnel
where
    period_grain = ?
    and period_start_date = ?
    and site_id = ?
    and product_family = ?
    and survey_channel = 'all'
order by invited_count desc, survey_kind
"""

# Parameters: month, site, product family.
SCORES: Final = """
select question_kind, survey_kind, aspect, scale_max, score_point, answer_count, answer_share
from marts.agg_satisfaction_scores
where
    month_start_date = ?
    and site_id = ?
    and product_family = ?
    and question_kind in ('csat', 'aspect')
order by question_kind desc, aspect, survey_kind, scale_max, score_point
"""
