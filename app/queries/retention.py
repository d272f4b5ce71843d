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

# Parameters: grain, period start, activity.
FLOWS: Final = """
select
    start_count, new_count, returning_count, churned_count, end_count, new_amount, returning_amount,
    retained_amount, lost_amount, is_mature
from marts.agg_customer_flows
where period_grain = ? and period_start_date = ? and activity = ?
"""
