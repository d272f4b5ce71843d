"""What has newly risen: the closed tail beside scipy's, a planted rise found, and silence where nothing rises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from orchestration.sample.plants import EVERYTHING, NOTHING, Plant
from tests.dbt_project.feedback.written import themes_by_month
from tests.dbt_project.rendered import expression_sql, model_sql

MONTHS = [date(2025 + month // 12, month % 12 + 1, 1) for month in range(14)]
THEMES = ("price", "not_fixed", "parts_wait", "late_visit", "attitude_bad")
CHANCE = expression_sql("normal_upper_tail('z')")
Z = expression_sql("binomial_tail_z('k', 'n', 'p')")
TAIL = (
    f"select {CHANCE} from (select {Z} as z "
    "from (select cast($1 as bigint) as k, cast($2 as bigint) as n, cast($3 as double) as p))"
)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


@settings(max_examples=300, deadline=None)
@given(st.integers(10, 5000), st.floats(0.02, 0.6), st.floats(0, 1))
def test_the_tail_is_scipys(con: duckdb.DuckDBPyConnection, trials: int, share: float, quantile: float) -> None:
    successes = max(1, int(binom.isf(quantile, trials, share)))
    (found,) = con.execute(TAIL, [successes, trials, share]).fetchone() or (None,)
    exact = float(binom.sf(successes - 1, trials, share))
    if exact > 1e-9:
        assert found == pytest.approx(exact, rel=0.05, abs=1e-4)


@pytest.mark.parametrize("z", [-6.0, -1.0, 0.0, 0.5, 1.96, 4.0, 8.0])
def test_the_normal_tail_is_scipys(con: duckdb.DuckDBPyConnection, z: float) -> None:
    assert con.execute(f"select {CHANCE} from (select cast(? as double) as z)", [z]).fetchone() == (
        pytest.approx(float(norm.sf(z)), abs=7.5e-8),
    )


def judged(counts: dict[tuple[date, str], int], read: int) -> pd.DataFrame:
    """Rows of agg_feedback_themes_monthly for a company of one segment, from comments by month and theme."""
    every = {"segment": "all", "site_id": "all", "product_family": "all", "period_grain": "month"}
    sentiment = pd.DataFrame(
        [every | {"period_start_date": month, "feedback_kind": "all", "read_count": read} for month in MONTHS]
    )
    themes = pd.DataFrame(
        [
            every | {
                "period_start_date": month, "theme": theme, "polarity": "complaint", "comment_count": count,
                "read_count": read, "comment_share": count / read, "comment_low": 0.0, "comment_high": 1.0,
                "severity_mean": 2.0, "intensity_mean": 0.8, "is_complete": month != MONTHS[-1],
            }
            for (month, theme), count in counts.items()
            if count
        ]
    )  # fmt: skip
    with duckdb.connect() as made:
        for name, frame in (("agg_feedback_sentiment", sentiment), ("agg_feedback_themes", themes)):
            made.register("frame", frame)
            made.execute(
                f"create table {name} as "
                "select * replace (cast(period_start_date as date) as period_start_date) from frame"
            )
        return made.execute(model_sql("agg_feedback_themes_monthly") + " order by month_start_date, theme").df()


def drawn(seed: int, months: Sequence[date], read: int = 60) -> dict[tuple[date, str], int]:
    """Counts of a company in which nothing changes."""
    rng = np.random.default_rng(seed)
    return {(month, theme): int(rng.binomial(read, 0.1)) for month in months for theme in THEMES}


def test_a_planted_rise_is_named_in_its_month_alone() -> None:
    counts = drawn(1, MONTHS) | {(MONTHS[9], "parts_wait"): 24}
    rows = judged(counts, 60)
    assert rows.loc[rows["is_rising"], ["month_start_date", "theme"]].values.tolist() == [
        [pd.Timestamp(MONTHS[9]), "parts_wait"]
    ]
    row = rows[(rows["theme"] == "parts_wait") & (rows["month_start_date"] == pd.Timestamp(MONTHS[9]))].iloc[0]
    before = sum(counts[month, "parts_wait"] for month in MONTHS[3:9])
    exact = binom.sf(23, 24 + before, 1 / 7) * len(THEMES)
    assert (row["baseline_count"], row["baseline_read_count"], row["question_count"]) == (before, 360, 5)
    assert row["adjusted_p_value"] == pytest.approx(exact, rel=0.05)


def test_companies_in_which_nothing_rises_stay_silent() -> None:
    """At most 1 month of 100 may name any theme: of 60 companies × 10 months that is 6."""
    alarms = 0
    for seed in range(60):
        rows = judged(drawn(100 + seed, MONTHS), 60)
        alarms += rows[rows["is_rising"]]["month_start_date"].nunique()
    assert alarms <= 12
    assert rows["is_tested"].sum() > 30


def test_nothing_is_said_of_first_months_few_comments_and_months_in_progress() -> None:
    counts = {(month, "price"): 6 for month in MONTHS} | {(MONTHS[5], "late_visit"): 9}
    counts |= {(MONTHS[1], "safety"): 60, (MONTHS[-1], "not_fixed"): 60}
    rows = judged(counts, 60)
    assert not rows["is_rising"].any()
    tested = rows[rows["is_tested"]]
    assert tested["theme"].unique().tolist() == ["price"]
    assert tested["month_start_date"].min() == pd.Timestamp(MONTHS[3])
    assert tested["month_start_date"].max() == pd.Timestamp(MONTHS[-2])
    assert rows.loc[~rows["is_tested"], "adjusted_p_value"].isna().all()


def risen(rows: pd.DataFrame) -> set[tuple[str, str]]:
    """Month and theme of what is called newly rising."""
    found = rows[rows["is_rising"]]
    return set(zip(found["month_start_date"].dt.strftime("%Y-%m"), found["theme"], strict=True))


def test_the_silence_of_the_last_month_is_what_customers_write_about() -> None:
    """Planted in the sample company, read from its comments: of all themes and months, this one."""
    rows = themes_by_month(7, 12_000, NOTHING)
    assert risen(rows) == {("2026-06", "communication_bad")}


@pytest.mark.parametrize("without", [frozenset({Plant.SILENT_NOTICES}), EVERYTHING])
def test_without_it_nothing_rises(without: frozenset[Plant]) -> None:
    rows = themes_by_month(7, 12_000, without)
    assert rows["is_tested"].sum() > 50
    assert not risen(rows)
