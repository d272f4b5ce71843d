with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

-- As the KPI repeat_contact_rate counts them. Early: few issues for many requests.
monthly as (

    select
        cast(date_trunc('month', counted_date) as date) as month_start_date,
        site_id,
        product_family,
        issue_family,
        count(*) as judged_count,
        sum(numerator) as repeated_count
    from {{ ref('int_kpi_resolution_items') }}
    where kpi_id = 'repeat_contact_rate' and item_state = 'counted'
    group by
        cast(date_trunc('month', counted_date) as date),
        site_id,
        product_family,
        issue_family

),

spread as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.is_complete,
        monthly.*
    from monthly
    inner join periods
        on
            monthly.month_start_date >= periods.period_start_date
            and monthly.month_start_date <= periods.period_end_date

),

segmented as (

    select
        period_grain,
        period_start_date,
        is_complete,
        case when grouping(site_id) = 0 then 'site' else 'all' end as segment,
        coalesce(site_id, 'all') as site_id,
        product_family,
        issue_family,
        cast(sum(judged_count) as double) as judged,
        cast(sum(repeated_count) as double) as repeated
    from spread
    group by grouping sets (  -- noqa: PRS
        (period_grain, period_start_date, is_complete, product_family, issue_family),
        (period_grain, period_start_date, is_complete, product_family, issue_family, site_id)
    )

),

wholes as (

    select
        *,
        sum(repeated) over (
            partition by period_grain, period_start_date, segment, site_id
        ) as all_repeated
    from segmented

)

select
    period_grain,
    period_start_date,
    segment,
    site_id,
    product_family,
    issue_family,
    cast(judged as bigint) as judged_count,
    cast(repeated as bigint) as repeated_count,
    repeated / judged as repeat_share,
    {{ wilson_bound('repeated', 'judged', '-') }} as repeat_low,
    {{ wilson_bound('repeated', 'judged', '+') }} as repeat_high,
    repeated / nullif(all_repeated, 0) as share_of_repeats,
    is_complete
from wholes
