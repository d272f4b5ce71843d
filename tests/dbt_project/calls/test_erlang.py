"""The staffing formulas in SQL give published figures, agree with independent implementations, and keep their laws.

The oracles: Erlang B and C from their defining sums in fractions, and Erlang A from the stationary law of its
birth-and-death process with the exact law of the wait behind k others (regularised incomplete beta), none of which the
SQL uses.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import duckdb
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import betainc

from tests.dbt_project.rendered import expression_sql


class Demand(NamedTuple):
    """Load in Erlangs, mean handling time and patience in seconds, and the target."""

    load: float
    handle: float = 300.0
    patience: float | None = 400.0
    share: float = 0.8
    within: float = 20.0


REQUIRE_AGENTS = expression_sql("require_agents('demand')")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def require(con: duckdb.DuckDBPyConnection, demands: Sequence[Demand]) -> list[tuple[int | None, int | None]]:
    """Agents by Erlang C and by Erlang A for each demand, as the model asks for them."""
    con.execute(
        "create or replace table demand (load_id bigint, load double, handle_seconds double, patience_seconds double, "
        "target_share double, target_seconds double)"
    )
    con.executemany("insert into demand values (?, ?, ?, ?, ?, ?)", [(n, *demand) for n, demand in enumerate(demands)])
    found = {key: (c, a) for key, c, a in con.execute(REQUIRE_AGENTS).fetchall()}
    return [found.get(n, (None, None)) for n in range(len(demands))]


def evaluate(con: duckdb.DuckDBPyConnection, expression: str) -> float:
    row = con.execute(f"select {expression_sql(expression)}").fetchone()
    assert row is not None
    return float(row[0])


def exact_blocking(load: Fraction, agents: int) -> Fraction:
    """Erlang's B as he wrote it: (aⁿ/n!) / Σ aᵏ/k!."""
    terms = [load**k / math.factorial(k) for k in range(agents + 1)]
    return terms[-1] / sum(terms)


def erlang_c(load: float, agents: int, handle: float, within: float) -> float:
    """Share answered within so many seconds, from Erlang's C as he wrote it; exact but for the exponential."""
    if agents <= load:
        return 0.0
    a = Fraction(load)
    waiting = a**agents / math.factorial(agents) * agents / (agents - a)
    wait_share = waiting / (sum(a**k / math.factorial(k) for k in range(agents)) + waiting)
    return 1 - float(wait_share) * math.exp(-(agents - load) * within / handle)


def erlang_a(demand: Demand, agents: int, within: float) -> tuple[float, float]:
    """Share answered within so many seconds, and share that gives up, of the M/M/n+M queue."""
    assert demand.patience is not None
    arrive, serve, leave = demand.load / demand.handle, 1 / demand.handle, 1 / demand.patience
    states = agents + 4_000
    step = np.array([arrive / (min(k, agents) * serve + max(k - agents, 0) * leave) for k in range(1, states)])
    log_law = np.concatenate([[0.0], np.cumsum(np.log(step))])
    law = np.exp(log_law - log_law.max())
    law /= law.sum()
    # Behind k others in the queue the wait is a sum of exponentials of rates nμ + iθ, i = 0 … k.
    ahead = np.arange(states - agents)
    passed = agents * serve / leave
    reaches = betainc(ahead + 1, passed, -math.expm1(-within * leave))
    # Of the race between patience and that wait: E[e^(−θV); V ≤ t], the same law with nμ + θ for nμ.
    share = passed / (passed + ahead + 1)
    served = share * betainc(ahead + 1, passed + 1, -math.expm1(-within * leave))
    assert np.all(served <= reaches + 1e-12)
    gives_up = float((law[agents:] * ahead).sum()) * leave / arrive
    return float(law[:agents].sum() + (law[agents:] * served).sum()), gives_up


def sql_erlang_a(con: duckdb.DuckDBPyConnection, asked: Sequence[tuple[Demand, int, float]]) -> list[float]:
    """The macro's share answered in time, for each demand with so many agents within so many seconds."""
    con.execute("create or replace table asked (n int, blocking double, pace double, drain double, within double)")
    for n, (demand, agents, within) in enumerate(asked):
        assert demand.patience is not None
        scale = demand.patience / demand.handle
        before = float(exact_blocking(Fraction(demand.load), agents - 1))
        con.execute(
            "insert into asked values (?, ?, ?, ?, ?)",
            (n, before, demand.load * scale, agents * scale, within / demand.patience),
        )
    formula = expression_sql("erlang_a_service_level('blocking', 'pace', 'drain', 'within')")
    return [float(share) for (share,) in con.execute(f"select {formula} from asked order by n").fetchall()]


@pytest.mark.parametrize(
    ("load", "agents", "blocking"),
    # The table of Erlang B in any handbook of teletraffic (offered traffic at the blocking in the head of the column):
    # 10 circuits carry 4.461 Erlangs at 1 %, 20 carry 12.03 at 1 %, 100 carry 84.06 at 1 %, 5 carry 2.881 at 10 %.
    [(4.461, 10, 0.01), (12.03, 20, 0.01), (84.06, 100, 0.01), (2.881, 5, 0.10)],
)
def test_blocking_is_that_of_the_tables(
    con: duckdb.DuckDBPyConnection, load: float, agents: int, blocking: float
) -> None:
    found = 1.0
    for n in range(1, agents + 1):
        found = evaluate(con, f"erlang_b('cast({load} as double)', '{n}', '{found!r}::double')")
    assert found == pytest.approx(blocking, rel=2e-3)
    assert found == pytest.approx(float(exact_blocking(Fraction(load), agents)), rel=1e-12)
    back = evaluate(con, f"erlang_b_before('cast({load} as double)', '{agents}', '{found!r}::double')")
    assert back == pytest.approx(float(exact_blocking(Fraction(load), agents - 1)), rel=1e-12)


