with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

outcomes as (

    select * from {{ ref('fct_sla_outcomes') }}
    where is_running

)

select
    outcomes.metric,
    outcomes.subject_id,
    outcomes.ticket_id,
    outcomes.customer_id,
    outcomes.site_id,
    outcomes.technician_id,
    outcomes.product_family,
    outcomes.channel,
    outcomes.priority,
    outcomes.outcome,
    case
        when outcomes.outcome = 'paused' then 'paused'
        when outcomes.outcome = 'breached_open' then 'overdue'
        when outcomes.margin_seconds < 3600 then 'within_1h'
        when outcomes.margin_seconds < 14400 then 'within_4h'
        when outcomes.due_date = as_of.as_of_date then 'today'
        else 'later'
    end as due_band,
    outcomes.target_seconds,
    outcomes.remaining_seconds,
    outcomes.margin_seconds,
    {{ local_hour('outcomes.due_at') }} as due_hour,
    outcomes.due_date,
    outcomes.started_at,
    outcomes.due_at
from outcomes
cross join as_of
