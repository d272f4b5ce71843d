with events as (

    select
        ticket_id,
        position_number,
        priority_in_force,
        occurred_at,
        lag(priority_in_force) over (
            partition by ticket_id
            order by position_number
        ) as previous_priority
    from {{ ref('int_ticket_events_seen') }}

),

changes as (

    select *
    from events
    where priority_in_force is distinct from previous_priority

),

-- Of several changes at one instant only the last came into force.
lasting as (

    select
        ticket_id,
        priority_in_force,
        occurred_at,
        row_number() over (
            partition by ticket_id
            order by position_number
        ) as priority_number
    from changes
    qualify
        lead(occurred_at) over (
            partition by ticket_id
            order by position_number
        ) is distinct from occurred_at

),

told as (

    select
        ticket_id,
        priority_in_force as priority,
        row_number() over (
            partition by ticket_id
            order by priority_number
        ) as priority_number,
        occurred_at as changed_at,
        lead(occurred_at) over (
            partition by ticket_id
            order by priority_number
        ) as left_at
    from lasting

),

tickets as (

    select
        ticket_id,
        priority,
        created_at
    from {{ ref('int_tickets_classified') }}

)

-- The first priority that is known holds from the creation: nothing says that there was another.
select
    tickets.ticket_id,
    coalesce(told.priority_number, 1) as priority_number,
    coalesce(told.priority, tickets.priority) as priority,
    case
        when coalesce(told.priority_number, 1) = 1 then tickets.created_at else told.changed_at
    end as entered_at,
    told.left_at
from tickets
left join told on tickets.ticket_id = told.ticket_id
