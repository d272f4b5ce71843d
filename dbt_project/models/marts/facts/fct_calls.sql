with contacts as (

    select
        *,
        {{ local_date('offered_at') }} as offered_date
    from {{ ref('int_calls_contacts') }}

),

-- What a measured contact of the source takes on average, for those that were not measured.
sources as (

    select
        source,
        cast(
            sum(wrap_seconds) / nullif(count(wrap_seconds), 0) as decimal(18, 3)
        ) as mean_wrap_seconds,
        cast(
            sum(handle_seconds) / nullif(count(handle_seconds), 0) as decimal(18, 3)
        ) as mean_handle_seconds
    from contacts
    where is_answered and is_over
    group by source

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
    contacts.transfer_count,
    contacts.ivr_seconds,
    contacts.wait_seconds,
    contacts.talk_seconds,
    contacts.hold_seconds,
    contacts.wrap_seconds,
    contacts.handle_seconds,
    cast(
        case
            when not contacts.is_answered or not contacts.is_over then null
            else
                coalesce(
                    contacts.handle_seconds,
                    contacts.talk_seconds
                    + coalesce(contacts.hold_seconds, 0)
                    + sources.mean_wrap_seconds,
                    sources.mean_handle_seconds
                )
        end as decimal(18, 3)
    ) as workload_seconds,
    contacts.is_answered,
    case
        when contacts.outcome = 'in_progress' then null
        when not contacts.is_answered then false
        else contacts.wait_seconds <= {{ call_policy('target_seconds') }}
    end as is_answered_in_target,
    coalesce(
        contacts.outcome = 'abandoned'
        and contacts.wait_seconds < {{ call_policy('short_abandon_seconds') }},
        false
    ) as is_short_abandon,
    contacts.is_answered and contacts.is_over and contacts.handle_seconds is null
        as is_workload_estimated,
    contacts.is_over,
    contacts.offered_date,
    contacts.offered_at,
    contacts.answered_at,
    contacts.ended_at
from contacts
left join sources on contacts.source = sources.source
left join technicians on contacts.agent_id = technicians.technician_id
left join tickets on contacts.ticket_id = tickets.ticket_id
{{ join_call_policies('contacts.queue', 'contacts.offered_date') }}
