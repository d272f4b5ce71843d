with settings as (

    select
        as_of_at,
        time_zone
    from {{ ref('stg_build_settings') }}

),

calendars as (

    select
        calendars.calendar_id,
        coalesce(calendars.time_zone, settings.time_zone) as time_zone,
        calendars.holiday_region
    from {{ ref('stg_calendars') }} as calendars
    cross join settings

),

first_instants as (

    select min(created_at) as first_at from {{ ref('stg_tickets') }}
    union all
    select min(occurred_at) as first_at from {{ ref('stg_ticket_events') }}
    union all
    select min(offered_at) as first_at from {{ ref('stg_calls') }}
    union all
    select min(requested_at) as first_at from {{ ref('stg_visits') }}
    union all
    select min(requested_at) as first_at from {{ ref('stg_part_lines') }}
    union all
    select as_of_at as first_at from settings

),

-- From before the first instant of the data to two years after as-of: due times fit. A fault
-- that dates a row to the year 1 must not make two thousand years of days: before 1900 the business
-- time is not known.
horizon as (

    select
        cast(
            greatest(
                min(first_instants.first_at) - interval 8 days, timestamp '1900-01-01 00:00:00'
            ) as date
        ) as first_date,
        cast(max(settings.as_of_at) + interval 2 years as date) as last_date
    from first_instants
    cross join settings

),

listed_days as (

    select
        calendars.calendar_id,
        calendars.time_zone,
        calendars.holiday_region,
        {{ list_days('horizon.first_date', 'horizon.last_date') }} as day_date
    from calendars
    cross join horizon

),

-- What each day is: as its weekday, or as the holidays of its region say.
days as (

    select
        listed_days.calendar_id,
        listed_days.time_zone,
        listed_days.day_date,
        coalesce(special_days.kind, 'as_usual') as kind,
        special_days.opens,
        special_days.closes,
        case
            when special_days.kind = 'make_up_day'
                then coalesce(special_days.works_like_weekday, 1)
            else {{ iso_weekday('listed_days.day_date') }}
        end as iso_weekday
    from listed_days
    left join {{ ref('stg_calendar_days') }} as special_days
        on
            listed_days.holiday_region = special_days.holiday_region
            and listed_days.day_date = special_days.day_date

),

weekday_hours as (

    select
        days.calendar_id,
        days.time_zone,
        days.day_date,
        -- A half day works the hours of its weekday that lie within its own.
        case
            when days.kind = 'half_day' and days.opens > hours.opens then days.opens
            else hours.opens
        end as opens,
        case
            when days.kind = 'half_day' and days.closes < hours.closes then days.closes
            else hours.closes
        end as closes
    from days
    inner join {{ ref('stg_calendar_hours') }} as hours
        on
            days.calendar_id = hours.calendar_id
            and days.iso_weekday = hours.iso_weekday
            and days.day_date >= hours.valid_from_date
            and days.day_date <= coalesce(hours.valid_to_date, date '9999-12-31')
    where days.kind not in ('holiday', 'own_hours')

),

own_hours as (

    select
        calendar_id,
        time_zone,
        day_date,
        opens,
        closes
    from days
    where kind = 'own_hours'

),

all_hours as (

    select * from weekday_hours
    union all
    select * from own_hours

),

-- A stretch of no length at the start of the horizon says from when on the calendar is known.
local_openings as (

    select
        calendar_id,
        time_zone,
        {{ add_seconds('cast(day_date as timestamp)', clock_seconds('opens')) }} as opens_local_at,
        {{ add_seconds('cast(day_date as timestamp)', clock_seconds('closes')) }} as closes_local_at
    from all_hours
    where opens < closes

    union all

    select
        calendars.calendar_id,
        calendars.time_zone,
        cast(horizon.first_date as timestamp) as opens_local_at,
        cast(horizon.first_date as timestamp) as closes_local_at
    from calendars
    cross join horizon

),

local_times as (

    select
        time_zone,
        opens_local_at as local_at
    from local_openings
    union all
    select
        time_zone,
        closes_local_at as local_at
    from local_openings
    union all
    select
        calendars.time_zone,
        cast(horizon.last_date + 1 as timestamp) as local_at
    from calendars
    cross join horizon

),

instants as (

    {{ local_instants('local_times') }}

),

openings as (

    select
        local_openings.calendar_id,
        opening.instant_at as opens_at,
        closing.instant_at as closes_at,
        local_openings.opens_local_at = local_openings.closes_local_at as is_start
    from local_openings
    inner join instants as opening
        on
            local_openings.time_zone = opening.time_zone
            and local_openings.opens_local_at = opening.local_at
    inner join instants as closing
        on
            local_openings.time_zone = closing.time_zone
            and local_openings.closes_local_at = closing.local_at

),

-- Openings that touch are one: a desk around the clock has one, not one per day. What lies in a
-- skipped hour has no length.
marked as (

    select
        calendar_id,
        opens_at,
        closes_at,
        case
            when opens_at <= max(closes_at) over (
                partition by calendar_id order by opens_at, closes_at
                rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as is_first
    from openings
    where is_start or opens_at < closes_at

),

numbered as (

    select
        *,
        sum(is_first) over (
            partition by calendar_id order by opens_at, closes_at
            rows between unbounded preceding and current row
        ) as opening_number
    from marked

),

merged as (

    select
        calendar_id,
        min(opens_at) as opens_at,
        max(closes_at) as closes_at
    from numbered
    group by calendar_id, opening_number

    union all

    -- From here on the calendar is not known: neither open nor closed.
    select
        calendars.calendar_id,
        instants.instant_at as opens_at,
        cast(null as timestamp) as closes_at
    from calendars
    cross join horizon
    inner join instants
        on
            calendars.time_zone = instants.time_zone
            and cast(horizon.last_date + 1 as timestamp) = instants.local_at

)

select
    calendar_id,
    opens_at,
    closes_at,
    cast(
        coalesce(
            sum({{ us_between('opens_at', 'closes_at') }}) over (
                partition by calendar_id order by opens_at
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as bigint
    ) as open_us_before
from merged
order by calendar_id, opens_at
