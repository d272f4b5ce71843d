with settings as (

    select {{ local_date('as_of_at') }} as as_of_date from {{ ref('stg_build_settings') }}

),

first_instants as (

    select min(created_at) as first_at from {{ ref('stg_tickets') }}
    union all
    select min(offered_at) as first_at from {{ ref('stg_calls') }}
    union all
    select min(answered_at) as first_at from {{ ref('stg_survey_answers') }}
    union all
    select min(requested_at) as first_at from {{ ref('stg_visits') }}
    union all
    select min(requested_at) as first_at from {{ ref('stg_part_lines') }}
    union all
    select min(raised_at) as first_at from {{ ref('stg_complaints') }}
    union all
    select min(purchased_at) as first_at from {{ ref('stg_purchases') }}
    union all
    select min(sent_at) as first_at from {{ ref('stg_survey_invitations') }}
    union all
    select min(reviewed_at) as first_at from {{ ref('stg_reviews') }}
    union all
    select min(audited_at) as first_at from {{ ref('stg_audits') }}

),

first_dates as (

    select {{ local_date('first_at') }} as first_date from first_instants
    union all
    select min(cost_month_date) as first_date from {{ ref('stg_labor_costs') }}
    union all
    select min(cost_month_date) as first_date from {{ ref('stg_operating_costs') }}
    union all
    select min(stock_date) as first_date from {{ ref('stg_part_stock') }}
    union all
    select {{ local_date('min(starts_at)') }} as first_date from {{ ref('stg_shifts') }}
    union all
    -- A company without any fact still has today.
    select as_of_date as first_date from settings

),

bounds as (

    select
        min(first_dates.first_date) as first_date,
        max(settings.as_of_date) as last_date
    from first_dates
    cross join settings

),

days as (

    select {{ list_days('first_date', 'last_date') }} as date_day from bounds

)

select
    date_day,
    cast(date_trunc('month', date_day) as date) as month_start_date,
    cast(date_trunc('quarter', date_day) as date) as quarter_start_date,
    cast(date_trunc('year', date_day) as date) as year_start_date,
    cast(extract(week from date_day) as bigint) as iso_week,
    cast({{ iso_weekday('date_day') }} as bigint) as iso_weekday,
    {{ iso_weekday('date_day') }} >= 6 as is_weekend
from days
