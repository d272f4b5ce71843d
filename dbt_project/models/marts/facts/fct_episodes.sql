with contacts as (

    select * from {{ ref('int_contacts_in_episodes') }}

),

tickets as (

    select
        ticket_id,
        exit_kind,
        first_resolved_at,
        resolved_at
    from {{ ref('int_ticket_milestones') }}

),

episode_tickets as (

    select
        contacts.episode_id,
        count(*) filter (where tickets.exit_kind = 'open') as open_count,
        count(*) filter (where tickets.exit_kind = 'resolved') as resolved_count,
        min(tickets.first_resolved_at) as first_resolved_at,
        max(tickets.resolved_at) as last_resolved_at
    from contacts
    inner join tickets on contacts.ticket_id = tickets.ticket_id
    where contacts.contact_kind = 'ticket'
    group by contacts.episode_id

),

episode_contacts as (

    select
        contacts.episode_id,
        count(*) filter (where contacts.is_from_customer and not contacts.is_same_contact)
            as contact_count,
        count(*) filter (where contacts.contact_kind = 'ticket') as ticket_count,
        count(*) filter (where contacts.contact_kind = 'reopening') as reopening_count,
        count(*) filter (where contacts.contact_kind = 'call') as call_count,
        count(*) filter (where contacts.contact_kind = 'own_call') as own_call_count,
        count(*) filter (where contacts.contact_kind = 'visit') as visit_count,
        count(*) filter (
            where contacts.is_from_customer
            and not contacts.is_same_contact
            and contacts.contact_at > episode_tickets.first_resolved_at
        ) as repeat_count,
        cast(sum(contacts.effort_minutes) as decimal(38, 4)) as effort_minutes,
        max(contacts.contact_at) as last_contact_at
    from contacts
    left join episode_tickets on contacts.episode_id = episode_tickets.episode_id
    group by contacts.episode_id

),

first_contacts as (

    select * from contacts
    where contact_id = episode_id

)

-- Solved once nothing is open, by the last resolution; not where all was given up, cancelled or
-- merged.
select
    first_contacts.episode_id,
    first_contacts.customer_id,
    first_contacts.asset_id,
    first_contacts.issue_family,
    first_contacts.technician_id,
    first_contacts.site_id,
    first_contacts.product_family,
    first_contacts.channel,
    first_contacts.priority,
    first_contacts.contact_kind as first_contact_kind,
    first_contacts.identity_state,
    episode_contacts.contact_count,
    episode_contacts.ticket_count,
    episode_contacts.reopening_count,
    episode_contacts.call_count,
    episode_contacts.own_call_count,
    episode_contacts.visit_count,
    episode_contacts.repeat_count,
    episode_contacts.effort_minutes,
    episode_tickets.episode_id is not null as has_ticket,
    coalesce(episode_tickets.open_count > 0, false) as is_open,
    coalesce(episode_tickets.open_count = 0 and episode_tickets.resolved_count > 0, false)
        as is_resolved,
    {{ local_date('first_contacts.contact_at') }} as first_contact_date,
    case
        when episode_tickets.open_count = 0 and episode_tickets.resolved_count > 0
            then {{ local_date('episode_tickets.last_resolved_at') }}
    end as resolved_date,
    first_contacts.contact_at as first_contact_at,
    episode_contacts.last_contact_at,
    episode_tickets.first_resolved_at,
    case
        when episode_tickets.open_count = 0 and episode_tickets.resolved_count > 0
            then episode_tickets.last_resolved_at
    end as resolved_at
from first_contacts
inner join episode_contacts on first_contacts.episode_id = episode_contacts.episode_id
left join episode_tickets on first_contacts.episode_id = episode_tickets.episode_id
