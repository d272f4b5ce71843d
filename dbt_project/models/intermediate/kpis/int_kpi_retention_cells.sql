with purchases as (

    select * from {{ ref('fct_purchases') }}
    where is_valid

),

periods as (

    select * from {{ ref('int_kpi_periods') }}

),

months as (

    select period_start_date as month_start_date
    from periods
    where period_grain = 'month'

),

bought_months as (

    select distinct
        customer_id,
        cast(date_trunc('month', purchased_date) as date) as month_start_date
    from purchases

),

first_month as (

    select min(month_start_date) as month_start_date
    from bought_months

),

-- Active at the end of a month: bought in it or in one of the 11 before.
active_months as (

    select distinct
        bought_months.customer_id,
        months.month_start_date
    from bought_months
    inner join months
        on
            bought_months.month_start_date <= months.month_start_date
            and bought_months.month_start_date + interval 12 month > months.month_start_date

),

-- From the month before the period to its last month, or the month of as-of. All time has no month
-- before it: it shows the last 12 months.
spans as (

    select
        period_grain,
        period_start_date,
        case
            when period_grain = 'all'
                then cast(date_trunc('month', measured_date) - interval 12 month as date)
            else cast(period_start_date - interval 1 month as date)
        end as from_month_date,
        cast(date_trunc('month', measured_date) as date) as to_month_date
    from periods

),

judged as (

    select
        spans.period_grain,
        spans.period_start_date,
        spans.from_month_date >= first_month.month_start_date + interval 11 month as is_mature,
        count(*) as start_count,
        count(later_months.customer_id) as kept_count
    from spans
    cross join first_month
    inner join active_months as earlier_months
        on spans.from_month_date = earlier_months.month_start_date
    left join active_months as later_months
        on
            earlier_months.customer_id = later_months.customer_id
            and spans.to_month_date = later_months.month_start_date
    group by
        spans.period_grain,
        spans.period_start_date,
        spans.from_month_date >= first_month.month_start_date + interval 11 month

)

-- With less than 12 months of history those about to lapse are not known, and everybody would seem
-- to stay.
select
    'retention_rate' as kpi_id,
    period_grain,
    cast(case when is_mature then kept_count else 0 end as decimal(38, 4)) as numerator,
    cast(case when is_mature then start_count else 0 end as decimal(38, 4)) as denominator,
    case when is_mature then start_count else 0 end as eligible_count,
    case when is_mature then 0 else start_count end as immature_count,
    period_start_date
from judged
