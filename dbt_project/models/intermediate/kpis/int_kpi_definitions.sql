with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

registry as (

    select * from {{ ref('stg_kpi_registry') }}

),

available_kpis as (

    select kpi_id
    from {{ ref('dim_kpis') }}
    where is_available

)

-- The row in force on the period's last day: a later change of target or weight never rewrites a
-- past period.
select
    registry.kpi_id,
    periods.period_grain,
    registry.definition_version,
    registry.kpi_class,
    registry.kind,
    registry.unit,
    registry.direction,
    registry.interval_method,
    registry.segments,
    registry.target,
    registry.worst,
    registry.best,
    registry.weight,
    periods.is_complete,
    periods.period_start_date,
    periods.period_end_date,
    periods.as_of_at
from registry
inner join available_kpis on registry.kpi_id = available_kpis.kpi_id
inner join periods
    on
        registry.valid_from_date <= periods.measured_date
        and (registry.valid_to_date is null or registry.valid_to_date >= periods.measured_date)
