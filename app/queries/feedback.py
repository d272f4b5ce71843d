"""What customers write: how it sounds, about what, what rises, and the words in their context."""

from __future__ import annotations

from typing import Final

# Parameters: grain, period start, site, product family.
SENTIMENT: Final = """
select
    feedback_kind, comment_count, read_count, positive_count, neutral_count, negative_count, negative_share,
    negative_low, negative_high
from marts.agg_feedback_sentiment
where
    period_grain = ?
    and period_start_date = ?
    and site_id = ?
    and product_family = ?
order by feedback_kind
"""

# Parameters: site, product family, first month, last month.
SENTIMENT_MONTHS: Final = """
select period_start_date as month_start_date, positive_count, neutral_count, negative_count
from marts.agg_feedback_sentiment
where
    period_grain = 'month'
    and feedback_kind = 'all'
    and site_id = ?
    and product_family = ?
    and period_start_date between ? and ?
order by period_start_date
"""

# Parameters: grain, period start, site, product family.
THEMES: Final = """
select
    theme, polarity, comment_count, read_count, comment_share, comment_low, comment_high, severity_mean,
    intensity_mean, weight_share, pareto_rank, cumulated_share
from marts.agg_feedback_themes
where
    period_grain = ?
    and period_start_date = ?
    and site_id = ?
    and product_family = ?
order by polarity, pareto_rank, comment_count desc, theme
"""

# Parameters: site, product family, first month, last month.
THEME_MONTHS: Final = """
select month_start_date, theme, polarity, comment_count, read_count, comment_share
from marts.agg_feedback_themes_monthly
where
    site_id = ?
    and product_family = ?
    and month_start_date between ? and ?
order by month_start_date, theme
"""

# Parameters: month, site, product family.
RISING: Final = """
select
    theme, comment_count, read_count, comment_share, baseline_count, baseline_read_count, baseline_share,
    share_ratio, adjusted_p_value, is_rising
from marts.agg_feedback_themes_monthly
where
    month_start_date = ?
    and site_id = ?
    and product_family = ?
    and is_tested
order by adjusted_p_value, comment_count desc, theme
"""

# Parameters: theme, site twice, product family twice, first day, last day.
CONTEXTS: Final = """
select
    fct_feedback_words.word, fct_feedback_words.feedback_kind, fct_feedback_words.product_family,
    fct_feedback_words.written_date, dim_sites.site_name, fct_feedback.comment,
    strpos(lower(fct_feedback.comment), lower(rtrim(fct_feedback_words.word, '*'))) as word_position
from marts.fct_feedback_words
inner join marts.fct_feedback
    on
        fct_feedback_words.feedback_kind = fct_feedback.feedback_kind
        and fct_feedback_words.feedback_id = fct_feedback.feedback_id
left join marts.dim_sites
    on fct_feedback.site_id = dim_sites.site_id
where
    fct_feedback_words.theme = ?
    and (? = 'all' or fct_feedback_words.site_id = ?)
    and (? = 'all' or fct_feedback_words.product_family = ?)
    and fct_feedback_words.written_date between ? and ?
order by
    fct_feedback_words.written_date desc, fct_feedback_words.feedback_kind, fct_feedback_words.feedback_id,
    fct_feedback_words.word
limit 60
"""
