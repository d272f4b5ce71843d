with recursive items as (

    select * from {{ ref('int_kpi_survival_items') }}

),

numbered_memberships as (

    select * from {{ ref('int_kpi_survival_members') }}

),

periods as (

    select
        period_grain,
        period_start_date,
        period_end_date
    from {{ ref('int_kpi_periods') }}

),

kpis as (

    select * from {{ ref('int_kpi_quantile_kpis') }}

),

combinations as (

    select distinct
        combination_number,
        metric,
        item_site_id,
        item_region,
        item_product_family,
        item_channel,
        item_priority
    from numbered_memberships

),

members as (

    select distinct
        member_number,
        metric,
        segment,
        site_id,
        region,
        product_family,
        channel,
        priority
    from numbered_memberships

),

numbered_periods as (

    select
        *,
        row_number() over (order by period_grain, period_start_date) as period_number
    from periods

),

months_in_periods as (

    select
        months.period_start_date as month_start_date,
        numbered_periods.period_number
    from numbered_periods
    inner join periods as months
        on
            months.period_grain = 'month'
            and numbered_periods.period_start_date <= months.period_start_date
            and numbered_periods.period_end_date >= months.period_start_date

),

numbered_items as (

    select
        combinations.combination_number,
        items.curve_state,
        items.month_start_date,
        -- Within one second events come before censorings.
        items.curve_seconds * 2 + case when items.curve_state = 'event' then 0 else 1 end
            as time_key
    from items
    inner join combinations
        on
            items.metric = combinations.metric
            and items.site_id = combinations.item_site_id
            and items.region = combinations.item_region
            and items.product_family = combinations.item_product_family
            and items.channel = combinations.item_channel
            and items.priority = combinations.item_priority

),

counted_items as (

    select
        combination_number,
        curve_state,
        month_start_date,
        count(*) as item_count
    from numbered_items
    group by combination_number, curve_state, month_start_date

),

-- A cell is a member of a segment in a period; room for 10,000 periods and 200,000 members.
celled_counts as (

    select
        cast(
            numbered_memberships.member_number * 10000 + months_in_periods.period_number as integer
        ) as cell_number,
        counted_items.curve_state,
        counted_items.item_count
    from counted_items
    inner join numbered_memberships
        on counted_items.combination_number = numbered_memberships.combination_number
    inner join months_in_periods
        on counted_items.month_start_date = months_in_periods.month_start_date

),

state_counts as (

    select
        cell_number,
        curve_state,
        sum(item_count) as item_count
    from celled_counts
    group by cell_number, curve_state

),

cells as (

    select
        cell_number,
        coalesce(
            sum(item_count) filter (where curve_state in ('event', 'open', 'other_exit')), 0
        ) as total_count,
        coalesce(sum(item_count) filter (where curve_state in ('event', 'other_exit')), 0)
            as eligible_count,
        coalesce(sum(item_count) filter (where curve_state = 'open'), 0) as censored_count,
        coalesce(
            sum(item_count) filter (where curve_state not in ('event', 'open', 'other_exit')), 0
        ) as excluded_count,
        {{ dbt.listagg(
            "case when curve_state not in ('event', 'open', 'other_exit') "
            "then curve_state || ' ' || item_count end",
            "', '",
            "order by curve_state"
        ) }} as excluded_reason
    from state_counts
    group by cell_number

),

celled_items as (

    select
        cast(
            numbered_memberships.member_number * 10000 + months_in_periods.period_number as integer
        ) as cell_number,
        numbered_items.time_key
    from numbered_items
    inner join numbered_memberships
        on numbered_items.combination_number = numbered_memberships.combination_number
    inner join months_in_periods
        on numbered_items.month_start_date = months_in_periods.month_start_date
    where numbered_items.curve_state in ('event', 'open', 'other_exit')

),

-- Items of one second and state are interchangeable: which of them comes first changes nothing.
positions as (

    select
        cell_number,
        time_key,
        row_number() over (partition by cell_number order by time_key) as item_position
    from celled_items

),

censorings as (

    select
        positions.cell_number,
        positions.item_position,
        cells.total_count,
        {{ censored_log('(cells.total_count - positions.item_position + 1)') }} as censored_log,
        {{ censored_sum('(cells.total_count - positions.item_position + 1)') }} as censored_sum
    from positions
    inner join cells on positions.cell_number = cells.cell_number
    where positions.time_key % 2 = 1

),

-- A run: events with no censoring between them, after the given censorings.
run_starts as (

    select
        cell_number,
        total_count,
        0 as after_position,
        cast(0 as decimal(38, 17)) as censored_log,
        cast(0 as decimal(38, 17)) as censored_sum
    from cells
    where total_count > 0

    union all

    select
        cell_number,
        total_count,
        item_position as after_position,
        sum(censored_log) over (
            partition by cell_number
            order by item_position
            rows between unbounded preceding and current row
        ) as censored_log,
        sum(censored_sum) over (
            partition by cell_number
            order by item_position
            rows between unbounded preceding and current row
        ) as censored_sum
    from censorings

),

run_limits as (

    select
        *,
        after_position + 1 as first_position,
        coalesce(
            lead(after_position) over (partition by cell_number order by after_position) - 1,
            total_count
        ) as last_position
    from run_starts

),

runs as (

    select
        *,
        {{ survival_hazard('last_position', 'total_count', 'censored_log') }} as last_hazard,
        -- Where nothing is left, S has no interval: the run is judged by the event before.
        least(last_position, total_count - 1) as last_bounded_position
    from run_limits
    where first_position <= last_position

),

