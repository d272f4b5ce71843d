with days as (

    select
        *,
        {{ is_off_day('iso_weekday', 'day_kind') }} as is_off_day,
        min(case when is_ahead then contact_date end) over (partition by kind) as as_of_date
    from {{ ref('agg_contact_days') }}
    where site_id = 'all' and kind in ('calls', 'tickets')

),

year_days as (

    select
        kind,
        contact_date,
        is_off_day
    from days
    where
        not is_ahead
        and contact_date
        >= cast(as_of_date - interval {{ days_of_weekly_year() }} day as date)

),

contacts as (

    select
        'calls' as kind,
        local_date as contact_date,
        local_hour,
        offered_count as contact_count
    from {{ ref('agg_calls_hourly') }}
    where queue = 'all'

    union all

    select
        'tickets' as kind,
        created_date as contact_date,
        cast({{ local_hour('created_at') }} as bigint) as local_hour,
        count(*) as contact_count
    from {{ ref('fct_tickets') }}
    where exit_kind <> 'merged'
    group by created_date, cast({{ local_hour('created_at') }} as bigint)

),

-- How the last year's working days and days off went through their hours.
profile as (

    select
        year_days.kind,
        year_days.is_off_day,
        contacts.local_hour,
        cast(sum(contacts.contact_count) as bigint) as profile_count
    from year_days
    inner join contacts
        on
            year_days.kind = contacts.kind
            and year_days.contact_date = contacts.contact_date
    group by year_days.kind, year_days.is_off_day, contacts.local_hour

),

horizon as (

    select
        cast(min(forecast_date) as timestamp) - interval 1 day as first_at,
        cast(max(forecast_date) as timestamp) + interval 2 day as until_at
    from {{ ref('agg_contact_forecasts') }}

),

utc_hours as (

    select {{ list_hours('first_at', 'until_at') }} as utc_hour_at from horizon

),

-- The local hours that these lie in, each once.
hours as (

    select distinct {{ local_hour_start('utc_hour_at') }} as hour_at from utc_hours

),

local_hours as (

    select
        hour_at,
        {{ local_date('hour_at') }} as local_date,
        cast({{ local_hour('hour_at') }} as bigint) as local_hour
    from hours

),

spread as (

    select
        forecasts.kind,
        local_hours.hour_at,
        local_hours.local_hour,
        local_hours.local_date,
        forecasts.iso_weekday,
        forecasts.day_kind,
        forecasts.expected_count as day_count,
        forecasts.variance as day_variance,
        coalesce(profile.profile_count, 0) as profile_count,
        -- An hour that a clock set forward leaves out gives its contacts to the others.
        cast(coalesce(profile.profile_count, 0) as double)
        / nullif(sum(coalesce(profile.profile_count, 0)) over (
            partition by forecasts.kind, local_hours.local_date
        ), 0) as hour_share
    from {{ ref('agg_contact_forecasts') }} as forecasts
    inner join local_hours on forecasts.forecast_date = local_hours.local_date
    left join profile
        on
            forecasts.kind = profile.kind
            and {{ is_off_day('forecasts.iso_weekday', 'forecasts.day_kind') }} = profile.is_off_day
            and local_hours.local_hour = profile.local_hour
    where forecasts.site_id = 'all' and forecasts.kind in ('calls', 'tickets')

),

-- Each contact of the day falls into the hour by the same chance.
expected as (

    select
        *,
        round(day_count * hour_share, 4) as expected_count,
        round(
            day_count * hour_share
            + hour_share * hour_share * greatest(day_variance - day_count, 0.0),
            4
        ) as variance
    from spread
    where hour_share is not null

)

select
    kind,
    hour_at,
    local_hour,
    iso_weekday,
    day_kind,
    expected_count,
    {{ count_bound('expected_count', 'variance', '-') }} as low_count,
    {{ count_bound('expected_count', 'variance', '+') }} as high_count,
    profile_count,
    local_date
from expected
