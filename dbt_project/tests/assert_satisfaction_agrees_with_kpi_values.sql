-- The top boxes of a month and segment are the same in every mart that shows them.
with kpi_values as (

    select
        period_grain,
        period_start_date,
        segment,
        site_id,
        product_family,
        channel,
        priority,
        numerator,
        denominator,
        case kpi_id
            when 'csat_top_box_share' then 'overall'
            when 'csat_top_box_share_3_point' then 'overall'
            when 'effective_communication_rate' then 'communication'
            else replace(kpi_id, '_top_box_share', '')
        end as aspect,
        case when kpi_id = 'csat_top_box_share_3_point' then 3 else 5 end as scale_max
    from {{ ref('kpi_values') }}
    where
        segment <> 'region'
        and (
            kpi_id in ('csat_top_box_share_3_point', 'effective_communication_rate')
            or kpi_id like '%\_top\_box\_share' escape '\'
        )

),

monthly as (

    select
        'month' as period_grain,
        month_start_date as period_start_date,
        segment,
        site_id,
        product_family,
        'all' as channel,
        'all' as priority,
        aspect,
        scale_max,
        top_box_count,
        answer_count
    from {{ ref('agg_satisfaction_monthly') }}
    where question_kind in ('csat', 'aspect') and survey_kind = 'transactional'

),

aspects as (

    select
        period_grain,
        period_start_date,
        segment,
        site_id,
        product_family,
        channel,
        priority,
        aspect,
        scale_max,
        top_box_count,
        answer_count
    from {{ ref('agg_satisfaction_aspects') }}
    where survey_kind = 'transactional'

),

shown as (

    select
        'agg_satisfaction_monthly' as mart,
        *
    from monthly
    union all
    select
        'agg_satisfaction_aspects' as mart,
        *
    from aspects

),

marts as (

    select 'agg_satisfaction_monthly' as mart
    union all
    select 'agg_satisfaction_aspects' as mart

),

expected as (

    select
        marts.mart,
        kpi_values.*
    from kpi_values
    inner join marts
        on
            marts.mart = 'agg_satisfaction_aspects'
            or (
                kpi_values.period_grain = 'month'
                and kpi_values.segment not in ('channel', 'priority', 'region')
            )

)

select
    expected.mart,
    expected.aspect,
    expected.period_grain,
    expected.period_start_date,
    expected.segment,
    expected.numerator,
    shown.top_box_count,
    expected.denominator,
    shown.answer_count
from expected
left join shown
    on
        expected.mart = shown.mart
        and expected.period_grain = shown.period_grain
        and expected.period_start_date = shown.period_start_date
        and expected.segment = shown.segment
        and expected.site_id = shown.site_id
        and expected.product_family = shown.product_family
        and expected.channel = shown.channel
        and expected.priority = shown.priority
        and expected.aspect = shown.aspect
        and expected.scale_max = shown.scale_max
where
    expected.numerator <> coalesce(shown.top_box_count, 0)
    or expected.denominator <> coalesce(shown.answer_count, 0)
