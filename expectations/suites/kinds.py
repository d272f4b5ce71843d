"""The kinds of expectation that the suites are made of, each with its name, its sentence and what a failure means.

What Great Expectations has no field for travels in an expectation's `meta`: its name, the share of rows above which a
failure stops, what it counts (rows of the table, other cases, or nothing), and the column that a query is about.
Its own `severity` is critical where any failure stops, and warning where none or only a large share does.
"""

from __future__ import annotations

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
from great_expectations.expectations.core.expect_compound_columns_to_be_unique import ExpectCompoundColumnsToBeUnique
from great_expectations.expectations.core.expect_table_columns_to_match_set import ExpectTableColumnsToMatchSet
from great_expectations.expectations.core.expect_table_row_count_to_be_between import ExpectTableRowCountToBeBetween
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from expectations.sql import identifiers, literal

# Shares of rows not as demanded above which a failure stops the build; up to there it warns.
STOP = 0.0
WARN = 1.0

Bound = float | datetime | None


def row_count(minimum: int, maximum: int | None = None) -> Expectation:
    """The table has `minimum` to `maximum` rows."""
    bounds = f"{minimum:,} or more rows" if maximum is None else f"{minimum:,} to {maximum:,} rows"
    return ExpectTableRowCountToBeBetween(
        min_value=minimum,
        max_value=maximum,
        **_common("row_count", f"the table has {'no rows' if maximum == 0 else bounds}", STOP, counts=None),
    )


def columns(names: Sequence[str], *, others: bool) -> Expectation:
    """The table has these columns, in any order, as everyone reads them by name; `others` allows more."""
    says = "the table has the promised columns" if others else "the table has the promised columns and no others"
    return ExpectTableColumnsToMatchSet(
        column_set=list(names), exact_match=not others, **_common("columns", says, STOP, counts=None)
    )


def types(types_by_column: dict[str, str]) -> Expectation:
    """The columns have these DuckDB types."""
    promised = ", ".join(f"({literal(name)}, {literal(type_)})" for name, type_ in types_by_column.items())
    return no_rows(
        "types",
        "the columns have the promised types",
        f"""
        with delivered as (select * from (describe select * from {{batch}})),
        promised (column_name, promised_type) as (values {promised})
        select promised.column_name, promised.promised_type, delivered.column_type as delivered_type
        from delivered, promised
        where delivered.column_name = promised.column_name
            and lower(delivered.column_type) <> lower(promised.promised_type)
        """,  # noqa: S608
        STOP,
    )


def not_null(column: str) -> Expectation:
    """No row lacks the value."""
    return ExpectColumnValuesToNotBeNull(column=column, **_common("not_null", f"{column} is present", STOP))


def unique(key: Sequence[str]) -> Expectation:
    """No two rows have the same key."""
    common = _common("key_unique", f"{', '.join(key)} identifies a row", STOP)
    if len(key) == 1:
        return ExpectColumnValuesToBeUnique(column=key[0], **common)
    return ExpectCompoundColumnsToBeUnique(column_list=list(key), **common)


def allowed_values(column: str, values: Sequence[str]) -> Expectation:
    """Every value is one of these; a missing one is left to not_null."""
    return ExpectColumnValuesToBeInSet(
        column=column,
        value_set=list(values),
        **_common("allowed_values", f"{column} is one of {', '.join(values)}", STOP),
    )


def between(
    column: str,
    low: Bound,
    high: Bound,
    stop_above: float,
    *,
    name: str = "range",
    says: str | None = None,
) -> Expectation:
    """Every value lies between `low` and `high`, both included; None leaves a side open."""
    bounds = f"{low} or more" if high is None else f"{high} or less" if low is None else f"between {low} and {high}"
    return ExpectColumnValuesToBeBetween(
        column=column, min_value=low, max_value=high, **_common(name, says or f"{column} is {bounds}", stop_above)
    )


def not_less(column: str, than: str, stop_above: float) -> Expectation:
    """In every row that has both, `column` is not less (or earlier) than `than`."""
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column,
        column_B=than,
        or_equal=True,
        ignore_row_if="either_value_is_missing",
        **_common(f"not_less_than_{than}", f"{column} is not less than {than}", stop_above),
    )


def no_rows(
    name: str, says: str, query: str, stop_above: float, *, column: str | None = None, counts_rows: bool = False
) -> Expectation:
    """The query finds nothing. It reads the table as {batch}, and shows the columns worth seeing of a case at fault;
    `counts_rows` says that each case is a row of the table."""
    common = _common(name, says, stop_above, counts="rows" if counts_rows else "cases", column=column)
    # Great Expectations puts the table in with str.format, to which every other brace would be a placeholder too.
    template = query.replace("{", "{{").replace("}", "}}").replace("{{batch}}", "{batch}")
    return UnexpectedRowsExpectation(unexpected_rows_query=template, **common)


def no_row_where(
    name: str, says: str, condition: str, shows: Sequence[str], stop_above: float, *, column: str | None = None
) -> Expectation:
    """No row meets the condition."""
    query = f"select {identifiers(shows)} from {{batch}} where {condition}"  # noqa: S608
    return no_rows(name, says, query, stop_above, column=column, counts_rows=True)


def _common(
    name: str,
    says: str,
    stop_above: float,
    *,
    counts: Literal["rows", "cases"] | None = "rows",
    column: str | None = None,
) -> dict[str, Any]:
    return {
        "description": says,
        "severity": FailureSeverity.CRITICAL if stop_above == 0 else FailureSeverity.WARNING,
        "meta": {"name": name, "stop_above": stop_above, "counts": counts, "column": column},
    }
