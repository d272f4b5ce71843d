-- On every day on which a row begins or has just ended, the weights in force of a class total 100.
-- What has no target does not weigh (gate 1), so these are the KPIs with one.
with registry as (

    select
        kpi_class,
        valid_from_date,
        valid_to_date,
        cast(weight as decimal(18, 4)) as weight
    from {{ ref('stg_kpi_registry') }}

),

turning_days as (

    select
        kpi_class,
        valid_from_date as turning_date
    from registry

    union

    select
        kpi_class,
        cast(valid_to_date + interval 1 day as date) as turning_date
    from registry
    where valid_to_date is not null

)

select
    turning_days.kpi_class,
    turning_days.turning_date,
    sum(registry.weight) as total_weight
from turning_days
left join registry
    on
        turning_days.kpi_class = registry.kpi_class
        and turning_days.turning_date >= registry.valid_from_date
        and (registry.valid_to_date is null or turning_days.turning_date <= registry.valid_to_date)
group by turning_days.kpi_class, turning_days.turning_date
having coalesce(sum(registry.weight), 0) <> 100
