with tickets as (

    select
        ticket_id,
        exit_kind,
        agent_reply_count,
        reopen_count,
        is_from_events,
        first_resolved_at
    from {{ ref('int_ticket_milestones') }}
    where first_resolved_at is not null

),

contacts as (

    select * from {{ ref('int_contacts_in_episodes') }}

),

resolutions as (

    select
        contacts.ticket_id,
        contacts.episode_id,
        contacts.technician_id,
        contacts.identity_state,
        contacts.key_customer_id,
        contacts.key_asset_id,
        contacts.key_issue_family,
        tickets.exit_kind,
        tickets.agent_reply_count,
        tickets.reopen_count,
        tickets.is_from_events,
        tickets.first_resolved_at
    from contacts
    inner join tickets on contacts.ticket_id = tickets.ticket_id
    where contacts.contact_kind = 'ticket'

),

-- A contact at the very second of the resolution stands before it: it is no consequence.
moments as (

    select
        cast(null as varchar) as ticket_id,
        episode_id,
        key_customer_id,
        key_asset_id,
        key_issue_family,
        1 as moment_order,
        contact_at,
        contact_at as moment_at
    from contacts
    where is_from_customer

    union all

    select
        ticket_id,
        episode_id,
        key_customer_id,
        key_asset_id,
        key_issue_family,
        2 as moment_order,
        cast(null as timestamp) as contact_at,
        first_resolved_at as moment_at
    from resolutions

),

followed_in_episodes as (

    select
        ticket_id,
        min(contact_at) over (
            partition by episode_id
            order by moment_at, moment_order
            rows between 1 following and unbounded following
        ) as next_contact_at
    from moments

),

-- Windows longer than the gap of an episode look at the later episodes of the same issue too.
followed_on_issues as (

    select
        ticket_id,
        min(contact_at) over (
            partition by key_customer_id, key_asset_id, key_issue_family
            order by moment_at, moment_order
            rows between 1 following and unbounded following
        ) as next_contact_at
    from moments
    where key_customer_id is not null

),

next_in_episodes as (

    select * from followed_in_episodes
    where ticket_id is not null

),

next_on_issues as (

    select * from followed_on_issues
    where ticket_id is not null

),

-- Another person or site in charge before the first resolution is a hand-over.
hand_overs as (

    select
        events.ticket_id,
        min(events.technician_id_in_charge) <> max(events.technician_id_in_charge)
        or min(events.site_id_in_charge) <> max(events.site_id_in_charge) as is_handed_over
    from {{ ref('int_ticket_events_seen') }} as events
    inner join tickets
        on
            events.ticket_id = tickets.ticket_id
            and events.occurred_at <= tickets.first_resolved_at
    group by events.ticket_id

),

waits as (

    select distinct stages.ticket_id
    from {{ ref('int_ticket_stages_sequenced') }} as stages
    inner join tickets
        on
            stages.ticket_id = tickets.ticket_id
            and stages.entered_at < tickets.first_resolved_at
    where stages.stage in ('waiting_customer', 'waiting_parts', 'on_hold')

),

work_orders as (

    select distinct ticket_id
    from {{ ref('int_visits_classified') }}
    where ticket_id is not null

)

select
    resolutions.ticket_id,
    resolutions.episode_id,
    resolutions.technician_id,
    resolutions.exit_kind,
    resolutions.identity_state,
    resolutions.agent_reply_count,
    resolutions.reopen_count,
    resolutions.is_from_events,
    coalesce(hand_overs.is_handed_over, false) as is_handed_over,
    waits.ticket_id is not null as is_held,
    work_orders.ticket_id is not null as has_work_order,
    resolutions.first_resolved_at,
    least(next_in_episodes.next_contact_at, next_on_issues.next_contact_at) as next_contact_at
from resolutions
left join next_in_episodes on resolutions.ticket_id = next_in_episodes.ticket_id
left join next_on_issues on resolutions.ticket_id = next_on_issues.ticket_id
left join hand_overs on resolutions.ticket_id = hand_overs.ticket_id
left join waits on resolutions.ticket_id = waits.ticket_id
left join work_orders on resolutions.ticket_id = work_orders.ticket_id
