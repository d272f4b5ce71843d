"""Rows of what changed and of what is at risk for the hand-made files, from the KPI values and promises in them."""

from __future__ import annotations

import duckdb

# Simpler than the mart: a change is real where the two intervals do not overlap; of a year's change the same.
_CHANGES = """
insert into marts.agg_kpi_changes by name
with followed as (
    select
        *, lag(value) over later as previous_value, lag(interval_low) over later as low_before,
        lag(interval_high) over later as high_before
    from marts.kpi_values
    where period_grain <> 'all' and value is not null
    window later as (
        partition by kpi_id, period_grain, segment, site_id, region, product_family, channel, priority
        order by period_start_date
    )
),
beside as (
    select
        followed.*, year_before.value as year_before_value, year_before.interval_low as year_low,
        year_before.interval_high as year_high
    from followed
    left join followed as year_before
        on
            followed.period_start_date = cast(year_before.period_start_date + interval 1 year as date)
            and (
                followed.kpi_id, followed.period_grain, followed.segment, followed.site_id, followed.region,
                followed.product_family, followed.channel, followed.priority
            ) = (
                year_before.kpi_id, year_before.period_grain, year_before.segment, year_before.site_id,
                year_before.region, year_before.product_family, year_before.channel, year_before.priority
            )
),
judged as (
    select
        *, value - previous_value as change, value - year_before_value as year_change,
        case
            when not is_complete or previous_value is null then 'unknown'
            when interval_low > high_before or interval_high < low_before then 'real'
            else 'noise'
        end as verdict,
        case
            when not is_complete or year_before_value is null then 'unknown'
            when interval_low > year_high or interval_high < year_low then 'real'
            else 'noise'
        end as year_verdict
    from beside
)
select
    kpi_id, period_grain, period_start_date, segment, site_id, region, product_family, channel, priority, unit, verdict,
    value, previous_value, change, change - (value - interval_low) as change_low,
    change + (interval_high - value) as change_high, if(is_complete, 'none', null) as signal,
    if(is_complete, value, null) as limit_center, if(is_complete, value * 0.8, null) as limit_low,
    if(is_complete, value * 1.2, null) as limit_high, 12 as baseline_count,
    if(verdict = 'unknown', null, abs(change) / (value - interval_low)) as strength,
    case when is_complete then if(status = 'off_target', 3, 0) end as off_target_count,
    case
        when is_complete and target is not null
            then (change > 0) = (kpi_id in (select kpi_id from marts.dim_kpis where direction = 'higher'))
    end as is_better,
    year_verdict, year_before_value, year_change, year_change - (value - interval_low) as year_change_low,
    year_change + (interval_high - value) as year_change_high,
    if(year_verdict = 'unknown', null, abs(year_change) / (value - interval_low)) as year_strength,
    case
        when is_complete and target is not null
            then (year_change > 0) = (kpi_id in (select kpi_id from marts.dim_kpis where direction = 'higher'))
    end as year_is_better,
    is_complete, period_end_date
from judged
"""

# Site s2 is the cause of every change, by its rate.
_SPLIT = """
insert into marts.agg_kpi_change_split by name
with
changes as (
    select 'previous' as comparison, change, previous_value, * exclude (change, previous_value)
    from marts.agg_kpi_changes
    union all by name
    select
        'year_before' as comparison, year_change as change, year_before_value as previous_value,
        * exclude (change, previous_value)
    from marts.agg_kpi_changes
    where period_grain <> 'year'
)
select
    kpi_id, period_grain, period_start_date, comparison, 'site' as dimension, dim_sites.site_id as member,
    'rate' as driver, previous_value * 0.9 as previous_value, value * 1.1 as value, 0.25 as previous_weight,
    0.25 as weight, 0 as mix_effect, change / 4 as rate_effect, change / 4 as effect,
    if(dim_sites.site_id = 's2', change / 4, -change / 12) as own_effect, value as reference_value,
    row_number() over (
        partition by kpi_id, period_grain, period_start_date, comparison
        order by dim_sites.site_id <> 's2', dim_sites.site_id
    ) as cause_rank,
    dim_sites.site_id = 's2' as is_main_cause, is_complete
from changes
cross join marts.dim_sites
where segment = 'all' and change is not null
"""

# Within s2 all is of the telephone.
_DRILL = """
insert into marts.agg_kpi_change_drill by name
select
    kpi_id, period_grain, period_start_date, comparison, dimension, member, second_dimension, second_member,
    driver, previous_value, value, previous_weight, weight, mix_effect, rate_effect,
    effect, if(second_dimension = 'channel', effect / 2, 0) as own_effect,
    if(second_dimension = 'channel', 1, 2) as cause_rank,
    second_dimension = 'channel' as is_main_cause, is_complete
from marts.agg_kpi_change_split
cross join (values ('channel', 'phone'), ('priority', 'normal')) as second (second_dimension, second_member)
where is_main_cause
"""

_RISKS = """
insert into marts.agg_sla_at_risk by name
select
    metric, subject_id, ticket_id, site_id, technician_id, product_family, channel, priority, outcome,
    case
        when margin_seconds < 0 then 'overdue'
        when margin_seconds < 3600 then 'within_1h'
        when margin_seconds < 4 * 3600 then 'within_4h'
        when margin_seconds < 12 * 3600 then 'today'
        else 'later'
    end as due_band,
    target_seconds, margin_seconds as remaining_seconds, margin_seconds, due_at, due_date,
    due_at - interval 24 hour as started_at
from marts.fct_sla_outcomes
where is_running
"""


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Judge the KPI values of the file, and split their changes by its sites, and what one of them makes once more."""
    con.execute(_CHANGES)
    con.execute(_SPLIT)
    con.execute(_DRILL)


def write_risks(con: duckdb.DuckDBPyConnection) -> None:
    """The running promises of the file as the list of what is at risk."""
    con.execute(_RISKS)
