with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

visits as (

    select * from {{ ref('stg_visits') }}

),

tickets as (

    select
        ticket_id,
        customer_id,
        asset_id,
        product_id,
        product_family,
        site_id,
        issue_family
    from {{ ref('int_tickets_classified') }}

),

assets as (

    select
        asset_id,
        product_id
    from {{ ref('stg_assets') }}

),

products as (

    select
        product_id,
        product_family
    from {{ ref('stg_products') }}

),

completed as (

    select
        visits.visit_id,
        visits.source,
        coalesce(visits.work_order_id, visits.visit_id) as job_id,
        visits.work_order_id,
        visits.ticket_id,
        coalesce(visits.customer_id, tickets.customer_id) as customer_id,
        coalesce(visits.asset_id, tickets.asset_id) as asset_id,
        coalesce(visits.product_id, assets.product_id, tickets.product_id) as product_id,
        tickets.product_family as ticket_product_family,
        coalesce(visits.site_id, nullif(tickets.site_id, 'unknown'), 'unknown') as site_id,
        visits.technician_id,
        visits.visit_kind,
        coalesce(visits.issue_family, tickets.issue_family) as issue_family,
        visits.service_mode,
        -- What as-of has not seen completed is still open.
        case when visits.completed_at > settings.as_of_at then 'open' else visits.outcome end
            as outcome,
        case when visits.completed_at > settings.as_of_at then null else visits.non_fix_reason end
            as non_fix_reason,
        visits.technician_count,
        visits.travel_minutes,
        visits.on_site_minutes,
        visits.phone_minutes,
        visits.admin_minutes,
        coalesce(visits.travel_minutes, 0)
        + coalesce(visits.on_site_minutes, 0)
        + coalesce(visits.phone_minutes, 0)
        + coalesce(visits.admin_minutes, 0) as labor_minutes,
        visits.labor_rate_amount,
        visits.is_labor_warranty,
        visits.is_parts_warranty,
        visits.requested_at,
        visits.promised_at,
        visits.scheduled_at,
        {{ known_by('visits.arrived_at', 'settings.as_of_at') }} as arrived_at,
        {{ known_by('visits.completed_at', 'settings.as_of_at') }} as completed_at
    from visits
    cross join settings
    left join tickets on visits.ticket_id = tickets.ticket_id
    left join assets on coalesce(visits.asset_id, tickets.asset_id) = assets.asset_id
    where visits.requested_at <= settings.as_of_at

)

select
    completed.visit_id,
    completed.source,
    completed.job_id,
    completed.work_order_id,
    completed.ticket_id,
    completed.customer_id,
    completed.asset_id,
    completed.product_id,
    coalesce(products.product_family, completed.ticket_product_family, 'unknown') as product_family,
    completed.site_id,
    completed.technician_id,
    completed.visit_kind,
    completed.issue_family,
    completed.service_mode,
    completed.outcome,
    completed.non_fix_reason,
    completed.technician_count,
    completed.travel_minutes,
    completed.on_site_minutes,
    completed.phone_minutes,
    completed.admin_minutes,
    cast(completed.labor_minutes as decimal(18, 4)) as labor_minutes,
    completed.labor_rate_amount,
    completed.is_labor_warranty,
    completed.is_parts_warranty,
    completed.requested_at,
    completed.promised_at,
    completed.scheduled_at,
    completed.arrived_at,
    completed.completed_at,
    -- The work belongs to the month in which it was done, as far as that is known.
    {{ local_month(
        'coalesce(completed.completed_at, completed.arrived_at, completed.requested_at)'
    ) }} as work_month_date
from completed
left join products on completed.product_id = products.product_id
