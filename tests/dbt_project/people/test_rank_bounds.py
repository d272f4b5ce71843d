"""Rank intervals, scores and shrinkage keep their laws on whatever numbers."""

from __future__ import annotations

import duckdb
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_project.rendered import expression_sql

RANKS = expression_sql("rank_bounds('bars', ['g'], 'person', 'low', 'high')")
SCORE = expression_sql("score_between('value', 'worst', 'best')")
WEIGHT = expression_sql("shrinkage_weight('kind', 'between', 'items')")
CORRELATION = expression_sql("moment_correlation('pearson', 'people', 'items', 'squares')")

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
BARS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(-9, 9), st.integers(0, 6)), min_size=1, max_size=25)


@given(BARS)
@settings(max_examples=100, deadline=None)
def test_a_rank_interval_counts_who_is_certainly_better_and_worse(bars: list[tuple[str, int, int]]) -> None:
    """Against every pair: also for equal ends, and with the rank by the middle inside."""
    frame = pd.DataFrame(
        [
            {"g": group, "person": f"p{number}", "low": float(middle - half), "high": float(middle + half)}
            for number, (group, middle, half) in enumerate(bars)
        ]
    )
    with duckdb.connect() as con:
        con.register("bars", frame)
        found = con.execute(RANKS).df().set_index("person")
    assert len(found) == len(bars)
    for number, (group, middle, half) in enumerate(bars):
        peers = [(m, h) for g, m, h in bars if g == group]
        row = found.loc[f"p{number}"]
        assert row["ranked_count"] == len(peers)
        assert row["rank_low"] == 1 + sum(m - h > middle + half for m, h in peers)
        assert row["rank_high"] == len(peers) - sum(m + h < middle - half for m, h in peers)
        assert row["rank_low"] <= 1 + sum(m > middle for m, _ in peers) <= row["rank_high"]


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
@settings(max_examples=100, deadline=None)
def test_a_score_is_clamped_and_grows_towards_best(one: float, other: float, worst: float, best: float) -> None:
    rows = pd.DataFrame([{"value": value, "worst": worst, "best": best} for value in (one, other)])
    with duckdb.connect() as con:
        con.register("rows", rows)
        first, second = (score for (score,) in con.execute(f"select {SCORE} from rows").fetchall())
    if worst == best:
        assert first is None
        return
    assert 0 <= first <= 1
    nearer = one - other if best > worst else other - one
    if nearer >= 0:
        assert first >= second - 1e-9
    else:
        assert first <= second + 1e-9


@given(
    st.sampled_from(["ratio", "mean"]),
    st.floats(0, 0.999999),
    st.floats(1, 1e6),
    st.floats(0, 1),
    st.floats(0, 1),
)
@settings(max_examples=100, deadline=None)
def test_an_adjusted_value_lies_between_observed_and_expected(
    kind: str, between: float, items: float, value: float, expected: float
) -> None:
    rows = pd.DataFrame([{"kind": kind, "between": between, "items": items}])
    with duckdb.connect() as con:
        con.register("rows", rows)
        ((weight,),) = con.execute(f"select {WEIGHT} from rows").fetchall()
    assert 0 <= weight <= 1
    adjusted = expected + weight * (value - expected)
    assert min(value, expected) - 1e-12 <= adjusted <= max(value, expected) + 1e-12


@given(st.lists(st.integers(1, 500), min_size=2, max_size=30), st.floats(0, 1e4))
@settings(max_examples=100, deadline=None)
def test_a_correlation_is_one(items: list[int], pearson: float) -> None:
    """Between 0 and 1, and 0 where people differ less than by chance."""
    row = {
        "pearson": pearson,
        "people": len(items),
        "items": float(sum(items)),
        "squares": float(sum(n * n for n in items)),
    }
    with duckdb.connect() as con:
        con.register("rows", pd.DataFrame([row]))
        ((found,),) = con.execute(f"select {CORRELATION} from rows").fetchall()
    assert 0 <= found < 1
    if pearson <= len(items) - 1:
        assert found == 0
