-- The effects of the members of a dimension are the whole change of the KPI, to the precision of
-- the machine, their own effects nothing; one member at most is the main cause, and every change
-- of a KPI that adds up is split by the dimensions that it has segments of.
with splits as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        comparison,
        dimension,
        sum(effect) as split_change,
        sum(own_effect) as own_change,
        -- A score that stays at 0 is made of effects that are not.
        max(abs(effect)) as effect_size
    from {{ ref('agg_kpi_change_split') }}
    group by kpi_id, period_grain, period_start_date, comparison, dimension

),

causes as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        comparison
    from {{ ref('agg_kpi_change_split') }}
    where is_main_cause
    group by kpi_id, period_grain, period_start_date, comparison
    having count(*) > 1

),

dimensions as (

    select 'site' as dimension
    union all
    select 'product_family' as dimension
    union all
    select 'channel' as dimension
    union all
    select 'priority' as dimension

),

changes as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        'previous' as comparison,
        change,
        greatest(abs(value), abs(previous_value)) as size
    from {{ ref('agg_kpi_changes') }}
    where segment = 'all' and change is not null
    union all
    select
        kpi_id,
        period_grain,
        period_start_date,
        'year_before' as comparison,
        year_change as change,
        greatest(abs(value), abs(year_before_value)) as size
    from {{ ref('agg_kpi_changes') }}
    where segment = 'all' and year_change is not null and period_grain <> 'year'

),

expected as (

    select
        changes.*,
        dimensions.dimension
    from changes
    inner join {{ ref('dim_kpis') }} as kpis on changes.kpi_id = kpis.kpi_id
    inner join dimensions
        on ' ' || coalesce(kpis.segments, '') || ' ' like '% ' || dimensions.dimension || ' %'
    where kpis.adds_up

)

select
    coalesce(expected.kpi_id, splits.kpi_id) as kpi_id,
    coalesce(expected.period_grain, splits.period_grain) as period_grain,
    coalesce(expected.period_start_date, splits.period_start_date) as period_start_date,
    coalesce(expected.comparison, splits.comparison) as comparison,
    coalesce(expected.dimension, splits.dimension) as dimension,
    expected.change,
    splits.split_change,
    splits.own_change
from expected
full outer join splits
    on
        expected.kpi_id = splits.kpi_id
        and expected.period_grain = splits.period_grain
        and expected.period_start_date = splits.period_start_date
        and expected.comparison = splits.comparison
        and expected.dimension = splits.dimension
where
    expected.kpi_id is null
    or splits.kpi_id is null
    or abs(splits.split_change - expected.change)
    > 1e-9 * greatest(expected.size, splits.effect_size)
    or abs(splits.own_change) > 1e-9 * greatest(expected.size, splits.effect_size)

union all

select
    kpi_id,
    period_grain,
    period_start_date,
    comparison,
    'more than one main cause' as dimension,
    null as change,
    null as split_change,
    null as own_change
from causes
