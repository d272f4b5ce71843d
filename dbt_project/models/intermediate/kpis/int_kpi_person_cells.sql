with items as (

    select * from {{ ref('int_kpi_items') }}
    where technician_id is not null

),

scorecard_kpis as (

    select distinct kpi_id
    from {{ ref('stg_kpi_registry') }}
    where scorecard_weight > 0

),

person_cells as (

    select
        items.kpi_id,
        items.technician_id,
        sum(items.numerator) filter (where items.item_state = 'counted') as numerator,
        sum(items.denominator) filter (where items.item_state = 'counted') as denominator,
        sum(cast(items.numerator as decimal(38, 4)) * items.numerator) filter (
            where items.item_state = 'counted'
        ) as numerator_squares,
        count(*) filter (
            where items.item_state = 'counted' and items.denominator <> 0
        ) as eligible_count,
        cast(date_trunc('month', items.counted_date) as date) as month_start_date
    from items
    inner join scorecard_kpis on items.kpi_id = scorecard_kpis.kpi_id
    group by
        items.kpi_id,
        items.technician_id,
        cast(date_trunc('month', items.counted_date) as date)

)

select
    kpi_id,
    technician_id,
    cast(coalesce(numerator, 0) as decimal(38, 4)) as numerator,
    cast(coalesce(denominator, 0) as decimal(38, 4)) as denominator,
    cast(coalesce(numerator_squares, 0) as decimal(38, 8)) as numerator_squares,
    eligible_count,
    month_start_date
from person_cells
