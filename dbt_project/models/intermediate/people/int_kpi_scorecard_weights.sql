with weights as (

    select * from {{ ref('stg_scorecard_weights') }}

),

definitions as (

    select * from {{ ref('int_kpi_definitions') }}
    where period_grain in ('month', 'quarter', 'year')

),

periods as (

    select
        period_grain,
        period_start_date,
        measured_date
    from {{ ref('int_kpi_periods') }}

)

-- The row in force on the period's last day: a later weight never rewrites a past period.
select
    weights.work_role,
    weights.kpi_id,
    definitions.period_grain,
    definitions.kind,
    definitions.direction,
    definitions.interval_method,
    definitions.target,
    definitions.worst,
    definitions.best,
    weights.weight,
    weights.minimum_sample,
    weights.is_case_mix_adjusted,
    definitions.is_complete,
    definitions.period_start_date,
    definitions.period_end_date,
    definitions.as_of_at
from weights
inner join definitions on weights.kpi_id = definitions.kpi_id
inner join periods
    on
        definitions.period_grain = periods.period_grain
        and definitions.period_start_date = periods.period_start_date
        and weights.valid_from_date <= periods.measured_date
        and (weights.valid_to_date is null or weights.valid_to_date >= periods.measured_date)
