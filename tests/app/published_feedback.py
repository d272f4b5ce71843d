"""Rows by hand of the marts about what customers write; see published.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

Rows = Iterator[dict[str, Any]]
Period = tuple[str, date, date]

KINDS = ("survey", "review", "complaint")
# Theme, polarity, comments, severity; the heaviest first.
THEMES = (
    ("not_fixed", "complaint", 12, 3.0),
    ("parts_wait", "complaint", 9, 2.0),
    ("price", "complaint", 5, 1.0),
    ("fast", "praise", 14, 0.0),
)
READ = 60
# A comment as a stranger may write it: it must be shown as text, not obeyed.
HOSTILE = "<img src=x onerror=alert(3)> 没修好 [link](http://example.invalid)"
TEXTS = {
    "not_fixed": (HOSTILE, "没修好"),
    "parts_wait": (
        "They said it would be quick, but I am waiting for the part since March, and nobody calls",
        "waiting for the part",
    ),
    "price": ("The out-of-hours call cost too much", "out of hours"),
    "fast": ("Fast!", "fast"),
}


def sentiment(periods: Sequence[Period], segments: Sequence[dict[str, str]]) -> Rows:
    """Each kind, and all of them; some comments could not be read."""
    for grain, start, _ in periods:
        for segment in segments:
            for kind in ("all", *KINDS):
                yield segment | {
                    "period_grain": grain, "period_start_date": start, "feedback_kind": kind, "comment_count": READ + 4,
                    "read_count": READ, "positive_count": 30, "neutral_count": 6, "negative_count": 24,
                    "themed_count": 40, "negative_share": 0.4, "negative_low": 0.29, "negative_high": 0.53,
                    "score_mean": 0.1, "is_complete": True,
                }  # fmt: skip


def themes(periods: Sequence[Period], segments: Sequence[dict[str, str]]) -> Rows:
    """Three themes of complaints and one of praise."""
    weights = {theme: count * severity for theme, _, count, severity in THEMES}
    for grain, start, _ in periods:
        for segment in segments:
            so_far = 0.0
            for number, (theme, polarity, count, severity) in enumerate(THEMES, 1):
                so_far += weights[theme]
                is_complaint = polarity == "complaint"
                yield segment | _share(theme, polarity, count, severity) | {
                    "period_grain": grain, "period_start_date": start, "weight": weights[theme],
                    "weight_share": weights[theme] / sum(weights.values()) if is_complaint else None,
                    "pareto_rank": number if is_complaint else None,
                    "cumulated_share": so_far / sum(weights.values()) if is_complaint else None, "is_complete": True,
                }  # fmt: skip


def themes_monthly(months: Sequence[date], segments: Sequence[dict[str, str]], rising: date) -> Rows:
    """Months in which nothing rises, but for waiting for parts in `rising`."""
    for month in months:
        for segment in segments:
            for theme, polarity, count, severity in THEMES:
                is_tested = polarity == "complaint" and month > months[2]
                is_rising = is_tested and month == rising and theme == "parts_wait"
                yield segment | _share(theme, polarity, count, severity) | {
                    "month_start_date": month, "baseline_count": 8, "baseline_read_count": 6 * READ,
                    "baseline_month_count": 6, "baseline_share": 8 / (6 * READ), "share_ratio": count * 6 / 8,
                    "question_count": 3, "adjusted_p_value": (1e-7 if is_rising else 0.4) if is_tested else None,
                    "is_tested": is_tested, "is_rising": is_rising, "is_complete": True,
                }  # fmt: skip


def feedback(sites: Sequence[str], families: Sequence[str], last: date) -> Rows:
    """A comment of each theme every day."""
    for number, (theme, row) in enumerate(_written(sites, families, last)):
        text, _ = TEXTS[theme]
        day = row["written_date"]
        yield row | {
            "source": "survey", "customer_id": None, "ticket_id": None, "language": "zh", "sentiment": "negative",
            "score": -0.6, "themes": theme, "theme_count": 1, "severity": 2, "comment": text,
            "character_count": len(text), "written_at": datetime(day.year, day.month, day.day, number % 12),
        }  # fmt: skip


def words(sites: Sequence[str], families: Sequence[str], last: date) -> Rows:
    """The word of each of these comments."""
    polarities = {theme: (polarity, int(severity)) for theme, polarity, _, severity in THEMES}
    for theme, row in _written(sites, families, last):
        polarity, severity = polarities[theme]
        yield row | {"theme": theme, "word": TEXTS[theme][1], "severity": severity, "polarity": polarity, "score": -0.6}


def _written(sites: Sequence[str], families: Sequence[str], last: date) -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(80):
        yield list(TEXTS)[number % len(TEXTS)], {
            "feedback_kind": KINDS[number % len(KINDS)], "feedback_id": f"f{number:03}",
            "site_id": sites[number // 4 % len(sites)], "product_family": families[number // 4 % len(families)],
            "written_date": last - timedelta(days=number),
        }  # fmt: skip


def _share(theme: str, polarity: str, count: int, severity: float) -> dict[str, Any]:
    return {
        "theme": theme, "polarity": polarity, "comment_count": count, "read_count": READ, "comment_share": count / READ,
        "comment_low": count / READ / 2, "comment_high": count / READ * 1.5, "severity_mean": severity,
        "intensity_mean": 0.7 if severity else 0.1,
    }  # fmt: skip
