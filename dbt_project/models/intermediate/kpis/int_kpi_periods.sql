with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

days as (

    select dates.*
    from dates
    cross join as_of
    where dates.date_day <= as_of.last_date

),

calendar_periods as (

    select distinct
        'month' as period_grain,
        month_start_date as period_start_date,
        cast(month_start_date + interval 1 month - interval 1 day as date) as period_end_date
    from days

    union all

    select distinct
        'quarter' as period_grain,
        quarter_start_date as period_start_date,
        cast(quarter_start_date + interval 3 month - interval 1 day as date) as period_end_date
    from days

    union all

    select distinct
        'year' as period_grain,
        year_start_date as period_start_date,
        cast(year_start_date + interval 1 year - interval 1 day as date) as period_end_date
    from days

),

periods as (

    select * from calendar_periods

    union all

    select
        'all' as period_grain,
        min(calendar_periods.period_start_date) as period_start_date,
        as_of.last_date as period_end_date
    from calendar_periods
    cross join as_of
    where calendar_periods.period_grain = 'month'
    group by as_of.last_date

)

select
    periods.period_grain,
    periods.period_grain = 'all' or periods.period_end_date < as_of.as_of_date as is_complete,
    periods.period_start_date,
    periods.period_end_date,
    least(periods.period_end_date, as_of.last_date) as measured_date,
    as_of.as_of_at
from periods
cross join as_of
