"""The kinds of expectation that the suites are made of, each with its name, its sentence and what a failure means.

What Great Expectations has no field for travels in an expectation's `meta`: its name, the share of rows above which a
failure stops, or withholds, what it counts (rows of the table, other cases, or nothing), the column that a query is
about, what it guards, and what the rows of limits may set of it. Its own `severity` is critical where any failure
stops, and warning where none or only a large share does.
"""

# ruff: noqa: S608 - names come from contracts, all through expectations.sql; bounds are numbers
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import (
    ExpectColumnPairValuesAToBeGreaterThanB,
)
from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
from great_expectations.expectations.core.expect_column_values_to_be_unique import ExpectColumnValuesToBeUnique
from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
from great_expectations.expectations.core.expect_table_columns_to_match_set import ExpectTableColumnsToMatchSet
from great_expectations.expectations.core.expect_table_row_count_to_be_between import ExpectTableRowCountToBeBetween
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from expectations.limits import Setting, TableLimits, Takes
from expectations.results import WHOLE
from expectations.sql import identifier, identifiers, literal

Bound = float | datetime | None
Counts = Literal["rows", "cases", "measure"]

# What rows of limits may set.
NOTHING: Takes = frozenset()
SEVERITY: Takes = frozenset({"severity"})
SHARE: Takes = SEVERITY | {"tolerated_share", "doubted_share"}
BOUNDS: Takes = frozenset({"lowest", "highest"})
MEASURE: Takes = SEVERITY | BOUNDS | {"minimum_count"}


def row_count(limits: TableLimits, minimum: int, maximum: int | None = None) -> Expectation:
    """The table has `minimum` to `maximum` rows."""
    bounds = f"{minimum:,} or more rows" if maximum is None else f"{minimum:,} to {maximum:,} rows"
    says = f"the table has {'no rows' if maximum == 0 else bounds}"
    return ExpectTableRowCountToBeBetween(
        min_value=minimum,
        max_value=maximum,
        **_common(limits, "row_count", says, counts=None, takes=SEVERITY | {"lowest"}),
    )


def columns(limits: TableLimits, names: Sequence[str], *, others: bool) -> Expectation:
    """The table has these columns, in any order, as everyone reads them by name; `others` allows more."""
    says = "the table has the promised columns" if others else "the table has the promised columns and no others"
    return ExpectTableColumnsToMatchSet(
        column_set=list(names),
        exact_match=not others,
        **_common(limits, "columns", says, counts=None, takes=NOTHING),
    )


def types(limits: TableLimits, types_by_column: dict[str, str]) -> Expectation:
    """The columns have these DuckDB types."""
    promised = ", ".join(f"({literal(name)}, {literal(type_)})" for name, type_ in types_by_column.items())
    return _no_rows(
        f"""
        with delivered as (select * from (describe select * from {{batch}})),
        promised (column_name, promised_type) as (values {promised})
        select promised.column_name, promised.promised_type, delivered.column_type as delivered_type
        from delivered, promised
        where delivered.column_name = promised.column_name
            and lower(delivered.column_type) <> lower(promised.promised_type)
        """,
        _common(limits, "types", "the columns have the promised types", counts="cases", takes=NOTHING),
    )


def not_null(limits: TableLimits, column: str) -> Expectation:
    """No row lacks the value."""
    return ExpectColumnValuesToNotBeNull(
        column=column, **_common(limits, "not_null", f"{column} is present", about=column)
    )


def unique(limits: TableLimits, key: Sequence[str]) -> Expectation:
    """No two rows have the same key; of several columns, two that are empty are the same."""
    column = key[0] if len(key) == 1 else None
    says = f"{', '.join(key)} identifies a row"
    common = _common(limits, "key_unique", says, about=column, takes=NOTHING, guards=(WHOLE,))
    if column:
        return ExpectColumnValuesToBeUnique(column=column, **common)
    # Great Expectations joins the whole table to the counts of its keys; this joins it to those that come twice.
    names = identifiers(key)
    twice = f"select {names} from {{batch}} group by {names} having count(*) > 1"
    same = " and ".join(f"every.{name} is not distinct from twice.{name}" for name in map(identifier, key))
    return _no_rows(
        f"select {names} from (select {names} from {{batch}}) as every semi join ({twice}) as twice on {same}", common
    )


def allowed_values(limits: TableLimits, column: str, values: Sequence[str]) -> Expectation:
    """Every value is one of these; a missing one is left to not_null."""
    return ExpectColumnValuesToBeInSet(
        column=column,
        value_set=list(values),
        **_common(limits, "allowed_values", f"{column} is one of {', '.join(values)}", about=column),
    )


