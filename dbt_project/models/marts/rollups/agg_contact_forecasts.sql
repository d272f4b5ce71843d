with days as (

    select * from {{ ref('agg_contact_days') }}
    where is_ahead

),

chosen as (

    select
        kind,
        site_id,
        method
    from {{ ref('agg_forecast_backtests') }}
    where is_chosen

)

select
    days.kind,
    days.site_id,
    chosen.method,
    days.day_kind,
    days.iso_weekday,
    forecasts.expected_count,
    forecasts.low_count,
    forecasts.high_count,
    forecasts.variance,
    days.contact_date as forecast_date
from days
inner join chosen on days.kind = chosen.kind and days.site_id = chosen.site_id
inner join {{ ref('int_contacts_forecast') }} as forecasts
    on
        days.kind = forecasts.kind
        and days.site_id = forecasts.site_id
        and chosen.method = forecasts.method
        and days.contact_date = forecasts.forecast_date
