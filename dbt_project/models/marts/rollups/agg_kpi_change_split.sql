with kpis as (

    select
        kpi_id,
        kind,
        ' ' || coalesce(segments, '') || ' ' as segments
    from {{ ref('dim_kpis') }}
    where adds_up

),

of_the_whole as (

    select
        changes.kpi_id,
        changes.period_grain,
        changes.period_start_date,
        changes.change,
        changes.year_change,
        changes.is_complete,
        kpis.kind,
        case when kpis.kind = 'net_score' then 100 else 1 end as factor
    from {{ ref('agg_kpi_changes') }} as changes
    inner join kpis on changes.kpi_id = kpis.kpi_id
    where changes.segment = 'all'

),

-- Of a year the period before is the year before: it is compared once.
changes as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        'previous' as comparison,
        {{ period_before('period_start_date', 'period_grain') }} as compared_start_date,
        kind,
        factor,
        change,
        is_complete
    from of_the_whole
    where change is not null

    union all

    select
        kpi_id,
        period_grain,
        period_start_date,
        'year_before' as comparison,
        cast(period_start_date - interval 12 month as date) as compared_start_date,
        kind,
        factor,
        year_change as change,
        is_complete
    from of_the_whole
    where year_change is not null and period_grain <> 'year'

),

grains as (

    select distinct period_grain from changes

),

by_month as (

    select
        kpi_id,
        month_start_date,
        case
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            when grouping(channel) = 0 then 'channel'
            else 'priority'
        end as dimension,
        coalesce(site_id, product_family, channel, priority) as member,
        sum(numerator) as amount,
        sum(denominator) as volume
    from {{ ref('kpi_cells') }}
    group by grouping sets (  -- noqa: PRS
        (kpi_id, month_start_date, site_id),
        (kpi_id, month_start_date, product_family),
        (kpi_id, month_start_date, channel),
        (kpi_id, month_start_date, priority)
    )

),

-- A KPI is split by what it has segments of: of a complaint nobody knows the channel.
by_period as (

    select
        by_month.kpi_id,
        grains.period_grain,
        cast(date_trunc(grains.period_grain, by_month.month_start_date) as date)
            as period_start_date,
        by_month.dimension,
        by_month.member,
        sum(by_month.amount) as amount,
        sum(by_month.volume) as volume
    from by_month
    inner join kpis
        on
            by_month.kpi_id = kpis.kpi_id
            and kpis.segments like '% ' || by_month.dimension || ' %'
    cross join grains
    group by
        by_month.kpi_id,
        grains.period_grain,
        cast(date_trunc(grains.period_grain, by_month.month_start_date) as date),
        by_month.dimension,
        by_month.member

),

sides as (

    select
        changes.*,
        by_period.dimension,
        by_period.member,
        cast(0 as decimal(38, 4)) as amount_before,
        by_period.amount as amount_after,
        cast(0 as decimal(38, 4)) as volume_before,
        by_period.volume as volume_after
    from changes
    inner join by_period
        on
            changes.kpi_id = by_period.kpi_id
            and changes.period_grain = by_period.period_grain
            and changes.period_start_date = by_period.period_start_date

    union all

    select
        changes.*,
        by_period.dimension,
        by_period.member,
        by_period.amount as amount_before,
        cast(0 as decimal(38, 4)) as amount_after,
        by_period.volume as volume_before,
        cast(0 as decimal(38, 4)) as volume_after
    from changes
    inner join by_period
        on
            changes.kpi_id = by_period.kpi_id
            and changes.period_grain = by_period.period_grain
            and changes.compared_start_date = by_period.period_start_date

),

paired as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        comparison,
        dimension,
        member,
        kind,
        factor,
        change,
        is_complete,
        sum(amount_before) as amount_before,
        sum(amount_after) as amount_after,
        sum(volume_before) as volume_before,
        sum(volume_after) as volume_after
    from sides
    group by
        kpi_id,
        period_grain,
        period_start_date,
        comparison,
        dimension,
        member,
        kind,
        factor,
        change,
        is_complete

),

