with periods as (

    -- From the month before the period to its last month, or the month of as-of. All time has no
    -- month before it: it shows the last year.
    select
        period_grain,
        period_start_date,
        case
            when period_grain = 'all' then {{ month_number('measured_date') }} - 12
            else {{ month_number('period_start_date') }} - 1
        end as start_month,
        {{ month_number('measured_date') }} as end_month
    from {{ ref('int_kpi_periods') }}

),

spans as (

    select
        *,
        min(from_month) over (partition by activity, customer_id) as first_month
    from {{ ref('int_kpi_customer_spans') }}

),

bought as (

    select
        customer_id,
        {{ month_number('purchased_date') }} as bought_month,
        sum(amount) as amount
    from {{ ref('fct_purchases') }}
    where is_valid
    group by customer_id, {{ month_number('purchased_date') }}

),

-- The first month that the feed of the activity tells of.
histories as (

    select
        'service' as activity,
        min({{ month_number('created_date') }}) as first_month
    from {{ ref('fct_tickets') }}
    where customer_id is not null

    union all

    select
        'purchase' as activity,
        min(bought_month) as first_month
    from bought

    union all

    select
        'product_use' as activity,
        min(bought_month) as first_month
    from bought

),

customers as (

    select
        spans.activity,
        spans.customer_id,
        periods.period_grain,
        periods.period_start_date,
        periods.start_month,
        bool_or(
            periods.start_month between spans.from_month and spans.to_month
        ) as is_there_before,
        bool_or(
            periods.end_month between spans.from_month and spans.to_month
        ) as is_there_after,
        min(spans.first_month) > periods.start_month as is_new
    from spans
    inner join periods
        on
            spans.from_month <= periods.end_month
            and spans.to_month >= periods.start_month
    group by
        spans.activity,
        spans.customer_id,
        periods.period_grain,
        periods.period_start_date,
        periods.start_month

),

paid as (

    select
        bought.customer_id,
        periods.period_grain,
        periods.period_start_date,
        sum(bought.amount) as amount
    from bought
    inner join periods
        on
            bought.bought_month > periods.start_month
            and bought.bought_month <= periods.end_month
    group by bought.customer_id, periods.period_grain, periods.period_start_date

),

-- What those who left had bought in the year before.
lost as (

    select
        customers.activity,
        customers.customer_id,
        customers.period_grain,
        customers.period_start_date,
        sum(bought.amount) as amount
    from customers
    inner join bought
        on
            customers.customer_id = bought.customer_id
            and bought.bought_month
            between customers.start_month - 11 and customers.start_month
    where not customers.is_there_after and customers.activity <> 'service'
    group by
        customers.activity,
        customers.customer_id,
        customers.period_grain,
        customers.period_start_date

),

flows as (

    select
        customers.*,
        case
            when customers.is_there_before then 'known'
            when customers.is_new then 'new'
            else 'returning'
        end as origin,
        case when customers.activity <> 'service' then coalesce(paid.amount, 0) end as amount,
        case when customers.activity <> 'service' then coalesce(lost.amount, 0) end as lost_amount
    from customers
    left join paid
        on
            customers.customer_id = paid.customer_id
            and customers.period_grain = paid.period_grain
            and customers.period_start_date = paid.period_start_date
    left join lost
        on
            customers.activity = lost.activity
            and customers.customer_id = lost.customer_id
            and customers.period_grain = lost.period_grain
            and customers.period_start_date = lost.period_start_date

),

counted as (

    select
        activity,
        period_grain,
        period_start_date,
        start_month,
        count(*) filter (where origin = 'known') as start_count,
        count(*) filter (where origin = 'new') as new_count,
        count(*) filter (where origin = 'returning') as returning_count,
        count(*) filter (where origin = 'known' and is_there_after) as retained_count,
        count(*) filter (where not is_there_after) as churned_count,
        count(*) filter (where is_there_after) as end_count,
        sum(amount) as amount,
        sum(amount) filter (where origin = 'new' and is_there_after) as new_amount,
        sum(amount) filter (where origin = 'returning' and is_there_after) as returning_amount,
        sum(amount) filter (where origin = 'known' and is_there_after) as retained_amount,
        sum(amount) filter (where not is_there_after) as churned_amount,
        sum(lost_amount) filter (where not is_there_after) as lost_amount
    from flows
    group by activity, period_grain, period_start_date, start_month

)

-- With less than a year of history those about to lapse are not known, and everybody would seem to
-- stay, or to be new.
select
    counted.activity,
    counted.period_grain,
    counted.start_count,
    counted.new_count,
    counted.returning_count,
    counted.retained_count,
    counted.churned_count,
    counted.end_count,
    counted.amount,
    case when counted.amount is not null then coalesce(counted.new_amount, 0) end as new_amount,
    case
        when counted.amount is not null then coalesce(counted.returning_amount, 0)
    end as returning_amount,
    case
        when counted.amount is not null then coalesce(counted.retained_amount, 0)
    end as retained_amount,
    case
        when counted.amount is not null then coalesce(counted.churned_amount, 0)
    end as churned_amount,
    case when counted.amount is not null then coalesce(counted.lost_amount, 0) end as lost_amount,
    coalesce(
        counted.start_month >= histories.first_month + {{ var('customer_active_months') - 1 }},
        false
    ) as is_mature,
    counted.period_start_date
from counted
left join histories on counted.activity = histories.activity
