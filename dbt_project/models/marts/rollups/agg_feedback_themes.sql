with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

-- All comments that could be read are what a theme is a share of.
comments as (

    select
        feedback_kind,
        feedback_id,
        site_id,
        product_family,
        cast(date_trunc('month', written_date) as date) as month_start_date
    from {{ ref('fct_feedback') }}
    where sentiment is not null

),

themes as (

    select
        feedback_kind,
        feedback_id,
        theme,
        site_id,
        product_family,
        max(severity) as severity,
        -- Decimals: unlike those of floating-point numbers their sums do not depend on the order.
        -- Half of a score's four decimals has five: nothing is rounded.
        max(cast((1 - score) / 2 as decimal(9, 5))) as intensity,
        max(cast(date_trunc('month', written_date) as date)) as month_start_date
    from {{ ref('fct_feedback_words') }}
    group by feedback_kind, feedback_id, theme, site_id, product_family

),

totals as (

    select
        periods.period_grain,
        periods.period_start_date,
        coalesce(comments.site_id, 'all') as site_id,
        coalesce(comments.product_family, 'all') as product_family,
        count(*) as read_count
    from comments
    inner join periods
        on
            comments.month_start_date >= periods.period_start_date
            and comments.month_start_date <= periods.period_end_date
    group by grouping sets (  -- noqa: PRS, RF02
        (periods.period_grain, periods.period_start_date),
        (periods.period_grain, periods.period_start_date, comments.site_id),
        (periods.period_grain, periods.period_start_date, comments.product_family),
        (
            periods.period_grain, periods.period_start_date, comments.site_id,
            comments.product_family
        )
    )

),

spread as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.is_complete,
        themes.*
    from themes
    inner join periods
        on
            themes.month_start_date >= periods.period_start_date
            and themes.month_start_date <= periods.period_end_date

),

counted as (

    select
        period_grain,
        period_start_date,
        is_complete,
        theme,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        count(*) as comment_count,
        max(severity) > 0 as is_complaint,
        cast(sum(severity) as double) / count(*) as severity_mean,
        cast(sum(intensity) as double) / count(*) as intensity_mean,
        sum(severity * intensity) as weight
    from spread
    group by grouping sets (  -- noqa: PRS
        (period_grain, period_start_date, is_complete, theme),
        (period_grain, period_start_date, is_complete, theme, site_id),
        (period_grain, period_start_date, is_complete, theme, product_family),
        (period_grain, period_start_date, is_complete, theme, site_id, product_family)
    )

),

ranked as (

    select
        *,
        case
            when is_complaint then row_number() over (
                partition by
                    period_grain, period_start_date, segment, site_id, product_family, is_complaint
                order by weight desc, comment_count desc, theme asc
            )
        end as pareto_rank,
        sum(weight) over (
            partition by period_grain, period_start_date, segment, site_id, product_family
        ) as weight_of_all,
        sum(weight) over (
            partition by
                period_grain, period_start_date, segment, site_id, product_family, is_complaint
            order by weight desc, comment_count desc, theme asc
            rows between unbounded preceding and current row
        ) as weight_so_far
    from counted

)

select
    ranked.period_grain,
    ranked.period_start_date,
    ranked.theme,
    case when ranked.is_complaint then 'complaint' else 'praise' end as polarity,
    ranked.segment,
    ranked.site_id,
    ranked.product_family,
    ranked.comment_count,
    totals.read_count,
    cast(ranked.comment_count as double) / totals.read_count as comment_share,
    {{ wilson_bound(
        'cast(ranked.comment_count as double)', 'cast(totals.read_count as double)', '-'
    ) }} as comment_low,
    {{ wilson_bound(
        'cast(ranked.comment_count as double)', 'cast(totals.read_count as double)', '+'
    ) }} as comment_high,
    ranked.severity_mean,
    ranked.intensity_mean,
    cast(ranked.weight as double) as weight,
    case
        when ranked.is_complaint
            then cast(ranked.weight as double) / nullif(cast(ranked.weight_of_all as double), 0)
    end as weight_share,
    ranked.pareto_rank,
    case
        when ranked.is_complaint
            then
                cast(ranked.weight_so_far as double)
                / nullif(cast(ranked.weight_of_all as double), 0)
    end as cumulated_share,
    ranked.is_complete
from ranked
inner join totals
    on
        ranked.period_grain = totals.period_grain
        and ranked.period_start_date = totals.period_start_date
        and ranked.site_id = totals.site_id
        and ranked.product_family = totals.product_family
