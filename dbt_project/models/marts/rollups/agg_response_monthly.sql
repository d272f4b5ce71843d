with tickets as (

    select
        *,
        cast(date_trunc('month', created_date) as date) as month_start_date,
        case
            when acceptance_state = 'counted' then acceptance_seconds
        end as counted_acceptance_seconds,
        case
            when first_response_state = 'counted' then first_response_seconds
        end as counted_first_response_seconds,
        case
            when resolution_state = 'counted' then full_resolution_seconds
        end as counted_resolution_seconds,
        case when handling_state = 'counted' then handling_seconds end as counted_handling_seconds
    from {{ ref('int_kpi_ticket_clocks') }}

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
        count(*) as ticket_count,
        count(*) filter (where first_response_state = 'counted') as answered_count,
        count(*) filter (where first_response_state = 'censored') as waiting_count,
        count(*) filter (where exit_kind = 'resolved') as resolved_count,
        count(*) filter (where exit_kind = 'open') as open_count,
        sum(counted_acceptance_seconds) as acceptance_sum_seconds,
        count(counted_acceptance_seconds) as acceptance_count,
        sum(counted_first_response_seconds) as first_response_sum_seconds,
        sum(counted_resolution_seconds) as resolution_sum_seconds,
        count(counted_resolution_seconds) as resolution_count,
        sum(counted_handling_seconds) as handling_sum_seconds,
        count(counted_handling_seconds) as handling_count,
        {{ quantile_pair('counted_first_response_seconds') }} as first_response_quantiles,
        {{ quantile_pair('counted_resolution_seconds') }} as resolution_quantiles
    from tickets
    group by grouping sets (  -- noqa: PRS
        (month_start_date),
        (month_start_date, site_id),
        (month_start_date, product_family),
        (month_start_date, site_id, product_family),
        (month_start_date, channel),
        (month_start_date, priority)
    )

)

select
    month_start_date,
    segment,
    site_id,
    product_family,
    channel,
    priority,
    ticket_count,
    answered_count,
    waiting_count,
    resolved_count,
    open_count,
    cast(acceptance_sum_seconds as double) / nullif(acceptance_count, 0) as acceptance_mean_seconds,
    cast(first_response_sum_seconds as double)
    / nullif(answered_count, 0) as first_response_mean_seconds,
    cast(first_response_quantiles[1] as double) as first_response_median_seconds,
    cast(first_response_quantiles[2] as double) as first_response_p90_seconds,
    cast(resolution_sum_seconds as double) / nullif(resolution_count, 0) as resolution_mean_seconds,
    cast(resolution_quantiles[1] as double) as resolution_median_seconds,
    cast(resolution_quantiles[2] as double) as resolution_p90_seconds,
    cast(handling_sum_seconds as double) / nullif(handling_count, 0) as handling_mean_seconds
from segmented
