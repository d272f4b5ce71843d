"""What stock and network could be: the frontier of stock, visits lost to parts, the demand of scenarios."""

from __future__ import annotations

from typing import Final

# Parameter: site or all. In the order of the curve, today first.
FRONTIER: Final = """
select
    point_number, point_kind, fill_rate, stock_amount, level_quantity, item_count, left_out_item_count, idle_amount
from marts.agg_part_frontier
where site_id = ?
order by point_number
"""

# Parameters: site twice. What moves most money first.
BASE_STOCK: Final = """
select
    agg_part_base_stock.part_id, agg_part_base_stock.part_name, dim_sites.site_name,
    agg_part_base_stock.demand_quantity, agg_part_base_stock.week_count, agg_part_base_stock.lead_time_days,
    agg_part_base_stock.on_hand_mean_quantity, agg_part_base_stock.target_level_quantity,
    agg_part_base_stock.target_level_low_quantity, agg_part_base_stock.target_level_high_quantity,
    agg_part_base_stock.advice, agg_part_base_stock.change_amount
from marts.agg_part_base_stock
inner join marts.dim_sites
    on agg_part_base_stock.site_id = dim_sites.site_id
where
    agg_part_base_stock.advice in ('raise', 'lower')
    and (? = 'all' or agg_part_base_stock.site_id = ?)
order by
    agg_part_base_stock.advice desc, abs(agg_part_base_stock.change_amount) desc, agg_part_base_stock.site_id,
    agg_part_base_stock.part_id
"""

# Parameters: grain (quarter or year), period start, segments (two of them), site twice.
LOST: Final = """
select
    agg_visits_lost.segment, agg_visits_lost.site_id, dim_sites.site_name, agg_visits_lost.part_id,
    agg_visits_lost.part_name, agg_visits_lost.visit_count, agg_visits_lost.lost_visit_count,
    agg_visits_lost.lost_share, agg_visits_lost.lost_share_low, agg_visits_lost.lost_share_high,
    agg_visits_lost.expected_visit_count, agg_visits_lost.long_wait_visit_count, agg_visits_lost.standing_out_by,
    agg_visits_lost.is_standing_out, agg_visits_lost.repeat_visit_count,
    agg_visits_lost.wait_mean_seconds, agg_visits_lost.repeat_amount
from marts.agg_visits_lost
left join marts.dim_sites
    on agg_visits_lost.site_id = dim_sites.site_id
where
    agg_visits_lost.period_grain = ?
    and agg_visits_lost.period_start_date = ?
    and agg_visits_lost.segment in (?, ?)
    and (? = 'all' or agg_visits_lost.site_id = ?)
order by
    agg_visits_lost.is_standing_out desc, agg_visits_lost.lost_visit_count desc, agg_visits_lost.lost_share desc,
    agg_visits_lost.site_id, agg_visits_lost.part_id
"""

# Parameter: month.
RADII: Final = """
select within_25km_share, within_50km_share, within_100km_share
from marts.agg_network_coverage
where segment = 'all' and within_50km_share is not null and month_start_date = ?
"""

PLACES: Final = """
select
    region, city, place_id, latitude, longitude, ticket_count, visit_count, covered_count, travel_km,
    nearest_site_km, is_told
from marts.agg_demand_places
order by region, city
"""

DISTANCES: Final = """
select region, city, place_id, place_kind, mean_km
from marts.agg_demand_distances
order by region, city, place_id
"""

REACH: Final = """
select reached_from, ticket_count
from marts.agg_demand_reach
order by region, city, reached_from
"""

TRAVEL: Final = """
select band_number, met_share, is_associated, transport_amount, amount_per_km
from marts.agg_travel_by_distance
order by band_number
"""

OPEN_SITES: Final = """
select site_id, site_name, city, latitude, longitude
from marts.dim_sites
where latitude is not null and longitude is not null
order by site_id
"""
