"""What changed, whether it is real, why, and what is about to be late."""

from __future__ import annotations

from typing import Final

# Parameters: grain, site, product family, region, channel, priority, period start.
KPI_CHANGES: Final = """
select
    kpi_id, verdict, change_low, change_high, signal, limit_low, limit_center, limit_high, strength, off_target_count,
    is_better,
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

# One row per KPI that was split: its main cause, or any member where nobody stands out, with the part of the main cause
# that stands out, where one does. Parameters: grain, period start, comparison (previous or year_before).
KPI_CAUSES: Final = """
select
    split.kpi_id, split.dimension, split.member, dim_sites.site_name, split.driver, split.previous_value, split.value,
    split.previous_weight, split.weight, split.is_main_cause, drill.second_dimension, drill.second_member,
    second_sites.site_name as second_site_name, drill.driver as second_driver,
    drill.previous_value as second_previous_value, drill.value as second_value,
    drill.previous_weight as second_previous_weight, drill.weight as second_weight
from marts.agg_kpi_change_split as split
left join marts.dim_sites
    on split.dimension = 'site' and split.member = dim_sites.site_id
left join marts.agg_kpi_change_drill as drill
    on
        split.kpi_id = drill.kpi_id
        and split.period_grain = drill.period_grain
        and split.period_start_date = drill.period_start_date
        and split.comparison = drill.comparison
        and split.dimension = drill.dimension
        and split.member = drill.member
        and drill.is_main_cause
left join marts.dim_sites as second_sites
    on drill.second_dimension = 'site' and drill.second_member = second_sites.site_id
where
    split.period_grain = ?
    and split.period_start_date = ?
    and split.comparison = ?
qualify
    row_number() over (
        partition by split.kpi_id order by split.is_main_cause desc, split.dimension, split.member
    ) = 1
order by split.kpi_id
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
