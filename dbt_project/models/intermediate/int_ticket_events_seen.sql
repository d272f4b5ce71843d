with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

events as (

    select * from {{ ref('stg_ticket_events') }}

),

seen as (

    select
        events.event_id,
        events.ticket_id,
        events.event_kind,
        events.priority,
        events.site_id,
        events.technician_id,
        events.author_id,
        events.occurred_at,
        -- A source that names the change but not the status still tells it.
        coalesce(
            events.status,
            case events.event_kind
                when 'created' then 'new'
                when 'accepted' then 'open'
                when 'service_started' then 'open'
                when 'resumed' then 'open'
                when 'reopened' then 'open'
                when 'waiting' then 'on_hold'
                when 'resolved' then 'resolved'
                when 'closed' then 'closed'
                when 'cancelled' then 'cancelled'
                when 'merged' then 'merged'
            end
        ) as status_after,
        -- A queue or a bot that takes a ticket is not a person who accepts it.
        events.event_kind = 'accepted'
        and coalesce(events.author_kind, 'agent') in ('agent', 'technician') as is_human_acceptance,
        -- A reply counts when a person is known to have written it; a source that itself calls an
        -- event the first response is believed unless it names a machine or hides it.
        (
            (
                events.event_kind = 'public_reply'
                and coalesce(events.author_kind, 'system') in ('agent', 'technician')
            )
            or (
                events.event_kind = 'first_response'
                and coalesce(events.author_kind, 'agent') in ('agent', 'technician')
            )
        )
        and coalesce(events.is_public, true) as is_human_reply,
        events.event_kind in ('first_response', 'public_reply') as is_reply,
        -- Any sign to the customer that the request arrived, a machine's too.
        events.event_kind in ('first_response', 'public_reply')
        and coalesce(events.author_kind, 'system') <> 'customer'
        and coalesce(events.is_public, true) as is_acknowledgement,
        coalesce(events.author_kind, 'agent') in ('agent', 'technician') as is_by_person,
        row_number() over (
            partition by events.ticket_id
            order by
                events.occurred_at,
                events.sequence_number nulls last,
                -- Within one instant and without a number, the order of a service.
                case events.event_kind
                    when 'created' then 1
                    when 'accepted' then 2
                    when 'assigned' then 3
                    when 'first_response' then 4
                    when 'service_started' then 5
                    when 'reopened' then 6
                    when 'resolved' then 8
                    when 'closed' then 9
                    when 'followed_up' then 10
                    else 7
                end,
                events.event_id
        ) as position_number
    from events
    cross join settings
    where events.occurred_at <= settings.as_of_at

),

carried as (

    select
        *,
        {{ carry_forward('priority', 'ticket_id', 'position_number') }} as priority_in_force,
        {{ carry_forward('site_id', 'ticket_id', 'position_number') }} as site_id_in_charge,
        {{ carry_forward('technician_id', 'ticket_id', 'position_number') }}
            as technician_id_in_charge,
        position_number = count(*) over (partition by ticket_id) as is_last
    from seen

)

select
    event_id,
    ticket_id,
    position_number,
    event_kind,
    status_after,
    priority_in_force,
    site_id_in_charge,
    technician_id_in_charge,
    is_human_acceptance,
    is_human_reply,
    is_reply,
    is_acknowledgement,
    is_by_person,
    case when is_by_person then author_id end as author_person_id,
    -- From one named person or site to another; the first who takes it takes it from nobody.
    coalesce(
        technician_id_in_charge
        <> lag(technician_id_in_charge) over (partition by ticket_id order by position_number),
        false
    ) as is_person_change,
    coalesce(
        site_id_in_charge
        <> lag(site_id_in_charge) over (partition by ticket_id order by position_number),
        false
    ) as is_site_change,
    is_last,
    occurred_at
from carried
