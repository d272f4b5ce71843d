"""Laws of sharing out: nothing is lost or made, in whatever order, and what weighs nothing changes nothing."""

from __future__ import annotations

import random
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

MACRO = Path(__file__).parents[3] / "dbt_project" / "macros" / "share_out.sql"
TEMPLATE = """
with weights as (
    select unnest(?::bigint[]) as object, unnest(?::decimal(38, 8)[]) as weight
),
running as (
    select *,
        sum(weight) over (order by object rows between unbounded preceding and current row) as running_weight,
        sum(weight) over () as total_weight
    from weights
)
select object, {{ share_out('cast(? as decimal(18, 4))', 'weight', 'running_weight', 'total_weight') }}
from running
order by object
"""
AMOUNT = st.decimals(min_value=-1_000_000, max_value=10_000_000, places=4)
WEIGHTS = st.lists(st.decimals(min_value=0, max_value=100_000, places=4), min_size=1, max_size=40).filter(any)
STEP = Decimal("0.0001")


@cache
def statement() -> str:
    text = MACRO.read_text(encoding="utf-8") + TEMPLATE
    return Environment(autoescape=False).from_string(text).render()  # noqa: S701


def share(amount: Decimal, weights: dict[int, Decimal]) -> dict[int, Decimal]:
    """Share `amount` over objects by weight; objects are delivered in the order of the dictionary."""
    with duckdb.connect() as con:
        rows = con.execute(statement(), [list(weights), list(weights.values()), amount, amount]).fetchall()
    return dict(rows)


@given(AMOUNT, WEIGHTS, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_shares_add_up_to_the_amount_in_any_order(
    amount: Decimal, weights: list[Decimal], order: random.Random
) -> None:
    by_object = dict(enumerate(weights))
    shares = share(amount, by_object)
    assert sum(shares.values()) == amount
    total = sum(weights)
    # Each share is its exact part, rounded: an end of a running sum may be half a step off at both sides.
    assert all(abs(shares[key] - amount * weight / total) <= STEP * 2 for key, weight in by_object.items())
    shuffled = list(by_object.items())
    order.shuffle(shuffled)
    assert share(amount, dict(shuffled)) == shares
    # Other names make another order: the last digits move, the sum does not.
    renamed = {len(weights) - key: weight for key, weight in shuffled}
    assert sum(share(amount, renamed).values()) == amount


@given(AMOUNT, WEIGHTS, st.integers(0, 40))
@settings(max_examples=100, deadline=None)
def test_a_weight_of_nothing_changes_nothing(amount: Decimal, weights: list[Decimal], place: int) -> None:
    """An object of weight 0 gets 0, wherever it stands, and the others keep theirs to the last digit."""
    alone = {2 * key: weight for key, weight in enumerate(weights)}
    nothing = 2 * min(place, len(weights)) - 1
    with_nothing = share(amount, {**alone, nothing: Decimal(0)})
    assert with_nothing.pop(nothing) == 0
    assert with_nothing == share(amount, alone)
