-- Nobody invited is lost on the way; the bounds hold what was found; and the response is that of
-- the KPI.
with funnel as (

    select * from {{ ref('agg_survey_funnel') }}

),

kpi_values as (

    select * from {{ ref('kpi_values') }}
    where kpi_id = 'survey_response_rate' and segment in ('all', 'site')

),

both_kinds as (

    select
        period_grain,
        period_start_date,
        segment,
        site_id,
        sum(answered_count) as answered_count,
        sum(invited_count - immature_count) as asked_count
    from funnel
    where segment in ('all', 'site')
    group by period_grain, period_start_date, segment, site_id

)

select
    period_grain,
    period_start_date,
    segment,
    site_id,
    'funnel' as fault
from funnel
where
    invited_count <> immature_count + answered_count + late_count + unanswered_count
    or valid_count > answered_count
    or top_box_count > valid_count
    or satisfied_if_others_unhappy > satisfied_share
    or satisfied_share > satisfied_if_others_happy

union all

select
    kpi_values.period_grain,
    kpi_values.period_start_date,
    kpi_values.segment,
    kpi_values.site_id,
    'response rate' as fault
from kpi_values
left join both_kinds
    on
        kpi_values.period_grain = both_kinds.period_grain
        and kpi_values.period_start_date = both_kinds.period_start_date
        and kpi_values.segment = both_kinds.segment
        and kpi_values.site_id = both_kinds.site_id
where
    kpi_values.numerator <> coalesce(both_kinds.answered_count, 0)
    or kpi_values.denominator <> coalesce(both_kinds.asked_count, 0)
