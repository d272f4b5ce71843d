"""Service cost."""

from __future__ import annotations

from typing import Final

# Parameters: site, product family, first month, last month.
COST_MONTHS: Final = """
select month_start_date, cost_group, component, amount, unallocated_amount, share
from marts.agg_cost_composition_monthly
where
    site_id = ?
    and product_family = ?
    and month_start_date between ? and ?
order by month_start_date, cost_group, component
"""

# Parameters: grain, period start, comparison (previous or year_before), measure (a KPI), split (site, …).
COST_CHANGE: Final = """
select value_before, volume_effect, mix_effect, rate_effect, value_after, is_comparable, compared_start_date
from marts.agg_cost_change_effects
where
    period_grain = ?
    and period_start_date = ?
    and comparison = ?
    and measure = ?
    and segment = ?
"""

# Each site's roles in the latest month, up to one, whose pay is booked. Parameters: site four times, month.
LABOR_LEVERS: Final = """
select
    agg_labor_levers_monthly.month_start_date, dim_sites.site_name, agg_labor_levers_monthly.work_role,
    agg_labor_levers_monthly.head_count, agg_labor_levers_monthly.pay_amount,
    agg_labor_levers_monthly.previous_head_count, agg_labor_levers_monthly.previous_pay_amount,
    agg_labor_levers_monthly.previous_heads_effect_amount, agg_labor_levers_monthly.previous_pay_effect_amount,
    agg_labor_levers_monthly.year_before_head_count, agg_labor_levers_monthly.year_before_pay_amount,
    agg_labor_levers_monthly.year_before_heads_effect_amount, agg_labor_levers_monthly.year_before_pay_effect_amount
from marts.agg_labor_levers_monthly
left join marts.dim_sites
    on agg_labor_levers_monthly.site_id = dim_sites.site_id
where
    (? = 'all' or agg_labor_levers_monthly.site_id = ?)
    and agg_labor_levers_monthly.month_start_date = (
        select max(month_start_date)
        from marts.agg_labor_levers_monthly
        where (? = 'all' or site_id = ?) and month_start_date <= ? and is_booked
    )
order by agg_labor_levers_monthly.pay_amount desc, agg_labor_levers_monthly.site_id, agg_labor_levers_monthly.work_role
"""

# Parameters: site twice, first month, last month. How many rows of the ledger are carried to the last digit.
RECONCILED: Final = """
select
    count(*) as row_count,
    count(*) filter (where is_reconciled) as reconciled_count,
    count(*) filter (where is_reconciled_with_books is not null) as books_count,
    count(*) filter (where is_reconciled_with_books) as reconciled_with_books_count,
    count(*) filter (where unpriced_count > 0) as unpriced_count
from marts.agg_cost_reconciliation_monthly
where (? = 'all' or site_id = ?) and month_start_date between ? and ?
"""

# Parameters: site twice, first month, last month. The rows in which our cost is not that of the books, or not carried.
UNRECONCILED: Final = """
select
    agg_cost_reconciliation_monthly.month_start_date, dim_sites.site_name, agg_cost_reconciliation_monthly.component,
    agg_cost_reconciliation_monthly.ledger_amount, agg_cost_reconciliation_monthly.allocated_amount,
    agg_cost_reconciliation_monthly.call_without_ticket_amount, agg_cost_reconciliation_monthly.unallocated_amount,
    agg_cost_reconciliation_monthly.difference_amount, agg_cost_reconciliation_monthly.delivered_ledger_amount,
    agg_cost_reconciliation_monthly.delivered_difference_amount, agg_cost_reconciliation_monthly.unpriced_count
from marts.agg_cost_reconciliation_monthly
left join marts.dim_sites
    on agg_cost_reconciliation_monthly.site_id = dim_sites.site_id
where
    (
        not agg_cost_reconciliation_monthly.is_reconciled
        or not coalesce(agg_cost_reconciliation_monthly.is_reconciled_with_books, true)
        or agg_cost_reconciliation_monthly.unpriced_count > 0
    )
    and (? = 'all' or agg_cost_reconciliation_monthly.site_id = ?)
    and agg_cost_reconciliation_monthly.month_start_date between ? and ?
order by
    abs(coalesce(agg_cost_reconciliation_monthly.delivered_difference_amount, 0)) desc,
    agg_cost_reconciliation_monthly.month_start_date desc, agg_cost_reconciliation_monthly.site_id,
    agg_cost_reconciliation_monthly.component
limit 100
"""