judged_runs as (

    select
        cell_number,
        first_position,
        last_hazard,
        case
            when first_position <= last_bounded_position
                then {{ time_bound_hazard(
                    "'low'", 'last_bounded_position', 'total_count', 'censored_log', 'censored_sum'
                ) }}
        end as last_low_hazard,
        case
            when first_position <= last_bounded_position
                then {{ time_bound_hazard(
                    "'high'", 'last_bounded_position', 'total_count', 'censored_log', 'censored_sum'
                ) }}
        end as last_high_hazard
    from runs

),

wanted_hazards as (

    select
        members.member_number,
        kpis.kpi_id,
        -ln(cast(kpis.remaining_share as double)) as reaching_hazard
    from members
    inner join kpis on members.metric = kpis.metric

),

-- S, and the ends of its interval, fall within a run: the first run past whose last event the share
-- lies holds the place. The hair of room keeps a rounding from missing an S that is the share.
reaching_runs as (

    select
        judged_runs.cell_number,
        wanted_hazards.kpi_id,
        wanted_hazards.reaching_hazard,
        min(judged_runs.first_position) filter (
            where coalesce(
                judged_runs.last_hazard >= wanted_hazards.reaching_hazard - 1e-12, true
            )
        ) as value_first_position,
        min(judged_runs.first_position) filter (
            where judged_runs.last_low_hazard >= wanted_hazards.reaching_hazard
        ) as low_first_position,
        min(judged_runs.first_position) filter (
            where judged_runs.last_high_hazard >= wanted_hazards.reaching_hazard
        ) as high_first_position
    from judged_runs
    inner join wanted_hazards
        on floor(judged_runs.cell_number / 10000.0) = wanted_hazards.member_number
    group by judged_runs.cell_number, wanted_hazards.kpi_id, wanted_hazards.reaching_hazard

),

searched_points as (

    select
        cell_number,
        kpi_id,
        reaching_hazard,
        'value' as point,
        value_first_position as first_position
    from reaching_runs

    union all

    select
        cell_number,
        kpi_id,
        reaching_hazard,
        'low' as point,
        low_first_position as first_position
    from reaching_runs

    union all

    select
        cell_number,
        kpi_id,
        reaching_hazard,
        'high' as point,
        high_first_position as first_position
    from reaching_runs

),

-- Halving finds the event within its run: the hazards only rise.
halvings as (

    select
        runs.cell_number,
        searched_points.kpi_id,
        searched_points.point,
        searched_points.reaching_hazard,
        runs.total_count,
        runs.censored_log,
        runs.censored_sum,
        runs.first_position - 1 as before_position,
        case
            when searched_points.point = 'value' then runs.last_position else
                runs.last_bounded_position
        end as reached_position
    from searched_points
    inner join runs
        on
            searched_points.cell_number = runs.cell_number
            and searched_points.first_position = runs.first_position

    union all

    select
        cell_number,
        kpi_id,
        point,
        reaching_hazard,
        total_count,
        censored_log,
        censored_sum,
        case when is_reached then before_position else middle_position end as before_position,
        case when is_reached then middle_position else reached_position end as reached_position
    from (  -- noqa: ST05
        select
            *,
            case
                when point = 'value'
                    then
                        {{ survival_hazard('middle_position', 'total_count', 'censored_log') }}
                        >= reaching_hazard - 1e-12
                else
                    {{ time_bound_hazard(
                        'point', 'middle_position', 'total_count', 'censored_log', 'censored_sum'
                    ) }} >= reaching_hazard
            end as is_reached
        from (  -- noqa: ST05
            select
                *,
                before_position
                + cast(floor((reached_position - before_position) / 2.0) as bigint)
                    as middle_position
            from halvings
            where reached_position - before_position > 1
        ) as halved
    ) as judged

),

found_positions as (

    select
        cell_number,
        kpi_id,
        point,
        reached_position as item_position
    from halvings
    where reached_position - before_position = 1

),

found_times as (

    select
        found_positions.cell_number,
        found_positions.kpi_id,
        max(case when found_positions.point = 'value' then positions.time_key / 2.0 end) as value,
        max(case when found_positions.point = 'low' then positions.time_key / 2.0 end)
            as interval_low,
        max(case when found_positions.point = 'high' then positions.time_key / 2.0 end)
            as interval_high
    from found_positions
    inner join positions
        on
            found_positions.cell_number = positions.cell_number
            and found_positions.item_position = positions.item_position
    group by found_positions.cell_number, found_positions.kpi_id

)

select
    kpis.kpi_id,
    numbered_periods.period_grain,
    members.segment,
    members.site_id,
    members.region,
    members.product_family,
    members.channel,
    members.priority,
    cells.excluded_reason,
    cast(found_times.value as double) as value,
    -- An interval without its value would be of nothing.
    cast(
        case when found_times.value is not null then found_times.interval_low end as double
    ) as interval_low,
    cast(
        case when found_times.value is not null then found_times.interval_high end as double
    ) as interval_high,
    cast(cells.eligible_count as bigint) as eligible_count,
    cast(0 as bigint) as immature_count,
    cast(cells.censored_count as bigint) as censored_count,
    cast(cells.excluded_count as bigint) as excluded_count,
    numbered_periods.period_start_date
from cells
inner join members on floor(cells.cell_number / 10000.0) = members.member_number
inner join kpis on members.metric = kpis.metric
inner join numbered_periods
    on cells.cell_number % 10000 = numbered_periods.period_number
left join found_times
    on cells.cell_number = found_times.cell_number and kpis.kpi_id = found_times.kpi_id
