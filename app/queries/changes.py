"""What changed, whether it is real, why, and what is about to be late."""

from __future__ import annotations

from typing import Final

# Parameters: grain, site, product family, region, channel, priority, period start.
KPI_CHANGES: Final = """
select
    kpi_id, verdict, change_low, change_high, limit_low, limit_high, strength, off_target_count, is_better,
    year_verdict, year_change_low, year_change_high, year_strength, year_is_better
from marts.agg_kpi_changes
where
    period_grain = ?
    and site_id = ?
    and product_family = ?
    and region = ?
    and channel = ?
    and priority = ?
    and period_start_date = ?
order by kpi_id
"""

# One row per KPI that was split: its main cause, or any member where nobody stands out.
# Parameters: grain, period start, comparison (previous or year_before).
KPI_CAUSES: Final = """
select
    agg_kpi_change_split.kpi_id, agg_kpi_change_split.dimension, agg_kpi_change_split.member, dim_sites.site_name,
    agg_kpi_change_split.driver, agg_kpi_change_split.previous_value, agg_kpi_change_split.value,
    agg_kpi_change_split.previous_weight, agg_kpi_change_split.weight, agg_kpi_change_split.is_main_cause
from marts.agg_kpi_change_split
left join marts.dim_sites
    on agg_kpi_change_split.dimension = 'site' and agg_kpi_change_split.member = dim_sites.site_id
where
    agg_kpi_change_split.period_grain = ?
    and agg_kpi_change_split.period_start_date = ?
    and agg_kpi_change_split.comparison = ?
qualify
    row_number() over (
        partition by agg_kpi_change_split.kpi_id
        order by
            agg_kpi_change_split.is_main_cause desc, agg_kpi_change_split.dimension, agg_kpi_change_split.member
    ) = 1
order by agg_kpi_change_split.kpi_id
"""

# Parameters: site, product family, channel and priority, each twice.
RISK_COUNTS: Final = """
select due_band, count(*) as promise_count
from marts.agg_sla_at_risk
where
    due_band in ('overdue', 'within_1h', 'within_4h', 'today')
    and (? = 'all' or site_id = ?)
    and (? = 'all' or product_family = ?)
    and (? = 'all' or channel = ?)
    and (? = 'all' or priority = ?)
group by due_band
order by due_band
"""

# What can still be kept first, then what has waited longest.
# Parameters: site, product family, channel and priority, each twice.
RISK_FIRST: Final = """
select metric, subject_id, ticket_id, priority, margin_seconds, due_at
from marts.agg_sla_at_risk
where
    due_band in ('overdue', 'within_1h', 'within_4h', 'today')
    and (? = 'all' or site_id = ?)
    and (? = 'all' or product_family = ?)
    and (? = 'all' or channel = ?)
    and (? = 'all' or priority = ?)
order by due_band = 'overdue', due_at, metric, subject_id
limit 4
"""
