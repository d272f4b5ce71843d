-- The effects of all segments are the whole change of the KPI, to the precision of the machine; and
-- for a total those of each segment are its own change.
with splits as (

    select * from {{ ref('agg_cost_change_split') }}

),

kpis as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        value,
        numerator
    from {{ ref('kpi_values') }}
    where kpi_id in ('cost_total', 'cost_per_ticket') and segment = 'all'

),

totals as (

    select
        period_grain,
        period_start_date,
        compared_start_date,
        comparison,
        measure,
        segment,
        sum(volume_effect + mix_effect + rate_effect) as split_change
    from splits
    group by
        period_grain, period_start_date, compared_start_date, comparison, measure, segment

)

select
    totals.period_grain,
    totals.period_start_date,
    totals.comparison,
    totals.measure,
    totals.segment,
    totals.split_change,
    later.value - earlier.value as kpi_change
from totals
left join kpis as later
    on
        totals.measure = later.kpi_id
        and totals.period_grain = later.period_grain
        and totals.period_start_date = later.period_start_date
left join kpis as earlier
    on
        totals.measure = earlier.kpi_id
        and totals.period_grain = earlier.period_grain
        and totals.compared_start_date = earlier.period_start_date
where
    (totals.measure = 'cost_per_ticket' and later.value is null)
    or (totals.measure = 'cost_per_ticket' and earlier.value is null)
    or abs(totals.split_change - (coalesce(later.value, 0) - coalesce(earlier.value, 0)))
    > 1e-9 * greatest(1, abs(coalesce(later.numerator, 0)), abs(coalesce(earlier.numerator, 0)))

union all

select
    period_grain,
    period_start_date,
    comparison,
    measure,
    segment,
    total_change as split_change,
    cast(amount_after - amount_before as double) as kpi_change
from splits
where
    measure = 'cost_total'
    and abs(total_change - cast(amount_after - amount_before as double))
    > 1e-9 * greatest(1, abs(amount_after), abs(amount_before))