-- What has no volume (cost of a site where no ticket ends, say) has no rate: it is apart.
carried as (

    select
        *,
        case when volume_before <> 0 then amount_before else 0 end as carried_before,
        case when volume_after <> 0 then amount_after else 0 end as carried_after,
        case when volume_before = 0 then amount_before else 0 end as loose_before,
        case when volume_after = 0 then amount_after else 0 end as loose_after
    from paired

),

whole as (

    select
        *,
        sum(carried_before) over dimension_of as all_carried_before,
        sum(carried_after) over dimension_of as all_carried_after,
        sum(volume_before) over dimension_of as all_volume_before,
        sum(volume_after) over dimension_of as all_volume_after,
        sum(amount_before) over dimension_of as all_amount_before,
        sum(amount_after) over dimension_of as all_amount_after
    from carried
    window
        dimension_of as (
            partition by kpi_id, period_grain, period_start_date, comparison, dimension
        )

),

rated as (

    select
        *,
        cast(case when kind = 'total' then amount_before else volume_before end as double)
        / nullif(
            cast(
                case when kind = 'total' then all_amount_before else all_volume_before end as double
            ), 0
        ) as share_before,
        cast(case when kind = 'total' then amount_after else volume_after end as double)
        / nullif(
            cast(
                case when kind = 'total' then all_amount_after else all_volume_after end as double
            ), 0
        ) as share_after,
        {{ comparable_rate('carried_before', 'volume_before', 'carried_after', 'volume_after') }}
            as rate_before,
        {{ comparable_rate('carried_after', 'volume_after', 'carried_before', 'volume_before') }}
            as rate_after,
        cast(all_carried_before as double) / nullif(cast(all_volume_before as double), 0)
            as overall_rate_before,
        cast(all_carried_after as double) / nullif(cast(all_volume_after as double), 0)
            as overall_rate_after
    from whole

),

split as (

    select
        *,
        case
            when kind <> 'total'
                then
                    factor * coalesce(
                        {{ mix_effect(
                            'share_before', 'share_after', 'rate_before', 'rate_after',
                            'overall_rate_before', 'overall_rate_after'
                        ) }}, 0
                    )
        end as mix_effect,
        case
            when kind <> 'total'
                then
                    factor * (
                        coalesce(
                            {{ rate_effect(
                                'share_before', 'share_after', 'rate_before', 'rate_after'
                            ) }}, 0
                        )
                        + cast(loose_after as double) / cast(all_volume_after as double)
                        - cast(loose_before as double) / cast(all_volume_before as double)
                    )
        end as rate_effect
    from rated

),

added as (

    select
        *,
        case
            when kind = 'total' then cast(amount_after - amount_before as double)
            else mix_effect + rate_effect
        end as effect
    from split

),

-- Were every member to change alike, each would have its share of the change: what is more than
-- that is its own.
owned as (

    select
        *,
        effect
        - coalesce(
            (coalesce(share_before, share_after) + coalesce(share_after, share_before)) / 2, 0
        ) * change as own_effect
    from added

),

ranked as (

    select
        *,
        row_number() over (
            partition by kpi_id, period_grain, period_start_date, comparison
            order by own_effect * sign(change) desc, dimension asc, member asc
        ) as cause_rank
    from owned

)

select
    kpi_id,
    period_grain,
    period_start_date,
    comparison,
    dimension,
    member,
    case
        when kind = 'total' then 'total'
        when mix_effect * sign(effect) > rate_effect * sign(effect) then 'mix'
        else 'rate'
    end as driver,
    case
        when kind <> 'total' and volume_before <> 0
            then factor * cast(amount_before as double) / cast(volume_before as double)
        when kind = 'total' then cast(amount_before as double)
    end as previous_value,
    case
        when kind <> 'total' and volume_after <> 0
            then factor * cast(amount_after as double) / cast(volume_after as double)
        when kind = 'total' then cast(amount_after as double)
    end as value,
    share_before as previous_weight,
    share_after as weight,
    mix_effect,
    rate_effect,
    effect,
    own_effect,
    case when kind <> 'total' then factor * (overall_rate_before + overall_rate_after) / 2 end
        as reference_value,
    cast(cause_rank as bigint) as cause_rank,
    cause_rank = 1 and own_effect * sign(change) >= 0.25 * abs(change) and change <> 0
        as is_main_cause,
    is_complete
from ranked
