with actions as (

    select
        *,
        -- The first whole month in which it works: that of its day, if that is the first.
        {{ month_number('done_date') }}
        + case when extract(day from done_date) = 1 then 0 else 1 end as first_month_number
    from {{ ref('fct_improvement_actions') }}
    where done_date is not null

),

kpis as (

    select
        kpi_id,
        kind,
        unit,
        direction
    from {{ ref('dim_kpis') }}

),

measured as (

    select
        actions.action_id,
        actions.kpi_id,
        actions.segment,
        actions.member,
        actions.site_id,
        actions.product_family,
        actions.channel,
        actions.priority,
        actions.done_date,
        kpis.kind,
        kpis.unit,
        kpi_values.period_start_date as month_start_date,
        {{ month_number('kpi_values.period_start_date') }} - actions.first_month_number
            as month_offset,
        coalesce(
            {{ month_number('kpi_values.period_start_date') }} between
            {{ month_number('actions.trigger_from_date') }}
            and {{ month_number('actions.trigger_to_date') }},
            false
        ) as is_trigger,
        -- A month that is bad beyond the limits of those before it.
        changes.signal = 'beyond_limits'
        and (changes.value > changes.limit_center) = (kpis.direction = 'lower') as is_extreme,
        kpi_values.value,
        kpi_values.interval_low,
        kpi_values.interval_high,
        kpi_values.eligible_count,
        -- A share of many items tells more than one of few; totals and quantiles are months alike.
        case
            when kpis.kind in ('ratio', 'mean', 'net_score') then kpi_values.denominator
            else 1.0
        end as item_weight
    from actions
    inner join kpis on actions.kpi_id = kpis.kpi_id
    inner join {{ ref('kpi_values') }} as kpi_values
        on
            actions.kpi_id = kpi_values.kpi_id
            and kpi_values.period_grain = 'month'
            and actions.segment = kpi_values.segment
            and actions.site_id = kpi_values.site_id
            and actions.product_family = kpi_values.product_family
            and actions.channel = kpi_values.channel
            and actions.priority = kpi_values.priority
    left join {{ ref('agg_kpi_changes') }} as changes
        on
            kpi_values.kpi_id = changes.kpi_id
            and changes.period_grain = 'month'
            and kpi_values.period_start_date = changes.period_start_date
            and kpi_values.segment = changes.segment
            and kpi_values.site_id = changes.site_id
            and kpi_values.region = changes.region
            and kpi_values.product_family = changes.product_family
            and kpi_values.channel = changes.channel
            and kpi_values.priority = changes.priority
    where kpi_values.is_complete and kpi_values.value is not null

),

phased as (

    select
        *,
        case
            when month_offset >= 0 then 'after'
            when month_offset = -1 and extract(day from done_date) <> 1 then 'transition'
            when is_trigger then 'trigger'
            when
                is_extreme
                and month_offset >= -{{ months_that_call() }}
                - case when extract(day from done_date) = 1 then 0 else 1 end
                then 'extreme'
            else 'before'
        end as phase
    from measured
    where
        month_offset between -{{ most_months_before() }} and {{ most_months_after() | int - 1 }}

),

-- Whoever had a measure for the same KPI is no comparison.
treated as (

    select distinct
        kpi_id,
        segment,
        member
    from actions

),

by_member as (

    select
        kpi_id,
        month_start_date,
        case
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            when grouping(channel) = 0 then 'channel'
            else 'priority'
        end as segment,
        coalesce(site_id, product_family, channel, priority) as member,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('kpi_cells') }}
    where kpi_id in (select treated.kpi_id from treated)
    group by grouping sets (  -- noqa: PRS
        (kpi_id, month_start_date, site_id),
        (kpi_id, month_start_date, product_family),
        (kpi_id, month_start_date, channel),
        (kpi_id, month_start_date, priority)
    )

),

untreated as (

    select
        by_member.kpi_id,
        by_member.segment,
        by_member.month_start_date,
        sum(by_member.numerator) as numerator,
        sum(by_member.denominator) as denominator,
        count(*) as member_count
    from by_member
    left join treated
        on
            by_member.kpi_id = treated.kpi_id
            and by_member.segment = treated.segment
            and by_member.member = treated.member
    where
        treated.member is null
        and by_member.member <> 'unknown'
        and by_member.denominator > 0
    group by by_member.kpi_id, by_member.segment, by_member.month_start_date

)

select
    phased.action_id,
    phased.month_start_date,
    phased.kpi_id,
    phased.segment,
    phased.member,
    phased.site_id,
    phased.product_family,
    phased.channel,
    phased.priority,
    phased.unit,
    phased.phase,
    phased.month_offset,
    phased.value,
    phased.interval_low,
    phased.interval_high,
    phased.eligible_count,
    phased.item_weight,
    -- The totals of others are of another size.
    case
        when phased.kind in ('ratio', 'mean', 'net_score') then
            {{ kpi_value(
                'phased.kind',
                'cast(untreated.numerator as double)',
                'cast(untreated.denominator as double)'
            ) }}
    end as comparison_value,
    case
        when phased.kind in ('ratio', 'mean', 'net_score')
            then cast(untreated.denominator as double)
    end as comparison_weight,
    case
        when phased.kind in ('ratio', 'mean', 'net_score')
            then cast(coalesce(untreated.member_count, 0) as bigint)
        else 0
    end as compared_member_count
from phased
left join untreated
    on
        phased.kpi_id = untreated.kpi_id
        and phased.segment = untreated.segment
        and phased.month_start_date = untreated.month_start_date