def between(
    limits: TableLimits,
    column: str,
    low: Bound,
    high: Bound,
    *,
    name: str = "range",
    says: str | None = None,
) -> Expectation:
    """Every value lies between `low` and `high`, both included; None leaves a side open."""
    bounds = f"{low} or more" if high is None else f"{high} or less" if low is None else f"between {low} and {high}"
    return ExpectColumnValuesToBeBetween(
        column=column,
        min_value=low,
        max_value=high,
        **_common(limits, name, says or f"{column} is {bounds}", about=column),
    )


def plausible(limits: TableLimits, column: str) -> Expectation:
    """Every value lies between the bounds that rows of limits give."""
    setting = limits.of("plausible", column)
    low, high = _whole(setting.lowest), _whole(setting.highest)
    bounds = f"{low} or more" if high is None else f"{high} or less" if low is None else f"between {low} and {high}"
    return ExpectColumnValuesToBeBetween(
        column=column,
        min_value=low,
        max_value=high,
        **_common(limits, "plausible", f"{column} is {bounds}", about=column, takes=SHARE | BOUNDS),
    )


def not_less(limits: TableLimits, column: str, than: str) -> Expectation:
    """In every row that has both, `column` is not less (or earlier) than `than`."""
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column,
        column_B=than,
        or_equal=True,
        ignore_row_if="either_value_is_missing",
        **_common(
            limits, f"not_less_than_{than}", f"{column} is not less than {than}", about=column, guards=(column, than)
        ),
    )


def no_cases(
    limits: TableLimits, name: str, says: str, query: str, *, column: str | None = None, takes: Takes = SEVERITY
) -> Expectation:
    """The query finds nothing. It reads the table as {batch}, and shows the columns worth seeing of a case at fault."""
    common = _common(limits, name, says, counts="cases", takes=takes, about=column)
    return _no_rows(query, common, column)


def no_row_where(
    limits: TableLimits, name: str, says: str, condition: str, shows: Sequence[str], *, column: str | None = None
) -> Expectation:
    """No row meets the condition."""
    query = f"select {identifiers(shows)} from {{batch}} where {condition}"
    # Of a condition, the columns that it reads; what it compares with in quotes is none.
    guards = [column] if column else re.findall(r"\w+", re.sub(r"'[^']*'", "", condition))
    return _no_rows(query, _common(limits, name, says, about=column, guards=guards), column)


def measured(
    limits: TableLimits,
    name: str,
    says: str,
    query: str,
    *,
    column: str | None = None,
    takes: Takes = MEASURE,
    guards: Sequence[str] = (),
) -> Expectation:
    """What the query measures lies within the bounds of the limits. It reads the table as {batch} and returns columns
    `measured`, empty where there is nothing to measure, and `sample`: below the minimum count of the limits nothing is
    judged. In `says`, {low} and {high} are the bounds."""
    setting = limits.of(name, column)
    low, high = setting.lowest, setting.highest
    outside = [f"measured < {low}"] if low is not None else []
    outside += [f"measured > {high}"] if high is not None else []
    # Bounds and counts are numbers of the policy table, which has typed columns.
    bounded = f"""
        with measurements as ({query})
        select * from measurements where sample >= {setting.minimum_count} and ({" or ".join(outside) or "false"})
        """
    told = says.replace("{low}", f"{low:g}" if low is not None else "any")
    told = told.replace("{high}", f"{high:g}" if high is not None else "any")
    common = _common(limits, name, told, counts="measure", takes=takes, about=column, guards=guards)
    return _no_rows(bounded, common, column)


def moment(instant: datetime) -> str:
    """An instant in UTC as an SQL timestamp."""
    return f"timestamp {literal(f'{instant:%Y-%m-%d %H:%M:%S}')}"


def _no_rows(query: str, common: dict[str, Any], column: str | None = None) -> Expectation:
    common["meta"]["column"] = column
    # Great Expectations puts the table in with str.format, to which every other brace would be a placeholder too.
    template = query.replace("{", "{{").replace("}", "}}").replace("{{batch}}", "{batch}")
    return UnexpectedRowsExpectation(unexpected_rows_query=template, **common)


def _whole(number: float | None) -> float | None:
    """The number, without a fraction where it has none."""
    return int(number) if number is not None and number.is_integer() else number


def _common(
    limits: TableLimits,
    name: str,
    says: str,
    *,
    counts: Counts | None = "rows",
    takes: Takes = SHARE,
    about: str | None = None,
    guards: Sequence[str] = (),
) -> dict[str, Any]:
    setting: Setting | None = limits.of(name, about) if takes else None
    stop_above = setting.stop_above if setting else 0.0
    withhold_above = setting.withhold_above if setting else 1.0
    return {
        "description": says,
        "severity": FailureSeverity.CRITICAL if stop_above == 0 else FailureSeverity.WARNING,
        "meta": {
            "name": name,
            "stop_above": stop_above,
            "withhold_above": withhold_above,
            "doubt_above": setting.doubt_above if setting else 0.0,
            "guards": sorted(set(guards or ([about] if about else [WHOLE]))),
            "counts": counts,
            "column": None,
            "takes": sorted(takes),
        },
    }
