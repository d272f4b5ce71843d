-- Visits lost to parts are those of the KPI, by quarter and year, for the company and per site.
with lost as (

    select * from {{ ref('agg_visits_lost') }}
    where segment in ('all', 'site')

),

kpi_values as (

    select * from {{ ref('kpi_values') }}
    where
        kpi_id = 'visits_lost_to_parts_rate'
        and period_grain in ('quarter', 'year')
        and segment in ('all', 'site')
        and eligible_count > 0

)

select
    coalesce(lost.period_grain, kpi_values.period_grain) as period_grain,
    coalesce(lost.period_start_date, kpi_values.period_start_date) as period_start_date,
    coalesce(lost.site_id, kpi_values.site_id) as site_id,
    lost.lost_visit_count,
    kpi_values.numerator
from lost
full outer join kpi_values
    on
        lost.period_grain = kpi_values.period_grain
        and lost.period_start_date = kpi_values.period_start_date
        and lost.site_id = kpi_values.site_id
where
    lost.visit_count is distinct from kpi_values.eligible_count
    or lost.lost_visit_count is distinct from kpi_values.numerator
