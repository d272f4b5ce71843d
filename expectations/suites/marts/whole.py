"""What must hold of a mart as a whole: rows where the feeds have some, the unknown site, every day, every cost."""

# ruff: noqa: S608 - names come from contracts, all through expectations.sql; bounds are numbers
from __future__ import annotations

from collections.abc import Iterator, Mapping

from great_expectations.expectations.expectation import Expectation

from expectations.limits import TableLimits
from expectations.sql import identifier, literal, literals
from expectations.suites import kinds
from expectations.suites.circumstances import Circumstances
from expectations.tables import TableSpec

# Mart → feeds. If one of them is connected and has rows, the mart must have rows.
FED_BY: Mapping[str, tuple[str, ...]] = {
    "dim_customers": ("customers",),
    "dim_products": ("products",),
    "dim_technicians": ("technicians",),
    "dim_sites": ("sites",),
    "dim_dates": ("tickets", "calls", "visits", "purchases", "survey_answers"),
    "fct_tickets": ("tickets",),
    "agg_risk_models": ("tickets",),
    "agg_drivers": ("tickets",),
    "agg_driver_responses": ("tickets",),
    "agg_churn_hazards": ("tickets",),
    "agg_value_at_risk": ("tickets",),
    "agg_contact_days": ("tickets",),
    "fct_ticket_stages": ("ticket_events",),
    "fct_sla_outcomes": ("tickets",),
    "fct_calls": ("calls",),
    "fct_shifts": ("shifts",),
    "fct_survey_answers": ("survey_answers",),
    "fct_complaints": ("complaints",),
    "fct_visits": ("visits",),
    "fct_part_lines": ("part_lines",),
    "fct_purchases": ("purchases",),
    "fct_episodes": ("tickets",),
    "fct_episode_contacts": ("tickets",),
    "fct_ticket_resolutions": ("tickets",),
    "fct_jobs": ("visits",),
    "fct_reviews": ("reviews",),
    "fct_audits": ("audits",),
    "fct_costs": ("labor_costs", "operating_costs", "part_lines"),
    "kpi_values": ("tickets", "calls", "survey_answers", "visits", "purchases"),
    "agg_kpi_changes": ("tickets", "calls", "survey_answers", "visits", "purchases"),
    "kpi_cells": ("tickets", "calls", "survey_answers", "visits", "purchases"),
    "kpi_items": ("tickets", "calls", "survey_answers", "visits", "purchases"),
    "agg_fcr_disagreement": ("tickets",),
    "agg_reasons_monthly": ("tickets",),
    "agg_requests_by_kind_monthly": ("tickets",),
    "agg_requests_by_hour_of_week": ("tickets",),
    "agg_response_monthly": ("tickets",),
    "agg_stage_durations_monthly": ("tickets",),
    "agg_resolution_survival": ("tickets",),
    "agg_satisfaction_monthly": ("survey_answers",),
    "agg_retention_cohorts": ("purchases",),
    "agg_cost_composition_monthly": ("labor_costs", "operating_costs", "part_lines"),
    "agg_technician_scorecards": ("tickets",),
    "fct_part_stock": ("part_stock",),
    "agg_parts_sites_monthly": ("part_lines", "part_stock"),
    "agg_sites_monthly": ("tickets", "visits", "shifts"),
    "agg_network_coverage": ("tickets",),
    "agg_cost_reconciliation_monthly": ("labor_costs", "operating_costs"),
    "agg_calls_hourly": ("calls",),
    "agg_calls_by_hour_of_week": ("calls",),
    "agg_satisfaction_aspects": ("survey_answers",),
    "agg_survey_funnel": ("survey_invitations",),
    "agg_complaints_monthly": ("complaints",),
    "agg_customer_flows": ("purchases",),
    "agg_labor_levers_monthly": ("labor_costs",),
    "agg_part_levers_monthly": ("part_lines",),
    "agg_site_layout": ("tickets", "visits", "shifts"),
    "agg_demand_out_of_reach": ("tickets",),
    "agg_visits_lost": ("visits",),
    "agg_demand_places": ("tickets",),
    "agg_demand_distances": ("tickets",),
    "agg_demand_reach": ("tickets",),
    "agg_travel_by_distance": ("visits",),
    "agg_part_base_stock": ("part_lines",),
    "agg_part_frontier": ("part_lines",),
    "agg_satisfaction_scores": ("survey_answers",),
    "agg_reasons": ("tickets",),
    "agg_repeats_by_issue": ("tickets",),
    "agg_complaints_by_kind": ("complaints",),
    "agg_complaint_causes": ("complaints",),
    "agg_audit_scores": ("audits",),
    "agg_calls_by_queue": ("calls",),
    "agg_class_scores": ("tickets", "calls", "survey_answers", "visits", "purchases"),
}
# Marts that have rows whatever the company delivers.
ALWAYS_FILLED = frozenset(
    {
        "dim_sites",
        "dim_kpis",
        "dim_kpi_subjects",
        "dim_sla_policies",
        "dim_call_policies",
        "dim_scorecard_weights",
        "dim_reference_values",
    }
)

# Feed → the components of which fct_costs must have rows where the feed has money in that column.
COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "labor_costs": ("wage",),
    "operating_costs": ("rent",),
}

