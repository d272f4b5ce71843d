with settings as (

    select min(contact_date) as as_of_date from {{ ref('agg_contact_days') }}
    where is_ahead

),

targets as (

    select
        target,
        valid_from_date,
        valid_to_date
    from {{ ref('dim_kpis') }}
    where kpi_id = 'technician_utilisation'

),

visits as (

    select
        visits.site_id,
        visits.on_site_minutes
    from {{ ref('fct_visits') }} as visits
    cross join settings
    where
        visits.outcome in ('completed', 'not_fixed', 'no_show')
        and visits.on_site_minutes is not null
        and {{ local_date(
            'coalesce(visits.completed_at, visits.arrived_at, visits.scheduled_at, visits.requested_at)'
        ) }} >= cast(settings.as_of_date - interval {{ days_of_weekly_year() }} day as date)

),

visit_means as (

    select
        coalesce(site_id, 'all') as site_id,
        count(*) as visit_count,
        cast(sum(cast(on_site_minutes as decimal(18, 4))) as double) / count(*) as visit_minutes
    from visits
    group by grouping sets ((), (site_id))  -- noqa: PRS

),

company as (

    select visit_minutes from visit_means
    where site_id = 'all'

),

shifts as (

    select
        shifts.site_id,
        cast({{ iso_weekday('shifts.shift_date') }} as bigint) as iso_weekday,
        shifts.available_seconds
    from {{ ref('fct_shifts') }} as shifts
    inner join {{ ref('dim_technicians') }} as technicians
        on shifts.technician_id = technicians.technician_id
    cross join settings
    where
        technicians.work_role = 'technician'
        and shifts.shift_kind = 'work'
        and shifts.is_over
        and not shifts.is_time_fault
        and shifts.shift_date < settings.as_of_date
        and shifts.shift_date
        >= cast(settings.as_of_date - interval {{ usual_roster_days() }} day as date)

),

-- Hours of the mean such weekday of the last weeks; who is not on the roster then is not there.
usual_roster as (

    select
        coalesce(site_id, 'all') as site_id,
        iso_weekday,
        cast(sum(available_seconds) as double) / 3600 / {{ usual_roster_days() | int // 7 }}
            as rostered_hours
    from shifts
    group by grouping sets ((iso_weekday), (site_id, iso_weekday))  -- noqa: PRS

),

-- Whether a roster is known at all.
known as (

    select count(*) > 0 as has_roster from shifts

),

forecasts as (

    select * from {{ ref('agg_contact_forecasts') }}
    where kind = 'visits'

),

needed as (

    select
        forecasts.site_id,
        forecasts.forecast_date as work_date,
        forecasts.day_kind,
        forecasts.iso_weekday,
        forecasts.expected_count,
        visit_means.visit_count,
        targets.target as target_utilisation,
        -- A site with fewer than 30 visits takes as long as the company does.
        case
            when visit_means.visit_count >= 30 then visit_means.visit_minutes
            else company.visit_minutes
        end as visit_minutes,
        case
            when known.has_roster
                then cast(round(coalesce(usual_roster.rostered_hours, 0), 4) as decimal(18, 4))
        end as rostered_hours
    from forecasts
    cross join known
    cross join company
    left join visit_means on forecasts.site_id = visit_means.site_id
    left join usual_roster
        on
            forecasts.site_id = usual_roster.site_id
            and forecasts.iso_weekday = usual_roster.iso_weekday
    left join targets
        on
            forecasts.forecast_date >= targets.valid_from_date
            and forecasts.forecast_date <= coalesce(targets.valid_to_date, date '9999-12-31')

),

hours as (

    select
        *,
        cast(round(expected_count * visit_minutes / 60, 4) as decimal(18, 4)) as work_hours,
        cast(round(expected_count * visit_minutes / 60 / target_utilisation, 4) as decimal(18, 4))
            as required_hours
    from needed

)

select
    hours.site_id,
    hours.work_date,
    hours.day_kind,
    hours.iso_weekday,
    hours.expected_count,
    coalesce(hours.visit_count, 0) as profile_count,
    hours.visit_minutes,
    hours.target_utilisation,
    hours.work_hours,
    hours.required_hours,
    hours.rostered_hours,
    cast(hours.rostered_hours - hours.required_hours as decimal(18, 4)) as hour_gap,
    cast(hours.required_hours as double) / nullif(costs.shift_mean_hours, 0)
        as required_technicians
from hours
left join {{ ref('agg_labor_hour_costs') }} as costs on costs.work_role = 'technician'
