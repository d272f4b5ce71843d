with contacts as (

    select * from {{ ref('int_contacts_in_episodes') }}

),

tickets as (

    select
        ticket_id,
        first_resolved_at
    from {{ ref('int_ticket_milestones') }}

),

first_resolutions as (

    select
        contacts.episode_id,
        min(tickets.first_resolved_at) as first_resolved_at
    from contacts
    inner join tickets on contacts.ticket_id = tickets.ticket_id
    where contacts.contact_kind = 'ticket'
    group by contacts.episode_id

)

select
    contacts.contact_id,
    contacts.episode_id,
    contacts.ticket_id,
    contacts.call_id,
    contacts.visit_id,
    contacts.linked_contact_id,
    contacts.technician_id,
    contacts.contact_kind,
    contacts.link_rule,
    contacts.position_number,
    contacts.effort_minutes,
    contacts.is_from_customer,
    contacts.is_same_contact,
    contacts.is_from_customer
    and not contacts.is_same_contact
    and coalesce(contacts.contact_at > first_resolutions.first_resolved_at, false) as is_repeat,
    {{ local_date('contacts.contact_at') }} as contact_date,
    contacts.contact_at
from contacts
left join first_resolutions on contacts.episode_id = first_resolutions.episode_id
