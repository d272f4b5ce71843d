"""Rows by hand of the marts about improvement measures; see published.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.scope import add_months

Rows = Iterator[dict[str, Any]]
KPI = "mystery_shopper_score"
# A finding as a stranger may write it: it must be shown as text, not obeyed.
HOSTILE_FINDING = "<img src=x onerror=alert(3)> **loud** $y$"
STEPS = ("raised", "cause_known", "action_decided", "action_done", "effective")
# Number, status, verdict and design of the company's and of each site's measures.
_MEASURES = (
    ("done", "improved", "difference_in_differences"),
    ("done_late", "not_told", "interrupted_series"),
    ("done", "too_early", "interrupted_series"),
    ("overdue", None, None),
    ("open", None, None),
)


def _places(sites: list[str]) -> Iterator[tuple[int, str, dict[str, str]]]:
    for number, site in enumerate(("all", *sites)):
        segment = "all" if site == "all" else "site"
        yield number, site, {
            "segment": segment, "member": site, "site_id": site, "product_family": "all", "channel": "all",
            "priority": "all",
        }  # fmt: skip


def actions(sites: list[str], last: date) -> Rows:
    """One measure of each kind, of the company and of each site."""
    for number, _, place in _places(sites):
        for kind, (status, _, _) in enumerate(_MEASURES):
            decided = status != "open"
            yield place | {
                "action_id": f"M{number}{kind}", "source": "policy", "complaint_id": "C1" if kind == 1 else None,
                "is_complaint_known": kind == 1, "finding_en": HOSTILE_FINDING, "finding_zh": "电话等得久",
                "cause": "skill" if decided else None, "action_en": "Weekly coaching" if decided else None,
                "action_zh": "每周辅导" if decided else None, "owner_role": "site_manager", "kpi_id": KPI,
                "status": status, "running_days": 40, "late_days": 9 if status in ("overdue", "done_late") else 0,
                "raised_date": add_months(last.replace(day=1), -8), "trigger_from_date": None,
                "trigger_to_date": None, "due_date": add_months(last.replace(day=1), -6),
                "done_date": add_months(last.replace(day=1), -6) if status.startswith("done") else None,
            }  # fmt: skip


def effects(sites: list[str], last: date) -> Rows:
    """What came of those that are done: found, not to be told, too early."""
    for number, _, place in _places(sites):
        for kind, (_, verdict, design) in enumerate(_MEASURES):
            if verdict is None:
                continue
            is_early, is_told = verdict == "too_early", verdict == "improved"
            yield place | {
                "action_id": f"M{number}{kind}", "design": design, "kpi_id": KPI, "unit": "score",
                "is_deciding": True, "verdict": verdict,
                "reason": "told" if is_told else "too_early" if is_early else "within_noise", "before_value": 80.0,
                "after_value": 88.0 if is_told else 81.0,
                "expected_value": None if is_early else 80.0, "effect": None if is_early else 8.0 if is_told else 1.0,
                "effect_low": None if is_early else 5.0 if is_told else -2.0,
                "effect_high": None if is_early else 11.0 if is_told else 4.0, "standard_error": 1.5,
                "autocorrelation": 0.1, "trend": None, "comparison_before_value": None,
                "comparison_after_value": None, "is_parallel": None, "is_seasonally_adjusted": kind == 1,
                "before_count": 11, "after_count": 1 if is_early else 6, "trigger_count": kind, "extreme_count": 0,
                "compared_member_count": 3, "done_date": add_months(last.replace(day=1), -6),
            }  # fmt: skip


def action_months(sites: list[str], months: list[date]) -> Rows:
    """The months around those that are done."""
    phases = ("before",) * (len(months) - 8) + ("trigger", "transition") + ("after",) * 6
    for number, _, place in _places(sites):
        for kind in range(3):
            for offset, (month, phase) in enumerate(zip(months, phases, strict=True)):
                yield place | {
                    "action_id": f"M{number}{kind}", "month_start_date": month, "kpi_id": KPI, "unit": "score",
                    "phase": phase, "month_offset": offset - len(months) + 6,
                    "value": 80.0 + offset % 3 + (8 if phase == "after" and kind == 0 else 0), "interval_low": None,
                    "interval_high": None, "eligible_count": 12, "item_weight": 12.0, "comparison_value": 79.0,
                    "comparison_weight": 40.0, "compared_member_count": 3,
                }  # fmt: skip


def funnel(sites: list[str]) -> Rows:
    """Fewer from step to step."""
    for _, site, _ in _places(sites):
        for number, step in enumerate(STEPS):
            yield {"site_id": site, "step": step, "step_number": number + 1, "case_count": 20 - 4 * number}
