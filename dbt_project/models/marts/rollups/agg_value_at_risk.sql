with as_of as (

    select
        as_of_at,
        {{ month_number('last_date') }} as as_of_month
    from {{ ref('int_kpi_as_of') }}

),

hazards as (

    select * from {{ ref('agg_churn_hazards') }}

),

exposed as (

    select distinct
        exposures.driver,
        tickets.customer_id
    from {{ ref('int_kpi_driver_exposures') }} as exposures
    inner join {{ ref('fct_tickets') }} as tickets on exposures.ticket_id = tickets.ticket_id
    cross join as_of
    where
        exposures.driver_kind = 'service'
        and exposures.is_exposed
        and tickets.exit_kind = 'resolved'
        and tickets.customer_id is not null
        and tickets.resolved_at > as_of.as_of_at - interval {{ months_at_risk() }} month

),

-- Who is gone already cannot leave.
customers as (

    select
        exposed.driver,
        exposed.customer_id
    from exposed
    inner join {{ ref('int_kpi_customer_spans') }} as spans
        on exposed.customer_id = spans.customer_id and spans.activity = 'purchase'
    inner join as_of
        on as_of.as_of_month between spans.from_month and spans.to_month

),

bought as (

    select
        purchases.customer_id,
        sum(purchases.amount) as amount
    from {{ ref('fct_purchases') }} as purchases
    cross join as_of
    where
        purchases.is_valid
        and purchases.purchased_at > as_of.as_of_at - interval 12 month
    group by purchases.customer_id

),

totals as (

    select
        customers.driver,
        count(*) as customer_count,
        sum(coalesce(bought.amount, 0)) as yearly_amount
    from customers
    left join bought on customers.customer_id = bought.customer_id
    group by customers.driver

),

-- What cannot be told from chance puts nothing at risk, and nobody loses more than all.
excess as (

    select
        hazards.driver,
        hazards.verdict = 'association' and hazards.hazard_difference_low > 0 as is_shown,
        coalesce(totals.customer_count, 0) as customer_count,
        coalesce(totals.yearly_amount, 0) as yearly_amount,
        least(1.0, hazards.hazard_difference) as excess_share,
        least(1.0, hazards.hazard_difference_low) as excess_low,
        least(1.0, hazards.hazard_difference_high) as excess_high
    from hazards
    left join totals on hazards.driver = totals.driver

)

select
    driver,
    coalesce(is_shown, false) as is_shown,
    cast(customer_count as bigint) as customer_count,
    cast(yearly_amount as decimal(38, 4)) as yearly_amount,
    case when is_shown then excess_share end as excess_share,
    case when is_shown then excess_low end as excess_low,
    case when is_shown then excess_high end as excess_high,
    case when is_shown then customer_count * excess_share end as expected_leaver_count,
    case when is_shown then cast(yearly_amount as double) * excess_share end as value_at_risk,
    case when is_shown then cast(yearly_amount as double) * excess_low end as value_at_risk_low,
    case when is_shown then cast(yearly_amount as double) * excess_high end as value_at_risk_high
from excess
