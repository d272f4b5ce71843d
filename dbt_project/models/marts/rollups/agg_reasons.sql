with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

reasons as (

    select * from {{ ref('agg_reasons_monthly') }}

),

spread as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.is_complete,
        reasons.reason_kind,
        reasons.reason,
        reasons.is_reason,
        reasons.site_id,
        reasons.product_family,
        reasons.item_count
    from reasons
    inner join periods
        on
            reasons.month_start_date >= periods.period_start_date
            and reasons.month_start_date <= periods.period_end_date

),

segmented as (

    select
        period_grain,
        period_start_date,
        is_complete,
        reason_kind,
        reason,
        is_reason,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        cast(sum(item_count) as bigint) as item_count
    from spread
    group by grouping sets (  -- noqa: PRS
        (period_grain, period_start_date, is_complete, reason_kind, reason, is_reason),
        (period_grain, period_start_date, is_complete, reason_kind, reason, is_reason, site_id),
        (
            period_grain,
            period_start_date,
            is_complete,
            reason_kind,
            reason,
            is_reason,
            product_family
        ),
        (
            period_grain,
            period_start_date,
            is_complete,
            reason_kind,
            reason,
            is_reason,
            site_id,
            product_family
        )
    )

),

-- Of all, the rest included; and of those that have a reason, where the row is one.
wholes as (

    select
        *,
        sum(item_count) over kind as whole_count,
        sum(case when is_reason then item_count else 0 end) over kind as reason_count
    from segmented
    window
        kind as (
            partition by
                period_grain, period_start_date, segment, site_id, product_family, reason_kind
        )

)

select
    period_grain,
    period_start_date,
    reason_kind,
    reason,
    segment,
    site_id,
    product_family,
    item_count,
    cast(item_count as double) / whole_count as item_share,
    case when is_reason then cast(item_count as double) / reason_count end as reason_share,
    is_reason,
    is_complete
from wholes
