with kpis as (

    select * from {{ ref('kpi_values') }}
    where
        kpi_id in ('cost_total', 'cost_per_ticket')
        and period_grain in ('month', 'quarter', 'year')

),

composition as (

    select * from {{ ref('agg_cost_composition_monthly') }}
    where segment = 'all'

),

-- Decimals: unlike those of floating-point numbers their sums do not depend on the order.
volumes as (

    select
        period_grain,
        period_start_date,
        segment,
        site_id,
        product_family,
        cast(denominator as decimal(38, 4)) as volume
    from kpis
    where kpi_id = 'cost_per_ticket' and segment in ('all', 'site', 'product_family')

),

periods as (

    select
        period_grain,
        period_start_date,
        case period_grain when 'month' then 1 when 'quarter' then 3 else 12 end as month_count,
        bool_and(is_complete) as is_complete
    from kpis
    where segment = 'all'
    group by period_grain, period_start_date

),

-- A period compares where the books of all its months are in.
charged_periods as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.is_complete and count(kpis.period_start_date) = periods.month_count
            as is_comparable
    from periods
    left join kpis
        on
            kpis.kpi_id = 'cost_per_ticket'
            and kpis.period_grain = 'month'
            and kpis.segment = 'all'
            and kpis.denominator <> 0
            and cast(date_trunc(periods.period_grain, kpis.period_start_date) as date)
            = periods.period_start_date
    group by
        periods.period_grain, periods.period_start_date, periods.month_count, periods.is_complete

),

comparisons as (

    select
        'previous' as comparison,
        1 as is_previous

    union all

    select
        'year_before' as comparison,
        0 as is_previous

),

pairs as (

    select
        later.period_grain,
        later.period_start_date,
        comparisons.comparison,
        earlier.period_start_date as compared_start_date,
        later.is_comparable and earlier.is_comparable as is_comparable
    from charged_periods as later
    cross join comparisons
    inner join charged_periods as earlier
        on
            later.period_grain = earlier.period_grain
            and earlier.period_start_date = cast(
                later.period_start_date - case
                    when comparisons.is_previous = 0 then interval 12 month
                    when later.period_grain = 'month' then interval 1 month
                    when later.period_grain = 'quarter' then interval 3 month
                    else interval 12 month
                end as date
            )
    where comparisons.is_previous = 1 or later.period_grain <> 'year'

),

component_amounts as (

    select
        periods.period_grain,
        periods.period_start_date,
        composition.component,
        sum(composition.amount) as amount
    from composition
    inner join periods
        on
            cast(date_trunc(periods.period_grain, composition.month_start_date) as date)
            = periods.period_start_date
    group by periods.period_grain, periods.period_start_date, composition.component

),

-- The cells of both measures. Components share one volume: that of the company.
cells as (

    select
        kpi_id as measure,
        period_grain,
        period_start_date,
        segment,
        site_id,
        product_family,
        'all' as component,
        cast(numerator as decimal(38, 4)) as amount,
        cast(0 as decimal(38, 4)) as volume
    from kpis
    where segment in ('site', 'product_family')

    union all

    select
        'cost_total' as measure,
        period_grain,
        period_start_date,
        segment,
        site_id,
        product_family,
        'all' as component,
        cast(0 as decimal(38, 4)) as amount,
        volume
    from volumes
    where segment in ('site', 'product_family')

    union all

    select
        'cost_per_ticket' as measure,
        period_grain,
        period_start_date,
        segment,
        site_id,
        product_family,
        'all' as component,
        cast(0 as decimal(38, 4)) as amount,
        volume
    from volumes
    where segment in ('site', 'product_family')

    union all

    select
        'cost_total' as measure,
        component_amounts.period_grain,
        component_amounts.period_start_date,
        'component' as segment,
        'all' as site_id,
        'all' as product_family,
        component_amounts.component,
        component_amounts.amount,
        cast(0 as decimal(38, 4)) as volume
    from component_amounts

),

sides as (

    select
        pairs.*,
        cells.measure,
        cells.segment,
        cells.site_id,
        cells.product_family,
        cells.component,
        cast(0 as decimal(38, 4)) as amount_before,
        cells.amount as amount_after,
        cast(0 as decimal(38, 4)) as volume_before,
        cells.volume as volume_after
    from pairs
    inner join cells
        on
            pairs.period_grain = cells.period_grain
            and pairs.period_start_date = cells.period_start_date

    union all

    select
        pairs.*,
        cells.measure,
        cells.segment,
        cells.site_id,
        cells.product_family,
        cells.component,
        cells.amount as amount_before,
        cast(0 as decimal(38, 4)) as amount_after,
        cells.volume as volume_before,
        cast(0 as decimal(38, 4)) as volume_after
    from pairs
    inner join cells
        on
            pairs.period_grain = cells.period_grain
            and pairs.compared_start_date = cells.period_start_date

),

summed as (

    select
        period_grain,
        period_start_date,
        comparison,
        compared_start_date,
        measure,
        segment,
        site_id,
        product_family,
        component,
        sum(amount_before) as amount_before,
        sum(amount_after) as amount_after,
        sum(volume_before) as volume_before,
        sum(volume_after) as volume_after,
        is_comparable
    from sides
    group by
        period_grain,
        period_start_date,
        comparison,
        compared_start_date,
        measure,
        segment,
        site_id,
        product_family,
        component,
        is_comparable

),

