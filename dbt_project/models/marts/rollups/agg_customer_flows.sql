with customer_periods as (

    select * from {{ ref('int_kpi_customer_periods') }}
    where period_grain <> 'all'

),

periods as (

    select * from {{ ref('int_kpi_periods') }}

)

select
    customer_periods.period_grain,
    customer_periods.period_start_date,
    customer_periods.activity,
    customer_periods.start_count,
    customer_periods.new_count,
    customer_periods.returning_count,
    customer_periods.retained_count,
    customer_periods.churned_count,
    customer_periods.end_count,
    cast(customer_periods.amount as decimal(18, 4)) as amount,
    cast(customer_periods.new_amount as decimal(18, 4)) as new_amount,
    cast(customer_periods.returning_amount as decimal(18, 4)) as returning_amount,
    cast(customer_periods.retained_amount as decimal(18, 4)) as retained_amount,
    cast(customer_periods.churned_amount as decimal(18, 4)) as churned_amount,
    cast(customer_periods.lost_amount as decimal(18, 4)) as lost_amount,
    case
        when customer_periods.is_mature
            then
                cast(customer_periods.retained_count as double)
                / nullif(customer_periods.start_count, 0)
    end as retention_share,
    customer_periods.is_mature,
    periods.is_complete
from customer_periods
inner join periods
    on
        customer_periods.period_grain = periods.period_grain
        and customer_periods.period_start_date = periods.period_start_date
