"""Cohorts and customer flows against plain Python that looks at every customer and month by itself."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_project.rendered import PROJECT, model_sql

FIRST = date(2024, 1, 1)
MONTHS = 30
AS_OF = date(2026, 6, 15)
IDLE = 12
BRACKETS = ((1, 3), (4, 6), (7, 12))

Bought = list[tuple[int, int, int]]
"""Customer, days after FIRST, amount."""

purchases = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, (AS_OF - FIRST).days), st.integers(1, 100)), min_size=1, max_size=25
)
contracts = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 800), st.integers(1, 900)), max_size=6)
warranties = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 800), st.integers(1, 900)), max_size=4)


def month(day: date) -> int:
    return (day.year - FIRST.year) * 12 + day.month - FIRST.month


def starts() -> list[date]:
    return [date(FIRST.year + number // 12, number % 12 + 1, 1) for number in range(MONTHS)]


def day_of(offset: int) -> date:
    return FIRST + timedelta(days=offset)


def tables(con: duckdb.DuckDBPyConnection, bought: Bought, covered: Bought, warranted: Bought) -> None:
    """What the models read; contracts and warranties run for the third number of days."""
    con.execute("create table int_kpi_as_of as select ? as as_of_date, ? as last_date", [AS_OF, AS_OF])
    con.execute("create table dim_dates (month_start_date date)")
    con.executemany("insert into dim_dates values (?)", [[day] for day in starts()])
    con.execute("create table fct_tickets (source varchar, customer_id varchar, created_date date)")
    con.execute(
        "create table fct_purchases (source varchar, customer_id varchar, amount decimal(18, 4), is_valid boolean, "
        "purchased_date date, contract_end_date date)"
    )
    rows: list[list[object]] = [["s", f"c{who}", amount, True, day_of(at), None] for who, at, amount in bought]
    rows += [["s", f"c{who}", 1, True, day_of(at), day_of(at + days)] for who, at, days in covered]
    con.executemany("insert into fct_purchases values (?, ?, ?, ?, ?, ?)", rows)
    con.execute(
        "create table stg_assets (customer_id varchar, sold_date date, installed_date date, warranty_until_date date)"
    )
    if warranted:
        con.executemany(
            "insert into stg_assets values (?, ?, null, ?)",
            [[f"c{who}", day_of(at), day_of(at + days)] for who, at, days in warranted],
        )


def test_the_brackets_here_are_those_of_the_project() -> None:
    """The laws below would hold of other brackets too, but not say so."""
    assert "retention_brackets: [[1, 3], [4, 6], [7, 12]]" in (PROJECT / "dbt_project.yml").read_text(encoding="utf-8")


@given(purchases)
@settings(max_examples=25, deadline=None)
def test_cohorts_are_what_counting_customers_one_by_one_gives(bought: Bought) -> None:
    """All three forms, customers and money; N-period ≤ unbounded, which never rises; bracket ≥ its best month."""
    with duckdb.connect() as con:
        tables(con, bought, [], [])
        found = con.execute(
            "select retention_form, cohort_month_date, period_number, active_count, amount, cohort_size "
            f"from ({model_sql('agg_retention_cohorts')}) where source = 's' and activity = 'purchase'"
        ).fetchall()
    active: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for who, at, amount in bought:
        active[who][month(day_of(at))] += amount
    cohorts = defaultdict(list)
    for months in active.values():
        cohorts[min(months)].append(months)
    expected = {}
    for first, customers in cohorts.items():
        for number in range(MONTHS - first):
            spans = {"n_period": (number, number), "unbounded": (number, MONTHS)}
            spans |= {form: span for form, span in zip(["bracket"] * 3, BRACKETS, strict=True) if span[0] == number}
            for form, (low, high) in spans.items():
                paid = [[months.get(first + k, 0) for k in range(low, high + 1)] for months in customers]
                expected[form, first, number] = (sum(map(any, paid)), sum(map(sum, paid)), len(customers))
    cells = {(form, month(start), number): tuple(map(int, rest)) for form, start, number, *rest in found}
    assert cells == expected

    counts = {key: value[0] for key, value in cells.items()}
    for (form, first, number), count in counts.items():
        assert count <= counts["unbounded", first, number]
        if form == "unbounded" and number:
            assert count <= counts["unbounded", first, number - 1]
        if form == "bracket":
            high = next(last for low, last in BRACKETS if low == number)
            each = [counts.get(("n_period", first, k), 0) for k in range(number, high + 1)]
            assert max(each) <= count <= sum(each)


@given(purchases, contracts, warranties)
@settings(max_examples=25, deadline=None)
def test_customer_flows_are_what_the_state_of_each_customer_at_each_month_gives(
    bought: Bought, covered: Bought, warranted: Bought
) -> None:
    """E = S + N + R − C, the start of a month is the end of the one before, and who is active is as the decisions say:
    12 months after an order, to the end of a contract, of a warranty at least 12 months."""
    with duckdb.connect() as con:
        tables(con, bought, covered, warranted)
        con.execute("create table int_kpi_periods (period_grain varchar, period_start_date date, measured_date date)")
        periods: list[tuple[str, date, date]]
        periods = [("month", start, end - timedelta(days=1)) for start, end in pairwise([*starts(), date(2026, 7, 1)])]
        periods += [("quarter", starts()[k], periods[min(k + 2, MONTHS - 1)][2]) for k in range(0, MONTHS, 3)]
        periods += [("year", starts()[k], periods[min(k + 11, MONTHS - 1)][2]) for k in range(0, MONTHS, 12)]
        con.executemany("insert into int_kpi_periods values (?, ?, ?)", periods)
        con.execute(f"create table int_kpi_customer_spans as {model_sql('int_kpi_customer_spans')}")
        rows = con.execute(
            "select period_grain, period_start_date, start_count, new_count, returning_count, retained_count, "
            "churned_count, end_count, amount, is_mature "
            f"from ({model_sql('int_kpi_customer_periods')}) where activity = 'product_use'"
        ).fetchall()

    holds = _months_at_whose_end_customers_are_active(bought, covered, warranted)
    paid: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for who, at, amount in [*bought, *((who, at, 1) for who, at, _ in covered)]:
        paid[who][month(day_of(at))] += amount
    history = min(min(months) for months in paid.values())
    expected = {}
    for grain, start, end in periods:
        before, last = month(start) - 1, month(end)
        known = {who for who, months in holds.items() if before in months}
        there = {who for who, months in holds.items() if last in months}
        came = {who for who, months in holds.items() if who not in known and months & set(range(before + 1, last + 1))}
        fresh = {who for who in came if min(holds[who]) > before}
        amount = sum(paid[who].get(k, 0) for who in list(paid) for k in range(before + 1, last + 1))
        if known or came:
            expected[grain, start] = (
                len(known), len(fresh), len(came - fresh), len(known & there), len((known | came) - there), len(there),
                amount, before >= history + IDLE - 1,
            )  # fmt: skip
    assert {(grain, start): tuple(rest) for grain, start, *rest in rows} == expected
    for before, new, returning, _, churned, after, _, _ in expected.values():
        assert after == before + new + returning - churned


def _months_at_whose_end_customers_are_active(
    bought: Bought, covered: Bought, warranted: Bought
) -> dict[int, set[int]]:
    holds: dict[int, set[int]] = defaultdict(set)
    for who, at, _ in bought:
        first = month(day_of(at))
        holds[who] |= set(range(first, first + IDLE))
    for who, at, days in covered:
        holds[who].add(month(day_of(at)))
        holds[who] |= _month_ends_within(at, days)
    for who, at, days in warranted:
        first = month(day_of(at))
        holds[who] |= set(range(first, first + IDLE)) | _month_ends_within(at, days)
    return holds


def _month_ends_within(at: int, days: int) -> set[int]:
    """Months of which the last day lies from day `at` to `days` later, both included."""
    run = [day_of(at + step) for step in range(days + 1)]
    return {month(day) for day in run if (day + timedelta(days=1)).day == 1}
