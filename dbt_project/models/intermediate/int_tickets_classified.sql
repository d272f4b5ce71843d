with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

tickets as (

    select * from {{ ref('stg_tickets') }}

),

last_events as (

    select
        ticket_id,
        priority_in_force,
        site_id_in_charge,
        technician_id_in_charge
    from {{ ref('int_ticket_events_seen') }}
    where is_last

),

assets as (

    select
        asset_id,
        customer_id,
        product_id
    from {{ ref('stg_assets') }}

),

products as (

    select
        product_id,
        product_family
    from {{ ref('stg_products') }}

)

select
    tickets.ticket_id,
    tickets.source,
    coalesce(tickets.customer_id, assets.customer_id) as customer_id,
    tickets.asset_id,
    coalesce(tickets.product_id, assets.product_id) as product_id,
    coalesce(products.product_family, 'unknown') as product_family,
    coalesce(last_events.site_id_in_charge, tickets.site_id, 'unknown') as site_id,
    coalesce(last_events.technician_id_in_charge, tickets.technician_id) as technician_id,
    coalesce(tickets.channel, 'unknown') as channel,
    coalesce(last_events.priority_in_force, tickets.priority, 'unknown') as priority,
    tickets.issue_family,
    tickets.service_mode,
    tickets.complexity,
    tickets.delay_reason,
    tickets.unresolved_reason,
    tickets.merged_into_ticket_id,
    -- The row tells the status of its last change; a change after as-of has not happened yet.
    case
        when tickets.status = 'closed' and tickets.closed_at > settings.as_of_at
            then case when tickets.resolved_at <= settings.as_of_at then 'resolved' else 'open' end
        when tickets.status in ('resolved', 'closed') and tickets.resolved_at > settings.as_of_at
            then 'open'
        when
            tickets.status in ('cancelled', 'merged', 'unresolved')
            and coalesce(tickets.closed_at, tickets.updated_at) > settings.as_of_at
            then 'open'
        when
            tickets.status in ('waiting_customer', 'waiting_parts', 'on_hold')
            and tickets.updated_at > settings.as_of_at
            then 'open'
        -- Closed with a reason for giving up and without a resolution: decided unresolved.
        when
            tickets.status = 'closed'
            and tickets.resolved_at is null
            and tickets.unresolved_reason is not null
            then 'unresolved'
        else tickets.status
    end as status_delivered,
    tickets.source_first_response_sla,
    tickets.source_resolution_sla,
    tickets.reopen_count as reopen_count_delivered,
    tickets.agent_reply_count as agent_reply_count_delivered,
    tickets.fee_amount,
    tickets.is_warranty,
    tickets.created_at,
    {{ known_by('tickets.accepted_at', 'settings.as_of_at') }} as accepted_delivered_at,
    {{ known_by('tickets.first_response_at', 'settings.as_of_at') }} as first_response_delivered_at,
    {{ known_by('tickets.service_started_at', 'settings.as_of_at') }}
        as service_started_delivered_at,
    {{ known_by('tickets.resolved_at', 'settings.as_of_at') }} as resolved_delivered_at,
    {{ known_by('tickets.closed_at', 'settings.as_of_at') }} as closed_delivered_at,
    {{ known_by('tickets.followed_up_at', 'settings.as_of_at') }} as followed_up_delivered_at,
    {{ known_by('tickets.updated_at', 'settings.as_of_at') }} as updated_at,
    tickets.first_response_due_at,
    tickets.resolution_due_at
from tickets
cross join settings
left join last_events on tickets.ticket_id = last_events.ticket_id
left join assets on tickets.asset_id = assets.asset_id
left join products on coalesce(tickets.product_id, assets.product_id) = products.product_id
where tickets.created_at <= settings.as_of_at
