-- Per month, site and component: what tickets, visits and calls carry and what is left over is the
-- ledger to the last digit, and the parts of the sum are the sum.
select
    month_start_date,
    site_id,
    component,
    ledger_amount,
    difference_amount
from {{ ref('agg_cost_reconciliation_monthly') }}
where
    difference_amount <> 0
    or not is_reconciled
    or allocated_amount + call_without_ticket_amount + unallocated_amount <> ledger_amount
