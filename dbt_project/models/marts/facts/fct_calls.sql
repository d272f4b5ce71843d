with contacts as (

    select * from {{ ref('int_calls_contacts') }}

),

technicians as (

    select
        technician_id,
        site_id
    from {{ ref('dim_technicians') }}

),

tickets as (

    select
        ticket_id,
        product_family
    from {{ ref('int_tickets_classified') }}

)

select
    contacts.call_id,
    contacts.source,
    contacts.direction,
    contacts.queue,
    contacts.call_kind,
    contacts.customer_id,
    contacts.ticket_id,
    contacts.agent_id,
    coalesce(technicians.site_id, 'unknown') as site_id,
    coalesce(tickets.product_family, 'unknown') as product_family,
    contacts.outcome,
    contacts.leg_count,
    contacts.wait_seconds,
    contacts.talk_seconds,
    contacts.hold_seconds,
    contacts.wrap_seconds,
    contacts.handle_seconds,
    contacts.is_answered,
    coalesce(contacts.outcome = 'abandoned' and contacts.wait_seconds < 5, false)
        as is_short_abandon,
    {{ local_date('contacts.offered_at') }} as offered_date,
    contacts.offered_at,
    contacts.answered_at,
    contacts.ended_at
from contacts
left join technicians on contacts.agent_id = technicians.technician_id
left join tickets on contacts.ticket_id = tickets.ticket_id
