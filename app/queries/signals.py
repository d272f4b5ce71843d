"""Why a KPI moved, member by member, and which of its readings are signals."""

from __future__ import annotations

from typing import Final

# Parameters: KPI, grain, period start, comparison (previous or year_before).
KPI_SPLIT: Final = """
select
    agg_kpi_change_split.dimension, agg_kpi_change_split.member, dim_sites.site_name, agg_kpi_change_split.driver,
    agg_kpi_change_split.previous_value, agg_kpi_change_split.value, agg_kpi_change_split.previous_weight,
    agg_kpi_change_split.weight, agg_kpi_change_split.mix_effect, agg_kpi_change_split.rate_effect,
    agg_kpi_change_split.effect, agg_kpi_change_split.own_effect, agg_kpi_change_split.cause_rank,
    agg_kpi_change_split.is_main_cause
from marts.agg_kpi_change_split
left join marts.dim_sites
    on agg_kpi_change_split.dimension = 'site' and agg_kpi_change_split.member = dim_sites.site_id
where
    agg_kpi_change_split.kpi_id = ?
    and agg_kpi_change_split.period_grain = ?
    and agg_kpi_change_split.period_start_date = ?
    and agg_kpi_change_split.comparison = ?
order by agg_kpi_change_split.cause_rank
"""

# The parts of the member that stands out most. Parameters: KPI, grain, period start, comparison.
KPI_DRILL: Final = """
select
    agg_kpi_change_drill.dimension, agg_kpi_change_drill.member, agg_kpi_change_drill.second_dimension,
    agg_kpi_change_drill.second_member, dim_sites.site_name as second_site_name, agg_kpi_change_drill.driver,
    agg_kpi_change_drill.previous_value, agg_kpi_change_drill.value, agg_kpi_change_drill.previous_weight,
    agg_kpi_change_drill.weight, agg_kpi_change_drill.mix_effect, agg_kpi_change_drill.rate_effect,
    agg_kpi_change_drill.effect, agg_kpi_change_drill.cause_rank, agg_kpi_change_drill.is_main_cause
from marts.agg_kpi_change_drill
left join marts.dim_sites
    on agg_kpi_change_drill.second_dimension = 'site' and agg_kpi_change_drill.second_member = dim_sites.site_id
where
    agg_kpi_change_drill.kpi_id = ?
    and agg_kpi_change_drill.period_grain = ?
    and agg_kpi_change_drill.period_start_date = ?
    and agg_kpi_change_drill.comparison = ?
order by agg_kpi_change_drill.cause_rank
"""

# Months with what the individuals chart says of them.
# Parameters: KPI, site, product family, region, channel, priority, first and last month.
KPI_CHART: Final = """
select
    period_start_date, value, signal, limit_low, limit_center, limit_high, baseline_count, rebased_date, is_complete
from marts.agg_kpi_changes
where
    kpi_id = ?
    and period_grain = 'month'
    and site_id = ?
    and product_family = ?
    and region = ?
    and channel = ?
    and priority = ?
    and period_start_date between ? and ?
order by period_start_date
"""

# The declared events that concern a KPI and a site, or the whole company. Parameters: KPI, site.
KPI_EVENTS: Final = """
select event_date, name_en, name_zh, reason
from marts.dim_kpi_events
where
    (kpi_id is null or kpi_id = ?)
    and (site_id is null or site_id = ?)
order by event_date, event_id
"""
