with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

-- Points of 100, so that scales can be told side by side.
audits as (

    select
        audit_kind,
        aspect,
        site_id,
        product_family,
        cast(100 * score / scale_max as decimal(18, 4)) as points,
        cast(date_trunc('month', audited_date) as date) as month_start_date
    from {{ ref('fct_audits') }}
    where is_valid

),

spread as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.is_complete,
        audits.*
    from audits
    inner join periods
        on
            audits.month_start_date >= periods.period_start_date
            and audits.month_start_date <= periods.period_end_date

),

segmented as (

    select
        period_grain,
        period_start_date,
        is_complete,
        audit_kind,
        aspect,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        count(*) as score_count,
        cast(count(*) as double) as scores,
        cast(sum(points) as double) as point_sum,
        cast(sum(cast(points as decimal(38, 8)) * points) as double) as point_squares
    from spread
    group by grouping sets (  -- noqa: PRS
        (period_grain, period_start_date, is_complete, audit_kind, aspect),
        (period_grain, period_start_date, is_complete, audit_kind, aspect, site_id),
        (period_grain, period_start_date, is_complete, audit_kind, aspect, product_family),
        (period_grain, period_start_date, is_complete, audit_kind, aspect, site_id, product_family)
    )

)

select
    period_grain,
    period_start_date,
    audit_kind,
    aspect,
    segment,
    site_id,
    product_family,
    score_count,
    point_sum / scores as mean_points,
    {{ normal_bound('point_sum', 'point_squares', 'scores', '-') }} as mean_low,
    {{ normal_bound('point_sum', 'point_squares', 'scores', '+') }} as mean_high,
    is_complete
from segmented
