"""Cohorts of customers."""

from __future__ import annotations

from typing import Final

COHORT_CHOICES: Final = """
select distinct activity, source
from marts.agg_retention_cohorts
order by activity, source
"""

# Parameters: activity, source, form.
COHORTS: Final = """
select
    cohort_month_date, period_number, cohort_size, active_count, amount, retention_share, is_complete,
    period_start_date
from marts.agg_retention_cohorts
where activity = ? and source = ? and retention_form = ?
order by cohort_month_date, period_number
"""
