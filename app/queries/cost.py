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
