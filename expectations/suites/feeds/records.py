"""What rows of the feeds of a company must not say: values in the wrong order, and contradictions."""

from __future__ import annotations

from expectations.suites.structure import Contradiction, Contradictions, Order

# Feed → (column, the column it must not be less than or before).
ORDER: Order = {
    "assets": (("installed_date", "sold_date"),),
    "purchases": (("contract_end_date", "contract_start_date"),),
    "tickets": (
        ("accepted_at", "created_at"),
        ("first_response_at", "created_at"),
        ("service_started_at", "created_at"),
        ("resolved_at", "created_at"),
        ("resolved_at", "service_started_at"),
        ("closed_at", "created_at"),
        ("closed_at", "resolved_at"),
        ("followed_up_at", "resolved_at"),
        ("first_response_due_at", "created_at"),
        ("resolution_due_at", "created_at"),
    ),
    "complaints": (("acknowledged_at", "raised_at"), ("closed_at", "raised_at"), ("closed_at", "acknowledged_at")),
    "technicians": (("left_date", "hired_date"),),
    "sites": (("closed_date", "opened_date"),),
    "visits": (("arrived_at", "requested_at"), ("completed_at", "requested_at"), ("completed_at", "arrived_at")),
    "part_lines": (("delivered_at", "requested_at"), ("used_at", "delivered_at"), ("returned_at", "requested_at")),
    "calls": (("answered_at", "offered_at"), ("ended_at", "offered_at"), ("ended_at", "answered_at")),
    "shifts": (("ends_at", "starts_at"),),
    "survey_answers": (("scale_max", "scale_min"), ("raw_score", "scale_min"), ("scale_max", "raw_score")),
    "reviews": (("scale_max", "rating"),),
    "audits": (("scale_max", "score"),),
}

# Feed → what would contradict itself.
CONTRADICTIONS: Contradictions = {
    "customers": (
        Contradiction(
            "email_has_at",
            "an e-mail address has an @",
            "email not like '%@%'",
            ("customer_id", "email"),
        ),
        Contradiction(
            "phone_has_digits",
            "a telephone number has five digits or more",
            "length(regexp_replace(phone, '[^0-9]', '', 'g')) < 5",
            ("customer_id", "phone"),
        ),
    ),
    "purchases": (
        Contradiction(
            "cancellation_gives_back",
            "a cancellation has a negative quantity",
            "purchase_kind = 'cancellation' and quantity > 0",
            ("purchase_id", "purchase_kind", "quantity"),
        ),
        Contradiction(
            "order_gives",
            "an order, renewal or contract has a positive quantity",
            "purchase_kind <> 'cancellation' and quantity <= 0",
            ("purchase_id", "purchase_kind", "quantity"),
        ),
    ),
    "tickets": (
        Contradiction(
            "resolved_has_time",
            "a resolved or closed ticket has a time of resolution or closure",
            "status in ('resolved', 'closed') and resolved_at is null and closed_at is null",
            ("ticket_id", "status"),
        ),
        Contradiction(
            "merged_has_target",
            "a merged ticket names another ticket it was merged into",
            "status = 'merged' and coalesce(merged_into_ticket_id, ticket_id) = ticket_id",
            ("ticket_id", "merged_into_ticket_id"),
        ),
    ),
    "visits": (
        Contradiction(
            "completed_has_time",
            "a completed visit has a time of completion",
            "outcome = 'completed' and completed_at is null",
            ("visit_id", "outcome"),
        ),
    ),
    "calls": (
        Contradiction(
            "answered_has_time",
            "an answered call has a time of answer",
            "outcome = 'answered' and answered_at is null",
            ("call_leg_id", "outcome"),
        ),
        Contradiction(
            "abandoned_has_no_talk",
            "an abandoned call has no talk time",
            "outcome = 'abandoned' and talk_seconds > 0",
            ("call_leg_id", "talk_seconds"),
        ),
    ),
    "survey_answers": (
        Contradiction(
            "nps_scale",
            "recommendation is asked on a scale of 0 to 10",
            "question_kind = 'nps' and (scale_min <> 0 or scale_max <> 10)",
            ("answer_id", "scale_min", "scale_max"),
        ),
        Contradiction(
            "score_has_scale",
            "a score comes with its scale",
            "raw_score is not null and (scale_min is null or scale_max is null)",
            ("answer_id", "raw_score"),
        ),
    ),
    "labor_costs": (
        Contradiction(
            "month_starts",
            "cost_month_date is the first day of a month",
            "day(cost_month_date) <> 1",
            ("technician_id", "cost_month_date"),
        ),
    ),
    "operating_costs": (
        Contradiction(
            "month_starts",
            "cost_month_date is the first day of a month",
            "day(cost_month_date) <> 1",
            ("site_id", "cost_month_date"),
        ),
    ),
    "ledger_totals": (
        Contradiction(
            "month_starts",
            "ledger_month_date is the first day of a month",
            "day(ledger_month_date) <> 1",
            ("site_id", "ledger_month_date"),
        ),
    ),
}
