with as_of as (

    select as_of_date from {{ ref('int_kpi_as_of') }}

),

-- The holidays of the region that most requests are measured by.
regions as (

    select
        calendars.holiday_region,
        row_number() over (order by count(*) desc, calendars.holiday_region asc) as region_rank
    from {{ ref('fct_tickets') }} as tickets
    inner join {{ ref('stg_calendars') }} as calendars
        on tickets.calendar_id = calendars.calendar_id
    where calendars.holiday_region is not null
    group by calendars.holiday_region

),

special_days as (

    select
        days.day_date,
        days.kind as day_kind
    from {{ ref('stg_calendar_days') }} as days
    inner join regions
        on days.holiday_region = regions.holiday_region and regions.region_rank = 1
    where days.kind in ('holiday', 'make_up_day')

),

days as (

    select
        {{ list_days(
            'cast(as_of_date - interval ' ~ forecast_history_days() ~ ' day as date)',
            'cast(as_of_date + interval ' ~ (forecast_days() | int - 1) ~ ' day as date)'
        ) }} as day_date
    from as_of

)

select
    days.day_date,
    coalesce(special_days.day_kind, 'as_usual') as day_kind,
    days.day_date >= as_of.as_of_date as is_ahead
from days
cross join as_of
left join special_days on days.day_date = special_days.day_date
