with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

-- Early: few sites, families and channels for many invitations.
judged as (

    select
        cast(date_trunc('month', sent_date) as date) as month_start_date,
        survey_kind,
        survey_channel,
        site_id,
        product_family,
        count(*) as invited_count,
        count(*) filter (where response_state = 'immature') as immature_count,
        count(*) filter (where response_state = 'answered') as answered_count,
        count(*) filter (where response_state = 'late') as late_count,
        count(*) filter (where response_state = 'unanswered') as unanswered_count,
        count(*) filter (
            where response_state = 'answered' and is_satisfied is not null
        ) as valid_count,
        count(*) filter (where response_state = 'answered' and is_satisfied) as top_box_count
    from {{ ref('int_kpi_survey_invitations') }}
    group by
        cast(date_trunc('month', sent_date) as date),
        survey_kind,
        survey_channel,
        site_id,
        product_family

),

spread as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.is_complete,
        judged.*
    from judged
    inner join periods
        on
            judged.month_start_date >= periods.period_start_date
            and judged.month_start_date <= periods.period_end_date

),

segmented as (

    select
        period_grain,
        period_start_date,
        is_complete,
        survey_kind,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            when grouping(survey_channel) = 0 then 'survey_channel'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        coalesce(survey_channel, 'all') as survey_channel,
        cast(sum(invited_count) as bigint) as invited_count,
        cast(sum(immature_count) as bigint) as immature_count,
        cast(sum(answered_count) as bigint) as answered_count,
        cast(sum(late_count) as bigint) as late_count,
        cast(sum(unanswered_count) as bigint) as unanswered_count,
        cast(sum(valid_count) as bigint) as valid_count,
        cast(sum(top_box_count) as bigint) as top_box_count,
        cast(sum(invited_count - immature_count) as double) as asked,
        cast(sum(valid_count) as double) as valid,
        cast(sum(top_box_count) as double) as top_boxes
    from spread
    group by grouping sets (  -- noqa: PRS
        (period_grain, period_start_date, is_complete, survey_kind),
        (period_grain, period_start_date, is_complete, survey_kind, site_id),
        (period_grain, period_start_date, is_complete, survey_kind, product_family),
        (period_grain, period_start_date, is_complete, survey_kind, site_id, product_family),
        (period_grain, period_start_date, is_complete, survey_kind, survey_channel)
    )

)

select
    period_grain,
    period_start_date,
    survey_kind,
    segment,
    site_id,
    product_family,
    survey_channel,
    invited_count,
    immature_count,
    answered_count,
    late_count,
    unanswered_count,
    valid_count,
    top_box_count,
    answered_count / nullif(asked, 0) as response_share,
    top_boxes / nullif(valid, 0) as satisfied_share,
    {{ wilson_bound('top_boxes', 'valid', '-') }} as satisfied_low,
    {{ wilson_bound('top_boxes', 'valid', '+') }} as satisfied_high,
    -- Had nobody of the others been satisfied, and had all of them been. Only where satisfaction
    -- was asked is anything known of it.
    case when valid > 0 then top_boxes / asked end as satisfied_if_others_unhappy,
    case when valid > 0 then (top_boxes + asked - valid) / asked end as satisfied_if_others_happy,
    is_complete
from segmented
