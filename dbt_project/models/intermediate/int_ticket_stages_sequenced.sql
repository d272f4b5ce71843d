with tickets as (

    select * from {{ ref('int_tickets_classified') }}

),

events as (

    select * from {{ ref('int_ticket_events_seen') }}
    where status_after is not null

),

-- What the events of a ticket say by themselves; the rest is taken from the ticket's row.
event_paths as (

    select
        ticket_id,
        min(occurred_at) as first_event_at,
        max(occurred_at) as last_event_at,
        max(occurred_at) filter (
            where status_after not in ('closed', 'cancelled', 'merged', 'unresolved')
        ) as last_work_event_at,
        max(occurred_at) filter (where status_after = 'closed') as last_closing_event_at,
        bool_or(status_after <> 'new') as tells_work,
        bool_or(status_after = 'resolved') as tells_resolution,
        bool_or(status_after in ('closed', 'cancelled', 'merged', 'unresolved')) as tells_exit
    from events
    group by ticket_id

),

tickets_with_paths as (

    select
        tickets.ticket_id,
        tickets.status_delivered,
        tickets.created_at,
        least(tickets.accepted_delivered_at, tickets.service_started_delivered_at) as work_began_at,
        tickets.resolved_delivered_at,
        tickets.closed_delivered_at,
        -- The last change known of the row; a status it is in now cannot be younger.
        greatest(
            tickets.created_at,
            tickets.accepted_delivered_at,
            tickets.service_started_delivered_at,
            tickets.resolved_delivered_at,
            tickets.updated_at
        ) as last_change_at,
        -- Before the events' last word, a time from the row contradicts them.
        greatest(tickets.created_at, event_paths.last_event_at) as floor_at,
        -- A log that goes straight to closed leaves room for the resolution that the row knows.
        greatest(tickets.created_at, event_paths.last_work_event_at) as resolution_floor_at,
        event_paths.last_closing_event_at,
        event_paths.first_event_at,
        coalesce(event_paths.tells_work, false) as tells_work,
        coalesce(event_paths.tells_resolution, false) as tells_resolution,
        coalesce(event_paths.tells_exit, false) as tells_exit,
        tickets.status_delivered in ('resolved', 'closed') as is_delivered_resolved,
        tickets.status_delivered in ('closed', 'cancelled', 'merged', 'unresolved')
            as is_delivered_exit
    from tickets
    left join event_paths on tickets.ticket_id = event_paths.ticket_id

),

points as (

    select
        events.ticket_id,
        events.status_after as stage,
        events.occurred_at as entered_at,
        events.position_number,
        events.priority_in_force,
        events.site_id_in_charge,
        events.technician_id_in_charge
    from events
    inner join tickets on events.ticket_id = tickets.ticket_id

    union all

    select
        ticket_id,
        'new' as stage,
        created_at as entered_at,
        0 as position_number,
        cast(null as varchar) as priority_in_force,
        cast(null as varchar) as site_id_in_charge,
        cast(null as varchar) as technician_id_in_charge
    from tickets_with_paths
    where first_event_at is null or first_event_at > created_at

    union all

    select
        ticket_id,
        'open' as stage,
        work_began_at as entered_at,
        1000001 as position_number,
        cast(null as varchar) as priority_in_force,
        cast(null as varchar) as site_id_in_charge,
        cast(null as varchar) as technician_id_in_charge
    from tickets_with_paths
    where not tells_work and work_began_at >= floor_at

    union all

    select
        ticket_id,
        'resolved' as stage,
        resolved_delivered_at as entered_at,
        1000002 as position_number,
        cast(null as varchar) as priority_in_force,
        cast(null as varchar) as site_id_in_charge,
        cast(null as varchar) as technician_id_in_charge
    from tickets_with_paths
    where
        not tells_resolution
        and (is_delivered_resolved or not is_delivered_exit)
        and resolved_delivered_at >= resolution_floor_at
        and resolved_delivered_at <= coalesce(closed_delivered_at, resolved_delivered_at)
        and (last_closing_event_at is null or resolved_delivered_at < last_closing_event_at)

    union all

    select
        ticket_id,
        status_delivered as stage,
        closed_delivered_at as entered_at,
        1000003 as position_number,
        cast(null as varchar) as priority_in_force,
        cast(null as varchar) as site_id_in_charge,
        cast(null as varchar) as technician_id_in_charge
    from tickets_with_paths
    where not tells_exit and is_delivered_exit and closed_delivered_at >= floor_at

    union all

    select
        ticket_id,
        status_delivered as stage,
        last_change_at as entered_at,
        1000004 as position_number,
        cast(null as varchar) as priority_in_force,
        cast(null as varchar) as site_id_in_charge,
        cast(null as varchar) as technician_id_in_charge
    from tickets_with_paths
    where not tells_work and not is_delivered_resolved and not is_delivered_exit

),

points_with_previous as (

    select
        *,
        lag(stage)
            over (partition by ticket_id order by entered_at, position_number)
            as previous_stage
    from points

),

visits as (

    select
        *,
        stage = 'resolved' and coalesce(previous_stage, 'new') not in ('resolved', 'closed')
        or stage = 'closed'
        and coalesce(previous_stage, 'new') not in (
            'resolved', 'closed', 'cancelled', 'merged', 'unresolved'
        ) as is_resolution,
        row_number()
            over (partition by ticket_id order by entered_at, position_number)
            as stage_number,
        lead(entered_at)
            over (partition by ticket_id order by entered_at, position_number)
            as left_at
    from points_with_previous
    where previous_stage is null or previous_stage <> stage

)

select
    visits.ticket_id,
    visits.stage_number,
    visits.stage,
    visits.previous_stage,
    coalesce(visits.site_id_in_charge, tickets.site_id) as site_id,
    coalesce(visits.technician_id_in_charge, tickets.technician_id) as technician_id,
    coalesce(visits.priority_in_force, tickets.priority) as priority,
    visits.is_resolution,
    coalesce(visits.previous_stage in ('resolved', 'closed'), false)
    and visits.stage not in ('resolved', 'closed')
    and count(*) filter (where visits.is_resolution) over (
        partition by visits.ticket_id
        order by visits.stage_number
        rows between unbounded preceding and current row
    ) > 0 as is_reopening,
    tickets_with_paths.tells_work as is_from_events,
    visits.left_at is null as is_last,
    visits.entered_at,
    visits.left_at
from visits
inner join tickets on visits.ticket_id = tickets.ticket_id
inner join tickets_with_paths on visits.ticket_id = tickets_with_paths.ticket_id
