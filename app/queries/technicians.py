"""Scorecards of persons."""

from __future__ import annotations

from typing import Final

# Parameters: grain, period start, site twice.
SCORECARDS: Final = """
select
    agg_technician_scorecards.technician_id, agg_technician_scorecards.technician_name,
    agg_technician_scorecards.work_role, dim_sites.site_name, agg_technician_scorecards.kpi_id,
    agg_technician_scorecards.band, agg_technician_scorecards.comparison, agg_technician_scorecards.value,
    agg_technician_scorecards.eligible_count, agg_technician_scorecards.minimum_sample,
    agg_technician_scorecards.interval_low, agg_technician_scorecards.interval_high,
    agg_technician_scorecards.target, agg_technician_scorecards.score, agg_technician_scorecards.weight,
    agg_technician_scorecards.expected_value, agg_technician_scorecards.adjusted_value,
    agg_technician_scorecards.adjusted_low, agg_technician_scorecards.adjusted_high,
    agg_technician_scorecards.rank_low, agg_technician_scorecards.rank_high,
    agg_technician_scorecards.ranked_count, agg_technician_scorecards.total_score,
    agg_technician_scorecards.total_rank_low, agg_technician_scorecards.total_rank_high,
    agg_technician_scorecards.total_ranked_count, agg_technician_scorecards.is_enough_data
from marts.agg_technician_scorecards
left join marts.dim_sites
    on agg_technician_scorecards.site_id = dim_sites.site_id
where
    agg_technician_scorecards.period_grain = ?
    and agg_technician_scorecards.period_start_date = ?
    and (? = 'all' or agg_technician_scorecards.site_id = ?)
order by
    agg_technician_scorecards.total_score desc nulls last,
    agg_technician_scorecards.technician_id, agg_technician_scorecards.kpi_id
"""

# The row in force on the period's last day, or at as-of where that is earlier, as in the scorecards.
# Parameters: role, last day twice.
SCORECARD_WEIGHTS: Final = """
select kpi_id, weight
from marts.dim_scorecard_weights
where
    work_role = ?
    and valid_from_date <= ?
    and (valid_to_date is null or valid_to_date >= ?)
order by weight desc, kpi_id
"""
