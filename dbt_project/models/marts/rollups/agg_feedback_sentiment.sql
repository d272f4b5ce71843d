with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

comments as (

    select
        feedback_kind,
        site_id,
        product_family,
        sentiment,
        theme_count,
        -- Decimals: unlike those of floating-point numbers their sums do not depend on the order.
        cast(score as decimal(9, 4)) as score,
        cast(date_trunc('month', written_date) as date) as month_start_date
    from {{ ref('fct_feedback') }}

),

spread as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.is_complete,
        comments.*
    from comments
    inner join periods
        on
            comments.month_start_date >= periods.period_start_date
            and comments.month_start_date <= periods.period_end_date

),

segmented as (

    select
        period_grain,
        period_start_date,
        is_complete,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        coalesce(feedback_kind, 'all') as feedback_kind,
        count(*) as comment_count,
        count(sentiment) as read_count,
        count(*) filter (where sentiment = 'positive') as positive_count,
        count(*) filter (where sentiment = 'neutral') as neutral_count,
        count(*) filter (where sentiment = 'negative') as negative_count,
        count(*) filter (where theme_count > 0) as themed_count,
        cast(sum(score) as double) as score_sum
    from spread
    group by grouping sets (  -- noqa: PRS
        (period_grain, period_start_date, is_complete),
        (period_grain, period_start_date, is_complete, site_id),
        (period_grain, period_start_date, is_complete, product_family),
        (period_grain, period_start_date, is_complete, site_id, product_family),
        (period_grain, period_start_date, is_complete, feedback_kind),
        (period_grain, period_start_date, is_complete, feedback_kind, site_id),
        (period_grain, period_start_date, is_complete, feedback_kind, product_family),
        (
            period_grain, period_start_date, is_complete, feedback_kind, site_id,
            product_family
        )
    )

)

select
    period_grain,
    period_start_date,
    feedback_kind,
    segment,
    site_id,
    product_family,
    comment_count,
    read_count,
    positive_count,
    neutral_count,
    negative_count,
    themed_count,
    cast(negative_count as double) / nullif(read_count, 0) as negative_share,
    {{ wilson_bound(
        'cast(negative_count as double)', 'cast(read_count as double)', '-'
    ) }} as negative_low,
    {{ wilson_bound(
        'cast(negative_count as double)', 'cast(read_count as double)', '+'
    ) }} as negative_high,
    score_sum / nullif(read_count, 0) as score_mean,
    is_complete
from segmented
