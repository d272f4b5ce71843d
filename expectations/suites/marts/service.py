"""Marts about requests, promises, calls and visits: what may not be less than what, and what no row may say."""

from __future__ import annotations

from expectations.suites.structure import Contradiction, Contradictions, Order

# Mart → (column, the column it must not be less than or before).
ORDER: Order = {
    "dim_sla_policies": (("valid_to_date", "valid_from_date"),),
    "dim_call_policies": (("valid_to_date", "valid_from_date"),),
    "fct_ticket_stages": (("left_at", "entered_at"),),
    "fct_shifts": (("paid_seconds", "available_seconds"), ("counted_from_at", "starts_at")),
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
    "agg_stage_durations_monthly": (("visit_count", "open_visit_count"), ("visit_count", "untimed_visit_count")),
    "agg_resolution_survival": (
        ("survival_share", "survival_low"),
        ("survival_high", "survival_share"),
        ("ticket_count", "at_risk_count"),
        ("ticket_count", "event_count"),
    ),
    "agg_risk_models": (("judged_count", "subject_count"), ("auc", "auc_low"), ("auc_high", "auc")),
    "agg_risk_calibration": (
        ("judged_count", "event_count"),
        ("event_share", "event_share_low"),
        ("event_share_high", "event_share"),
    ),
    "agg_calls_hourly": (
        ("offered_count", "answered_count"),
        ("answered_count", "answered_in_target_count"),
        ("offered_count", "abandoned_count"),
        ("abandoned_count", "short_abandon_count"),
        ("offered_load_erlangs", "load_erlangs"),
        ("required_agents", "required_agents_erlang_a"),
    ),
    "agg_calls_by_hour_of_week": (("offered_count", "answered_count"), ("hour_count", "understaffed_hour_count")),
    "agg_requests_by_kind_monthly": (
        ("item_count", "eligible_count"),
        ("item_count", "immature_count"),
        ("item_count", "censored_count"),
        ("item_count", "excluded_count"),
    ),
    "agg_requests_by_hour_of_week": (("request_count", "merged_count"),),
    "agg_repeats_by_issue": (
        ("judged_count", "repeated_count"),
        ("repeat_share", "repeat_low"),
        ("repeat_high", "repeat_share"),
    ),
    "agg_calls_by_queue": (
        ("offered_count", "answered_count"),
        ("answered_count", "answered_in_target_count"),
        ("offered_count", "abandoned_count"),
        ("service_level", "service_level_low"),
        ("service_level_high", "service_level"),
        ("abandonment_share", "abandonment_low"),
        ("abandonment_high", "abandonment_share"),
    ),
}

# Mart → what would contradict itself.
CONTRADICTIONS: Contradictions = {
    "agg_risk_models": (
        Contradiction(
            "used_is_verdict",
            "a model is used where the verdict says so",
            "is_used <> (verdict = 'used')",
            ("risk", "verdict", "is_used"),
        ),
    ),
    "fct_tickets": (
        Contradiction(
            "resolved_has_time",
            "a resolved ticket has its time of resolution",
            "is_resolved and resolved_at is null",
            ("ticket_id", "status"),
        ),
        Contradiction(
            "answered_has_duration",
            "an answered ticket has its first response time",
            "first_response_state = 'answered' and first_response_seconds is null",
            ("ticket_id", "first_response_state"),
        ),
        Contradiction(
            "split_is_life",
            "with us, waiting, on hold and after resolution add up to the life",
            "with_us_seconds + waiting_customer_seconds + waiting_parts_seconds + on_hold_seconds + "
            "after_resolution_seconds <> life_seconds",
            ("ticket_id", "life_seconds", "with_us_seconds", "after_resolution_seconds"),
        ),
        Contradiction(
            "fault_has_no_duration",
            "a first response before creation has no duration",
            "first_response_at < created_at and first_response_seconds is not null",
            ("ticket_id", "first_response_seconds"),
        ),
    ),
    "fct_ticket_stages": (
        Contradiction(
            "open_or_left",
            "a stage either lasts or was left",
            "is_open = (left_at is not null)",
            ("ticket_id", "stage_number", "is_open", "left_at"),
        ),
    ),
    "fct_sla_outcomes": (
        Contradiction(
            "met_is_outcome",
            "is_met says what outcome says",
            "is_met is not null and is_met <> (outcome = 'met')",
            ("metric", "subject_id", "outcome", "is_met"),
        ),
        Contradiction(
            "eligible_is_decided",
            "what was due at as-of is met or breached",
            "is_eligible and outcome not in ('met', 'breached_closed', 'breached_open')",
            ("metric", "subject_id", "outcome"),
        ),
        Contradiction(
            "paused_has_no_due",
            "while the clock stands still nobody knows when a promise is due",
            "outcome = 'paused' and due_at is not null",
            ("metric", "subject_id", "due_at"),
        ),
    ),
    "fct_calls": (
        Contradiction(
            "answered_is_outcome",
            "is_answered says what outcome says",
            "is_answered <> (outcome = 'answered')",
            ("call_id", "outcome", "is_answered"),
        ),
    ),
    "agg_response_monthly": (
        Contradiction(
            "states_in_whole",
            "answered and waiting, and resolved and open, are no more than the tickets",
            "answered_count + waiting_count > ticket_count or resolved_count + open_count > ticket_count",
            ("month_start_date", "segment", "site_id", "ticket_count", "answered_count", "waiting_count"),
        ),
    ),
    "agg_resolution_survival": (
        Contradiction(
            "exits_in_whole",
            "the shares of the ways out are no more than the whole",
            "resolved_share + unresolved_share + cancelled_share + merged_share > 1 + 1e-9",
            ("metric", "segment", "time_seconds", "resolved_share", "cancelled_share"),
        ),
    ),
    "agg_fcr_disagreement": (
        Contradiction(
            "pairs_in_whole",
            "both, either and neither are all tickets that both variants judge",
            "both_count + only_a_count + only_b_count + neither_count <> ticket_count",
            ("variant_a", "variant_b", "period_start_date", "segment", "ticket_count"),
        ),
    ),
    "agg_reasons": (
        Contradiction(
            "reason_has_share",
            "a reason has its share of the reasons, and the rest of its kind has none",
            "is_reason = (reason_share is null)",
            ("period_grain", "period_start_date", "reason_kind", "reason", "is_reason", "reason_share"),
        ),
    ),
    "agg_calls_hourly": (
        Contradiction(
            "requires_more_than_load",
            "Erlang C requires more agents than the offered load",
            "required_agents <= offered_load_erlangs and offered_load_erlangs > 0",
            ("hour_at", "queue", "offered_load_erlangs", "required_agents"),
        ),
    ),
}
