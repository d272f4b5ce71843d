-- The composition is all of the cost, to the cent, in every month and segment, and its shares make
-- one.
with costs as (

    select
        cost_month_date as month_start_date,
        sum(amount) as amount,
        sum(
            case when allocation in ('unallocated', 'call_without_ticket') then amount else 0 end
        ) as unallocated_amount
    from {{ ref('fct_costs') }}
    group by cost_month_date

),

composition as (

    select
        month_start_date,
        segment,
        sum(amount) as amount,
        sum(unallocated_amount) as unallocated_amount
    from {{ ref('agg_cost_composition_monthly') }}
    group by month_start_date, segment

),

shares as (

    select
        month_start_date,
        segment,
        site_id,
        product_family,
        sum(share) as share
    from {{ ref('agg_cost_composition_monthly') }}
    group by month_start_date, segment, site_id, product_family

)

select
    costs.month_start_date,
    composition.segment,
    costs.amount,
    composition.amount as composed_amount
from costs
left join composition on costs.month_start_date = composition.month_start_date
where
    composition.month_start_date is null
    or costs.amount <> composition.amount
    or costs.unallocated_amount <> composition.unallocated_amount

union all

select
    month_start_date,
    segment,
    1 as amount,
    share as composed_amount
from shares
where abs(share - 1) > 1e-9
