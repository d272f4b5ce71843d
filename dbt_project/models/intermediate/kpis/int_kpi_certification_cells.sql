with items as (

    select * from {{ ref('int_kpi_certification_items') }}

),

periods as (

    select * from {{ ref('int_kpi_periods') }}

)

-- Every period is read on its last day, which is also that of its last month.
select
    items.kpi_id,
    periods.period_grain,
    items.site_id,
    case when items.item_state <> 'counted' then items.item_state end as excluded_reason,
    cast(
        coalesce(sum(items.numerator) filter (where items.item_state = 'counted'), 0)
        as decimal(38, 4)
    ) as numerator,
    cast(
        coalesce(sum(items.denominator) filter (where items.item_state = 'counted'), 0)
        as decimal(38, 4)
    ) as denominator,
    count(*) filter (where items.item_state = 'counted') as eligible_count,
    count(*) filter (where items.item_state <> 'counted') as excluded_count,
    periods.period_start_date
from items
inner join periods on items.counted_date = periods.measured_date
group by
    items.kpi_id,
    periods.period_grain,
    items.site_id,
    case when items.item_state <> 'counted' then items.item_state end,
    periods.period_start_date
