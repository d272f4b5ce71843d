with costs as (

    select * from {{ ref('fct_costs') }}

),

ledgers as (

    select * from {{ ref('int_cost_ledgers_united') }}

),

carried as (

    select
        site_id,
        component,
        cost_month_date,
        sum(amount) as amount,
        sum(case when allocation = 'call_without_ticket' then amount else 0 end)
            as call_without_ticket_amount,
        sum(case when allocation = 'unallocated' then amount else 0 end) as unallocated_amount
    from costs
    group by site_id, component, cost_month_date

),

-- A month and component of a site that only one side has is a difference like any other.
compared as (

    select
        coalesce(ledgers.cost_month_date, carried.cost_month_date) as month_start_date,
        coalesce(ledgers.site_id, carried.site_id) as site_id,
        coalesce(ledgers.component, carried.component) as component,
        coalesce(ledgers.ledger_amount, 0) as ledger_amount,
        coalesce(carried.amount, 0) as cost_amount,
        coalesce(carried.call_without_ticket_amount, 0) as call_without_ticket_amount,
        coalesce(carried.unallocated_amount, 0) as unallocated_amount,
        ledgers.delivered_ledger_amount,
        coalesce(ledgers.unpriced_count, 0) as unpriced_count
    from ledgers
    full outer join carried
        on
            ledgers.site_id = carried.site_id
            and ledgers.component = carried.component
            and ledgers.cost_month_date = carried.cost_month_date

)

select
    month_start_date,
    site_id,
    component,
    cast(ledger_amount as decimal(18, 4)) as ledger_amount,
    cast(cost_amount - call_without_ticket_amount - unallocated_amount as decimal(18, 4))
        as allocated_amount,
    cast(call_without_ticket_amount as decimal(18, 4)) as call_without_ticket_amount,
    cast(unallocated_amount as decimal(18, 4)) as unallocated_amount,
    cast(cost_amount - ledger_amount as decimal(18, 4)) as difference_amount,
    delivered_ledger_amount,
    cast(cost_amount - delivered_ledger_amount as decimal(18, 4)) as delivered_difference_amount,
    unpriced_count,
    cost_amount = ledger_amount as is_reconciled,
    -- To the cent: books have two places.
    abs(cost_amount - delivered_ledger_amount) < 0.005 as is_reconciled_with_books
from compared
where
    ledger_amount <> 0
    or cost_amount <> 0
    or delivered_ledger_amount <> 0
    or unpriced_count > 0
