with items as (

    select * from {{ ref('int_kpi_survival_items') }}
    where curve_state in ('event', 'open', 'other_exit')

),

memberships as (

    select * from {{ ref('int_kpi_survival_members') }}
    where segment <> 'site_and_product_family'

),

periods as (

    select
        period_grain,
        period_start_date
    from {{ ref('int_kpi_periods') }}
    where period_grain in ('all', 'year')

),

-- Minutes to a year, about evenly on a logarithmic scale: (from, to].
time_steps as (

    select
        cast(time_seconds as bigint) as time_seconds,
        coalesce(lag(time_seconds) over (order by time_seconds), -1) as after_seconds
    from (  -- noqa: AL05
        values
        (0), (300), (900), (1800), (3600), (7200), (14400), (28800), (43200), (86400), (129600),
        (172800), (259200), (345600), (432000), (604800), (864000), (1209600), (1814400),
        (2592000), (3888000), (5184000), (7776000), (15552000), (31536000)
    ) as steps (time_seconds)

),

stepped_items as (

    select
        memberships.member_number,
        memberships.segment,
        items.year_start_date,
        items.curve_state,
        items.curve_exit,
        -- What lies beyond the last step is at risk in all of them.
        time_steps.time_seconds,
        -- Within one second: the event, then other ways out, then what is still open.
        items.curve_seconds * 4
        + case items.curve_state when 'event' then 0 when 'other_exit' then 1 else 2 end
            as time_key
    from items
    inner join memberships
        on
            items.metric = memberships.metric
            and items.site_id = memberships.item_site_id
            and items.region = memberships.item_region
            and items.product_family = memberships.item_product_family
            and items.channel = memberships.item_channel
            and items.priority = memberships.item_priority
    left join time_steps
        on
            items.curve_seconds > time_steps.after_seconds
            and items.curve_seconds <= time_steps.time_seconds

),

-- Every segment over all time; the company by year too.
celled_items as (

    select
        'all' as period_grain,
        *
    from stepped_items

    union all

    select
        'year' as period_grain,
        *
    from stepped_items
    where segment = 'all'

),

ranked as (

    select
        period_grain,
        case when period_grain = 'year' then year_start_date end as cell_year_date,
        member_number,
        curve_state,
        curve_exit,
        time_seconds,
        time_key,
        row_number() over (
            partition by
                period_grain,
                member_number,
                case when period_grain = 'year' then year_start_date end
            order by time_key
        ) as item_position,
        count(*) over (
            partition by
                period_grain,
                member_number,
                case when period_grain = 'year' then year_start_date end
        ) as total_count
    from celled_items

),

-- For the event's curve every other way out censors; for the ways out beside each other only what
-- is still open does.
weighed as (

    select
        *,
        case
            when curve_state <> 'event'
                then {{ censored_log('(total_count - item_position + 1)') }}
            else cast(0 as decimal(18, 17))
        end as censored_log,
        case
            when curve_state <> 'event'
                then {{ censored_sum('(total_count - item_position + 1)') }}
            else cast(0 as decimal(18, 17))
        end as censored_sum,
        sum(
            case
                when curve_state = 'open'
                    then {{ censored_log('(total_count - item_position + 1)') }}
                else cast(0 as decimal(18, 17))
            end
        ) over (
            partition by period_grain, cell_year_date, member_number
            order by time_key
            rows between unbounded preceding and current row
        ) as open_log
    from ranked

),

-- Aalen–Johansen: between two censorings every exit adds the same, 1 / (total · G).
shares as (

    select
        period_grain,
        cell_year_date,
        member_number,
        total_count,
        curve_state,
        curve_exit,
        time_seconds,
        censored_log,
        censored_sum,
        case
            when curve_state <> 'open'
                then cast(exp(cast(open_log as double)) / total_count as decimal(18, 17))
        end as exit_share
    from weighed

),

cells as (

    select distinct
        period_grain,
        cell_year_date,
        member_number,
        total_count
    from shares

),

steps_of_cells as (

    select
        cells.*,
        time_steps.time_seconds
    from cells
    cross join time_steps

),

