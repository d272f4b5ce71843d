with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

tickets as (

    select
        ticket_id,
        customer_id,
        site_id,
        product_family
    from {{ ref('int_tickets_classified') }}

),

complaints as (

    select
        complaints.*,
        {{ known_by('complaints.acknowledged_at', 'settings.as_of_at') }}
            as acknowledged_by_as_of_at,
        {{ known_by('complaints.closed_at', 'settings.as_of_at') }} as closed_by_as_of_at
    from {{ ref('stg_complaints') }} as complaints
    cross join settings
    where complaints.raised_at <= settings.as_of_at

)

select
    complaints.complaint_id,
    complaints.source,
    coalesce(complaints.customer_id, tickets.customer_id) as customer_id,
    complaints.ticket_id,
    coalesce(complaints.site_id, tickets.site_id, 'unknown') as site_id,
    complaints.technician_id,
    coalesce(tickets.product_family, 'unknown') as product_family,
    complaints.complaint_kind,
    complaints.severity,
    complaints.cause,
    complaints.outcome,
    {{ elapsed_seconds('complaints.raised_at', 'complaints.acknowledged_by_as_of_at') }}
        as acknowledge_seconds,
    {{ elapsed_seconds('complaints.raised_at', 'complaints.closed_by_as_of_at') }}
        as handling_seconds,
    complaints.closed_by_as_of_at is null as is_open,
    {{ local_date('complaints.raised_at') }} as raised_date,
    complaints.raised_at,
    complaints.acknowledged_by_as_of_at as acknowledged_at,
    complaints.closed_by_as_of_at as closed_at
from complaints
left join tickets on complaints.ticket_id = tickets.ticket_id
