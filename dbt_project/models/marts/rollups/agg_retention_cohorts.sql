with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

dates as (

    select distinct month_start_date
    from {{ ref('dim_dates') }}

),

purchases as (

    select * from {{ ref('fct_purchases') }}
    where is_valid

),

tickets as (

    select * from {{ ref('fct_tickets') }}
    where customer_id is not null

),

months as (

    select dates.month_start_date
    from dates
    cross join as_of
    where dates.month_start_date <= as_of.last_date

),

active_months as (

    select
        source,
        'purchase' as activity,
        customer_id,
        cast(date_trunc('month', purchased_date) as date) as month_start_date,
        sum(amount) as amount
    from purchases
    group by source, customer_id, cast(date_trunc('month', purchased_date) as date)

    union all

    select
        source,
        'service' as activity,
        customer_id,
        cast(date_trunc('month', created_date) as date) as month_start_date,
        cast(null as decimal(38, 4)) as amount
    from tickets
    group by source, customer_id, cast(date_trunc('month', created_date) as date)

),

-- The company's customer may be in several sources, with an earlier first month than in one of
-- them.
sourced as (

    select
        source,
        activity,
        customer_id,
        month_start_date,
        amount
    from active_months

    union all

    select
        'all' as source,
        activity,
        customer_id,
        month_start_date,
        sum(amount) as amount
    from active_months
    group by activity, customer_id, month_start_date

),

customers as (

    select
        source,
        activity,
        customer_id,
        min(month_start_date) as cohort_month_date,
        max(month_start_date) as last_month_date
    from sourced
    group by source, activity, customer_id

),

numbered as (

    select
        sourced.source,
        sourced.activity,
        customers.cohort_month_date,
        sourced.month_start_date,
        sourced.amount,
        sourced.month_start_date = customers.last_month_date as is_last
    from sourced
    inner join customers
        on
            sourced.source = customers.source
            and sourced.activity = customers.activity
            and sourced.customer_id = customers.customer_id

),

activity as (

    select
        source,
        activity,
        cohort_month_date,
        month_start_date,
        count(*) as active_count,
        count(*) filter (where is_last) as last_active_count,
        sum(amount) as amount
    from numbered
    group by source, activity, cohort_month_date, month_start_date

),

cohorts as (

    select
        source,
        activity,
        cohort_month_date,
        active_count as cohort_size
    from activity
    where month_start_date = cohort_month_date

),

-- Every month up to as-of has a cell: a month in which nobody came is 0, not missing.
cells as (

    select
        cohorts.source,
        cohorts.activity,
        cohorts.cohort_month_date,
        months.month_start_date,
        cohorts.cohort_size,
        coalesce(activity.active_count, 0) as active_count,
        coalesce(activity.last_active_count, 0) as last_active_count,
        case when cohorts.activity = 'purchase' then coalesce(activity.amount, 0) end as amount
    from cohorts
    inner join months on cohorts.cohort_month_date <= months.month_start_date
    left join activity
        on
            cohorts.source = activity.source
            and cohorts.activity = activity.activity
            and cohorts.cohort_month_date = activity.cohort_month_date
            and months.month_start_date = activity.month_start_date

),

-- Active in this month or later = those whose last activity is not before it.
counted as (

    select
        *,
        cast(sum(last_active_count) over (
            partition by source, activity, cohort_month_date
            order by month_start_date
            rows between current row and unbounded following
        ) as bigint) as active_or_later_count
    from cells

)

select
    counted.source,
    counted.activity,
    counted.cohort_month_date,
    {{ dbt.datediff('counted.cohort_month_date', 'counted.month_start_date', 'month') }}
        as period_number,
    counted.cohort_size,
    counted.active_count,
    counted.active_or_later_count,
    cast(counted.amount as decimal(18, 4)) as amount,
    cast(counted.active_count as double) / counted.cohort_size as retention_share,
    cast(counted.active_or_later_count as double) / counted.cohort_size as unbounded_share,
    cast(counted.month_start_date + interval 1 month as date) <= as_of.as_of_date as is_complete,
    counted.month_start_date as period_start_date
from counted
cross join as_of
