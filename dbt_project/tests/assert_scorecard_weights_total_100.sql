-- On every day on which a row of the registry begins or has just ended, the weights in force total
-- 100.
with registry as (

    select * from {{ ref('stg_kpi_registry') }}

),

turning_days as (

    select valid_from_date as turning_date
    from registry

    union

    select cast(valid_to_date + interval 1 day as date) as turning_date
    from registry
    where valid_to_date is not null

)

select
    turning_days.turning_date,
    sum(registry.scorecard_weight) as total_weight
from turning_days
left join registry
    on
        turning_days.turning_date >= registry.valid_from_date
        and (registry.valid_to_date is null or turning_days.turning_date <= registry.valid_to_date)
group by turning_days.turning_date
having coalesce(sum(registry.scorecard_weight), 0) <> 100
