"""KPIs of the registry and their published values."""

from __future__ import annotations

from typing import Final

KPIS: Final = """
select
    kpi_id, name_en, name_zh, definition_en, definition_zh, kpi_class, audience, owner, kind, unit, direction,
    definition_version, missing_feeds, segments, target, is_available
from marts.dim_kpis
order by kpi_class, audience, kpi_id
"""

# Parameters: grain, site, product family, region, channel, priority, last period start.
KPI_HISTORY: Final = """
select
    kpi_id, unit, status, excluded_reason, value, numerator, denominator, eligible_count, immature_count,
    censored_count, excluded_count, interval_low, interval_high, target, is_complete, period_start_date,
    period_end_date, trust
from marts.kpi_values
where
    period_grain = ?
    and site_id = ?
    and product_family = ?
    and region = ?
    and channel = ?
    and priority = ?
    and period_start_date <= ?
order by kpi_id, period_start_date
"""

# Parameters: grain, site, region, period start, start of the period compared with.
CLASS_SCORES: Final = """
select period_start_date, kpi_class, class_score, scored_weight, scored_kpi_count
from marts.agg_class_scores
where period_grain = ? and site_id = ? and region = ? and period_start_date in (?, ?)
order by kpi_class, period_start_date
"""

# Why a KPI is stamped or withheld. Parameters: KPI.
KPI_TRUST: Final = """
select trust, table_name, column_name, array_to_string(split_by, ' ') as split_by, message
from meta.kpi_trust
where kpi_id = ?
order by trust desc, table_name, column_name, expectation
"""

# Parameters: KPI, grain, period start, segment, product family.
KPI_BY_SITE: Final = """
select
    kpi_values.site_id, dim_sites.site_name, kpi_values.status, kpi_values.value, kpi_values.eligible_count,
    kpi_values.interval_low, kpi_values.interval_high, kpi_values.target
from marts.kpi_values
inner join marts.dim_sites
    on kpi_values.site_id = dim_sites.site_id
where
    kpi_values.kpi_id = ?
    and kpi_values.period_grain = ?
    and kpi_values.period_start_date = ?
    and kpi_values.segment = ?
    and kpi_values.product_family = ?
    and kpi_values.value is not null
order by kpi_values.value, dim_sites.site_name
"""

# Parameters: KPI, grain, period start, segment (channel or priority).
KPI_BY_KIND: Final = """
select
    case when segment = 'channel' then channel else priority end as kind, status, value, eligible_count,
    interval_low, interval_high, target
from marts.kpi_values
where
    kpi_id = ?
    and period_grain = ?
    and period_start_date = ?
    and segment = ?
    and value is not null
order by kind
"""