# Marts with a site; each must be a row of dim_sites, which holds "unknown" too.
SITED = (
    "fct_tickets",
    "fct_ticket_stages",
    "fct_sla_outcomes",
    "fct_calls",
    "fct_shifts",
    "fct_survey_answers",
    "fct_complaints",
    "fct_visits",
    "fct_part_lines",
    "fct_costs",
    "agg_technician_scorecards",
    "fct_part_stock",
    "fct_episodes",
    "fct_ticket_resolutions",
    "fct_jobs",
    "agg_reasons_monthly",
    "fct_reviews",
    "fct_audits",
    "fct_feedback",
    "fct_feedback_words",
    "agg_sla_at_risk",
    "agg_ticket_risks",
    "agg_sla_due_hourly",
    "agg_cost_reconciliation_monthly",
    "agg_labor_levers_monthly",
    "agg_part_base_stock",
    "kpi_items",
)


def whole(table: TableSpec, limits: TableLimits, circumstances: Circumstances) -> Iterator[Expectation]:
    """What is demanded of a mart as a whole."""
    mart, tables = table.table_name, circumstances.tables
    yield from _filled(mart, limits)
    if mart in SITED and "dim_sites" in tables:
        yield _known_site(table, limits)
    if mart == "dim_sites":
        yield _unknown_site(limits)
    if mart == "dim_dates":
        yield _unbroken_days(limits)
    if mart == "fct_costs":
        yield _components(limits)
    if mart == "agg_cost_reconciliation_monthly":
        yield _reconciled(limits)
        yield _delivered_books(limits)
    for column in table.columns:
        if column.name in limits.columns("named"):
            yield _named(limits, column.name)


def _filled(mart: str, limits: TableLimits) -> list[Expectation]:
    if mart in ALWAYS_FILLED:
        query = "select 1 as expected_row_count where not exists (select 1 from {batch})"
        return [kinds.no_cases(limits, "filled", "the mart has rows", query)]
    if mart not in FED_BY:
        return []
    feeds = FED_BY[mart]
    query = f"""
        select feed, row_count
        from meta.feeds
        where row_count > 0 and feed in ({literals(feeds)}) and not exists (select 1 from {{batch}})
    """
    return [kinds.no_cases(limits, "filled", f"the mart has rows where {' or '.join(feeds)} has", query)]


def _components(limits: TableLimits) -> Expectation:
    expected = ", ".join(
        f"({literal(feed)}, {literal(component)})" for feed, names in COMPONENTS.items() for component in names
    )
    query = f"""
        with expected (feed, component) as (values {expected})
        select feed, component
        from expected
        where feed in (select feed from meta.feeds where row_count > 0)
            and component not in (select component from {{batch}})
    """
    return kinds.no_cases(limits, "components", "every delivered kind of cost has rows", query, column="component")


def _reconciled(limits: TableLimits) -> Expectation:
    tolerance = limits.of("reconciled", None).highest or 0
    query = f"""
        select month_start_date, site_id, component, ledger_amount, difference_amount
        from {{batch}}
        where abs(difference_amount) > {tolerance}
    """
    says = f"tickets, visits, calls and what is left over carry the ledger, up to {tolerance:g}"
    return kinds.no_cases(limits, "reconciled", says, query, takes=kinds.SEVERITY | {"highest"})


def _delivered_books(limits: TableLimits) -> Expectation:
    tolerance = limits.of("delivered_books", "delivered_difference_amount").highest or 0
    query = f"""
        select month_start_date, site_id, component, delivered_ledger_amount, delivered_difference_amount
        from {{batch}}
        where abs(delivered_difference_amount) > {tolerance}
    """
    return kinds.no_cases(
        limits,
        "delivered_books",
        f"our cost is what the delivered books say, up to {tolerance:g}",
        query,
        column="delivered_difference_amount",
        takes=kinds.SEVERITY | {"highest"},
    )


def _named(limits: TableLimits, column: str) -> Expectation:
    """Dimensions have a row "unknown" for what names nothing; too many of those, and its numbers say little."""
    name = identifier(column)
    query = f"""
        select
            round(count(*) filter (where coalesce({name}, 'unknown') = 'unknown') / count(*), 4) as measured,
            count(*) as sample
        from {{batch}}
        """
    return kinds.measured(limits, "named", f"at most {{high}} of the rows have no known {column}", query, column=column)


def _known_site(table: TableSpec, limits: TableLimits) -> Expectation:
    return kinds.no_row_where(
        limits,
        "known_in_dim_sites",
        "site_id is a row of dim_sites",
        'site_id not in (select site_id from "marts"."dim_sites")',
        (*table.key, "site_id"),
        column="site_id",
    )


def _unknown_site(limits: TableLimits) -> Expectation:
    return kinds.no_cases(
        limits,
        "has_unknown",
        'there is a row "unknown" for what has no site',
        "select 'unknown' as site_id where not exists (select 1 from {batch} where site_id = 'unknown')",
        column="site_id",
    )


def _unbroken_days(limits: TableLimits) -> Expectation:
    return kinds.no_cases(
        limits,
        "unbroken",
        "no day is missing between the first and the last",
        """
        select min(date_day) as first_day, max(date_day) as last_day, count(*) as day_count
        from {batch}
        having count(*) <> date_diff('day', min(date_day), max(date_day)) + 1
        """,
        column="date_day",
    )
