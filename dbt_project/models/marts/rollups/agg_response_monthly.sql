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
        count(counted_handling_seconds) as handling_count
    from tickets
    group by grouping sets (  -- noqa: PRS
        (month_start_date),
        (month_start_date, site_id),
        (month_start_date, product_family),
        (month_start_date, site_id, product_family),
        (month_start_date, channel),
        (month_start_date, priority)
    )

),

-- Of the tickets of the month and segment, those still open included: never of the answered only.
quantiles as (

    select
        period_start_date,
        segment,
        site_id,
        product_family,
        channel,
        priority,
        max(case when kpi_id = 'first_response_time_median' then value end)
            as first_response_median_seconds,
        max(case when kpi_id = 'first_response_time_p90' then value end)
            as first_response_p90_seconds,
        max(case when kpi_id = 'resolution_time_median' then value end)
            as resolution_median_seconds,
        max(case when kpi_id = 'resolution_time_p90' then value end) as resolution_p90_seconds,
        max(
            case
                when kpi_id = 'first_response_time_median'
                    then
                        cast(censored_count as double)
                        / nullif(eligible_count + censored_count, 0)
            end
        ) as first_response_open_share,
        max(
            case
                when kpi_id = 'resolution_time_median'
                    then
                        cast(censored_count as double)
                        / nullif(eligible_count + censored_count, 0)
            end
        ) as resolution_open_share
    from {{ ref('int_kpi_quantile_cells') }}
    where period_grain = 'month'
    group by period_start_date, segment, site_id, product_family, channel, priority

)

select
    segmented.month_start_date,
    segmented.segment,
    segmented.site_id,
    segmented.product_family,
    segmented.channel,
    segmented.priority,
    segmented.ticket_count,
    segmented.answered_count,
    segmented.waiting_count,
    segmented.resolved_count,
    segmented.open_count,
    cast(segmented.acceptance_sum_seconds as double)
    / nullif(segmented.acceptance_count, 0) as acceptance_mean_seconds,
    cast(segmented.first_response_sum_seconds as double)
    / nullif(segmented.answered_count, 0) as first_response_mean_seconds,
    quantiles.first_response_median_seconds,
    quantiles.first_response_p90_seconds,
    quantiles.first_response_open_share,
    cast(segmented.resolution_sum_seconds as double)
    / nullif(segmented.resolution_count, 0) as resolution_mean_seconds,
    quantiles.resolution_median_seconds,
    quantiles.resolution_p90_seconds,
    quantiles.resolution_open_share,
    cast(segmented.handling_sum_seconds as double)
    / nullif(segmented.handling_count, 0) as handling_mean_seconds
from segmented
left join quantiles
    on
        segmented.month_start_date = quantiles.period_start_date
        and segmented.segment = quantiles.segment
        and segmented.site_id = quantiles.site_id
        and segmented.product_family = quantiles.product_family
        and segmented.channel = quantiles.channel
        and segmented.priority = quantiles.priority
