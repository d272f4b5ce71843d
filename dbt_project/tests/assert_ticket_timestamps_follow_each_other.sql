-- A ticket without a time fault was acknowledged no later than answered, in somebody's hands no
-- later than accepted, and first resolved no later than last; whatever lies after as-of has not happened.
with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

)

select
    tickets.ticket_id,
    tickets.created_at,
    tickets.assigned_at,
    tickets.accepted_at,
    tickets.acknowledged_at,
    tickets.first_response_at,
    tickets.first_resolved_at,
    tickets.resolved_at
from {{ ref('fct_tickets') }} as tickets
cross join settings
where
    tickets.acknowledged_at > tickets.first_response_at
    or tickets.assigned_at > tickets.accepted_at
    or tickets.first_resolved_at > tickets.resolved_at
    or (tickets.accepted_at is not null and tickets.assigned_at is null)
    or (tickets.first_response_at is not null and tickets.acknowledged_at is null)
    or greatest(
        tickets.created_at,
        tickets.accepted_at,
        tickets.assigned_at,
        tickets.acknowledged_at,
        tickets.first_response_at,
        tickets.service_started_at,
        tickets.resolved_at,
        tickets.closed_at,
        tickets.followed_up_at
    ) > settings.as_of_at
    or (
        not tickets.is_time_fault
        and least(
            tickets.accepted_at,
            tickets.assigned_at,
            tickets.acknowledged_at,
            tickets.first_response_at,
            tickets.service_started_at,
            tickets.resolved_at,
            tickets.closed_at
        ) < tickets.created_at
    )
