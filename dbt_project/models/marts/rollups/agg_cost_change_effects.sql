with splits as (

    select * from {{ ref('agg_cost_change_split') }}

),

kpis as (

    select * from {{ ref('kpi_values') }}
    where kpi_id in ('cost_total', 'cost_per_ticket') and segment = 'all'

),

-- Decimals: unlike those of floating-point numbers their sums do not depend on the order.
effects as (

    select
        period_grain,
        period_start_date,
        comparison,
        measure,
        segment,
        compared_start_date,
        sum(cast(volume_effect as decimal(38, 8))) as volume_effect,
        sum(cast(mix_effect as decimal(38, 8))) as mix_effect,
        sum(cast(rate_effect as decimal(38, 8))) as rate_effect,
        bool_and(is_comparable) as is_comparable
    from splits
    group by
        period_grain, period_start_date, comparison, measure, segment, compared_start_date

)

select
    effects.period_grain,
    effects.period_start_date,
    effects.comparison,
    effects.measure,
    effects.segment,
    earlier.value as value_before,
    cast(effects.volume_effect as double) as volume_effect,
    cast(effects.mix_effect as double) as mix_effect,
    cast(effects.rate_effect as double) as rate_effect,
    later.value as value_after,
    effects.is_comparable,
    effects.compared_start_date
from effects
left join kpis as later
    on
        effects.measure = later.kpi_id
        and effects.period_grain = later.period_grain
        and effects.period_start_date = later.period_start_date
left join kpis as earlier
    on
        effects.measure = earlier.kpi_id
        and effects.period_grain = earlier.period_grain
        and effects.compared_start_date = earlier.period_start_date
