"""Gate 2 on the real contracts of the marts: every hand-written expectation has a mutation that breaks it alone.

As for gate 1, all mutations of a mart stand in one table, each in a row of its own among good ones.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from expectations.gate import run_gate
from expectations.results import GateReport
from expectations.suites.gate_2 import PARTLY_FED
from tests.expectations.tables import AS_OF, NOON, Row, good_row, mart_specs, write

BEFORE = NOON - timedelta(hours=1)
DAY_BEFORE = NOON.date() - timedelta(days=1)

DERIVED = {"row_count", "columns", "types", "not_null", "key_unique", "allowed_values", "range"}
# Expectations on a whole mart; the hollow marts below break them.
WHOLE = {"filled", "components", "has_unknown", "unbroken", "available_kpis", "delivered_books"}
# One month of a company has nothing to compare with.
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
    "fct_episodes",
    "fct_ticket_resolutions",
    "fct_jobs",
    "agg_reasons_monthly",
    "fct_reviews",
    "fct_audits",
    "agg_technician_scorecards",
    "fct_part_stock",
    "agg_sla_at_risk",
    "agg_sla_due_hourly",
    "agg_cost_reconciliation_monthly",
    "agg_labor_levers_monthly",
)
# Rows in which everything is in order need another value than the dull one here.
GOOD: dict[str, Row] = {
    "fct_tickets": {"life_seconds": 5},
    "agg_resolution_survival": {"unresolved_share": 0, "cancelled_share": 0, "merged_share": 0},
    "fct_ticket_stages": {"left_at": NOON, "stage_number": 1},
    "fct_sla_outcomes": {"is_met": True, "outcome": "met"},
    "fct_calls": {"outcome": "abandoned"},
    "kpi_values": {"unit": "share", "period_start_date": NOON.date()},
    "agg_satisfaction_monthly": {"answer_count": 2},
    "agg_response_monthly": {"ticket_count": 2},
    "agg_technician_scorecards": {"is_enough_data": True, "work_role": "technician"},
    "agg_network_coverage": {"ticket_count": 3},
    "agg_cost_reconciliation_monthly": {
        "ledger_amount": 3,
        "allocated_amount": 1,
        "call_without_ticket_amount": 1,
        "unallocated_amount": 1,
        "difference_amount": 0,
        "delivered_difference_amount": 0,
    },
    "agg_cost_change_split": {"measure": "cost_total", "total_change": 0},
    "agg_calls_hourly": {"required_agents": 2},
    "agg_fcr_disagreement": {"ticket_count": 4},
    "agg_retention_cohorts": {"cohort_month_date": NOON.date(), "last_period_number": 99},
    "agg_survey_funnel": {"invited_count": 4},
    "agg_complaints_monthly": {"complaint_count": 2},
    "agg_customer_flows": {"end_count": 2},
    "agg_labor_levers_monthly": {"pay_amount": 3},
    "agg_part_levers_monthly": {"spend_amount": 4},
    "agg_demand_out_of_reach": {"ticket_count": 2},
    "agg_class_scores": {"scored_weight": 60},
    "dim_scorecard_weights": {"valid_to_date": None},
}
# Nothing is at risk where everything is done.
MAY_BE_EMPTY = {"agg_cost_change_split", "agg_sla_at_risk", "agg_sla_due_hourly"}
UNKNOWN_SITE = {mart: (("known_in_dim_sites", "site_id"), {"site_id": "nowhere"}) for mart in SITED}

# Mart → ((expectation, column), what is changed in a good row).
MUTATIONS: dict[str, list[tuple[tuple[str, str | None], Row]]] = {
    "dim_dates": [
        (("not_less_than_month_start_date", "date_day"), {"month_start_date": date(2027, 1, 1)}),
        (("not_less_than_quarter_start_date", "month_start_date"), {"quarter_start_date": date(2027, 1, 1)}),
        (("plausible", "iso_week"), {"iso_week": 54}),
        (("plausible", "iso_weekday"), {"iso_weekday": 8}),
    ],
    "dim_sites": [(("plausible", "latitude"), {"latitude": 91}), (("plausible", "longitude"), {"longitude": 181})],
    "dim_sla_policies": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": DAY_BEFORE}),
        (("plausible", "target_seconds"), {"target_seconds": 0}),
    ],
    "dim_call_policies": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": DAY_BEFORE}),
    ],
    "dim_kpis": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": DAY_BEFORE}),
        (("plausible", "weight"), {"weight": 101}),
    ],
    "dim_scorecard_weights": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": date(2025, 1, 1)}),
        (("plausible", "weight"), {"weight": 101}),
    ],
    "dim_reference_values": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": DAY_BEFORE}),
    ],
    "agg_class_scores": [
        (("plausible", "class_score"), {"class_score": 101}),
        (("plausible", "scored_weight"), {"scored_weight": 101}),
        (("half_of_weight_scores", None), {"scored_weight": 49}),
    ],
    "fct_tickets": [
        (("resolved_has_time", None), {"is_resolved": True, "resolved_at": None}),
        (("answered_has_duration", None), {"first_response_seconds": None}),
        (("fault_has_no_duration", None), {"first_response_at": BEFORE}),
        (("split_is_life", None), {"on_hold_seconds": 2}),
        UNKNOWN_SITE["fct_tickets"],
    ],
    "fct_ticket_stages": [
        (("not_less_than_entered_at", "left_at"), {"left_at": BEFORE}),
        (("plausible", "stage_number"), {"stage_number": 0}),
        (("open_or_left", None), {"is_open": True}),
        UNKNOWN_SITE["fct_ticket_stages"],
    ],
    "fct_sla_outcomes": [
        (("met_is_outcome", None), {"is_met": False}),
        (("eligible_is_decided", None), {"is_eligible": True, "is_met": None, "outcome": "pending"}),
        (("paused_has_no_due", None), {"is_met": None, "outcome": "paused"}),
        UNKNOWN_SITE["fct_sla_outcomes"],
    ],
    "agg_sla_at_risk": [(("plausible", "due_hour"), {"due_hour": 24}), UNKNOWN_SITE["agg_sla_at_risk"]],
    "agg_sla_due_hourly": [(("plausible", "due_hour"), {"due_hour": 24}), UNKNOWN_SITE["agg_sla_due_hourly"]],
    "fct_calls": [
        (("plausible", "leg_count"), {"leg_count": 0}),
        (("answered_is_outcome", None), {"is_answered": True}),
        UNKNOWN_SITE["fct_calls"],
    ],
    "fct_shifts": [
        (("not_less_than_available_seconds", "paid_seconds"), {"available_seconds": 2}),
        (("not_less_than_starts_at", "counted_from_at"), {"counted_from_at": BEFORE}),
        UNKNOWN_SITE["fct_shifts"],
    ],
    "fct_survey_answers": [
        (("valid_is_in_scale", None), {"is_valid": True, "raw_score": 2}),
        UNKNOWN_SITE["fct_survey_answers"],
    ],
    "fct_complaints": [(("open_is_not_closed", None), {"closed_at": None}), UNKNOWN_SITE["fct_complaints"]],
    "fct_reviews": [
        (("valid_is_in_scale", None), {"is_valid": True, "rating": 2}),
        UNKNOWN_SITE["fct_reviews"],
    ],
    "fct_audits": [(("valid_is_in_scale", None), {"is_valid": True, "score": 2}), UNKNOWN_SITE["fct_audits"]],
    "fct_visits": [UNKNOWN_SITE["fct_visits"]],
    "fct_part_lines": [UNKNOWN_SITE["fct_part_lines"]],
    "fct_costs": [UNKNOWN_SITE["fct_costs"]],
    "fct_purchases": [(("valid_is_bought", None), {"is_valid": True, "quantity": 0})],
    "kpi_values": [
        (("not_less_than_period_start_date", "period_end_date"), {"period_end_date": DAY_BEFORE}),
        (("not_less_than_interval_low", "value"), {"value": 0.5, "interval_high": None}),
        (("not_less_than_value", "interval_high"), {"interval_high": 0.5}),
        (("plausible", "score"), {"score": 1.5}),
        (("plausible", "standard_deviation"), {"standard_deviation": -1}),
        (("share_in_range", None), {"value": 1.5, "interval_high": None}),
        (("part_of_whole", None), {"numerator": 2}),
        (("net_score_in_range", None), {"unit": "points", "value": 101, "interval_high": None}),
        (("duration_in_range", None), {"unit": "seconds", "value": -1, "interval_low": None}),
        (("value_has_denominator", None), {"numerator": 0, "denominator": 0}),
    ],
    "agg_response_monthly": [
        (
            ("not_less_than_first_response_median_seconds", "first_response_p90_seconds"),
            {"first_response_median_seconds": 2},
        ),
        (("not_less_than_resolution_median_seconds", "resolution_p90_seconds"), {"resolution_median_seconds": 2}),
        (("states_in_whole", None), {"answered_count": 2}),
    ],
    "agg_stage_durations_monthly": [
        (("not_less_than_open_visit_count", "visit_count"), {"open_visit_count": 2}),
        (("not_less_than_untimed_visit_count", "visit_count"), {"untimed_visit_count": 2}),
    ],
    "agg_resolution_survival": [
        (("not_less_than_survival_low", "survival_share"), {"survival_share": 0.5}),
        (("not_less_than_survival_share", "survival_high"), {"survival_high": 0.5}),
        (("not_less_than_at_risk_count", "ticket_count"), {"at_risk_count": 2}),
        (("not_less_than_event_count", "ticket_count"), {"event_count": 2}),
        (("plausible", "survival_low"), {"survival_low": -0.1}),
        (("plausible", "survival_high"), {"survival_high": 1.1}),
        (("exits_in_whole", None), {"merged_share": 0.5}),
    ],
    "agg_satisfaction_monthly": [
        (("not_less_than_top_box_count", "answer_count"), {"top_box_count": 3}),
        (("not_less_than_top_box_low", "top_box_share"), {"top_box_share": 0.5}),
        (("not_less_than_top_box_share", "top_box_high"), {"top_box_high": 0.5}),
        (("not_less_than_nps_low", "nps"), {"nps": 0}),
        (("not_less_than_nps", "nps_high"), {"nps_high": 0}),
        (("plausible", "nps"), {"nps": 101, "nps_high": None}),
        (("plausible", "nps_low"), {"nps_low": -101}),
        (("plausible", "nps_high"), {"nps_high": 101}),
        (("plausible", "top_box_low"), {"top_box_low": -0.1}),
        (("plausible", "top_box_high"), {"top_box_high": 1.1}),
        (("groups_in_whole", None), {"promoter_count": 2}),
    ],
    "agg_calls_hourly": [
        (("not_less_than_answered_count", "offered_count"), {"answered_count": 2}),
        (("not_less_than_answered_in_target_count", "answered_count"), {"answered_in_target_count": 2}),
        (("not_less_than_abandoned_count", "offered_count"), {"abandoned_count": 2}),
        (("not_less_than_short_abandon_count", "abandoned_count"), {"short_abandon_count": 2}),
        (("not_less_than_load_erlangs", "offered_load_erlangs"), {"load_erlangs": 1.5}),
        (("not_less_than_required_agents_erlang_a", "required_agents"), {"required_agents_erlang_a": 3}),
        (("plausible", "local_hour"), {"local_hour": 24}),
        (("plausible", "iso_weekday"), {"iso_weekday": 0}),
        (("plausible", "service_level"), {"service_level": 1.5}),
        (("plausible", "rostered_agents"), {"rostered_agents": -1}),
        (("requires_more_than_load", None), {"offered_load_erlangs": 2.0}),
    ],
    "agg_calls_by_hour_of_week": [
        (("not_less_than_answered_count", "offered_count"), {"answered_count": 2}),
        (("not_less_than_understaffed_hour_count", "hour_count"), {"understaffed_hour_count": 2}),
        (("plausible", "local_hour"), {"local_hour": 24}),
    ],
    "agg_requests_by_kind_monthly": [
        (("not_less_than_eligible_count", "item_count"), {"eligible_count": 2}),
        (("not_less_than_immature_count", "item_count"), {"immature_count": 2}),
        (("not_less_than_censored_count", "item_count"), {"censored_count": 2}),
        (("not_less_than_excluded_count", "item_count"), {"excluded_count": 2}),
        (
            ("plausible", "item_count"),
            {"item_count": 0, "eligible_count": 0, "immature_count": 0, "censored_count": 0, "excluded_count": 0},
        ),
    ],
    "agg_requests_by_hour_of_week": [
        (("not_less_than_merged_count", "request_count"), {"merged_count": 2}),
        (("plausible", "local_hour"), {"local_hour": 24}),
        (("plausible", "request_count"), {"request_count": 0, "merged_count": 0}),
    ],
    "fct_episodes": [
        (("not_less_than_first_contact_at", "last_contact_at"), {"last_contact_at": BEFORE}),
        (("not_less_than_repeat_count", "contact_count"), {"repeat_count": 2}),
        (("not_less_than_first_resolved_at", "resolved_at"), {"resolved_at": BEFORE}),
        UNKNOWN_SITE["fct_episodes"],
    ],
    "fct_episode_contacts": [(("plausible", "position_number"), {"position_number": 0})],
    "fct_ticket_resolutions": [
        (("not_less_than_first_resolved_at", "next_contact_at"), {"next_contact_at": BEFORE}),
        UNKNOWN_SITE["fct_ticket_resolutions"],
    ],
    "fct_jobs": [
        (("not_less_than_completed_at", "returned_at"), {"returned_at": BEFORE}),
        UNKNOWN_SITE["fct_jobs"],
    ],
    "agg_fcr_disagreement": [
        (("plausible", "kappa"), {"kappa": -2}),
        (
            ("plausible", "ticket_count"),
            {"ticket_count": 0, "both_count": 0, "only_a_count": 0, "only_b_count": 0, "neither_count": 0},
        ),
        (("pairs_in_whole", None), {"both_count": 2}),
    ],
    "agg_reasons_monthly": [
        (("plausible", "item_count"), {"item_count": 0}),
        UNKNOWN_SITE["agg_reasons_monthly"],
    ],
    "agg_retention_cohorts": [
        (("not_less_than_period_number", "last_period_number"), {"last_period_number": 0}),
        (("not_less_than_cohort_month_date", "period_start_date"), {"period_start_date": DAY_BEFORE}),
        (("plausible", "period_number"), {"period_number": -1}),
        (("starts_whole", None), {"period_number": 0, "cohort_size": 2, "retention_share": 0.5}),
        (("share_is_ratio", None), {"retention_share": 0.5}),
    ],
    "agg_technician_scorecards": [
        (("not_less_than_interval_low", "value"), {"value": 0.5}),
        (("not_less_than_value", "interval_high"), {"interval_high": 0.5}),
        (("not_less_than_adjusted_low", "adjusted_value"), {"adjusted_value": 0.5}),
        (("not_less_than_adjusted_value", "adjusted_high"), {"adjusted_high": 0.5}),
        (("not_less_than_rank_low", "rank_high"), {"rank_low": 2}),
        (("not_less_than_rank_high", "ranked_count"), {"ranked_count": 0}),
        (("not_less_than_total_low", "total_score"), {"total_score": 0.5}),
        (("not_less_than_total_score", "total_high"), {"total_high": 0.5}),
        (("not_less_than_total_rank_low", "total_rank_high"), {"total_rank_low": 2}),
        (("not_less_than_total_rank_high", "total_ranked_count"), {"total_ranked_count": 0}),
        (("plausible", "score"), {"score": 1.5}),
        (("plausible", "total_score"), {"total_score": 101, "total_high": None}),
        (("plausible", "weight"), {"weight": -1}),
        (("plausible", "own_weight"), {"own_weight": 1.5}),
        (("plausible", "rank_low"), {"rank_low": 0}),
        (("little_data_no_score", None), {"is_enough_data": False}),
        UNKNOWN_SITE["agg_technician_scorecards"],
    ],
    "dim_customers": [(("plausible", "nearest_site_km"), {"nearest_site_km": 101})],
    "fct_part_stock": [
        (("plausible", "used_90d_quantity"), {"used_90d_quantity": -1}),
        UNKNOWN_SITE["fct_part_stock"],
    ],
    "agg_parts_sites_monthly": [
        (("not_less_than_judged_line_count", "line_count"), {"line_count": 0}),
        (("not_less_than_filled_line_count", "judged_line_count"), {"judged_line_count": 0}),
        (("not_less_than_on_time_line_count", "promised_line_count"), {"promised_line_count": 0}),
        (("not_less_than_sufficient_count", "count_count"), {"sufficient_count": 2}),
        (("not_less_than_empty_count", "count_count"), {"empty_count": 2}),
        (("plausible", "fill_rate"), {"fill_rate": 1.5}),
    ],
    "agg_sites_monthly": [
        (("not_less_than_lost_visit_count", "corrective_visit_count"), {"lost_visit_count": 2}),
        (("not_less_than_corrective_visit_count", "visit_count"), {"visit_count": 0}),
    ],
    "agg_network_coverage": [
        (("not_less_than_within_25km_count", "within_50km_count"), {"within_25km_count": 2}),
        (("not_less_than_within_50km_count", "within_100km_count"), {"within_100km_count": 0}),
        (("not_less_than_within_50km_low", "within_50km_share"), {"within_50km_share": 0.5}),
        (("not_less_than_within_50km_share", "within_50km_high"), {"within_50km_high": 0.5}),
        (("located_or_not", None), {"ticket_count": 4}),
    ],
    "agg_cost_reconciliation_monthly": [
        (("reconciled", None), {"ledger_amount": Decimal("2.9999"), "difference_amount": Decimal("0.0001")}),
        (("parts_in_whole", None), {"allocated_amount": 2}),
        UNKNOWN_SITE["agg_cost_reconciliation_monthly"],
    ],
    "agg_labor_levers_monthly": [
        (("effects_are_change", None), {"previous_pay_effect_amount": 2}),
        (("effects_are_change_of_a_year", None), {"year_before_heads_effect_amount": 2}),
        UNKNOWN_SITE["agg_labor_levers_monthly"],
    ],
    "agg_part_levers_monthly": [
        (("effects_are_change", None), {"previous_recovery_effect_amount": 2}),
        (("effects_are_change_of_a_year", None), {"year_before_price_effect_amount": 2}),
    ],
    "agg_site_layout": [(("not_less_than_travelled_visit_count", "visit_count"), {"visit_count": 0})],
    "agg_demand_out_of_reach": [
        (("not_less_than_out_of_reach_count", "located_count"), {"out_of_reach_count": 2}),
        (("located_or_not", None), {"ticket_count": 3}),
    ],
    "agg_cost_change_split": [(("effects_are_change", None), {"amount_after": 2})],
    "agg_satisfaction_aspects": [
        (("not_less_than_top_box_count", "answer_count"), {"top_box_count": 2}),
        (("not_less_than_mean_low", "mean_score"), {"mean_score": 0.5}),
        (("not_less_than_mean_score", "mean_high"), {"mean_high": 0.5}),
        (("not_less_than_top_box_low", "top_box_share"), {"top_box_share": 0.5}),
        (("not_less_than_top_box_share", "top_box_high"), {"top_box_high": 0.5}),
        (("plausible", "top_box_low"), {"top_box_low": -0.1}),
        (("plausible", "top_box_high"), {"top_box_high": 1.1}),
    ],
    "agg_survey_funnel": [
        (("not_less_than_valid_count", "answered_count"), {"valid_count": 2}),
        (("not_less_than_top_box_count", "valid_count"), {"top_box_count": 2}),
        (("not_less_than_satisfied_low", "satisfied_share"), {"satisfied_low": 1.5}),
        (("not_less_than_satisfied_share", "satisfied_high"), {"satisfied_high": 0.5}),
        (
            ("not_less_than_satisfied_if_others_unhappy", "satisfied_share"),
            {"satisfied_share": 0.5, "satisfied_low": 0.5},
        ),
        (("not_less_than_satisfied_share", "satisfied_if_others_happy"), {"satisfied_if_others_happy": 0.5}),
        (("plausible", "satisfied_if_others_unhappy"), {"satisfied_if_others_unhappy": -0.1}),
        (("plausible", "satisfied_if_others_happy"), {"satisfied_if_others_happy": 1.1}),
        (("funnel_adds_up", None), {"late_count": 2}),
    ],
    "agg_complaints_monthly": [
        (("not_less_than_open_count", "complaint_count"), {"open_count": 3}),
        (("not_less_than_recurrent_count", "complaint_count"), {"recurrent_count": 3}),
        (("not_less_than_acknowledged_count", "complaint_count"), {"acknowledged_count": 3}),
        (("not_less_than_handled_count", "complaint_count"), {"handled_count": 3}),
    ],
    "agg_customer_flows": [
        (("not_less_than_retained_count", "start_count"), {"retained_count": 2}),
        (
            ("not_less_than_retained_count", "end_count"),
            {"start_count": 3, "retained_count": 3, "churned_count": 3},
        ),
        (("customers_add_up", None), {"returning_count": 2}),
    ],
}

ROW_COUNT = 1 + max(len(mutations) for mutations in MUTATIONS.values())


def rows_of(name: str) -> list[Row]:
    rows = [good_row(mart_specs()[name], number) | GOOD.get(name, {}) for number in range(ROW_COUNT)]
    if name == "dim_dates":
        for number, row in enumerate(rows):
            row["date_day"] = NOON.date() + timedelta(days=number)
    if name == "dim_sites":
        rows[0]["site_id"] = "unknown"
        rows.append(rows[0] | {"site_id": "v0"})
    return rows


@pytest.fixture(scope="module")
def mutated(tmp_path_factory: pytest.TempPathFactory) -> GateReport:
    """The first row of every mart is good, and row n holds its nth mutation."""
    tables = []
    for name, spec in mart_specs().items():
        rows = rows_of(name)
        for row, (_, changes) in zip(rows[1:], MUTATIONS.get(name, []), strict=False):
            row.update(changes)
        tables.append((spec, rows))
    path = write(tmp_path_factory.mktemp("mutated") / "build.duckdb", tables, feeds_with_rows=["tickets"])
    return run_gate("gate_2", path, list(mart_specs().values()), as_of=AS_OF)


def test_every_suite_opens_with_rows_columns_and_types(mutated: GateReport) -> None:
    for name in mart_specs():
        names = [o.expectation for o in mutated.outcomes if o.table_name == name]
        assert names[:3] == ["row_count", "columns", "types"]
        assert "not_null" in names


def test_every_hand_written_expectation_has_a_mutation(mutated: GateReport) -> None:
    written = {
        (o.table_name, o.expectation, o.column_name) for o in mutated.outcomes if o.expectation not in DERIVED | WHOLE
    }
    assert written == {(name, *identity) for name, mutations in MUTATIONS.items() for identity, _ in mutations}


@pytest.mark.parametrize("name", mart_specs())
def test_each_mutation_breaks_its_expectation_alone(mutated: GateReport, name: str) -> None:
    found = {}
    for outcome in mutated.outcomes:
        if outcome.table_name == name and not outcome.is_success:
            examples = json.loads(outcome.example_rows or "[]")
            numbers = [number for example in examples for number in _numbers(name, example)]
            found[outcome.expectation, outcome.column_name] = (outcome.severity, outcome.unexpected_count, numbers)
    assert found == {
        identity: ("stop", 1, [number]) for number, (identity, _) in enumerate(MUTATIONS.get(name, []), start=1)
    }


def _numbers(name: str, example: Row) -> list[int]:
    """The numbers of the good rows that have the names in the key of the example."""
    rows = rows_of(name)
    names = [
        column for column in mart_specs()[name].key if column in example and not isinstance(rows[1][column], Decimal)
    ]
    changed = {column for _, changes in MUTATIONS[name] for column in changes}
    told = [column for column in names if column not in changed]
    return [n for n, row in enumerate(rows) if all(str(row[column]) == str(example[column]) for column in told)]


def test_hollow_marts_fail_where_feeds_have_rows(tmp_path: Path) -> None:
    feeds = ["tickets", "ticket_events", "calls", "survey_answers", "complaints", "visits", "part_lines", "purchases"]
    feeds += ["labor_costs", "operating_costs", "customers", "products", "technicians", "sites", "shifts", "part_stock"]
    feeds += ["reviews", "audits", "survey_invitations"]
    specs = list(mart_specs().values())
    path = write(tmp_path / "build.duckdb", [(spec, []) for spec in specs], feeds_with_rows=feeds)
    report = run_gate("gate_2", path, specs)
    assert {(o.table_name, o.expectation) for o in report.failed} == {
        *((spec.table_name, "filled") for spec in specs if spec.table_name not in MAY_BE_EMPTY | PARTLY_FED),
        ("fct_costs", "components"),
        ("dim_sites", "has_unknown"),
    }
    assert {(o.table_name, o.expectation) for o in report.warnings} >= {(mart, "filled") for mart in PARTLY_FED}


def test_hollow_marts_pass_where_feeds_have_none(tmp_path: Path) -> None:
    specs = [spec for spec in mart_specs().values() if spec.table_name.startswith(("fct_", "agg_"))]
    report = run_gate("gate_2", write(tmp_path / "build.duckdb", [(spec, []) for spec in specs]), specs)
    assert report.passed


def test_cost_component_that_a_feed_delivers_must_be_there(tmp_path: Path) -> None:
    spec = mart_specs()["fct_costs"]
    rows = [good_row(spec, 1) | {"component": "wage"}]
    path = write(tmp_path / "build.duckdb", [(spec, rows)], feeds_with_rows=["labor_costs", "operating_costs"])
    report = run_gate("gate_2", path, [spec])
    assert [(o.expectation, json.loads(o.example_rows or "")) for o in report.failed] == [
        ("components", [{"feed": "operating_costs", "component": "rent"}])
    ]


def test_a_difference_from_delivered_books_warns_and_does_not_stop(tmp_path: Path) -> None:
    """Half a cent is a difference; less is the rounding of books that have two places."""
    spec = mart_specs()["agg_cost_reconciliation_monthly"]
    rows = [good_row(spec, number) | GOOD[spec.table_name] for number in range(3)]
    rows[1]["delivered_difference_amount"] = Decimal("-0.0050")
    rows[2]["delivered_difference_amount"] = Decimal("0.0049")
    report = run_gate("gate_2", write(tmp_path / "build.duckdb", [(spec, rows)]), [spec])
    assert report.passed
    assert [(o.expectation, o.unexpected_count) for o in report.warnings] == [("delivered_books", 1)]


def test_missing_day_fails(tmp_path: Path) -> None:
    spec = mart_specs()["dim_dates"]
    days = [date(2026, 1, 1), date(2026, 1, 3)]
    rows = [good_row(spec, number) | {"date_day": day} for number, day in enumerate(days)]
    report = run_gate("gate_2", write(tmp_path / "build.duckdb", [(spec, rows)]), [spec])
    assert [(o.expectation, json.loads(o.example_rows or "")) for o in report.failed] == [
        ("unbroken", [{"first_day": "2026-01-01", "last_day": "2026-01-03", "day_count": 2}])
    ]


def test_kpi_that_could_have_values_and_has_none_warns(tmp_path: Path) -> None:
    kpis, values = mart_specs()["dim_kpis"], mart_specs()["kpi_values"]
    tables = [
        (kpis, [good_row(kpis, number) | {"is_available": number > 0} for number in range(3)]),
        (values, [good_row(values, 1) | GOOD["kpi_values"]]),
    ]
    report = run_gate("gate_2", write(tmp_path / "build.duckdb", tables), [kpis, values])
    assert report.passed
    assert [(o.expectation, json.loads(o.example_rows or "")) for o in report.warnings] == [
        ("available_kpis", [{"kpi_id": "v2"}])
    ]
