-- People share the company's items: together they never count more of a KPI in a period than the
-- company does.
with scorecards as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        sum(eligible_count) as eligible_count,
        sum(numerator) as numerator
    from {{ ref('agg_technician_scorecards') }}
    group by kpi_id, period_grain, period_start_date

),

kpi_values as (

    select * from {{ ref('kpi_values') }}
    where segment = 'all'

)

select
    scorecards.kpi_id,
    scorecards.period_grain,
    scorecards.period_start_date,
    scorecards.eligible_count,
    kpi_values.eligible_count as company_eligible_count
from scorecards
left join kpi_values
    on
        scorecards.kpi_id = kpi_values.kpi_id
        and scorecards.period_grain = kpi_values.period_grain
        and scorecards.period_start_date = kpi_values.period_start_date
where
    kpi_values.kpi_id is null
    or scorecards.eligible_count > kpi_values.eligible_count
    or scorecards.numerator > kpi_values.numerator + 1e-6
