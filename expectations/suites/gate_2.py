"""Gate 2, the marts: the base suite by their contracts, and what must hold of every number before anyone reads it.

The marts are our own work: what contradicts itself there is a fault of a model, and stops. Keys, relationships and
identities across models are dbt's tests; here are shape, volume and ranges.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from great_expectations.expectations.expectation import Expectation

from expectations.sql import literal, literals
from expectations.suites import base, kinds
from expectations.suites.kinds import STOP, WARN
from expectations.tables import TableSpec

# Mart → feeds. If one of them is connected and has rows, the mart must have rows.
FED_BY: Mapping[str, tuple[str, ...]] = {
    "dim_customers": ("customers",),
    "dim_products": ("products",),
    "dim_technicians": ("technicians",),
    "dim_sites": ("sites",),
    "dim_dates": ("tickets", "calls", "visits", "purchases", "survey_answers"),
    "fct_tickets": ("tickets",),
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
    "kpi_cells": ("tickets", "calls", "survey_answers", "visits", "purchases"),
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
    "agg_satisfaction_scores": ("survey_answers",),
    "agg_class_scores": ("tickets", "calls", "survey_answers", "visits", "purchases"),
}
# Marts of a part of their feeds' rows: with few rows there may be none such (every ticket still open, every visit an
# installation), which deserves a look and no stop.
PARTLY_FED = frozenset(
    {
        *("fct_jobs", "fct_ticket_resolutions", "agg_fcr_disagreement", "agg_reasons_monthly"),
        *("agg_technician_scorecards", "agg_part_levers_monthly", "agg_demand_out_of_reach"),
    }
)
# Marts that have rows whatever the company delivers.
ALWAYS_FILLED = frozenset(
    {
        "dim_sites",
        "dim_kpis",
        "dim_sla_policies",
        "dim_call_policies",
        "dim_scorecard_weights",
        "dim_reference_values",
    }
)

# How far what is carried and left over may be from our own ledgers. They are added up exactly: not at all.
RECONCILIATION_TOLERANCE = 0
# How far it may be from delivered books before that is said: books have two places.
BOOKS_TOLERANCE = 0.005

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
    "agg_sla_at_risk",
    "agg_sla_due_hourly",
    "agg_cost_reconciliation_monthly",
    "agg_labor_levers_monthly",
)

# Mart → (column, the column it must not be less than or before).
ORDER: Mapping[str, tuple[tuple[str, str], ...]] = {
    "dim_sla_policies": (("valid_to_date", "valid_from_date"),),
    "dim_call_policies": (("valid_to_date", "valid_from_date"),),
    "dim_kpis": (("valid_to_date", "valid_from_date"),),
    "dim_scorecard_weights": (("valid_to_date", "valid_from_date"),),
    "dim_reference_values": (("valid_to_date", "valid_from_date"),),
    "dim_dates": (("date_day", "month_start_date"), ("month_start_date", "quarter_start_date")),
    "fct_ticket_stages": (("left_at", "entered_at"),),
    "fct_shifts": (("paid_seconds", "available_seconds"), ("counted_from_at", "starts_at")),
    "kpi_values": (
        ("period_end_date", "period_start_date"),
        ("value", "interval_low"),
        ("interval_high", "value"),
    ),
    "fct_episodes": (
        ("last_contact_at", "first_contact_at"),
        ("contact_count", "repeat_count"),
        ("resolved_at", "first_resolved_at"),
    ),
    "fct_ticket_resolutions": (("next_contact_at", "first_resolved_at"),),
    "fct_jobs": (("returned_at", "completed_at"),),
    "agg_response_monthly": (
        ("first_response_p90_seconds", "first_response_median_seconds"),
        ("resolution_p90_seconds", "resolution_median_seconds"),
    ),
    "agg_stage_durations_monthly": (
        ("visit_count", "open_visit_count"),
        ("visit_count", "untimed_visit_count"),
    ),
    "agg_resolution_survival": (
        ("survival_share", "survival_low"),
        ("survival_high", "survival_share"),
        ("ticket_count", "at_risk_count"),
        ("ticket_count", "event_count"),
    ),
    "agg_satisfaction_monthly": (
        ("answer_count", "top_box_count"),
        ("top_box_share", "top_box_low"),
        ("top_box_high", "top_box_share"),
        ("nps", "nps_low"),
        ("nps_high", "nps"),
    ),
    "agg_retention_cohorts": (
        ("last_period_number", "period_number"),
        ("period_start_date", "cohort_month_date"),
    ),
    "agg_technician_scorecards": (
        ("value", "interval_low"),
        ("interval_high", "value"),
        ("adjusted_value", "adjusted_low"),
        ("adjusted_high", "adjusted_value"),
        ("rank_high", "rank_low"),
        ("ranked_count", "rank_high"),
        ("total_score", "total_low"),
        ("total_high", "total_score"),
        ("total_rank_high", "total_rank_low"),
        ("total_ranked_count", "total_rank_high"),
    ),
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
    "agg_calls_hourly": (
        ("offered_count", "answered_count"),
        ("answered_count", "answered_in_target_count"),
        ("offered_count", "abandoned_count"),
        ("abandoned_count", "short_abandon_count"),
        ("offered_load_erlangs", "load_erlangs"),
        ("required_agents", "required_agents_erlang_a"),
    ),
    "agg_calls_by_hour_of_week": (
        ("offered_count", "answered_count"),
        ("hour_count", "understaffed_hour_count"),
    ),
    "agg_requests_by_kind_monthly": (
        ("item_count", "eligible_count"),
        ("item_count", "immature_count"),
        ("item_count", "censored_count"),
        ("item_count", "excluded_count"),
    ),
    "agg_requests_by_hour_of_week": (("request_count", "merged_count"),),
    "agg_satisfaction_aspects": (
        ("answer_count", "top_box_count"),
        ("mean_score", "mean_low"),
        ("mean_high", "mean_score"),
        ("top_box_share", "top_box_low"),
        ("top_box_high", "top_box_share"),
    ),
    "agg_survey_funnel": (
        ("answered_count", "valid_count"),
        ("valid_count", "top_box_count"),
        ("satisfied_share", "satisfied_low"),
        ("satisfied_high", "satisfied_share"),
        ("satisfied_share", "satisfied_if_others_unhappy"),
        ("satisfied_if_others_happy", "satisfied_share"),
    ),
    "agg_complaints_monthly": (
        ("complaint_count", "open_count"),
        ("complaint_count", "recurrent_count"),
        ("complaint_count", "acknowledged_count"),
        ("complaint_count", "handled_count"),
    ),
    "agg_customer_flows": (("start_count", "retained_count"), ("end_count", "retained_count")),
    "agg_site_layout": (("visit_count", "travelled_visit_count"),),
    "agg_demand_out_of_reach": (("located_count", "out_of_reach_count"),),
}

# Mart → (column, lowest, highest).
RANGES: Mapping[str, tuple[tuple[str, float | None, float | None], ...]] = {
    "dim_sites": (("latitude", -90, 90), ("longitude", -180, 180)),
    "dim_dates": (("iso_week", 1, 53), ("iso_weekday", 1, 7)),
    "dim_sla_policies": (("target_seconds", 1, None),),
    "fct_ticket_stages": (("stage_number", 1, None),),
    "fct_calls": (("leg_count", 1, None),),
    "fct_episode_contacts": (("position_number", 1, None),),
    "agg_fcr_disagreement": (("kappa", -1, 1), ("ticket_count", 1, None)),
    "agg_reasons_monthly": (("item_count", 1, None),),
    "kpi_values": (("score", 0, 1), ("standard_deviation", 0, None)),
    "agg_resolution_survival": (("survival_low", 0, 1), ("survival_high", 0, 1)),
    "agg_satisfaction_monthly": (
        ("nps", -100, 100),
        ("nps_low", -100, 100),
        ("nps_high", -100, 100),
        ("top_box_low", 0, 1),
        ("top_box_high", 0, 1),
    ),
    "agg_retention_cohorts": (("period_number", 0, None),),
    "agg_technician_scorecards": (
        ("score", 0, 1),
        ("total_score", 0, 100),
        ("weight", 0, 100),
        ("own_weight", 0, 1),
        ("rank_low", 1, None),
    ),
    "dim_customers": (("nearest_site_km", 0, 100),),
    "fct_part_stock": (("used_90d_quantity", 0, None),),
    "agg_parts_sites_monthly": (("fill_rate", 0, 1),),
    "agg_sla_at_risk": (("due_hour", 0, 23),),
    "agg_sla_due_hourly": (("due_hour", 0, 23),),
    "agg_calls_hourly": (
        ("local_hour", 0, 23),
        ("iso_weekday", 1, 7),
        ("service_level", 0, 1),
        ("rostered_agents", 0, None),
    ),
    "agg_calls_by_hour_of_week": (("local_hour", 0, 23),),
    "agg_requests_by_kind_monthly": (("item_count", 1, None),),
    "agg_requests_by_hour_of_week": (("local_hour", 0, 23), ("request_count", 1, None)),
    "dim_kpis": (("weight", 0, 100),),
    "dim_scorecard_weights": (("weight", 0, 100),),
    "agg_class_scores": (("class_score", 0, 100), ("scored_weight", 0, 100)),
    "agg_satisfaction_aspects": (("top_box_low", 0, 1), ("top_box_high", 0, 1)),
    "agg_survey_funnel": (("satisfied_if_others_unhappy", 0, 1), ("satisfied_if_others_happy", 0, 1)),
}

# Mart → (name, sentence, condition that no row may meet, columns to show).
CONTRADICTIONS: Mapping[str, tuple[tuple[str, str, str, tuple[str, ...]], ...]] = {
    "fct_tickets": (
        (
            "resolved_has_time",
            "a resolved ticket has its time of resolution",
            "is_resolved and resolved_at is null",
            ("ticket_id", "status"),
        ),
        (
            "answered_has_duration",
            "an answered ticket has its first response time",
            "first_response_state = 'answered' and first_response_seconds is null",
            ("ticket_id", "first_response_state"),
        ),
        (
            "split_is_life",
            "with us, waiting, on hold and after resolution add up to the life",
            "with_us_seconds + waiting_customer_seconds + waiting_parts_seconds + on_hold_seconds"
            " + after_resolution_seconds <> life_seconds",
            ("ticket_id", "life_seconds", "with_us_seconds", "after_resolution_seconds"),
        ),
        (
            "fault_has_no_duration",
            "a first response before creation has no duration",
            "first_response_at < created_at and first_response_seconds is not null",
            ("ticket_id", "first_response_seconds"),
        ),
    ),
    "agg_resolution_survival": (
        (
            "exits_in_whole",
            "the shares of the ways out are no more than the whole",
            "resolved_share + unresolved_share + cancelled_share + merged_share > 1 + 1e-9",
            ("metric", "segment", "time_seconds", "resolved_share", "cancelled_share"),
        ),
    ),
    "fct_ticket_stages": (
        (
            "open_or_left",
            "a stage either lasts or was left",
            "is_open = (left_at is not null)",
            ("ticket_id", "stage_number", "is_open", "left_at"),
        ),
    ),
    "fct_sla_outcomes": (
        (
            "met_is_outcome",
            "is_met says what outcome says",
            "is_met is not null and is_met <> (outcome = 'met')",
            ("metric", "subject_id", "outcome", "is_met"),
        ),
        (
            "eligible_is_decided",
            "what was due at as-of is met or breached",
            "is_eligible and outcome not in ('met', 'breached_closed', 'breached_open')",
            ("metric", "subject_id", "outcome"),
        ),
        (
            "paused_has_no_due",
            "while the clock stands still nobody knows when a promise is due",
            "outcome = 'paused' and due_at is not null",
            ("metric", "subject_id", "due_at"),
        ),
    ),
    "fct_calls": (
        (
            "answered_is_outcome",
            "is_answered says what outcome says",
            "is_answered <> (outcome = 'answered')",
            ("call_id", "outcome", "is_answered"),
        ),
    ),
    "fct_survey_answers": (
        (
            "valid_is_in_scale",
            "a valid score lies within its scale",
            "is_valid and (raw_score is null or raw_score < scale_min or raw_score > scale_max)",
            ("answer_id", "raw_score", "scale_min", "scale_max"),
        ),
    ),
    "fct_purchases": (
        (
            "valid_is_bought",
            "a valid purchase has a customer, a quantity and a price above 0",
            "is_valid and (customer_id is null or quantity <= 0 or unit_price_amount <= 0)",
            ("purchase_id", "customer_id", "quantity", "unit_price_amount"),
        ),
    ),
    "kpi_values": (
        (
            "share_in_range",
            "a share lies between 0 and 1",
            "unit = 'share' and (value < 0 or value > 1)",
            ("kpi_id", "period_start_date", "segment", "value"),
        ),
        (
            "part_of_whole",
            "the numerator of a share is not above its denominator",
            "unit = 'share' and numerator > denominator",
            ("kpi_id", "period_start_date", "segment", "numerator", "denominator"),
        ),
        (
            "net_score_in_range",
            "a net score lies between -100 and 100",
            "unit = 'points' and (value < -100 or value > 100)",
            ("kpi_id", "period_start_date", "segment", "value"),
        ),
        (
            "duration_in_range",
            "durations, hours, counts and ratios of amounts are not negative",
            "unit in ('seconds', 'hours', 'count', 'number', 'ratio') and value < 0",
            ("kpi_id", "period_start_date", "segment", "value"),
        ),
        (
            "value_has_denominator",
            "a KPI has a value exactly where its denominator is not 0",
            "(value is null) <> (denominator = 0)",
            ("kpi_id", "period_start_date", "segment", "value", "denominator"),
        ),
    ),
    "agg_technician_scorecards": (
        (
            "little_data_no_score",
            "below the minimum sample there is no score and no rank",
            "not is_enough_data and (score is not null or rank_low is not null or comparison <> 'not_enough_data')",
            ("technician_id", "kpi_id", "eligible_count", "minimum_sample", "score", "rank_low", "comparison"),
        ),
    ),
    "agg_network_coverage": (
        (
            "located_or_not",
            "every ticket is located by its customer, by its city, or not at all",
            "located_by_customer_count + located_by_city_count + unlocated_count <> ticket_count",
            ("region", "ticket_count", "located_by_customer_count", "located_by_city_count", "unlocated_count"),
        ),
    ),
    "agg_fcr_disagreement": (
        (
            "pairs_in_whole",
            "both, either and neither are all tickets that both variants judge",
            "both_count + only_a_count + only_b_count + neither_count <> ticket_count",
            ("variant_a", "variant_b", "period_start_date", "segment", "ticket_count"),
        ),
    ),
    "agg_satisfaction_monthly": (
        (
            "groups_in_whole",
            "promoters and detractors are no more than the answers",
            "promoter_count + detractor_count > answer_count",
            ("month_start_date", "question_kind", "segment", "promoter_count", "detractor_count", "answer_count"),
        ),
    ),
    "agg_response_monthly": (
        (
            "states_in_whole",
            "answered and waiting, and resolved and open, are no more than the tickets",
            "answered_count + waiting_count > ticket_count or resolved_count + open_count > ticket_count",
            ("month_start_date", "segment", "site_id", "ticket_count", "answered_count", "waiting_count"),
        ),
    ),
    "agg_calls_hourly": (
        (
            "requires_more_than_load",
            "Erlang C requires more agents than the offered load",
            "required_agents <= offered_load_erlangs and offered_load_erlangs > 0",
            ("hour_at", "queue", "offered_load_erlangs", "required_agents"),
        ),
    ),
    "agg_retention_cohorts": (
        (
            "starts_whole",
            "in period 0 the whole cohort is active",
            "period_number = 0 and active_count <> cohort_size",
            ("source", "activity", "retention_form", "cohort_month_date", "active_count", "cohort_size"),
        ),
        (
            "share_is_ratio",
            "the retention share is active customers / cohort size",
            "abs(retention_share - active_count / cohort_size) > 1e-9",
            ("source", "activity", "retention_form", "cohort_month_date", "period_number", "retention_share"),
        ),
    ),
    "fct_complaints": (
        (
            "open_is_not_closed",
            "a complaint is open or closed",
            "is_open = (closed_at is not null)",
            ("complaint_id", "is_open", "closed_at"),
        ),
    ),
    "fct_reviews": (
        (
            "valid_is_in_scale",
            "a valid rating lies within its scale",
            "is_valid and (rating is null or rating > scale_max)",
            ("review_id", "rating", "scale_max"),
        ),
    ),
    "fct_audits": (
        (
            "valid_is_in_scale",
            "valid points lie within their scale",
            "is_valid and score > scale_max",
            ("audit_id", "score", "scale_max"),
        ),
    ),
    "agg_survey_funnel": (
        (
            "funnel_adds_up",
            "nobody invited is lost between sending and answering",
            "invited_count <> immature_count + answered_count + late_count + unanswered_count",
            ("period_grain", "period_start_date", "survey_kind", "segment", "site_id", "invited_count"),
        ),
    ),
    "agg_customer_flows": (
        (
            "customers_add_up",
            "those at the end are those at the start, the new and the returning, less those who left",
            "end_count <> start_count + new_count + returning_count - churned_count",
            ("period_grain", "period_start_date", "activity", "start_count", "end_count"),
        ),
    ),
    "agg_class_scores": (
        (
            "half_of_weight_scores",
            "a class has a score exactly where half of its weight was scored",
            "(class_score is null) <> (scored_weight < 50)",
            ("period_grain", "period_start_date", "kpi_class", "segment", "class_score", "scored_weight"),
        ),
    ),
    "agg_cost_reconciliation_monthly": (
        (
            "reconciled",
            "tickets, visits, calls and what is left over carry the ledger",
            f"abs(difference_amount) > {RECONCILIATION_TOLERANCE}",
            ("month_start_date", "site_id", "component", "ledger_amount", "difference_amount"),
        ),
        (
            "parts_in_whole",
            "the carried, the called and the unallocated are the ledger and the difference",
            "allocated_amount + call_without_ticket_amount + unallocated_amount <> ledger_amount + difference_amount",
            ("month_start_date", "site_id", "component", "ledger_amount", "allocated_amount", "unallocated_amount"),
        ),
    ),
    "agg_cost_change_split": (
        (
            "effects_are_change",
            "the effects of a segment's total are its change",
            "measure = 'cost_total' and abs(total_change - (amount_after - amount_before)) "
            "> 1e-6 * greatest(1, abs(amount_after), abs(amount_before))",
            ("period_start_date", "segment", "amount_before", "amount_after", "total_change"),
        ),
    ),
    "agg_labor_levers_monthly": (
        (
            "effects_are_change",
            "the effects of heads and of pay per head are the change against the month before",
            "previous_heads_effect_amount + previous_pay_effect_amount <> pay_amount - previous_pay_amount",
            ("month_start_date", "site_id", "work_role", "pay_amount", "previous_pay_amount"),
        ),
        (
            "effects_are_change_of_a_year",
            "the effects of heads and of pay per head are the change against a year before",
            "year_before_heads_effect_amount + year_before_pay_effect_amount <> pay_amount - year_before_pay_amount",
            ("month_start_date", "site_id", "work_role", "pay_amount", "year_before_pay_amount"),
        ),
    ),
    "agg_part_levers_monthly": (
        (
            "effects_are_change",
            "the effects of quantity, price and recovery are the change against the month before",
            "previous_quantity_effect_amount + previous_price_effect_amount + previous_recovery_effect_amount"
            " <> spend_amount - previous_spend_amount",
            ("month_start_date", "part_id", "part_kind", "spend_amount", "previous_spend_amount"),
        ),
        (
            "effects_are_change_of_a_year",
            "the effects of quantity, price and recovery are the change against a year before",
            "year_before_quantity_effect_amount + year_before_price_effect_amount + year_before_recovery_effect_amount"
            " <> spend_amount - year_before_spend_amount",
            ("month_start_date", "part_id", "part_kind", "spend_amount", "year_before_spend_amount"),
        ),
    ),
    "agg_demand_out_of_reach": (
        (
            "located_or_not",
            "every request is located or not",
            "located_count + unlocated_count <> ticket_count",
            ("region", "city", "ticket_count", "located_count", "unlocated_count"),
        ),
    ),
}


def opening(table: TableSpec) -> list[Expectation]:
    """Rows, columns and types."""
    return base.opening(table, other_columns=False)


def demands(table: TableSpec, tables: Mapping[str, TableSpec], as_of: datetime | None) -> list[Expectation]:  # noqa: ARG001
    """What is demanded of a mart beyond its opening; other marts are looked up in `tables`. Its instants come from
    feeds, and were held against as-of at gate 1."""
    mart = table.table_name
    return [
        *base.values(table),
        *_filled(mart),
        *(kinds.not_less(column, than, STOP) for column, than in ORDER.get(mart, ())),
        *(kinds.between(column, low, high, STOP, name="plausible") for column, low, high in RANGES.get(mart, ())),
        *(
            kinds.no_row_where(name, says, condition, shows, STOP)
            for name, says, condition, shows in CONTRADICTIONS.get(mart, ())
        ),
        *([_known_site(table)] if mart in SITED and "dim_sites" in tables else []),
        *([_unknown_site()] if mart == "dim_sites" else []),
        *([_unbroken_days()] if mart == "dim_dates" else []),
        *([_available_kpis()] if mart == "kpi_values" and "dim_kpis" in tables else []),
        *([_components()] if mart == "fct_costs" else []),
        *([_delivered_books()] if mart == "agg_cost_reconciliation_monthly" else []),
    ]


def _filled(mart: str) -> list[Expectation]:
    if mart in ALWAYS_FILLED:
        query = "select 1 as expected_row_count where not exists (select 1 from {batch})"
        return [kinds.no_rows("filled", "the mart has rows", query, STOP)]
    if mart not in FED_BY:
        return []
    feeds = FED_BY[mart]
    query = f"""
        select feed, row_count
        from meta.feeds
        where row_count > 0 and feed in ({literals(feeds)}) and not exists (select 1 from {{batch}})
    """  # noqa: S608
    severity = WARN if mart in PARTLY_FED else STOP
    return [kinds.no_rows("filled", f"the mart has rows where {' or '.join(feeds)} has", query, severity)]


def _components() -> Expectation:
    expected = ", ".join(
        f"({literal(feed)}, {literal(component)})" for feed, names in COMPONENTS.items() for component in names
    )
    query = f"""
        with expected (feed, component) as (values {expected})
        select feed, component
        from expected
        where feed in (select feed from meta.feeds where row_count > 0)
            and component not in (select component from {{batch}})
    """  # noqa: S608
    return kinds.no_rows("components", "every delivered kind of cost has rows", query, STOP, column="component")


def _delivered_books() -> Expectation:
    query = f"""
        select month_start_date, site_id, component, delivered_ledger_amount, delivered_difference_amount
        from {{batch}}
        where abs(delivered_difference_amount) >= {BOOKS_TOLERANCE}
    """  # noqa: S608
    return kinds.no_rows(
        "delivered_books", "our cost is what the delivered books say", query, WARN, column="delivered_difference_amount"
    )


def _known_site(table: TableSpec) -> Expectation:
    return kinds.no_row_where(
        "known_in_dim_sites",
        "site_id is a row of dim_sites",
        'site_id not in (select site_id from "marts"."dim_sites")',
        (*table.key, "site_id"),
        STOP,
        column="site_id",
    )


def _unknown_site() -> Expectation:
    return kinds.no_rows(
        "has_unknown",
        'there is a row "unknown" for what has no site',
        "select 'unknown' as site_id where not exists (select 1 from {batch} where site_id = 'unknown')",
        STOP,
        column="site_id",
    )


def _unbroken_days() -> Expectation:
    return kinds.no_rows(
        "unbroken",
        "no day is missing between the first and the last",
        """
        select min(date_day) as first_day, max(date_day) as last_day, count(*) as day_count
        from {batch}
        having count(*) <> date_diff('day', min(date_day), max(date_day)) + 1
        """,
        STOP,
        column="date_day",
    )


def _available_kpis() -> Expectation:
    return kinds.no_rows(
        "available_kpis",
        "every KPI whose feeds are connected has values",
        """
        select kpi_id
        from "marts"."dim_kpis"
        where is_available and kpi_id not in (select kpi_id from {batch})
        """,
        WARN,
        column="kpi_id",
    )
