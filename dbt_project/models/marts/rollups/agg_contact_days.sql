with days as (

    select * from {{ ref('int_kpi_calendar_days') }}

),

bounds as (

    select min(day_date) as as_of_date from days
    where is_ahead

),

visits as (

    select
        site_id,
        {{ local_date('coalesce(completed_at, arrived_at, scheduled_at, requested_at)') }}
            as contact_date
    from {{ ref('fct_visits') }}
    where outcome in ('completed', 'not_fixed', 'no_show')

),

counted as (

    select
        'calls' as kind,
        'all' as site_id,
        offered_date as contact_date,
        count(*) as contact_count
    from {{ ref('fct_calls') }}
    where direction = 'inbound'
    group by offered_date

    union all

    select
        'tickets' as kind,
        'all' as site_id,
        created_date as contact_date,
        count(*) as contact_count
    from {{ ref('fct_tickets') }}
    where exit_kind <> 'merged'
    group by created_date

    union all

    select
        'visits' as kind,
        'all' as site_id,
        contact_date,
        count(*) as contact_count
    from visits
    group by contact_date

    union all

    select
        'visits' as kind,
        site_id,
        contact_date,
        count(*) as contact_count
    from visits
    group by site_id, contact_date

),

-- What happened today is not the whole of today.
seen as (

    select
        counted.kind,
        counted.site_id,
        counted.contact_date,
        counted.contact_count,
        bounds.as_of_date,
        sum(counted.contact_count) over (
            partition by counted.kind, counted.site_id order by counted.contact_date
            rows between unbounded preceding and current row
        ) as count_so_far,
        sum(counted.contact_count) over (partition by counted.kind, counted.site_id) as count_of_all
    from counted
    cross join bounds
    where
        counted.contact_date < bounds.as_of_date
        and counted.contact_date
        >= cast(bounds.as_of_date - interval {{ forecast_history_days() }} day as date)

),

-- A series begins when a hundredth of it has come: a date that somebody mistyped must not put a
-- year of empty days before it.
series as (

    select
        kind,
        site_id,
        min(case when count_so_far * 100 >= count_of_all then contact_date end) as first_date,
        sum(case
            when
                contact_date
                >= cast(as_of_date - interval {{ days_of_weekly_year() }} day as date)
                then contact_count
            else 0
        end) as year_count
    from seen
    group by kind, site_id

),

judged as (

    select
        series.kind,
        series.site_id,
        series.first_date,
        case
            when
                series.first_date
                > cast(bounds.as_of_date - interval {{ usual_roster_days() }} day as date)
                then 'too_short'
            -- Less than one in two weeks.
            when series.year_count < {{ forecast_days() }} then 'too_few'
            else 'enough'
        end as series_state
    from series
    cross join bounds

)

select
    judged.kind,
    judged.site_id,
    days.day_kind,
    judged.series_state,
    cast({{ iso_weekday('days.day_date') }} as bigint) as iso_weekday,
    case
        when not days.is_ahead then cast(coalesce(seen.contact_count, 0) as bigint)
    end as contact_count,
    days.is_ahead,
    days.day_date as contact_date
from judged
inner join days on judged.first_date <= days.day_date
left join seen
    on
        judged.kind = seen.kind
        and judged.site_id = seen.site_id
        and days.day_date = seen.contact_date
