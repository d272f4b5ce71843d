with days as (

    select
        contact_date,
        is_ahead,
        min(case when is_ahead then contact_date end) over () as as_of_date
    from {{ ref('agg_contact_days') }}

),

periods as (

    select distinct
        case
            when is_ahead then as_of_date else cast(date_trunc('month', contact_date) as date)
        end as period_start_date,
        case
            when is_ahead
                then cast(as_of_date + interval {{ forecast_days() | int - 1 }} day as date)
            else
                cast(date_trunc('month', contact_date) + interval 1 month - interval 1 day as date)
        end as period_end_date,
        is_ahead,
        as_of_date
    from days

),

costs as (

    select
        work_role,
        hour_cost_amount
    from {{ ref('agg_labor_hour_costs') }}

),

targets as (

    select
        target,
        valid_from_date,
        valid_to_date
    from {{ ref('dim_kpis') }}
    where kpi_id = 'technician_utilisation'

),

agents as (

    select
        'agent' as work_role,
        'all' as site_id,
        periods.period_start_date,
        periods.period_end_date,
        periods.is_ahead,
        periods.as_of_date,
        cast(sum(gaps.required_agents) as decimal(18, 4)) as required_hours,
        cast(sum(gaps.rostered_agents) as decimal(18, 4)) as rostered_hours,
        cast(sum(gaps.lacking_hours) as decimal(18, 4)) as lacking_hours,
        cast(sum(gaps.lacking_low_hours) as decimal(18, 4)) as lacking_low_hours,
        count(*) filter (where gaps.is_lacking) as lacking_hour_count
    from {{ ref('agg_agent_gaps_hourly') }} as gaps
    inner join periods
        on
            gaps.is_ahead = periods.is_ahead
            and gaps.local_date >= periods.period_start_date
            and gaps.local_date <= periods.period_end_date
    group by
        periods.period_start_date, periods.period_end_date, periods.is_ahead, periods.as_of_date

),

visits as (

    select
        site_id,
        cast(on_site_minutes as decimal(18, 4)) as on_site_minutes,
        {{ local_date('coalesce(completed_at, arrived_at, scheduled_at, requested_at)') }}
            as work_date
    from {{ ref('fct_visits') }}
    where outcome in ('completed', 'not_fixed', 'no_show') and on_site_minutes is not null

),

past_visits as (

    select
        cast(date_trunc('month', work_date) as date) as period_start_date,
        coalesce(site_id, 'all') as site_id,
        cast(count(*) as double) as visit_count,
        cast(sum(on_site_minutes) as double) / 60 as work_hours
    from visits
    group by grouping sets (  -- noqa: PRS
        (cast(date_trunc('month', work_date) as date)),
        (cast(date_trunc('month', work_date) as date), site_id)
    )

),

shifts as (

    select
        shifts.site_id,
        shifts.available_seconds,
        cast(date_trunc('month', shifts.shift_date) as date) as period_start_date
    from {{ ref('fct_shifts') }} as shifts
    inner join {{ ref('dim_technicians') }} as technicians
        on shifts.technician_id = technicians.technician_id
    where
        technicians.work_role = 'technician'
        and shifts.shift_kind = 'work'
        and shifts.is_over
        and not shifts.is_time_fault

),

past_shifts as (

    select
        period_start_date,
        coalesce(site_id, 'all') as site_id,
        cast(sum(available_seconds) as double) / 3600 as rostered_hours
    from shifts
    group by grouping sets ((period_start_date), (period_start_date, site_id))  -- noqa: PRS

),

rostered_months as (

    select distinct period_start_date from shifts

),

past_field as (

    select
        past_visits.site_id,
        past_visits.period_start_date,
        past_visits.work_hours / targets.target as required_hours,
        past_visits.work_hours / targets.target * {{ poisson_bound(
            'past_visits.visit_count', 'past_visits.visit_count', '-'
        ) }} as required_low_hours,
        case
            when rostered_months.period_start_date is not null
                then coalesce(past_shifts.rostered_hours, 0)
        end as rostered_hours
    from past_visits
    left join rostered_months
        on past_visits.period_start_date = rostered_months.period_start_date
    left join past_shifts
        on
            past_visits.period_start_date = past_shifts.period_start_date
            and past_visits.site_id = past_shifts.site_id
    left join targets
        on
            past_visits.period_start_date >= targets.valid_from_date
            and past_visits.period_start_date <= coalesce(targets.valid_to_date, date '9999-12-31')

),

field_ahead as (

    select
        site_id,
        min(work_date) as period_start_date,
        cast(sum(required_hours) as double) as required_hours,
        cast(sum(required_hours) as double) * min({{ poisson_bound(
            'cast(profile_count as double)', 'cast(profile_count as double)', '-'
        ) }}) as required_low_hours,
        cast(sum(rostered_hours) as double) as rostered_hours
    from {{ ref('agg_technician_gaps_daily') }}
    group by site_id

),

field as (

    select
        *,
        false as is_ahead
    from past_field
    union all
    select
        *,
        true as is_ahead
    from field_ahead

),

technicians as (

    select
        'technician' as work_role,
        field.site_id,
        periods.period_start_date,
        periods.period_end_date,
        periods.is_ahead,
        periods.as_of_date,
        cast(round(field.required_hours, 4) as decimal(18, 4)) as required_hours,
        cast(round(field.rostered_hours, 4) as decimal(18, 4)) as rostered_hours,
        cast(round(
            case
                when field.required_hours > field.rostered_hours
                    then field.required_hours - field.rostered_hours
                when field.required_hours <= field.rostered_hours then 0
            end, 4
        ) as decimal(18, 4)) as lacking_hours,
        cast(round(
            case
                when field.required_low_hours > field.rostered_hours
                    then field.required_low_hours - field.rostered_hours
                when field.required_low_hours <= field.rostered_hours then 0
            end, 4
        ) as decimal(18, 4)) as lacking_low_hours,
        cast(null as bigint) as lacking_hour_count
    from field
    inner join periods
        on
            field.is_ahead = periods.is_ahead
            and field.period_start_date = periods.period_start_date

),

gaps as (

    select * from agents
    union all
    select * from technicians

)

select
    gaps.work_role,
    gaps.site_id,
    gaps.period_start_date,
    case
        when gaps.required_hours is null or gaps.lacking_hours is null then 'unknown'
        when
            gaps.lacking_low_hours > 0
            and gaps.lacking_low_hours >= {{ understaffed_share() }} * gaps.required_hours
            then 'understaffed'
        when
            gaps.lacking_hours > 0
            and gaps.lacking_hours >= {{ understaffed_share() }} * gaps.required_hours
            then 'tight'
        else 'covered'
    end as verdict,
    gaps.required_hours,
    gaps.rostered_hours,
    gaps.lacking_hours,
    gaps.lacking_low_hours,
    gaps.lacking_hour_count,
    cast(gaps.lacking_hours as double) / nullif(cast(gaps.required_hours as double), 0)
        as lacking_share,
    cast(round(gaps.lacking_hours * costs.hour_cost_amount, 4) as decimal(18, 4)) as cost_amount,
    gaps.is_ahead,
    gaps.is_ahead or gaps.period_end_date < gaps.as_of_date as is_complete,
    gaps.period_end_date
from gaps
left join costs on gaps.work_role = costs.work_role
