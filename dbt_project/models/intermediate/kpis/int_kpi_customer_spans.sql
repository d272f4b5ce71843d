{% set idle_months = var('customer_active_months') - 1 %}

with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

purchases as (

    select
        customer_id,
        {{ month_number('purchased_date') }} as bought_month,
        -- The last month at whose end the contract still runs.
        {{ month_number('contract_end_date + interval 1 day') }} - 1 as contract_month
    from {{ ref('fct_purchases') }}
    where is_valid

),

assets as (

    select
        assets.customer_id,
        {{ month_number('coalesce(assets.sold_date, assets.installed_date)') }} as bought_month,
        {{ month_number('assets.warranty_until_date + interval 1 day') }} - 1 as warranty_month
    from {{ ref('stg_assets') }} as assets
    cross join as_of
    where
        assets.customer_id is not null
        and coalesce(assets.sold_date, assets.installed_date) <= as_of.last_date

),

tickets as (

    select
        customer_id,
        {{ month_number('created_date') }} as served_month
    from {{ ref('fct_tickets') }}
    where customer_id is not null

),

-- Every reason to call a customer active, with the first and last month at whose end it holds.
reasons as (

    select distinct
        'purchase' as activity,
        customer_id,
        bought_month as from_month,
        bought_month + {{ idle_months }} as to_month
    from purchases

    union all

    -- A contract says itself how long it lasts; only where none is told does inactivity decide.
    select
        'product_use' as activity,
        customer_id,
        bought_month as from_month,
        max(
            case
                when contract_month is null then bought_month + {{ idle_months }}
                else greatest(contract_month, bought_month)
            end
        ) as to_month
    from purchases
    group by customer_id, bought_month

    union all

    select
        'product_use' as activity,
        customer_id,
        bought_month as from_month,
        max(
            greatest(coalesce(warranty_month, bought_month), bought_month + {{ idle_months }})
        ) as to_month
    from assets
    group by customer_id, bought_month

    union all

    select distinct
        'service' as activity,
        customer_id,
        served_month as from_month,
        served_month + {{ idle_months }} as to_month
    from tickets

),

chained as (

    select
        *,
        max(to_month) over (
            partition by activity, customer_id
            order by from_month, to_month
            rows between unbounded preceding and 1 preceding
        ) as reached_month
    from reasons

),

numbered as (

    select
        activity,
        customer_id,
        from_month,
        to_month,
        sum(
            case when reached_month is null or from_month > reached_month + 1 then 1 else 0 end
        ) over (
            partition by activity, customer_id
            order by from_month, to_month
            rows between unbounded preceding and current row
        ) as span_number
    from chained

)

select
    activity,
    customer_id,
    cast(span_number as bigint) as span_number,
    min(from_month) as from_month,
    max(to_month) as to_month
from numbered
group by activity, customer_id, span_number
