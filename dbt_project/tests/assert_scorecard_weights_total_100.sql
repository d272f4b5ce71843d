-- On every day on which a row begins or has just ended, the weights in force for a role total 100.
with weights as (

    select * from {{ ref('stg_scorecard_weights') }}

),

turning_days as (

    select
        work_role,
        valid_from_date as turning_date
    from weights

    union

    select
        work_role,
        cast(valid_to_date + interval 1 day as date) as turning_date
    from weights
    where valid_to_date is not null

)

select
    turning_days.work_role,
    turning_days.turning_date,
    sum(weights.weight) as total_weight
from turning_days
left join weights
    on
        turning_days.work_role = weights.work_role
        and turning_days.turning_date >= weights.valid_from_date
        and (weights.valid_to_date is null or turning_days.turning_date <= weights.valid_to_date)
group by turning_days.work_role, turning_days.turning_date
having coalesce(sum(weights.weight), 0) <> 100