def test_a_published_worked_example_of_erlang_c(con: duckdb.DuckDBPyConnection) -> None:
    """200 calls an hour of 3 minutes, 80 % within 20 s: 14 agents, of whom 17.4 % of callers wait, 88.8 % in time
    (Call Centre Helper, "Erlang C formula – made simple with an easy worked example"); 13 agents do not reach it."""
    assert erlang_c(10, 14, 180, 0) == pytest.approx(1 - 0.1741, abs=5e-5)
    assert erlang_c(10, 14, 180, 20) == pytest.approx(0.888, abs=5e-4)
    assert erlang_c(10, 13, 180, 20) < 0.8
    assert require(con, [Demand(10, 180, None)]) == [(14, None)]


def test_published_figures_of_erlang_a(con: duckdb.DuckDBPyConnection) -> None:
    """Mandelbaum and Zeltyn (2007), comparison of M/M/n and Erlang A: 48 calls a minute of a minute, 50 agents. Without
    impatience the mean wait is 20.8 s; with a patience of 2 minutes 3.1 % give up and the mean wait is 3.7 s."""
    demand = Demand(48, 60, 120)
    wait_share = 1 - erlang_c(48, 50, 60, 0)
    assert wait_share * 60 / (50 - 48) == pytest.approx(20.8, abs=0.05)
    _, gives_up = erlang_a(demand, 50, 20)
    assert gives_up == pytest.approx(0.031, abs=5e-4)
    assert gives_up * 120 == pytest.approx(3.7, abs=0.05)
    # The waits end long before two minutes: nearly all who do not give up are answered by then.
    assert sql_erlang_a(con, [(demand, 50, 120)]) == pytest.approx([1 - gives_up], abs=1e-4)


def test_erlang_a_is_that_of_its_birth_and_death_process(con: duckdb.DuckDBPyConnection) -> None:
    asked = [
        (Demand(load, 300, patience), agents, within)
        for patience in (20.0, 120.0, 400.0, 900.0)
        for load in (0.01, 0.7, 5.0, 48.0, 95.0)
        for agents in {max(math.ceil(0.8 * load), 1), math.ceil(load) + 1, math.ceil(load + 3 * load**0.5) + 1}
        for within in (0.5, 20.0, 90.0)
    ]
    expected = [erlang_a(*each)[0] for each in asked]
    assert sql_erlang_a(con, asked) == pytest.approx(expected, abs=1e-9)


demands = st.builds(
    Demand,
    load=st.one_of(st.floats(1e-4, 5), st.floats(5, 120)),
    handle=st.floats(30, 1_200),
    patience=st.one_of(st.none(), st.floats(30, 300)),
    share=st.floats(0.5, 0.98),
    within=st.floats(0, 120),
)


# Who gives up is not answered: a high target within a long time needs more agents than without impatience.
MORE_THAN_BY_C = [Demand(1.0, 30.0, 30.0, 0.9765625, 21.0), Demand(100.0, 300.0, 100.0, 0.999, 200.0)]


@given(st.lists(demands, min_size=1, max_size=40))
@example(MORE_THAN_BY_C)
@settings(max_examples=8, deadline=None)
def test_the_target_is_met_by_the_agents_and_missed_by_one_fewer(given_demands: list[Demand]) -> None:
    with duckdb.connect() as con:
        found = require(con, given_demands)
    for demand, (by_c, by_a) in zip(given_demands, found, strict=True):
        assert by_c is not None
        assert by_c > demand.load
        assert erlang_c(demand.load, by_c, demand.handle, demand.within) >= demand.share - 1e-9
        assert erlang_c(demand.load, by_c - 1, demand.handle, demand.within) < demand.share + 1e-9
        if demand.patience is None or demand.load * demand.patience / demand.handle > 300:
            assert by_a is None
            continue
        assert by_a is not None
        assert by_a >= 1
        assert erlang_a(demand, by_a, demand.within)[0] >= demand.share - 1e-7
        if by_a > 1:
            assert erlang_a(demand, by_a - 1, demand.within)[0] < demand.share + 1e-7


def test_more_load_or_a_higher_target_never_needs_fewer_agents(con: duckdb.DuckDBPyConnection) -> None:
    loads = [Demand(0.01 * 1.1**step) for step in range(97)]
    shares = [Demand(20, share=0.5 + 0.005 * step) for step in range(98)]
    found = require(con, [*loads, *shares])
    for series in (found[: len(loads)], found[len(loads) :]):
        for column in zip(*series, strict=True):
            assert all(less is not None and more is not None and less <= more for less, more in pairwise(column))
            assert column[0] != column[-1]


def test_erlang_a_is_left_out_beyond_its_reach(con: duckdb.DuckDBPyConnection) -> None:
    """More than 300 arrivals within a mean patience would need more terms than the series has."""
    within, beyond = require(con, [Demand(99, patience=900), Demand(101, patience=900)])
    assert None not in within
    assert beyond[0] is not None
    assert beyond[1] is None


def test_hundreds_of_agents_do_not_overflow(con: duckdb.DuckDBPyConnection) -> None:
    [(by_c, _)] = require(con, [Demand(900, patience=None)])
    assert by_c is not None
    assert erlang_c(900, by_c, 300, 20) >= 0.8 > erlang_c(900, by_c - 1, 300, 20)
