"""Gate 1: rows in which everything is in order, and the change to one that breaks an expectation alone."""

from __future__ import annotations

from datetime import date, timedelta

from tests.expectations.tables import NOON, Row

BEFORE = NOON - timedelta(hours=1)
DAY_BEFORE = NOON.date() - timedelta(days=1)

# Rows in which everything is in order need another value than the dull one here.
GOOD: dict[str, Row] = {
    "customers": {"email": "a@b.c", "phone": "010-12345678"},
    "calls": {"outcome": "voicemail", "answered_at": None},
    "sla_policies": {"paused_stages": "waiting_customer on_hold"},
    "kpi_registry": {"worst": 0.0, "best": 1.0, "valid_to_date": None},
    "scorecard_weights": {"valid_to_date": None},
    "reference_values": {"kind": "benchmark", "value_before": None, "relative_change": None},
}

# Feed → ((expectation, column), what is changed in a good row).
MUTATIONS: dict[str, list[tuple[tuple[str, str | None], Row]]] = {
    "customers": [
        (("plausible", "latitude"), {"latitude": 91}),
        (("email_has_at", None), {"email": "nobody"}),
        (("phone_has_digits", None), {"phone": "none"}),
    ],
    "products": [(("plausible", "list_price_amount"), {"list_price_amount": -1})],
    "assets": [(("not_less_than_sold_date", "installed_date"), {"installed_date": DAY_BEFORE})],
    "purchases": [
        (("not_less_than_contract_start_date", "contract_end_date"), {"contract_end_date": DAY_BEFORE}),
        (("plausible", "unit_price_amount"), {"unit_price_amount": -1}),
        (("plausible", "quantity"), {"quantity": 100_001}),
        (("cancellation_gives_back", None), {"purchase_kind": "cancellation"}),
        (("order_gives", None), {"quantity": 0}),
    ],
    "tickets": [
        (("not_less_than_created_at", "accepted_at"), {"accepted_at": BEFORE}),
        (("not_less_than_created_at", "first_response_at"), {"first_response_at": BEFORE}),
        (("not_less_than_created_at", "service_started_at"), {"service_started_at": BEFORE}),
        (
            ("not_less_than_created_at", "resolved_at"),
            {"resolved_at": BEFORE, "service_started_at": None},
        ),
        (("not_less_than_service_started_at", "resolved_at"), {"service_started_at": NOON + timedelta(hours=1)}),
        (("not_less_than_created_at", "closed_at"), {"closed_at": BEFORE, "resolved_at": None}),
        (
            ("not_less_than_resolved_at", "closed_at"),
            {"resolved_at": NOON + timedelta(hours=1), "followed_up_at": None},
        ),
        (("not_less_than_resolved_at", "followed_up_at"), {"followed_up_at": BEFORE}),
        (("not_less_than_created_at", "first_response_due_at"), {"first_response_due_at": BEFORE}),
        (("not_less_than_created_at", "resolution_due_at"), {"resolution_due_at": BEFORE}),
        (("plausible", "fee_amount"), {"fee_amount": -1}),
        (("resolved_has_time", None), {"status": "closed", "resolved_at": None, "closed_at": None}),
        (("merged_has_target", None), {"status": "merged", "merged_into_ticket_id": None}),
    ],
    "complaints": [
        (("not_less_than_raised_at", "acknowledged_at"), {"acknowledged_at": BEFORE}),
        (("not_less_than_raised_at", "closed_at"), {"closed_at": BEFORE, "acknowledged_at": None}),
        (("not_less_than_acknowledged_at", "closed_at"), {"acknowledged_at": NOON + timedelta(hours=1)}),
    ],
    "technicians": [(("not_less_than_hired_date", "left_date"), {"left_date": DAY_BEFORE})],
    "sites": [
        (("not_less_than_opened_date", "closed_date"), {"closed_date": DAY_BEFORE}),
        (("plausible", "latitude"), {"latitude": 91}),
    ],
    "visits": [
        (("not_less_than_requested_at", "arrived_at"), {"arrived_at": BEFORE}),
        (("not_less_than_requested_at", "completed_at"), {"completed_at": BEFORE, "arrived_at": None}),
        (("not_less_than_arrived_at", "completed_at"), {"arrived_at": NOON + timedelta(hours=1)}),
        (("plausible", "labor_fee_amount"), {"labor_fee_amount": -1}),
        (("plausible", "parts_fee_amount"), {"parts_fee_amount": -1}),
        (("plausible", "travel_minutes"), {"travel_minutes": 10_081}),
        (("plausible", "on_site_minutes"), {"on_site_minutes": 10_081}),
        (("plausible", "phone_minutes"), {"phone_minutes": 10_081}),
        (("plausible", "admin_minutes"), {"admin_minutes": 10_081}),
        (("plausible", "technician_count"), {"technician_count": 51}),
        (("completed_has_time", None), {"outcome": "completed", "completed_at": None}),
    ],
    "part_lines": [
        (("not_less_than_requested_at", "delivered_at"), {"delivered_at": BEFORE}),
        (("not_less_than_delivered_at", "used_at"), {"used_at": BEFORE}),
        (("not_less_than_requested_at", "returned_at"), {"returned_at": BEFORE}),
        (("plausible", "quantity"), {"quantity": -1}),
        (("plausible", "unit_cost_amount"), {"unit_cost_amount": -1}),
    ],
    "part_stock": [(("plausible", "on_hand_quantity"), {"on_hand_quantity": -1})],
    "calls": [
        (("not_less_than_offered_at", "answered_at"), {"answered_at": BEFORE}),
        (("not_less_than_offered_at", "ended_at"), {"ended_at": BEFORE}),
        (("not_less_than_answered_at", "ended_at"), {"answered_at": NOON + timedelta(hours=1)}),
        (("plausible", "talk_seconds"), {"talk_seconds": 86_401}),
        (("plausible", "hold_seconds"), {"hold_seconds": 86_401}),
        (("plausible", "wrap_seconds"), {"wrap_seconds": 86_401}),
        (("plausible", "queue_seconds"), {"queue_seconds": 86_401}),
        (("answered_has_time", None), {"outcome": "answered"}),
        (("abandoned_has_no_talk", None), {"outcome": "abandoned"}),
    ],
    "shifts": [(("not_less_than_starts_at", "ends_at"), {"ends_at": BEFORE})],
    "survey_answers": [
        (("not_less_than_scale_min", "scale_max"), {"scale_max": 0, "raw_score": None}),
        (("not_less_than_scale_min", "raw_score"), {"raw_score": 0}),
        (("not_less_than_raw_score", "scale_max"), {"raw_score": 2}),
        (("nps_scale", None), {"question_kind": "nps"}),
        (("score_has_scale", None), {"scale_min": None}),
    ],
    "reviews": [
        (("not_less_than_rating", "scale_max"), {"rating": 2}),
        (("plausible", "rating"), {"rating": -1}),
    ],
    "labor_costs": [
        (("plausible", "wage_amount"), {"wage_amount": -1}),
        (("plausible", "social_insurance_amount"), {"social_insurance_amount": -1}),
        (("plausible", "training_amount"), {"training_amount": -1}),
        (("plausible", "paid_hours"), {"paid_hours": 745}),
        (("month_starts", None), {"cost_month_date": date(2026, 1, 2)}),
    ],
    "operating_costs": [
        (("plausible", "rent_amount"), {"rent_amount": -1}),
        (("plausible", "utilities_amount"), {"utilities_amount": -1}),
        (("plausible", "transport_amount"), {"transport_amount": -1}),
        (("plausible", "tools_amount"), {"tools_amount": -1}),
        (("month_starts", None), {"cost_month_date": date(2026, 1, 2)}),
    ],
    "ledger_totals": [(("month_starts", None), {"ledger_month_date": date(2026, 1, 2)})],
    "audits": [
        (("not_less_than_score", "scale_max"), {"score": 2}),
        (("plausible", "score"), {"score": -1}),
    ],
    "sla_policies": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": DAY_BEFORE}),
        (("plausible", "target_minutes"), {"target_minutes": 0}),
        (("stages_pause", None), {"paused_stages": "waiting_customer waiting"}),
    ],
    "calendars": [(("holidays_are_listed", None), {"holiday_region": "unlisted"})],
    "calendar_days": [
        # The first region is that of no calendar: the mutation above took it away.
        (("plausible", "works_like_weekday"), {"works_like_weekday": 8}),
        (("known_until", None), {"day_date": date(2025, 12, 31)}),
        (("known_from", None), {"day_date": date(2027, 1, 1)}),
    ],
    "call_policies": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": DAY_BEFORE}),
    ],
    "kpi_registry": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": date(2025, 1, 1)}),
        (("worst_is_not_best", None), {"worst": 1.0}),
        (("plausible", "weight"), {"weight": 101}),
        (("weighs_with_target", None), {"target": None}),
    ],
    "scorecard_weights": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": date(2025, 1, 1)}),
        (("plausible", "weight"), {"weight": 101}),
        (("plausible", "minimum_sample"), {"minimum_sample": 0}),
    ],
    "cost_drivers": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": DAY_BEFORE}),
        (("plausible", "weight"), {"weight": -1}),
        (("plausible", "step_number"), {"step_number": 0}),
        (("driver_fits_group", None), {"driver": "tickets_raised"}),
        (("component_fits_group", None), {"component": "rent"}),
    ],
    "kpi_events": [(("event_names_kpi", None), {"kpi_id": "no_such_kpi"})],
    "improvement_actions": [(("moves_a_registered_kpi", None), {"kpi_id": "none"})],
    "reference_values": [
        (("not_less_than_valid_from_date", "valid_to_date"), {"valid_to_date": DAY_BEFORE}),
        (("says_one_thing", None), {"relative_change": 0.1}),
    ],
}
