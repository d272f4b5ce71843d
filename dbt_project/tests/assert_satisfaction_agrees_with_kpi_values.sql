-- The top-box share of a month is the same in both marts that show it.
with kpi_values as (

    select * from {{ ref('kpi_values') }}
    where
        kpi_id = 'csat_top_box_share'
        and period_grain = 'month'
        and region = 'all'
        and channel = 'all'
        and priority = 'all'

),

satisfaction as (

    select
        month_start_date,
        segment,
        site_id,
        product_family,
        sum(top_box_count) as top_box_count,
        sum(case when top_box_share is not null then answer_count else 0 end) as answer_count
    from {{ ref('agg_satisfaction_monthly') }}
    where question_kind = 'csat' and survey_kind = 'transactional' and aspect = 'overall'
    group by month_start_date, segment, site_id, product_family

)

select
    kpi_values.period_start_date,
    kpi_values.segment,
    kpi_values.site_id,
    kpi_values.product_family,
    kpi_values.numerator,
    satisfaction.top_box_count,
    kpi_values.denominator,
    satisfaction.answer_count
from kpi_values
left join satisfaction
    on
        kpi_values.period_start_date = satisfaction.month_start_date
        and kpi_values.segment = satisfaction.segment
        and kpi_values.site_id = satisfaction.site_id
        and kpi_values.product_family = satisfaction.product_family
where
    kpi_values.numerator <> coalesce(satisfaction.top_box_count, 0)
    or kpi_values.denominator <> coalesce(satisfaction.answer_count, 0)
