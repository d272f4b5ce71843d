"""Parts, by part and by site."""

from __future__ import annotations

from typing import Final

# Parameters: month, site twice.
SITE_VISITS: Final = """
select
    dim_sites.site_name, agg_sites_monthly.corrective_visit_count, agg_sites_monthly.lost_visit_count,
    agg_sites_monthly.repeat_visit_count
from marts.agg_sites_monthly
inner join marts.dim_sites
    on agg_sites_monthly.site_id = dim_sites.site_id
where
    agg_sites_monthly.month_start_date = ?
    and agg_sites_monthly.segment = 'site'
    and agg_sites_monthly.lost_visit_count > 0
    and (? = 'all' or agg_sites_monthly.site_id = ?)
order by agg_sites_monthly.lost_visit_count desc, dim_sites.site_name
"""

# Parameters: month, segment (part or site_and_part), site. The least filled first.
PARTS: Final = """
select
    part_id, part_name, line_count, judged_line_count, filled_line_count, fill_rate, fill_rate_low, fill_rate_high,
    delivery_mean_seconds, sufficiency_share, cover_days, last_on_hand_quantity, last_on_hand_amount
from marts.agg_parts_sites_monthly
where month_start_date = ? and segment = ? and site_id = ?
order by fill_rate nulls last, judged_line_count desc, part_id
"""

# Parameter: month. What changed most first.
PART_LEVERS: Final = """
select
    part_id, part_name, part_kind, spend_amount, previous_spend_amount,
    previous_price_ratio, previous_quantity_effect_amount, previous_price_effect_amount,
    previous_recovery_effect_amount
from marts.agg_part_levers_monthly
where month_start_date = ? and previous_spend_amount is not null
order by abs(spend_amount - previous_spend_amount) desc, part_id, part_kind
limit 20
"""
