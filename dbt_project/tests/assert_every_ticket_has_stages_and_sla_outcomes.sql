-- No ticket falls out of its own history: at least one stage, and one outcome per metric.
with stages as (

    select
        ticket_id,
        count(*) as stage_count
    from {{ ref('fct_ticket_stages') }}
    group by ticket_id

),

outcomes as (

    select
        ticket_id,
        count(*) as outcome_count
    from {{ ref('fct_sla_outcomes') }}
    where metric in ('first_response', 'resolution')
    group by ticket_id

)

select
    tickets.ticket_id,
    stages.stage_count,
    outcomes.outcome_count
from {{ ref('fct_tickets') }} as tickets
left join stages on tickets.ticket_id = stages.ticket_id
left join outcomes on tickets.ticket_id = outcomes.ticket_id
where stages.stage_count is null or coalesce(outcomes.outcome_count, 0) <> 2
