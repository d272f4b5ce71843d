-- No cell is lost on the way: over all time kpi_values counts what the cells of an available KPI
-- count. A cell after as-of, before the first day of dim_dates, or of a KPI that the registry does
-- not know by then, would show here.
with cells as (

    select
        kpi_id,
        sum(eligible_count) as eligible_count,
        sum(immature_count) as immature_count,
        sum(censored_count) as censored_count,
        sum(excluded_count) as excluded_count
    from {{ ref('int_kpi_cells') }}
    where is_summable or period_grain = 'all'
    group by kpi_id

),

available_kpis as (

    select kpi_id
    from {{ ref('dim_kpis') }}
    where is_available

),

kpi_values as (

    select * from {{ ref('kpi_values') }}
    where segment = 'all' and period_grain = 'all'

)

select
    cells.kpi_id,
    cells.eligible_count,
    kpi_values.eligible_count as published_eligible_count
from cells
inner join available_kpis on cells.kpi_id = available_kpis.kpi_id
left join kpi_values on cells.kpi_id = kpi_values.kpi_id
where
    kpi_values.kpi_id is null
    or cells.eligible_count <> kpi_values.eligible_count
    or cells.immature_count <> kpi_values.immature_count
    or cells.censored_count <> kpi_values.censored_count
    or cells.excluded_count <> kpi_values.excluded_count
