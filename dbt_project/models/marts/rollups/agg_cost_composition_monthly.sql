with costs as (

    select * from {{ ref('fct_costs') }}

),

booked as (

    select
        cost_month_date as month_start_date,
        site_id,
        product_family,
        cost_group,
        component,
        sum(amount) as amount,
        coalesce(
            sum(amount) filter (where allocation in ('unallocated', 'call_without_ticket')), 0
        ) as unallocated_amount
    from costs
    group by cost_month_date, site_id, product_family, cost_group, component

),

segmented as (

    select
        month_start_date,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        cost_group,
        component,
        sum(amount) as amount,
        sum(unallocated_amount) as unallocated_amount
    from booked
    group by grouping sets (  -- noqa: PRS
        (month_start_date, cost_group, component),
        (month_start_date, cost_group, component, site_id),
        (month_start_date, cost_group, component, product_family),
        (month_start_date, cost_group, component, site_id, product_family)
    )

),

totalled as (

    select
        *,
        sum(amount) over (
            partition by month_start_date, segment, site_id, product_family
        ) as total_amount
    from segmented

)

select
    month_start_date,
    segment,
    site_id,
    product_family,
    cost_group,
    component,
    cast(amount as decimal(18, 4)) as amount,
    cast(unallocated_amount as decimal(18, 4)) as unallocated_amount,
    cast(amount as double) / nullif(cast(total_amount as double), 0) as share
from totalled