step_sums as (

    select
        period_grain,
        cell_year_date,
        member_number,
        time_seconds,
        count(*) as left_count,
        count(*) filter (where curve_state = 'event') as event_count,
        sum(censored_log) as censored_log,
        sum(censored_sum) as censored_sum,
        sum(exit_share) filter (where curve_exit = 'resolved') as resolved_share,
        sum(exit_share) filter (where curve_exit = 'unresolved') as unresolved_share,
        sum(exit_share) filter (where curve_exit = 'cancelled') as cancelled_share,
        sum(exit_share) filter (where curve_exit = 'merged') as merged_share
    from shares
    group by period_grain, cell_year_date, member_number, time_seconds

),

running as (

    select
        steps_of_cells.period_grain,
        steps_of_cells.cell_year_date,
        steps_of_cells.member_number,
        steps_of_cells.total_count,
        steps_of_cells.time_seconds,
        sum(coalesce(step_sums.left_count, 0)) over cell_steps as left_count,
        sum(coalesce(step_sums.event_count, 0)) over cell_steps as event_count,
        sum(coalesce(step_sums.censored_log, 0)) over cell_steps as censored_log,
        sum(coalesce(step_sums.censored_sum, 0)) over cell_steps as censored_sum,
        sum(coalesce(step_sums.resolved_share, 0)) over cell_steps as resolved_share,
        sum(coalesce(step_sums.unresolved_share, 0)) over cell_steps as unresolved_share,
        sum(coalesce(step_sums.cancelled_share, 0)) over cell_steps as cancelled_share,
        sum(coalesce(step_sums.merged_share, 0)) over cell_steps as merged_share
    from steps_of_cells
    left join step_sums
        on
            steps_of_cells.period_grain = step_sums.period_grain
            and steps_of_cells.cell_year_date is not distinct from step_sums.cell_year_date
            and steps_of_cells.member_number = step_sums.member_number
            and steps_of_cells.time_seconds = step_sums.time_seconds
    window cell_steps as (
        partition by
            steps_of_cells.period_grain,
            steps_of_cells.cell_year_date,
            steps_of_cells.member_number
        order by steps_of_cells.time_seconds
        rows between unbounded preceding and current row
    )

),

hazards as (

    select
        *,
        {{ survival_hazard('left_count', 'total_count', 'censored_log') }} as hazard,
        {{ greenwood_error('left_count', 'total_count', 'censored_sum') }} as hazard_error
    from running
    -- Beyond the longest life nothing is observed, and the curve is not defined.
    where left_count < total_count

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
    from memberships

)

select
    members.metric,
    hazards.period_grain,
    members.segment,
    members.site_id,
    members.region,
    members.product_family,
    members.channel,
    members.priority,
    hazards.time_seconds,
    cast(hazards.total_count as bigint) as ticket_count,
    cast(hazards.total_count - hazards.left_count as bigint) as at_risk_count,
    cast(hazards.event_count as bigint) as event_count,
    least(1.0, exp(-hazards.hazard)) as survival_share,
    case
        when hazards.event_count > 0
            then exp(-{{ log_log_hazard('hazards.hazard', 'hazards.hazard_error', '+') }})
    end as survival_low,
    case
        when hazards.event_count > 0
            then exp(-{{ log_log_hazard('hazards.hazard', 'hazards.hazard_error', '-') }})
    end as survival_high,
    case when members.metric = 'resolution' then cast(hazards.resolved_share as double) end
        as resolved_share,
    case when members.metric = 'resolution' then cast(hazards.unresolved_share as double) end
        as unresolved_share,
    case when members.metric = 'resolution' then cast(hazards.cancelled_share as double) end
        as cancelled_share,
    case when members.metric = 'resolution' then cast(hazards.merged_share as double) end
        as merged_share,
    periods.period_start_date
from hazards
inner join members on hazards.member_number = members.member_number
inner join periods
    on
        hazards.period_grain = periods.period_grain
        and (hazards.period_grain = 'all' or hazards.cell_year_date = periods.period_start_date)