paired as (

    select
        summed.period_grain,
        summed.period_start_date,
        summed.comparison,
        summed.compared_start_date,
        summed.measure,
        summed.segment,
        summed.site_id,
        summed.product_family,
        summed.component,
        summed.amount_before,
        summed.amount_after,
        case
            when summed.segment = 'component' then coalesce(before_all.volume, 0)
            else summed.volume_before
        end as volume_before,
        case
            when summed.segment = 'component' then coalesce(after_all.volume, 0)
            else summed.volume_after
        end as volume_after,
        coalesce(before_all.volume, 0) as all_before,
        coalesce(after_all.volume, 0) as all_after,
        summed.is_comparable
    from summed
    left join volumes as before_all
        on
            before_all.segment = 'all'
            and summed.period_grain = before_all.period_grain
            and summed.compared_start_date = before_all.period_start_date
    left join volumes as after_all
        on
            after_all.segment = 'all'
            and summed.period_grain = after_all.period_grain
            and summed.period_start_date = after_all.period_start_date

),

-- Cost of a segment without volume (of a site where no ticket ends, say) has no rate: it is apart.
carried as (

    select
        *,
        case when volume_before <> 0 then amount_before else 0 end as carried_before,
        case when volume_after <> 0 then amount_after else 0 end as carried_after,
        case when volume_before = 0 then amount_before else 0 end as loose_before,
        case when volume_after = 0 then amount_after else 0 end as loose_after
    from paired

),

overall as (

    select
        *,
        case
            when segment = 'component' then carried_before
            else
                sum(carried_before) over (
                    partition by measure, segment, period_grain, period_start_date, comparison
                )
        end as overall_before,
        case
            when segment = 'component' then carried_after
            else
                sum(carried_after) over (
                    partition by measure, segment, period_grain, period_start_date, comparison
                )
        end as overall_after
    from carried

),

rated as (

    select
        *,
        {{ comparable_rate('carried_before', 'volume_before', 'carried_after', 'volume_after') }}
            as rate_before,
        {{ comparable_rate('carried_after', 'volume_after', 'carried_before', 'volume_before') }}
            as rate_after,
        {{ comparable_rate('overall_before', 'all_before', 'overall_after', 'all_after') }}
            as overall_rate_before,
        {{ comparable_rate('overall_after', 'all_after', 'overall_before', 'all_before') }}
            as overall_rate_after
    from overall

),

split_total as (

    select
        *,
        coalesce(
            {{ volume_effect(
                'volume_before', 'volume_after', 'overall_rate_before', 'overall_rate_after'
            ) }}, 0
        ) as volume_effect,
        coalesce(
            {{ mix_effect(
                'volume_before', 'volume_after', 'rate_before', 'rate_after',
                'overall_rate_before', 'overall_rate_after'
            ) }}, 0
        ) as mix_effect,
        coalesce(
            {{ rate_effect('volume_before', 'volume_after', 'rate_before', 'rate_after') }}, 0
        )
        + cast(loose_after - loose_before as double) as rate_effect
    from rated
    where measure = 'cost_total'

),

shared as (

    select
        *,
        cast(volume_before as double) / cast(all_before as double) as share_before,
        cast(volume_after as double) / cast(all_after as double) as share_after
    from rated
    -- A mean over no ticket at all is no number, and has no change.
    where measure = 'cost_per_ticket' and all_before <> 0 and all_after <> 0

),

split_mean as (

    select
        *,
        coalesce(
            {{ mix_effect(
                'share_before', 'share_after', 'rate_before', 'rate_after',
                'overall_rate_before', 'overall_rate_after'
            ) }}, 0
        ) as mix_effect,
        coalesce(
            {{ rate_effect('share_before', 'share_after', 'rate_before', 'rate_after') }}, 0
        )
        + cast(loose_after as double) / cast(all_after as double)
        - cast(loose_before as double) / cast(all_before as double) as rate_effect
    from shared

),

effects as (

    select
        period_grain,
        period_start_date,
        comparison,
        compared_start_date,
        measure,
        segment,
        site_id,
        product_family,
        component,
        amount_before,
        amount_after,
        volume_before,
        volume_after,
        volume_effect,
        mix_effect,
        rate_effect,
        is_comparable
    from split_total

    union all

    select
        period_grain,
        period_start_date,
        comparison,
        compared_start_date,
        measure,
        segment,
        site_id,
        product_family,
        component,
        amount_before,
        amount_after,
        volume_before,
        volume_after,
        0.0 as volume_effect,
        mix_effect,
        rate_effect,
        is_comparable
    from split_mean

)

select
    period_grain,
    period_start_date,
    comparison,
    measure,
    segment,
    site_id,
    product_family,
    component,
    case
        when volume_before = 0 and volume_after = 0 then 'without_volume'
        when volume_before = 0 then 'appeared'
        when volume_after = 0 then 'vanished'
        else 'stayed'
    end as segment_state,
    cast(amount_before as decimal(18, 4)) as amount_before,
    cast(amount_after as decimal(18, 4)) as amount_after,
    cast(volume_before as decimal(18, 4)) as volume_before,
    cast(volume_after as decimal(18, 4)) as volume_after,
    cast(volume_effect as double) as volume_effect,
    cast(mix_effect as double) as mix_effect,
    cast(rate_effect as double) as rate_effect,
    cast(volume_effect + mix_effect + rate_effect as double) as total_change,
    is_comparable,
    compared_start_date
from effects
