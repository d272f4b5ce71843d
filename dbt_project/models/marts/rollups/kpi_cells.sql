with cells as (

    select * from {{ ref('int_kpi_cells') }}
    where is_summable and period_grain = 'month'

),

available_kpis as (

    select kpi_id
    from {{ ref('dim_kpis') }}
    where is_available

)

select
    cells.kpi_id,
    cells.site_id,
    cells.region,
    cells.product_family,
    cells.channel,
    cells.priority,
    cast(sum(cells.numerator) as decimal(38, 4)) as numerator,
    cast(sum(cells.denominator) as decimal(38, 4)) as denominator,
    cast(sum(cells.eligible_count) as bigint) as eligible_count,
    cast(sum(cells.immature_count) as bigint) as immature_count,
    cast(sum(cells.censored_count) as bigint) as censored_count,
    cast(sum(cells.excluded_count) as bigint) as excluded_count,
    cells.period_start_date as month_start_date
from cells
inner join available_kpis on cells.kpi_id = available_kpis.kpi_id
group by
    cells.kpi_id,
    cells.site_id,
    cells.region,
    cells.product_family,
    cells.channel,
    cells.priority,
    cells.period_start_date
