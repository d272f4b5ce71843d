-- Two marts that show a mean of the same clock show the same mean, in every month and segment.
with kpi_values as (

    select * from {{ ref('kpi_values') }}
    where
        period_grain = 'month'
        and region = 'all'
        and kpi_id in (
            'acceptance_time_mean',
            'first_response_time_mean',
            'resolution_time_mean',
            'handling_time_mean'
        )

),

responses as (

    select * from {{ ref('agg_response_monthly') }}

),

compared as (

    select
        kpi_values.kpi_id,
        kpi_values.period_start_date,
        kpi_values.segment,
        kpi_values.site_id,
        kpi_values.product_family,
        kpi_values.channel,
        kpi_values.priority,
        kpi_values.value,
        case kpi_values.kpi_id
            when 'acceptance_time_mean' then responses.acceptance_mean_seconds
            when 'first_response_time_mean' then responses.first_response_mean_seconds
            when 'resolution_time_mean' then responses.resolution_mean_seconds
            when 'handling_time_mean' then responses.handling_mean_seconds
        end as response_mean_seconds
    from kpi_values
    left join responses
        on
            kpi_values.period_start_date = responses.month_start_date
            and kpi_values.segment = responses.segment
            and kpi_values.site_id = responses.site_id
            and kpi_values.product_family = responses.product_family
            and kpi_values.channel = responses.channel
            and kpi_values.priority = responses.priority

)

select * from compared
where
    (value is null) <> (response_mean_seconds is null)
    or abs(value - response_mean_seconds) > 1e-9 * greatest(1, abs(value))
