"""Sites and their reach."""

from __future__ import annotations

from typing import Final

# Parameters: grain (quarter or year), period start, site twice.
SITE_LAYOUT: Final = """
select
    dim_sites.site_id, dim_sites.site_name, dim_sites.city, dim_sites.latitude, dim_sites.longitude,
    agg_site_layout.site_kind, agg_site_layout.ticket_count, agg_site_layout.visit_count,
    agg_site_layout.travel_mean_minutes, agg_site_layout.load_ratio, agg_site_layout.cost_per_ticket,
    agg_site_layout.cost_ratio
from marts.agg_site_layout
inner join marts.dim_sites
    on agg_site_layout.site_id = dim_sites.site_id
where
    agg_site_layout.period_grain = ?
    and agg_site_layout.period_start_date = ?
    and (? = 'all' or agg_site_layout.site_id = ?)
order by agg_site_layout.ticket_count desc, dim_sites.site_id
"""

# Parameter: month.
COVERAGE: Final = """
select
    region, ticket_count, within_50km_share, within_50km_low, within_50km_high
from marts.agg_network_coverage
where segment = 'region' and within_50km_share is not null and month_start_date = ?
order by within_50km_share, region
"""

OUT_OF_REACH: Final = """
select
    agg_demand_out_of_reach.city, agg_demand_out_of_reach.region, dim_sites.site_name,
    agg_demand_out_of_reach.nearest_site_km, agg_demand_out_of_reach.ticket_count,
    agg_demand_out_of_reach.out_of_reach_count, agg_demand_out_of_reach.gained_count,
    agg_demand_out_of_reach.gained_city_count, agg_demand_out_of_reach.gained_share
from marts.agg_demand_out_of_reach
left join marts.dim_sites
    on agg_demand_out_of_reach.nearest_site_id = dim_sites.site_id
where agg_demand_out_of_reach.out_of_reach_count > 0
order by
    agg_demand_out_of_reach.gained_count desc, agg_demand_out_of_reach.out_of_reach_count desc,
    agg_demand_out_of_reach.region, agg_demand_out_of_reach.city
limit 50
"""
