-- The net promoter score of a month is of the same answers in both marts, the contact cap kept.
with kpi_values as (

    select
        *,
        case kpi_id when 'nps' then 'relationship' else 'transactional' end as survey_kind
    from {{ ref('kpi_values') }}
    where
        kpi_id in ('nps', 'nps_transactional')
        and period_grain = 'month'
        and channel = 'all'
        and priority = 'all'
        and segment <> 'region'

),

satisfaction as (

    select * from {{ ref('agg_satisfaction_monthly') }}
    where question_kind = 'nps'

)

select
    kpi_values.kpi_id,
    kpi_values.period_start_date,
    kpi_values.segment,
    kpi_values.value,
    satisfaction.nps
from kpi_values
left join satisfaction
    on
        kpi_values.survey_kind = satisfaction.survey_kind
        and kpi_values.period_start_date = satisfaction.month_start_date
        and kpi_values.segment = satisfaction.segment
        and kpi_values.site_id = satisfaction.site_id
        and kpi_values.product_family = satisfaction.product_family
where
    kpi_values.denominator <> coalesce(satisfaction.answer_count, 0)
    or kpi_values.numerator
    <> coalesce(satisfaction.promoter_count - satisfaction.detractor_count, 0)
