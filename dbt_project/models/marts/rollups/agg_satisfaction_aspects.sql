with answers as (

    select
        *,
        cast(date_trunc('month', answered_date) as date) as month_start_date
    from {{ ref('fct_survey_answers') }}
    where is_valid and is_latest and question_kind in ('csat', 'aspect')

),

periods as (

    select * from {{ ref('int_kpi_periods') }}

),

-- Early: few sites and families for many answers.
monthly as (

    select
        month_start_date,
        survey_kind,
        aspect,
        scale_max,
        site_id,
        product_family,
        channel,
        priority,
        count(*) as answer_count,
        count(*) filter (where is_top_box) as top_box_count,
        sum(cast(raw_score as decimal(38, 3))) as score_sum,
        sum(cast(raw_score as decimal(38, 6)) * raw_score) as score_squares
    from answers
    group by
        month_start_date,
        survey_kind,
        aspect,
        scale_max,
        site_id,
        product_family,
        channel,
        priority

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
        survey_kind,
        aspect,
        scale_max,
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
        cast(sum(answer_count) as bigint) as answer_count,
        cast(sum(top_box_count) as bigint) as top_box_count,
        cast(sum(score_sum) as double) as score_sum,
        cast(sum(score_squares) as double) as score_squares,
        cast(sum(answer_count) as double) as answers,
        cast(sum(top_box_count) as double) as top_boxes
    from spread
    group by grouping sets (  -- noqa: PRS
        (period_grain, period_start_date, is_complete, survey_kind, aspect, scale_max),
        (period_grain, period_start_date, is_complete, survey_kind, aspect, scale_max, site_id),
        (
            period_grain,
            period_start_date,
            is_complete,
            survey_kind,
            aspect,
            scale_max,
            product_family
        ),
        (
            period_grain,
            period_start_date,
            is_complete,
            survey_kind,
            aspect,
            scale_max,
            site_id,
            product_family
        ),
        (period_grain, period_start_date, is_complete, survey_kind, aspect, scale_max, channel),
        (period_grain, period_start_date, is_complete, survey_kind, aspect, scale_max, priority)
    )

)

select
    period_grain,
    period_start_date,
    survey_kind,
    aspect,
    scale_max,
    segment,
    site_id,
    product_family,
    channel,
    priority,
    answer_count,
    top_box_count,
    score_sum / answers as mean_score,
    {{ normal_bound('score_sum', 'score_squares', 'answers', '-') }} as mean_low,
    {{ normal_bound('score_sum', 'score_squares', 'answers', '+') }} as mean_high,
    top_boxes / answers as top_box_share,
    {{ wilson_bound('top_boxes', 'answers', '-') }} as top_box_low,
    {{ wilson_bound('top_boxes', 'answers', '+') }} as top_box_high,
    is_complete
from segmented
