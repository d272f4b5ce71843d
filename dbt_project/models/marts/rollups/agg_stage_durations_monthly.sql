with stages as (

    select * from {{ ref('fct_ticket_stages') }}

),

tickets as (

    select
        ticket_id,
        cast(date_trunc('month', created_date) as date) as month_start_date
    from {{ ref('fct_tickets') }}

),

visits as (

    select
        tickets.month_start_date,
        stages.stage,
        stages.waits_for,
        stages.site_id,
        stages.product_family,
        stages.channel,
        stages.priority,
        stages.life_seconds,
        stages.is_open
    from stages
    inner join tickets on stages.ticket_id = tickets.ticket_id
    -- The exit that ends a life is no part of it.
    where not stages.is_final_exit

),

segmented as (

    select
        month_start_date,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            when grouping(channel) = 0 then 'channel'
            when grouping(priority) = 0 then 'priority'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        coalesce(channel, 'all') as channel,
        coalesce(priority, 'all') as priority,
        stage,
        waits_for,
        count(*) as visit_count,
        count(*) filter (where is_open) as open_visit_count,
        count(*) filter (where life_seconds is null) as untimed_visit_count,
        count(life_seconds) as timed_visit_count,
        coalesce(sum(life_seconds), 0) as total_seconds
    from visits
    group by grouping sets (  -- noqa: PRS
        (month_start_date, stage, waits_for),
        (month_start_date, stage, waits_for, site_id),
        (month_start_date, stage, waits_for, product_family),
        (month_start_date, stage, waits_for, site_id, product_family),
        (month_start_date, stage, waits_for, channel),
        (month_start_date, stage, waits_for, priority)
    )

)

select
    month_start_date,
    segment,
    site_id,
    product_family,
    channel,
    priority,
    stage,
    waits_for,
    visit_count,
    open_visit_count,
    untimed_visit_count,
    cast(total_seconds as bigint) as total_seconds,
    cast(total_seconds as double) / nullif(timed_visit_count, 0) as mean_seconds,
    cast(total_seconds as double) / nullif(
        sum(total_seconds) over (
            partition by month_start_date, segment, site_id, product_family, channel, priority
        ),
        0
    ) as life_share
from segmented
