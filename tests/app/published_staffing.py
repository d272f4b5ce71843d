"""Rows by hand of the marts about staffing; see published.py. The telephone lacks people on Mondays at nine, and lacked
them in one month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

Rows = Iterator[dict[str, Any]]

HISTORY, AHEAD = 70, 28
METHODS = ("seasonal_naive", "weekday_mean", "calendar_model")
SHORT_MONTH = date(2025, 11, 1)


def _series(sites: list[str]) -> Iterator[tuple[str, str, int]]:
    """Kind, site and contacts a day. Visits are of sites; of the last site there are too few."""
    yield from (("calls", "all", 60), ("tickets", "all", 40), ("visits", "all", 12))
    yield from (("visits", site, 4) for site in sites)


def contact_days(sites: list[str], first_ahead: date) -> Rows:
    """Ten weeks, and the days ahead; the third of these is a holiday."""
    for kind, site, size in _series(sites):
        for step in range(-HISTORY, AHEAD):
            day = first_ahead + timedelta(days=step)
            yield {
                "kind": kind, "site_id": site, "day_kind": "holiday" if step == 2 else "as_usual",
                "series_state": "too_few" if site == sites[-1] else "enough", "iso_weekday": day.isoweekday(),
                "contact_count": size + day.isoweekday() if step < 0 else None, "is_ahead": step >= 0,
                "contact_date": day,
            }  # fmt: skip


def forecasts(sites: list[str], first_ahead: date) -> Rows:
    """The next four weeks."""
    for kind, site, size in _series(sites[:-1]):
        for step in range(AHEAD):
            day = first_ahead + timedelta(days=step)
            yield {
                "kind": kind, "site_id": site, "method": "seasonal_naive" if kind == "visits" else "calendar_model",
                "day_kind": "holiday" if step == 2 else "as_usual", "iso_weekday": day.isoweekday(),
                "expected_count": size + 0.5, "low_count": size - 3.0, "high_count": size + 5.0, "variance": 4.0,
                "forecast_date": day,
            }  # fmt: skip


def backtests(sites: list[str]) -> Rows:
    """The calendar model is used for calls and requests; for visits nothing beats the baseline."""
    for kind, site, size in _series(sites):
        for method in METHODS:
            is_better = method == "calendar_model" and kind != "visits"
            verdict = "baseline" if method == METHODS[0] else "better" if is_better else "not_better"
            is_chosen = is_better or (kind == "visits" and method == METHODS[0])
            row: dict[str, Any] = {"kind": kind, "site_id": site, "method": method}
            if site == sites[-1]:
                yield row | {
                    "verdict": "too_few", "cut_off_count": 0, "day_count": 0, "contact_count": 0, "better_count": 0,
                    "is_chosen": False,
                }  # fmt: skip
                continue
            yield row | {
                "verdict": verdict, "cut_off_count": 12, "day_count": 336, "contact_count": 336 * size,
                "better_count": 11 if is_better else 0, "needed_count": 10, "root_mean_squared_error": 4.2,
                "mean_absolute_error": 3.1, "weighted_error_ratio": 0.15, "scaled_error": 0.8, "bias_ratio": -0.01,
                "coverage_share": 0.96, "is_chosen": is_chosen,
            }  # fmt: skip


def agent_hours(first_ahead: date) -> Rows:
    """Every hour ahead."""
    for step in range(AHEAD * 24):
        day, hour = first_ahead + timedelta(days=step // 24), step % 24
        required = 3 if 8 <= hour <= 18 else 1
        lacking = 1 if (day.isoweekday(), hour) == (1, 9) else 0
        yield {
            "hour_at": datetime(day.year, day.month, day.day, hour) - timedelta(hours=8), "day_kind": "as_usual",
            "local_hour": hour, "iso_weekday": day.isoweekday(), "expected_count": 2.5, "expected_load_erlangs": 0.2,
            "required_agents": required, "required_low_agents": required, "rostered_agents": required - lacking,
            "agent_gap": -lacking, "lacking_hours": lacking, "lacking_low_hours": lacking, "cost_amount": 55 * lacking,
            "is_lacking": bool(lacking), "is_ahead": True, "local_date": day,
        }  # fmt: skip


def gaps(sites: list[str], months: list[date], first_ahead: date) -> Rows:
    """Agents month by month and ahead; technicians of every site but the last, of whom the first lacks some."""
    last_ahead = first_ahead + timedelta(days=AHEAD - 1)
    for start in months:
        lacking = 250 if start == SHORT_MONTH else 0
        end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        yield _gap("agent", "all", start, end, 600, lacking, "understaffed" if lacking else "covered") | {
            "is_ahead": False, "is_complete": end < first_ahead,
        }  # fmt: skip
    yield _gap("agent", "all", first_ahead, last_ahead, 1250, 4, "covered")
    for site in sites[:-1]:
        lacking = 30 if site == sites[0] else 0
        yield _gap(
            "technician", site, first_ahead, last_ahead, 120, lacking, "understaffed" if lacking else "covered"
        ) | {"lacking_hour_count": None}


def _gap(role: str, site: str, start: date, end: date, required: int, lacking: int, verdict: str) -> dict[str, Any]:
    return {
        "work_role": role, "site_id": site, "period_start_date": start, "verdict": verdict, "required_hours": required,
        "rostered_hours": required + 100 - 2 * lacking, "lacking_hours": lacking, "lacking_low_hours": lacking,
        "lacking_hour_count": lacking, "lacking_share": lacking / required, "cost_amount": 55 * lacking,
        "is_ahead": True, "is_complete": True, "period_end_date": end,
    }  # fmt: skip
