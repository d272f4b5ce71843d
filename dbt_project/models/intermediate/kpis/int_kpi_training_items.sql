with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

labor_costs as (

    select * from {{ ref('stg_labor_costs') }}

)

select
    'training_hours_per_technician' as kpi_id,
    'technician' as subject_kind,
    labor_costs.technician_id as subject_id,
    labor_costs.technician_id,
    coalesce(labor_costs.site_id, 'unknown') as site_id,
    'unknown' as product_family,
    'unknown' as channel,
    'unknown' as priority,
    case
        when labor_costs.training_hours is null then 'not_recorded'
        else 'counted'
    end as item_state,
    cast(labor_costs.training_hours as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    labor_costs.cost_month_date as counted_date
from labor_costs
cross join as_of
where labor_costs.cost_month_date <= as_of.last_date
