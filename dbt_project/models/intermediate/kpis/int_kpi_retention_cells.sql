with customer_periods as (

    select * from {{ ref('int_kpi_customer_periods') }}

),

periods as (

    select
        period_grain,
        period_start_date,
        case
            when period_grain = 'all' then {{ month_number('measured_date') }} - 11
            else {{ month_number('period_start_date') }}
        end as from_month,
        {{ month_number('measured_date') }} as to_month
    from {{ ref('int_kpi_periods') }}

),

purchases as (

    select
        customer_id,
        coalesce(order_id, cast(purchased_date as varchar)) as order_key,
        purchase_kind,
        amount,
        {{ month_number('purchased_date') }} as bought_month
    from {{ ref('fct_purchases') }}
    where is_valid

),

retained as (

    select
        'retention_rate' as kpi_id,
        period_grain,
        retained_count as numerator,
        start_count as denominator,
        start_count as eligible_count,
        is_mature,
        period_start_date
    from customer_periods
    where activity = 'product_use' and start_count > 0

),

retained_buyers as (

    select
        'retention_rate_purchase' as kpi_id,
        period_grain,
        retained_count as numerator,
        start_count as denominator,
        start_count as eligible_count,
        is_mature,
        period_start_date
    from customer_periods
    where activity = 'purchase' and start_count > 0

),

churned as (

    select
        'churn_rate' as kpi_id,
        period_grain,
        start_count - retained_count as numerator,
        start_count as denominator,
        start_count as eligible_count,
        is_mature,
        period_start_date
    from customer_periods
    where activity = 'product_use' and start_count > 0

),

-- Of a number, nothing is told before history is long enough: 0 would be a lie.
arrived as (

    select
        'new_customer_count' as kpi_id,
        period_grain,
        new_count as numerator,
        0 as denominator,
        new_count as eligible_count,
        is_mature,
        period_start_date
    from customer_periods
    where activity = 'product_use' and is_mature

),

came_back as (

    select
        'returning_customer_count' as kpi_id,
        period_grain,
        returning_count as numerator,
        0 as denominator,
        returning_count as eligible_count,
        is_mature,
        period_start_date
    from customer_periods
    where activity = 'product_use' and is_mature

),

-- An order of several lines, or one that goes on after midnight of a month's last day, is one.
orders as (

    select
        customer_id,
        order_key,
        min(bought_month) as bought_month
    from purchases
    where purchase_kind = 'order'
    group by customer_id, order_key

),

buyers as (

    select
        periods.period_grain,
        periods.period_start_date,
        orders.customer_id,
        count(*) as order_count
    from orders
    inner join periods
        on
            orders.bought_month >= periods.from_month
            and orders.bought_month <= periods.to_month
    group by periods.period_grain, periods.period_start_date, orders.customer_id

),

bought_again as (

    select
        'repurchase_rate' as kpi_id,
        period_grain,
        count(*) filter (where order_count > 1) as numerator,
        count(*) as denominator,
        count(*) as eligible_count,
        true as is_mature,
        period_start_date
    from buyers
    group by period_grain, period_start_date

),

bought_months as (

    select
        customer_id,
        bought_month,
        sum(amount) as amount
    from purchases
    group by customer_id, bought_month

),

-- Money retention looks at two years up to the end of the period; several periods end together.
years as (

    select
        to_month,
        to_month - 23 >= (select min(bought_months.bought_month) from bought_months) as is_mature
    from periods
    group by to_month

),

spent as (

    select
        years.to_month,
        years.is_mature,
        bought_months.customer_id,
        sum(bought_months.amount) filter (
            where bought_months.bought_month > years.to_month - 12
        ) as amount,
        sum(bought_months.amount) filter (
            where bought_months.bought_month <= years.to_month - 12
        ) as earlier_amount
    from bought_months
    inner join years
        on
            bought_months.bought_month <= years.to_month
            and bought_months.bought_month > years.to_month - 24
    group by years.to_month, years.is_mature, bought_months.customer_id

),

kept_money as (

    select
        to_month,
        is_mature,
        sum(coalesce(amount, 0)) as amount,
        sum(earlier_amount) as earlier_amount,
        count(*) as customer_count
    from spent
    where earlier_amount is not null
    group by to_month, is_mature

),

money as (

    select
        'net_revenue_retention' as kpi_id,
        periods.period_grain,
        kept_money.amount as numerator,
        kept_money.earlier_amount as denominator,
        kept_money.customer_count as eligible_count,
        kept_money.is_mature,
        periods.period_start_date
    from kept_money
    inner join periods on kept_money.to_month = periods.to_month

),

cells as (

    select * from retained
    union all
    select * from retained_buyers
    union all
    select * from churned
    union all
    select * from arrived
    union all
    select * from came_back
    union all
    select * from bought_again
    union all
    select * from money

)

select
    kpi_id,
    period_grain,
    cast(case when is_mature then numerator else 0 end as decimal(38, 4)) as numerator,
    cast(case when is_mature then denominator else 0 end as decimal(38, 4)) as denominator,
    case when is_mature then eligible_count else 0 end as eligible_count,
    case when is_mature then 0 else eligible_count end as immature_count,
    period_start_date
from cells
