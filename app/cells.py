"""Values of single rows in words: which column holds codes, of which kind, and which moments, days or yes and no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app import formats
from app.words import named, t

# Column and kind of its words, for rows of any subject.
_CODES: Final = {
    "status": "ticket_status",
    "metric": "metric",
    "issue_family": "issue",
    "product_family": "family",
    "city": "city",
    "site_name": "site",
    "question_kind": "question",
    "aspect": "aspect",
    "complaint_kind": "complaint_kind",
    "severity": "severity",
    "platform": "platform",
    "audit_kind": "audit",
    "queue": "queue",
    "shift_kind": "shift_kind",
    "visit_kind": "visit_kind",
    "fix_state": "fix_state",
    "part_name": "part",
    "purchase_kind": "purchase_kind",
    "work_role": "role",
    "certification_level": "certificate",
    "segment": "customer_segment",
}
# What comes of a promise, a call, a visit and a complaint has nothing in common but the column's name.
_OUTCOMES: Final = {
    "promise": "promise_outcome",
    "call": "call_outcome",
    "visit": "visit_outcome",
    "visit_costs": "visit_outcome",
    "complaint": "outcome",
}


def words_of(subject_kind: str, column: str) -> str | None:
    """The kind of words that a column of a subject's rows has; None where it holds no codes."""
    return _OUTCOMES.get(subject_kind) if column == "outcome" else _CODES.get(column)


def told(subject_kind: str, column: str, values: Iterable[object], time_zone: str) -> list[object]:
    """The values of a column as they are shown; numbers, names and keys are shown as they are."""
    if (
        words_of(subject_kind, column) is None
        and not column.endswith(("_at", "_date"))
        and not column.startswith("is_")
    ):
        return list(values)
    return [
        formats.MISSING if formats.is_missing(value) else _told(subject_kind, column, value, time_zone)
        for value in values
    ]


def excluded(reasons: str) -> str:
    """What kpi_values.excluded_reason counts, such as "merged 1, time_fault 2", in words."""
    parts = [part.rpartition(" ") for part in reasons.split(", ")]
    return t("list.separator").join(
        f"{named('item_reason', reason)} {count}" if reason else named("item_reason", count)
        for reason, _, count in parts
    )


def _told(subject_kind: str, column: str, value: object, time_zone: str) -> object:
    if column.endswith("_at"):
        return formats.moment(value, time_zone)  # type: ignore[arg-type]
    if column.endswith("_date"):
        return formats.day(value)  # type: ignore[arg-type]
    if column.startswith("is_"):
        return t("yes" if value else "no")
    return named(str(words_of(subject_kind, column)), value)
