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
        complaints.raised_at,
        {{ known_by('complaints.acknowledged_at', 'settings.as_of_at') }} as acknowledged_at,
        {{ known_by('complaints.closed_at', 'settings.as_of_at') }} as closed_at
    from {{ ref('stg_complaints') }} as complaints
    cross join settings
    left join tickets on complaints.ticket_id = tickets.ticket_id
    where complaints.raised_at <= settings.as_of_at

),

-- The last one before of the same cause; where one of the two tells no cause, of the same kind.
preceded as (

    select
        *,
        case
            when cause is not null then lag(raised_at) over (
                partition by customer_id, cause
                order by raised_at, complaint_id
            )
        end as same_cause_at,
        case
            when complaint_kind is not null and cause is null
                then lag(raised_at) over (
                    partition by customer_id, complaint_kind
                    order by raised_at, complaint_id
                )
            when complaint_kind is not null
                then max(case when cause is null then raised_at end) over (
                    partition by customer_id, complaint_kind
                    order by raised_at, complaint_id
                    rows between unbounded preceding and 1 preceding
                )
        end as same_kind_at
    from complaints

)

select
    complaint_id,
    source,
    customer_id,
    ticket_id,
    site_id,
    technician_id,
    product_family,
    complaint_kind,
    severity,
    cause,
    outcome,
    case
        when customer_id is null or coalesce(cause, complaint_kind) is null
            then cast(null as boolean)
        else coalesce(
            greatest(same_cause_at, same_kind_at)
            >= raised_at - interval {{ var('complaint_recurrence_days') }} day,
            false
        )
    end as is_recurrent,
    raised_at,
    acknowledged_at,
    closed_at
from preceded
