"""Marts about who buys, comes back and leaves: what may not be less than what, and what no row may say."""

from __future__ import annotations

from expectations.suites.structure import Contradiction, Contradictions, Order

# Mart → (column, the column it must not be less than or before).
ORDER: Order = {
    "agg_retention_cohorts": (("last_period_number", "period_number"), ("period_start_date", "cohort_month_date")),
    "agg_customer_flows": (("start_count", "retained_count"), ("end_count", "retained_count")),
}

# Mart → what would contradict itself.
CONTRADICTIONS: Contradictions = {
    "fct_purchases": (
        Contradiction(
            "valid_is_bought",
            "a valid purchase has a customer, a quantity and a price above 0",
            "is_valid and (customer_id is null or quantity <= 0 or unit_price_amount <= 0)",
            ("purchase_id", "customer_id", "quantity", "unit_price_amount"),
        ),
    ),
    "agg_retention_cohorts": (
        Contradiction(
            "starts_whole",
            "in period 0 the whole cohort is active",
            "period_number = 0 and active_count <> cohort_size",
            ("source", "activity", "retention_form", "cohort_month_date", "active_count", "cohort_size"),
        ),
        Contradiction(
            "share_is_ratio",
            "the retention share is active customers / cohort size",
            "abs(retention_share - active_count / cohort_size) > 1e-9",
            ("source", "activity", "retention_form", "cohort_month_date", "period_number", "retention_share"),
        ),
    ),
    "agg_customer_flows": (
        Contradiction(
            "customers_add_up",
            "those at the end are those at the start, the new and the returning, less those who left",
            "end_count <> start_count + new_count + returning_count - churned_count",
            ("period_grain", "period_start_date", "activity", "start_count", "end_count"),
        ),
    ),
}
