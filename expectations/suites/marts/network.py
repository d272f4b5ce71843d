"""Marts about sites, parts, days and reach: what may not be less than what, and what no row may say."""

from __future__ import annotations

from expectations.suites.structure import Contradiction, Contradictions, Order

# Mart → (column, the column it must not be less than or before).
ORDER: Order = {
    "dim_dates": (("date_day", "month_start_date"), ("month_start_date", "quarter_start_date")),
    "agg_parts_sites_monthly": (
        ("line_count", "judged_line_count"),
        ("judged_line_count", "filled_line_count"),
        ("promised_line_count", "on_time_line_count"),
        ("count_count", "sufficient_count"),
        ("count_count", "empty_count"),
    ),
    "agg_sites_monthly": (("corrective_visit_count", "lost_visit_count"), ("visit_count", "corrective_visit_count")),
    "agg_network_coverage": (
        ("within_50km_count", "within_25km_count"),
        ("within_100km_count", "within_50km_count"),
        ("within_50km_share", "within_50km_low"),
        ("within_50km_high", "within_50km_share"),
    ),
    "agg_site_layout": (("visit_count", "travelled_visit_count"),),
    "agg_demand_out_of_reach": (("located_count", "out_of_reach_count"),),
    "agg_part_base_stock": (
        ("level_90_quantity", "level_80_quantity"),
        ("level_95_quantity", "level_90_quantity"),
        ("level_99_quantity", "level_95_quantity"),
    ),
    "agg_visits_lost": (
        ("visit_count", "lost_visit_count"),
        ("lost_visit_count", "long_wait_visit_count"),
        ("lost_share", "lost_share_low"),
        ("lost_share_high", "lost_share"),
    ),
    "agg_demand_places": (("ticket_count", "covered_count"),),
    "agg_demand_distances": (("ticket_count", "within_50km_count"),),
    "agg_travel_by_distance": (
        ("visit_count", "judged_count"),
        ("judged_count", "met_count"),
        ("met_share", "met_share_low"),
        ("met_share_high", "met_share"),
    ),
}

# Mart → what would contradict itself.
CONTRADICTIONS: Contradictions = {
    "agg_network_coverage": (
        Contradiction(
            "located_or_not",
            "every ticket is located by its customer, by its city, or not at all",
            "located_by_customer_count + located_by_city_count + unlocated_count <> ticket_count",
            ("region", "ticket_count", "located_by_customer_count", "located_by_city_count", "unlocated_count"),
        ),
    ),
    "agg_demand_out_of_reach": (
        Contradiction(
            "located_or_not",
            "every request is located or not",
            "located_count + unlocated_count <> ticket_count",
            ("region", "city", "ticket_count", "located_count", "unlocated_count"),
        ),
    ),
}
