"""First-contact resolution by request, issue and customer differ on the same facts (docs/decisions/episodes.md)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tests.dbt_project.rendered import run_model

# Customer a: an issue of two requests, the first of which came back, and an issue that held. Customer b: one that held.
REQUESTS = [
    ("t1", "e1", "a", False, "2026-05-01"),
    ("t2", "e1", "a", True, "2026-05-03"),
    ("t3", "e2", "a", True, "2026-05-20"),
    ("t4", "e3", "b", True, "2026-05-05"),
]


def rate(items: pd.DataFrame, kpi_id: str) -> tuple[int, int]:
    counted = items[(items["kpi_id"] == kpi_id) & (items["item_state"] == "counted")]
    return int(counted["numerator"].sum()), int(counted["denominator"].sum())


def frame(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype="object") for column in columns})


def test_three_of_four_requests_two_of_three_issues_one_of_two_customers() -> None:
    resolutions = pd.DataFrame(
        [
            dict.fromkeys(("technician_id", "site_id", "product_family", "channel", "priority"), "x")
            | dict.fromkeys(
                ("is_fcr_touch", "is_fcr_event", "is_fcr_1d", "is_fcr_3d", "is_fcr_14d", "is_fcr_30d"), held
            )
            | {
                "ticket_id": ticket,
                "episode_id": episode,
                "exit_kind": "resolved",
                "identity_state": "known",
                "is_fcr_7d": held,
                "first_resolved_date": day,
                "first_resolved_at": pd.Timestamp(day),
            }
            for ticket, episode, _, held, day in REQUESTS
        ]
    )
    tickets = pd.DataFrame(
        [{"ticket_id": ticket, "customer_id": customer, "issue_family": "i"} for ticket, _, customer, _, _ in REQUESTS]
    )
    by_issue = run_model("int_kpi_issue_items", fct_ticket_resolutions=resolutions, fct_tickets=tickets)
    by_request = run_model(
        "int_kpi_resolution_items",
        fct_ticket_resolutions=resolutions,
        fct_tickets=tickets.assign(**_unresolved()),
        **_nothing_else(),
    )
    assert rate(by_request, "first_contact_resolution_rate") == (3, 4)
    assert rate(by_issue, "fcr_issue_rate") == (2, 3)
    assert rate(by_issue, "fcr_customer_rate") == (1, 2)


def _unresolved() -> dict[str, Any]:
    """What the remote-fix rate asks of a ticket: none stands resolved here."""
    texts = ("resolver_id", "technician_id", "site_id", "product_family", "channel", "priority", "service_mode")
    return dict.fromkeys(texts, "x") | {"resolved_date": None, "created_date": None, "is_resolved": False}


def _nothing_else() -> dict[str, pd.DataFrame]:
    where = ("technician_id", "site_id", "product_family", "issue_family", "channel", "priority")
    return {
        "fct_jobs": frame(
            *where,
            "job_id",
            "ticket_id",
            "fix_state",
            "is_completed",
            "is_first_time_fix_14d",
            "is_first_time_fix_30d",
            "requested_date",
            "completed_date",
        ),
        "fct_visits": frame("ticket_id", "outcome"),
        "fct_survey_answers": frame(
            *where, "answer_id", "ticket_id", "question_kind", "raw_score", "is_valid", "is_latest", "answered_date"
        ),
        "int_kpi_ticket_clocks": frame(*where, "ticket_id", "exit_kind", "finished_date"),
    }
