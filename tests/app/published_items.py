"""Items behind one month's numbers of the hand-made company: published values are set to what these rows add up to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb

MONTH = date(2026, 5, 1)
KPI = "first_response_time_mean"
SITE = "s2"
REASONS = {"counted": None, "immature": None, "censored": None, "excluded": "merged"}


def subjects() -> Iterator[dict[str, Any]]:
    """dim_kpi_subjects of the KPIs that have items here, and of one that has none anywhere."""
    ticket = {
        "subject_kind": "ticket", "table_name": "fct_tickets", "key_expression": "ticket_id",
        "shown_columns": "status created_at first_response_at resolved_at",
    }  # fmt: skip
    yield ticket | {"kpi_id": KPI, "rows_rule": "sums"}
    yield ticket | {"kpi_id": "first_response_time_median", "rows_rule": "quantile", "remaining_share": 0.5}
    yield {
        "kpi_id": "retention_rate", "subject_kind": "customer_flow", "table_name": "agg_customer_flows",
        "rows_rule": "elsewhere",
    }  # fmt: skip


def items(tickets: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One item per ticket: mostly counted, some in each other state; a technician each."""
    for number, ticket in enumerate(tickets):
        state = ("immature", "censored", "excluded")[number % 3] if number % 10 == 0 else "counted"
        yield {
            "kpi_id": KPI, "subject_kind": "ticket", "subject_id": ticket["ticket_id"],
            "technician_id": f"t{number % 20:02}", "site_id": ticket["site_id"],
            "region": ("华东", "华南")[number % 2], "product_family": "air_conditioner", "issue_family": "unknown",
            "channel": "phone" if number % 3 else "web", "priority": "normal" if number % 5 else "urgent",
            "state": state, "reason": REASONS[state], "numerator": 60 * (number + 1), "denominator": 1,
            "item_count": 1, "counted_date": MONTH + timedelta(days=number % 31),
        }  # fmt: skip


def agree(con: duckdb.DuckDBPyConnection) -> None:
    """Set the month's published values of KPI, of each segment but those with families, to what its items add up to."""
    con.execute("""
        update marts.kpi_values set
            numerator = sums.numerator, denominator = sums.denominator, value = sums.numerator / sums.denominator,
            eligible_count = sums.counted, immature_count = sums.immature, censored_count = sums.censored,
            excluded_count = sums.excluded
        from (
            select
                coalesce(site_id, 'all') as site_id, coalesce(region, 'all') as region,
                coalesce(channel, 'all') as channel, coalesce(priority, 'all') as priority,
                sum(numerator) filter (where state = 'counted') as numerator,
                sum(denominator) filter (where state = 'counted') as denominator,
                count(*) filter (where state = 'counted') as counted,
                count(*) filter (where state = 'immature') as immature,
                count(*) filter (where state = 'censored') as censored,
                count(*) filter (where state = 'excluded') as excluded
            from marts.kpi_items
            group by grouping sets ((), (site_id), (region), (channel), (priority))
        ) as sums
        where
            kpi_values.kpi_id = 'first_response_time_mean' and kpi_values.period_grain = 'month'
            and kpi_values.period_start_date = date '2026-05-01' and kpi_values.product_family = 'all'
            and kpi_values.site_id = sums.site_id and kpi_values.region = sums.region
            and kpi_values.channel = sums.channel and kpi_values.priority = sums.priority
    """)
