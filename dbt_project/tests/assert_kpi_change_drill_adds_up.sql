-- The parts of each second dimension are what the member makes of the change, to the precision of
-- the machine, their own effects nothing; one part at most is the main cause; and every member that
-- stands out most in a change is split by all other dimensions that its KPI has segments of.
with drills as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        comparison,
        dimension,
        member,
        second_dimension,
        sum(effect) as drilled_effect,
        sum(own_effect) as drilled_own_effect,
        max(abs(effect)) as effect_size
    from {{ ref('agg_kpi_change_drill') }}
    group by
        kpi_id, period_grain, period_start_date, comparison, dimension, member, second_dimension

),

causes as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        comparison
    from {{ ref('agg_kpi_change_drill') }}
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

expected as (

    select
        split.kpi_id,
        split.period_grain,
        split.period_start_date,
        split.comparison,
        split.dimension,
        split.member,
        split.effect,
        dimensions.dimension as second_dimension,
        greatest(abs(changes.value), abs(changes.value - split.effect), abs(split.effect)) as size
    from {{ ref('agg_kpi_change_split') }} as split
    inner join {{ ref('agg_kpi_changes') }} as changes
        on
            split.kpi_id = changes.kpi_id
            and split.period_grain = changes.period_grain
            and split.period_start_date = changes.period_start_date
            and changes.segment = 'all'
    inner join {{ ref('dim_kpis') }} as kpis on split.kpi_id = kpis.kpi_id
    inner join dimensions
        on
            split.dimension <> dimensions.dimension
            and ' ' || coalesce(kpis.segments, '') || ' ' like '% ' || dimensions.dimension || ' %'
    where split.cause_rank = 1 and abs(split.own_effect) > 1e-9 * abs(split.effect)

)

select
    coalesce(expected.kpi_id, drills.kpi_id) as kpi_id,
    coalesce(expected.period_grain, drills.period_grain) as period_grain,
    coalesce(expected.period_start_date, drills.period_start_date) as period_start_date,
    coalesce(expected.comparison, drills.comparison) as comparison,
    coalesce(expected.second_dimension, drills.second_dimension) as second_dimension,
    expected.effect,
    drills.drilled_effect,
    drills.drilled_own_effect
from expected
full outer join drills
    on
        expected.kpi_id = drills.kpi_id
        and expected.period_grain = drills.period_grain
        and expected.period_start_date = drills.period_start_date
        and expected.comparison = drills.comparison
        and expected.dimension = drills.dimension
        and expected.member = drills.member
        and expected.second_dimension = drills.second_dimension
where
    expected.kpi_id is null
    or drills.kpi_id is null
    or abs(drills.drilled_effect - expected.effect)
    > 1e-9 * greatest(expected.size, drills.effect_size)
    or abs(drills.drilled_own_effect) > 1e-9 * greatest(expected.size, drills.effect_size)

union all

select
    kpi_id,
    period_grain,
    period_start_date,
    comparison,
    'more than one main cause' as second_dimension,
    null as effect,
    null as drilled_effect,
    null as drilled_own_effect
from causes
