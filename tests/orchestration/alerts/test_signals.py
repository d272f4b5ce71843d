"""Which values of a published version are news, and which are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.alerts.signals import Signal, find_signals, unknown_kpis
from orchestration.alerts.words import signal_line

_TABLES = """
create schema marts;
create schema meta;
create table marts.dim_kpis (
    kpi_id varchar, name_en varchar, name_zh varchar, unit varchar, direction varchar, interval_method varchar,
    audience varchar
);
create table marts.kpi_values (
    kpi_id varchar, period_grain varchar, period_start_date date, segment varchar, value double, target double,
    interval_low double, interval_high double, eligible_count bigint, is_complete boolean
);
create table marts.agg_kpi_changes (
    kpi_id varchar, period_grain varchar, period_start_date date, segment varchar, signal varchar,
    limit_center double, limit_low double, limit_high double, baseline_count bigint, is_complete boolean
);
create table meta.restatements (
    kpi_id varchar, period_grain varchar, period_start_date date, segment varchar, old_value double, new_value double,
    new_target double, cause varchar
);
"""

Value = tuple[float | None, float | None, float | None, float | None]


def plain(value: float | None, target: float | None = None) -> Value:
    return value, target, None, None


def version(
    folder: Path, months: list[Value], *, direction: str = "higher", interval: str = "none", complete: int | None = None
) -> Path:
    """A version with KPI k and a value of each of `months`, oldest first; the first `complete` are."""
    path = folder / "version.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(_TABLES)
        con.execute(
            "insert into marts.dim_kpis values ('k', 'K', '指标', 'share', ?, ?, 'executive')", [direction, interval]
        )
        for number, (value, target, low, high) in enumerate(months):
            month = date(2024 + number // 12, number % 12 + 1, 1)
            is_complete = number < (len(months) if complete is None else complete)
            con.execute(
                "insert into marts.kpi_values values ('k', 'month', ?, 'all', ?, ?, ?, ?, 40, ?)",
                [month, value, target, low, high, is_complete],
            )
        # What must not be looked at: a site's month, a quarter of the company.
        for grain, segment in [("month", "site"), ("quarter", "all")]:
            con.execute(
                "insert into marts.kpi_values values ('k', ?, '2029-01-01', ?, 0, 0.9, null, null, 1, true)",
                [grain, segment],
            )
    return path


@pytest.mark.parametrize(
    ("direction", "before", "newest", "is_signal"),
    [
        ("higher", 0.95, 0.85, True),
        ("higher", 0.85, 0.80, False),  # missed already: told when it began
        ("higher", 0.95, 0.90, False),  # met exactly
        ("higher", None, 0.85, True),  # the first month there is
        ("lower", 0.85, 0.95, True),
        ("lower", 0.95, 0.85, False),
    ],
)
def test_a_target_that_begins_to_be_missed_is_a_signal(
    direction: str, before: float | None, newest: float, is_signal: bool, tmp_path: Path
) -> None:
    path = version(tmp_path, [plain(before, 0.9), plain(newest, 0.9)], direction=direction)
    found = find_signals(path, [], 0.05)
    assert [(each.kind, each.value, each.period_start_date) for each in found] == (
        [("off_target", newest, date(2024, 2, 1))] if is_signal else []
    )


@pytest.mark.parametrize(("low", "high", "is_signal"), [(0.7, 0.89, True), (0.7, 0.92, False), (None, None, False)])
def test_what_may_be_chance_is_no_signal(
    low: float | None, high: float | None, is_signal: bool, tmp_path: Path
) -> None:
    path = version(tmp_path, [plain(0.95, 0.9), (0.85, 0.9, low, high)], interval="wilson")
    assert bool(find_signals(path, [], 0.05)) == is_signal


def test_a_month_that_is_not_over_is_no_signal(tmp_path: Path) -> None:
    assert find_signals(version(tmp_path, [plain(0.95, 0.9), plain(0.1, 0.9)], complete=1), [], 0.05) == []


def chart(path: Path, *signals: str | None, complete: int | None = None) -> None:
    """What the mart says of the months of KPI k, oldest first; of a site and of quarters it must not be asked."""
    with duckdb.connect(str(path)) as con:
        for number, signal in enumerate(signals):
            is_complete = number < (len(signals) if complete is None else complete)
            con.execute(
                "insert into marts.agg_kpi_changes values ('k', 'month', ?, 'all', ?, 0.55, 0.284, 0.816, 9, ?)",
                [date(2024, number + 1, 1), signal, is_complete],
            )
            for grain, segment in [("month", "site"), ("quarter", "all")]:
                con.execute(
                    "insert into marts.agg_kpi_changes values ('k', ?, ?, ?, 'beyond_limits', 0, 0, 0, 9, true)",
                    [grain, date(2024, number + 1, 1), segment],
                )


@pytest.mark.parametrize(
    ("signals", "complete", "kind"),
    [
        ((None, "none", "beyond_limits"), 3, "out_of_limits"),
        ((None, "beyond_limits", "beyond_limits"), 3, "out_of_limits"),
        ((None, "none", "near_limit"), 3, "near_limit"),
        ((None, None, "near_limit"), 3, "near_limit"),
        (("none", "near_limit", "near_limit"), 3, None),  # told when it began
        (("none", "beyond_limits", "near_limit"), 3, None),  # and as what was beyond
        (("none", "near_limit", "beyond_limits"), 3, "out_of_limits"),
        ((None, "none", "run"), 3, "shifted"),
        (("none", "beyond_limits", "run"), 3, "shifted"),
        (("none", "run", "run"), 3, None),  # told when it began
        ((None, "beyond_limits", "none"), 3, None),
        ((None, None, None), 3, None),
        (("none", "none", "beyond_limits"), 2, None),  # not over yet
    ],
)
def test_what_the_chart_says_of_the_newest_month_is_a_signal(
    signals: tuple[str | None, ...], complete: int, kind: str | None, tmp_path: Path
) -> None:
    path = version(tmp_path, [plain(0.5), plain(0.6), plain(0.27)], complete=complete)
    chart(path, *signals, complete=complete)
    found = find_signals(path, [], 0.05)
    assert [each.kind for each in found] == ([kind] if kind else [])
    for each in found:
        assert (each.limit_low, each.limit_center, each.limit_high, each.month_count) == (0.284, 0.55, 0.816, 9)
        assert each.value == 0.27


@pytest.mark.parametrize(
    ("old", "new", "cause", "segment", "is_signal"),
    [
        (0.80, 0.85, "correction", "all", True),
        (0.80, 0.83, "correction", "all", False),
        (0.80, 0.801, "unexplained", "all", True),
        (0.80, 0.40, "maturity", "all", False),
        (0.80, 0.40, "correction", "site", False),
        (None, 0.80, "late_data", "all", True),
        (0.80, 0.80, "unexplained", "all", False),  # its target alone
        (None, None, "definition", "all", False),
    ],
)
def test_a_restated_period_is_a_signal(
    old: float | None, new: float | None, cause: str, segment: str, is_signal: bool, tmp_path: Path
) -> None:
    path = version(tmp_path, [plain(0.95)])
    with duckdb.connect(str(path)) as con:
        con.execute(
            "insert into meta.restatements values ('k', 'quarter', '2024-01-01', ?, ?, ?, 0.9, ?)",
            [segment, old, new, cause],
        )
    assert [each.kind for each in find_signals(path, [], 0.05)] == (["restated"] if is_signal else [])


def test_only_the_kpis_that_are_watched_are_looked_at(tmp_path: Path) -> None:
    path = version(tmp_path, [plain(0.95, 0.9), plain(0.85, 0.9)])
    assert find_signals(path, ["other"], 0.05) == []
    assert unknown_kpis(path, ["k", "other"]) == ["other"]
    with duckdb.connect(str(path)) as con:
        con.execute("update marts.dim_kpis set audience = 'analyst'")
    assert find_signals(path, [], 0.05) == []
    assert len(find_signals(path, ["k"], 0.05)) == 1


def test_a_signal_says_its_numbers_in_both_languages() -> None:
    signal = Signal("off_target", "k", "K", "指标", "share", "month", date(2026, 6, 1), 0.85, 0.9, 1234)
    assert signal_line(signal, "en", "CNY") == "K: 85.0% in 2026-06, off the target of 90.0% (sample 1,234)"
    assert signal_line(signal, "zh", "CNY") == "指标：2026-06 为 85.0%，未达目标 90.0%（样本量 1,234）"
    near = Signal("near_limit", "k", "K", "指标", "share", "month", date(2026, 6, 1), 0.85, None, 12, 0.5, 0.9, 24, 0.7)
    assert signal_line(near, "en", "CNY") == (
        "K: 85.0% in 2026-06; the second of three months near the same end of 50.0% to 90.0%, the natural limits of "
        "the 24 months before (sample 12)"
    )
    shift = Signal("shifted", "k", "K", "指标", "share", "month", date(2026, 6, 1), 0.85, None, 12, 0.5, 0.9, 24, 0.7)
    assert signal_line(shift, "en", "CNY") == (
        "K: 85.0% in 2026-06; the 8th month in a row on one side of 70.0%, the mean of the 24 months before (sample 12)"
    )
    assert signal_line(shift, "zh", "CNY") == (
        "指标：2026-06 为 85.0%；连续 8 个月位于此前 24 个月均值 70.0% 的同一侧（样本量 12）"
    )
