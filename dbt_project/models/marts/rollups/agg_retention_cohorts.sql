{% set brackets = [] %}
{% for bracket in var('retention_brackets') %}
    {% do brackets.append('(' ~ bracket[0] ~ ', ' ~ bracket[1] ~ ')') %}
{% endfor %}

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
        sourced.customer_id,
        customers.cohort_month_date,
        sourced.month_start_date,
        sourced.amount,
        sourced.month_start_date = customers.last_month_date as is_last,
        {{ dbt.datediff('customers.cohort_month_date', 'sourced.month_start_date', 'month') }}
            as period_number
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
        active_count as cohort_size,
        amount as cohort_amount
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
        {{ dbt.datediff('cohorts.cohort_month_date', 'months.month_start_date', 'month') }}
            as period_number,
        cohorts.cohort_size,
        cohorts.cohort_amount,
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

exact as (

    select
        source,
        activity,
        'n_period' as retention_form,
        cohort_month_date,
        period_number,
        period_number as last_period_number,
        cohort_size,
        active_count,
        amount,
        cohort_amount,
        month_start_date as period_start_date,
        cast(month_start_date + interval 1 month as date) as passed_date
    from cells

),

-- Active in this month or later = those whose last activity is not before it. Whoever has not come
-- back may still do: the cell is complete when a year has passed after its month, for who stays
-- away as long counts as lost everywhere else.
unbounded as (

    select
        source,
        activity,
        'unbounded' as retention_form,
        cohort_month_date,
        period_number,
        cast(null as bigint) as last_period_number,
        cohort_size,
        cast(sum(last_active_count) over (
            partition by source, activity, cohort_month_date
            order by month_start_date
            rows between current row and unbounded following
        ) as bigint) as active_count,
        sum(amount) over (
            partition by source, activity, cohort_month_date
            order by month_start_date
            rows between current row and unbounded following
        ) as amount,
        cohort_amount,
        month_start_date as period_start_date,
        case
            when period_number = 0 then cast(month_start_date + interval 1 month as date)
            else cast(
                month_start_date + interval {{ var('customer_active_months') + 1 }} month as date
            )
        end as passed_date
    from cells

),

brackets as (

    select
        listed.period_number,
        listed.last_period_number
    from (values {{ brackets | join(', ') }}) as listed (period_number, last_period_number)

),

bracket_activity as (

    select
        numbered.source,
        numbered.activity,
        numbered.cohort_month_date,
        brackets.period_number,
        count(distinct numbered.customer_id) as active_count,
        sum(numbered.amount) as amount
    from numbered
    inner join brackets
        on
            numbered.period_number >= brackets.period_number
            and numbered.period_number <= brackets.last_period_number
    group by
        numbered.source,
        numbered.activity,
        numbered.cohort_month_date,
        brackets.period_number

),

-- A customer who came in two of its months is one; a bracket is complete with its last month.
bracketed as (

    select
        cells.source,
        cells.activity,
        'bracket' as retention_form,
        cells.cohort_month_date,
        cells.period_number,
        cast(brackets.last_period_number as bigint) as last_period_number,
        cells.cohort_size,
        coalesce(bracket_activity.active_count, 0) as active_count,
        case
            when cells.activity = 'purchase' then coalesce(bracket_activity.amount, 0)
        end as amount,
        cells.cohort_amount,
        cells.month_start_date as period_start_date,
        {{ dbt.dateadd(
            'month', 'brackets.last_period_number + 1', 'cells.cohort_month_date'
        ) }} as passed_date
    from cells
    inner join brackets on cells.period_number = brackets.period_number
    left join bracket_activity
        on
            cells.source = bracket_activity.source
            and cells.activity = bracket_activity.activity
            and cells.cohort_month_date = bracket_activity.cohort_month_date
            and cells.period_number = bracket_activity.period_number

),

forms as (

    select * from exact
    union all
    select * from unbounded
    union all
    select * from bracketed

)

select
    forms.source,
    forms.activity,
    forms.retention_form,
    forms.cohort_month_date,
    cast(forms.period_number as bigint) as period_number,
    cast(forms.last_period_number as bigint) as last_period_number,
    forms.cohort_size,
    forms.active_count,
    cast(forms.amount as decimal(18, 4)) as amount,
    cast(forms.cohort_amount as decimal(18, 4)) as cohort_amount,
    cast(forms.active_count as double) / forms.cohort_size as retention_share,
    cast(forms.amount as double) / nullif(cast(forms.cohort_amount as double), 0) as money_ratio,
    cast(forms.passed_date as date) <= as_of.as_of_date as is_complete,
    forms.period_start_date
from forms
cross join as_of
