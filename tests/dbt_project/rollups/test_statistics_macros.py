"""The statistics macros give published figures, keep their bounds, and clamp at both ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

MACROS = Path(__file__).parents[3] / "dbt_project" / "macros" / "statistics"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def evaluate(con: duckdb.DuckDBPyConnection, expression: str, **values: float | None) -> float | None:
    """The value of an expression of macros, with the named values as columns of one row of doubles."""
    macros = "\n".join(path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.sql")))
    sql = Environment(autoescape=False).from_string(macros + "{{ " + expression + " }}").render().strip()  # noqa: S701
    columns = ", ".join(f"cast(? as double) as {name}" for name in values)
    row = con.execute(f"select {sql} from (select {columns})", list(values.values())).fetchone()
    assert row is not None
    result: float | None = row[0]
    return result


def bounds(con: duckdb.DuckDBPyConnection, call: str, **values: float) -> tuple[float, float]:
    low, high = (evaluate(con, call.format(sign=sign), **values) for sign in "-+")
    assert low is not None
    assert high is not None
    return low, high


WILSON = "wilson_bound('x', 'n', '{sign}')"
NORMAL = "normal_bound('total', 'squares', 'n', '{sign}')"
POISSON = "poisson_bound('x', 'n', '{sign}')"
ADJUSTED_WALD = "adjusted_wald_bound('net', 'extremes', 'n', '{sign}')"


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe 1998 (Statistics in Medicine 17), table I, method 3: Wilson's score interval.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_published_intervals(
    con: duckdb.DuckDBPyConnection, successes: int, trials: int, low: float, high: float
) -> None:
    assert bounds(con, WILSON, x=successes, n=trials) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    # Newcombe 1998 (Statistics in Medicine 17, p. 873), table II, method 10: square-and-add of Wilson's intervals.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_a_difference_of_shares_has_published_intervals(
    con: duckdb.DuckDBPyConnection, first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    ends = [bounds(con, WILSON, x=x, n=n) for x, n in (first, second)]
    value, previous = first[0] / first[1], second[0] / second[1]
    found = [
        evaluate(
            con,
            f"difference_bound('value', 'bound', 'previous', 'previous_bound', '{sign}')",
            value=value,
            bound=ends[0]["-+".index(sign)],
            previous=previous,
            previous_bound=ends[1]["+-".index(sign)],
        )
        for sign in "-+"
    ]
    assert found == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=100, deadline=None)
def test_wilson_holds_its_share_within_0_and_1(sample: tuple[int, int]) -> None:
    successes, trials = sample
    with duckdb.connect() as con:
        low, high = bounds(con, WILSON, x=successes, n=trials)
    assert 0 <= low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high <= 1


def test_normal_interval_of_a_mean(con: duckdb.DuckDBPyConnection) -> None:
    """1, 2, 3, 4, 5: mean 3, sample deviation √2.5, half width 1.96 · √(2.5 / 5)."""
    low, high = bounds(con, NORMAL, total=15, squares=55, n=5)
    assert (low, high) == pytest.approx((3 - 1.95996 * 0.5**0.5, 3 + 1.95996 * 0.5**0.5), abs=1e-4)
    assert evaluate(con, NORMAL.format(sign="-"), total=3, squares=9, n=1) is None


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # Exact Poisson limits (Garwood 1936): Byar's approximation is to be within half a hundredth of the high end.
    [(1, 0.025, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (50, 37.111, 65.919)],
)
def test_poisson_limits_are_near_the_exact_ones(
    con: duckdb.DuckDBPyConnection, events: int, low: float, high: float
) -> None:
    ours = bounds(con, POISSON, x=events, n=1)
    assert ours[0] == pytest.approx(low, abs=0.03)
    assert ours[1] == pytest.approx(high, rel=0.005)


def test_no_event_leaves_room_for_some(con: duckdb.DuckDBPyConnection) -> None:
    """A technician without complaints in ten requests is not proven to have none: a normal interval said 0 to 0."""
    low, high = bounds(con, POISSON, x=0, n=10)
    assert low == 0
    assert high == pytest.approx(0.3689, abs=0.01)


def test_adjusted_wald_shrinks_small_samples(con: duckdb.DuckDBPyConnection) -> None:
    """Two promoters and one detractor of four: 100 · (1 ± …)/7, with 4.5 extremes of 7 in the variance."""
    low, high = bounds(con, ADJUSTED_WALD, net=1, extremes=3, n=4)
    half = 1.959964 * ((4.5 / 7 - (1 / 7) ** 2) / 7) ** 0.5
    assert (low, high) == pytest.approx((100 * (1 / 7 - half), 100 * (1 / 7 + half)), abs=1e-3)


@pytest.mark.parametrize("call", [WILSON, POISSON])
def test_no_items_no_interval(con: duckdb.DuckDBPyConnection, call: str) -> None:
    assert evaluate(con, call.format(sign="-"), x=0, n=0) is None
    assert evaluate(con, call.format(sign="+"), x=0, n=0) is None
    assert evaluate(con, ADJUSTED_WALD.format(sign="+"), net=0, extremes=0, n=0) is None


@pytest.mark.parametrize(
    ("value", "worst", "best", "score"),
    [
        (0.8, 0.6, 1.0, 0.5),
        (0.5, 0.6, 1.0, 0.0),
        (1.1, 0.6, 1.0, 1.0),
        (30, 60, 20, 0.75),
        (90, 60, 20, 0.0),
        (1, 60, 20, 1.0),
        (None, 60, 20, None),
        (1, 60, None, None),
        (1, 60, 60, None),
    ],
)
def test_a_score_clamps_at_both_ends_in_both_directions(
    con: duckdb.DuckDBPyConnection, value: float | None, worst: float, best: float | None, score: float | None
) -> None:
    ours = evaluate(con, "score_between('value', 'worst', 'best')", value=value, worst=worst, best=best)
    assert ours == (None if score is None else pytest.approx(score))
