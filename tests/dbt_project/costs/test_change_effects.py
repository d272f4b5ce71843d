"""The change of a total and of a mean splits exactly over segments, whatever appears, vanishes or costs without volume."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

MACRO = Path(__file__).parents[3] / "dbt_project" / "macros" / "statistics" / "change_effects.sql"
# The segment's own figures are c0, v0, c1, v1; c, v with _all those of all segments.
TEMPLATE = """
with segments as (select unnest(?::double[]) as c0, unnest(?::double[]) as v0, unnest(?::double[]) as c1,
                         unnest(?::double[]) as v1, generate_subscripts(?::double[], 1) as segment),
totals as (
    select *, sum(c0) over () as c0_all, sum(v0) over () as v0_all, sum(c1) over () as c1_all, sum(v1) over () as v1_all
    from segments
),
rated as (
    select *,
        {{ comparable_rate('c0', 'v0', 'c1', 'v1') }} as r0,
        {{ comparable_rate('c1', 'v1', 'c0', 'v0') }} as r1,
        {{ comparable_rate('c0_all', 'v0_all', 'c1_all', 'v1_all') }} as o0,
        {{ comparable_rate('c1_all', 'v1_all', 'c0_all', 'v0_all') }} as o1
    from totals
)
select
    coalesce({{ volume_effect('v0', 'v1', 'o0', 'o1') }}, 0),
    coalesce({{ mix_effect('v0', 'v1', 'r0', 'r1', 'o0', 'o1') }}, 0),
    coalesce({{ rate_effect('v0', 'v1', 'r0', 'r1') }}, 0),
    case when v0_all > 0 and v1_all > 0 then
        coalesce({{ mix_effect('v0 / v0_all', 'v1 / v1_all', 'r0', 'r1', 'o0', 'o1') }}, 0) end,
    case when v0_all > 0 and v1_all > 0 then
        coalesce({{ rate_effect('v0 / v0_all', 'v1 / v1_all', 'r0', 'r1') }}, 0) end
from rated
order by segment
"""
Period = list[tuple[float, int]]
Effects = list[tuple[float, float, float, float | None, float | None]]


@cache
def statement() -> str:
    text = MACRO.read_text(encoding="utf-8") + TEMPLATE
    return Environment(autoescape=False).from_string(text).render()  # noqa: S701


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def split(con: duckdb.DuckDBPyConnection, before: Period, after: Period) -> Effects:
    """Per segment: volume, mix and rate effect of the total, mix and rate effect of the mean."""
    columns = [[c for c, _ in before], [v for _, v in before], [c for c, _ in after], [v for _, v in after]]
    return con.execute(statement(), [*columns, columns[0]]).fetchall()


# A segment with volume costs something (or gives back); one without any is not there.
SEGMENT = st.one_of(
    st.just((0.0, 0)),
    st.tuples(st.integers(-50_000, 10_000_000).map(lambda cents: cents / 100), st.integers(1, 5_000)),
)
PERIODS = st.integers(1, 8).flatmap(
    lambda size: st.tuples(*[st.lists(SEGMENT, min_size=size, max_size=size) for _ in range(2)])
)


@given(PERIODS)
@settings(max_examples=200, deadline=None)
def test_the_effects_are_the_whole_change(periods: tuple[Period, Period]) -> None:
    """Per segment for a total, over all segments for a mean; also where a segment or a whole period is empty."""
    before, after = periods
    with duckdb.connect() as con:
        effects = split(con, before, after)
    scale = 1 + sum(abs(c) for c, _ in before + after)
    for (c0, _), (c1, _), (volume, mix, rate, _, _) in zip(before, after, effects, strict=True):
        assert volume + mix + rate == pytest.approx(c1 - c0, abs=1e-10 * scale)
    volume_before, volume_after = (sum(v for _, v in period) for period in periods)
    if volume_before and volume_after:
        change = sum(c for c, _ in after) / volume_after - sum(c for c, _ in before) / volume_before
        split_change = sum((mix or 0) + (rate or 0) for _, _, _, mix, rate in effects)
        assert split_change == pytest.approx(change, abs=1e-10 * scale)


@given(PERIODS)
@settings(max_examples=100, deadline=None)
def test_both_periods_are_treated_alike(periods: tuple[Period, Period]) -> None:
    """Swapped, every effect changes its sign and nothing else."""
    with duckdb.connect() as con:
        there, back = split(con, *periods), split(con, periods[1], periods[0])
    scale = 1 + sum(abs(c) for period in periods for c, _ in period)
    for forth, reverse in zip(there, back, strict=True):
        for one, other in zip(forth, reverse, strict=True):
            assert (one is None) == (other is None)
            assert (one or 0.0) == pytest.approx(-(other or 0.0), abs=1e-10 * scale)


def test_volumes_that_grow_alike_make_no_mix_and_rates_that_stay_no_rate_effect(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Twice as many requests everywhere at the same rates: all is volume."""
    effects = split(con, [(100, 10), (300, 10)], [(200, 20), (600, 20)])
    assert [effect[:3] for effect in effects] == [(200.0, -100.0, 0.0), (200.0, 100.0, 0.0)]
    assert sum(effect[1] for effect in effects) == 0
    assert [effect[3:] for effect in effects] == [(0.0, 0.0), (0.0, 0.0)]


def test_a_segment_that_appears_has_no_rate_effect(con: duckdb.DuckDBPyConnection) -> None:
    """Nobody has seen its rate change: its whole amount is volume and mix."""
    effects = split(con, [(100, 10), (0, 0)], [(100, 10), (90, 3)])
    assert effects[1][2] == 0
    assert effects[1][0] + effects[1][1] == pytest.approx(90)
