"""Changes data so that an expectation must fail: derived from the expectation's own configuration where it says enough.

Two sorts of expectation, two sorts of mutation:

- one on rows (not_null, ranges, order, references, contradictions …) is broken in one row of the sample company: of all
  its rows and of the ways to change them, the one is taken for which fewest other expectations fail too;
- one on a whole table (rows, columns, types, history …) is broken by a view of the whole table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from great_expectations.expectations.expectation import Expectation

from expectations.engine import open_database
from expectations.evaluation import SUITES, _evaluate_table
from expectations.limits import Limits
from expectations.outcomes import Identity, identity
from expectations.results import ExpectationOutcome, Gate
from expectations.sql import identifier, literal, literals
from expectations.suites.circumstances import Circumstances
from expectations.tables import ColumnSpec, TableSpec
from tests.expectations.tables import good_row

ROWS = 300  # of a table's rows, among which the ones to change are looked for
SYNTHETIC = 25  # rows made for a table that the company does not fill, and beside the others for rare cases
MANY = 4000  # rows of a feed that is compared with its history, by repeating those it has
COMPARED = frozenset({"meta.feeds", "meta.feed_values", "meta.builds", "marts.kpi_values"})

Change = Mapping[str, str]
Hand = Mapping[str, Sequence[tuple[Identity, Mapping[str, Any]]]]


@dataclass
class Seen:
    """What came of the mutations of a gate: each identity that failed by its own, and what failed beside it."""

    demanded: set[tuple[str, Identity]] = field(default_factory=set)
    failed: set[tuple[str, Identity]] = field(default_factory=set)
    beside: dict[tuple[str, Identity], set[Identity]] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stage:
    """A gate, its tables, and the files that hold them: `calm` in order, `storm` with bad landings, `previous`."""

    gate: Gate
    tables: Mapping[str, TableSpec]
    calm: Path
    storm: Path
    previous: Path
    limits: Limits
    as_of: datetime
    kpi_ids: tuple[str, ...]
    hand: Hand
    good: Mapping[str, Mapping[str, Any]]

    def suite(self, table: TableSpec) -> list[Expectation]:
        """Everything that the gate demands of a table."""
        limits = self.limits.of(self.gate, table.table_name, self.as_of.date())
        circumstances = Circumstances(self.limits, self.as_of, self.tables, COMPARED, self.kpi_ids)
        return [*SUITES[self.gate].opening(table, limits), *SUITES[self.gate].demands(table, limits, circumstances)]


def name_of(expectation: Expectation) -> Identity:
    return identity(expectation.configuration)


def is_on_rows(expectation: Expectation) -> bool:
    return expectation.configuration.meta["counts"] == "rows"


def sql_of(value: object) -> str:
    """A Python value as SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"timestamp '{value}'"
    if isinstance(value, date):
        return f"date '{value}'"
    return literal(value) if isinstance(value, str) else str(Decimal(str(value)))


# ---------------------------------------------------------------------------------------------------- one on rows


def fault(expectation: Expectation) -> str | None:
    """The rows at fault as an SQL condition; None for a key, of which no row alone is at fault."""
    given = expectation.configuration.kwargs
    if "unexpected_rows_query" in given:
        query = given["unexpected_rows_query"].format(batch="{batch}")
        return query.partition(" from {batch} where ")[2] or None
    column = identifier(given.get("column", ""))
    match expectation.configuration.type:
        case "expect_column_values_to_not_be_null":
            return f"{column} is null"
        case "expect_column_values_to_be_in_set":
            return f"{column} not in ({literals(given['value_set'])})"
        case "expect_column_values_to_be_between":
            low, high = given.get("min_value"), given.get("max_value")
            sides = [f"{column} < {sql_of(low)}"] if low is not None else []
            sides += [f"{column} > {sql_of(high)}"] if high is not None else []
            return f"({' or '.join(sides)})"
        case "expect_column_pair_values_a_to_be_greater_than_b":
            return f"{identifier(given['column_A'])} < {identifier(given['column_B'])}"
    return None


def ways(expectation: Expectation, table: TableSpec, hand: Hand) -> list[Change]:
    """The ways to break an expectation in a row, each as column → SQL over the row."""
    given = expectation.configuration.kwargs
    types = {column.name: column.type for column in table.columns}
    written = [
        {name: sql_of(value) for name, value in changes.items()}
        for known, changes in hand.get(table.table_name, ())
        if known == name_of(expectation)
    ]
    column = given.get("column") or expectation.configuration.meta["column"]
    if name_of(expectation)[0].startswith("known_in_"):
        return [{column: "'nowhere'"}]
    match expectation.configuration.type:
        case "expect_column_values_to_not_be_null":
            return [{column: "null"}]
        case "expect_column_values_to_be_in_set":
            return [{column: "'neither'"}]
        case "expect_column_values_to_be_between":
            return [*_outside(column, types[column], given.get("min_value"), given.get("max_value")), *written]
        case "expect_column_pair_values_a_to_be_greater_than_b":
            low, high = given["column_A"], given["column_B"]
            step = _step(types[low])
            below, above = f"{identifier(high)} - {step}", f"{identifier(low)} + {step}"
            return [{low: below}, {high: above}, *written]
    return written


def _step(type_: str) -> str:
    return "interval 1 hour" if type_ == "timestamp" else "1"


def _outside(column: str, type_: str, low: object, high: object) -> list[Change]:
    step = "interval 2 days" if type_ == "timestamp" else "1"
    sides = [{column: f"{sql_of(low)} - {step}"}] if low is not None else []
    return sides + ([{column: f"{sql_of(high)} + {step}"}] if high is not None else [])


def break_rows(stage: Stage) -> Seen:
    """Break every expectation on rows of every table in a row of its own, evaluate, and compare with what must fail."""
    seen = Seen()
    planned: list[tuple[str, TableSpec, list[Expectation], dict[Identity, int]]] = []
    with duckdb.connect(str(stage.calm)) as con:
        con.execute("set TimeZone = 'UTC'")
        for table in stage.tables.values():
            suite = [each for each in stage.suite(table) if is_on_rows(each)]
            seen.demanded |= {(table.table_name, name_of(each)) for each in suite}
            for schema, asked, counts in _plan(con, stage, table, suite, seen):
                planned.append((schema, table, asked, counts))
    with open_database(stage.calm, stage.previous) as source:
        for schema, table, suite, counts in planned:
            moved = replace(table, schema_name=schema)
            for outcome in _evaluate_table(stage.gate, source, moved, suite):
                known = (outcome.expectation, outcome.column_name)
                expected = counts.get(known, 0)
                if (outcome.unexpected_count or 0) != expected or outcome.is_success != (expected == 0):
                    found = f"{outcome.unexpected_count} at fault, expected {expected}"
                    seen.unexplained.append(f"{table.table_name} {known}: {found}: {outcome.message}")
                elif expected:
                    seen.failed.add((table.table_name, known))
    return seen


def _plan(
    con: duckdb.DuckDBPyConnection, stage: Stage, table: TableSpec, suite: Sequence[Expectation], seen: Seen
) -> Iterator[tuple[str, list[Expectation], dict[Identity, int]]]:
    """Write schemas round_0, round_1 … with the table in which one row each was changed; yield what is asked there, and
    what of it must fail."""
    faults = {name_of(each): condition for each in suite if (condition := fault(each))}
    names = [column.name for column in table.columns]
    _write_base(con, stage, table, faults)
    candidates = _candidates(con, stage, table, suite, faults)
    rounds: list[list[tuple[Identity, Change, int, set[Identity]]]] = []
    for known, found in sorted(candidates.items(), key=lambda item: len(item[1])):
        if not found:
            seen.unexplained.append(f"{table.table_name} {known}: no row was found in which to break it")
            continue
        for planned in [*rounds, None]:
            used = {number for _, _, number, _ in planned or ()}
            free = next((each for each in found if each[2] not in used), None)
            if free is not None:
                if planned is None:
                    rounds.append(planned := [])
                planned.append((known, free[1], free[2], free[3]))
                break
        seen.beside[table.table_name, known] = free[3] - {known}
        _explain(table, known, free[1], free[3] - {known}, faults, seen)
    keys = [each for each in suite if fault(each) is None]
    is_apart = bool(keys) and (_is_listed(table) or _uses_up(con, rounds))
    if is_apart:
        rounds.insert(0, [])
    for number, planned in enumerate(rounds or [[]]):
        schema, used = f"round_{number}", [row for _, _, row, _ in planned]
        target = f"{schema}.{identifier(table.table_name)}"
        con.execute(f"create schema if not exists {schema}")
        con.execute(
            f"create table {target} as select * exclude (_n) from base where not is_made and not list_contains(?, _n)",
            [used],
        )
        con.execute(f"alter table {target} drop column is_made")
        counts: dict[Identity, int] = defaultdict(int)
        for each in suite:
            if fault(each) is None and number == 0:  # of a key no row alone is at fault: a row that stands twice
                columns = ", ".join(map(identifier, names))
                ((is_empty,),) = con.execute(f"select count(*) = 0 from {target}").fetchall()
                made = f"select {columns} from base where is_made order by _n desc limit 1"
                for _ in range(2 if is_empty else 1):
                    row = made if is_empty else f"select * from {target} order by all limit 1"
                    con.execute(f"insert into {target} by name {row}")
                counts[name_of(each)] = 2
                seen.beside[table.table_name, name_of(each)] = set()
        for _, change, row, failing in planned:
            changed = ", ".join(f"{change.get(name, identifier(name))} as {identifier(name)}" for name in names)
            con.execute(f"insert into {target} by name select {changed} from base where _n = {row}")
            for each in failing:
                counts[each] += 1
        yield schema, ([each for each in suite if (each in keys) is (number == 0)] if is_apart else list(suite)), counts


def _is_listed(table: TableSpec) -> bool:
    """Whether the key has so few values that the rows of a round cannot but share them."""
    return all(column.allowed_values for column in table.columns if column.name in table.key)


def _uses_up(con: duckdb.DuckDBPyConnection, rounds: Sequence[Sequence[object]]) -> bool:
    """Whether the first round leaves no row of the company that could stand twice."""
    ((count,),) = con.execute("select count(*) from base where not is_made").fetchall()
    return bool(rounds) and bool(count <= len(rounds[0]))


def _write_base(con: duckdb.DuckDBPyConnection, stage: Stage, table: TableSpec, faults: Mapping[Identity, str]) -> None:
    """Numbered rows in which everything is in order: the company's, then rows made by the contract."""
    types = ", ".join(f"{identifier(column.name)} {column.type}" for column in table.columns)
    con.execute(f"create or replace temp table made ({types})")
    for number in range(SYNTHETIC):
        row = good_row(table, 200 + number) | dict(stage.good.get(table.table_name, {}))
        marks = ", ".join("?" for _ in row)
        con.execute(f"insert into made ({', '.join(map(identifier, row))}) values ({marks})", list(row.values()))
    for column in table.columns:  # what a made row refers to is one of the company's
        other = _referred(stage, column)
        if other is not None and column.name not in table.key:
            key = identifier(other.key[0])
            con.execute(f"update made set {identifier(column.name)} = (select min({key}) from {other.name})")
    clean = " and ".join(f"({condition}) is not true" for condition in faults.values()) or "true"
    columns = ", ".join(identifier(column.name) for column in table.columns)
    con.execute(
        f"""
        create or replace temp table base as
        select *, row_number() over (order by is_made, {columns}) as _n from (
            select * from (select {columns}, false as is_made from {table.name} where {clean} order by all limit {ROWS})
            union all by name
            select *, true as is_made from made
        )
        """
    )


def _referred(stage: Stage, column: ColumnSpec) -> TableSpec | None:
    """The table that a column refers to by its first key; sites and KPIs also where no contract says so."""
    if stage.gate == "gate_2" and column.name == "site_id":
        return stage.tables["dim_sites"]
    if stage.gate == "gate_1" and column.name == "kpi_id":
        return stage.tables["kpi_registry"]
    other = stage.tables.get(column.references or "")
    return other if other is not None and len(other.key) == 1 else None


def _candidates(
    con: duckdb.DuckDBPyConnection,
    stage: Stage,
    table: TableSpec,
    suite: Sequence[Expectation],
    faults: Mapping[Identity, str],
) -> dict[Identity, list[tuple[int, Change, int, set[Identity]]]]:
    """For each expectation the rows and ways that break it, those first that break fewest others."""
    known = list(faults)
    marks = ", ".join(f"coalesce({condition}, false)" for condition in faults.values())
    candidates: dict[Identity, list[tuple[int, Change, int, set[Identity]]]] = {}
    for expectation in suite:
        own = name_of(expectation)
        if own not in faults:
            continue
        found = []
        for order, change in enumerate(ways(expectation, table, stage.hand)):
            try:
                changed = ", ".join(
                    f"cast({sql} as {_type(table, name)}) as {identifier(name)}" for name, sql in change.items()
                )
                rows = con.execute(
                    f"""
                    select _n, is_made, [{marks}] as failing
                    from (select * replace ({changed}) from base) as changed
                    where coalesce({faults[own]}, false)
                    """
                ).fetchall()
            except duckdb.ConversionException:
                continue  # this way leads out of the column's type
            cast = {name: f"cast({sql} as {_type(table, name)})" for name, sql in change.items()}
            for number, is_made, failing in rows:
                fails = {name for name, fails in zip(known, failing, strict=True) if fails}
                found.append(((len(fails), is_made, order, number), cast, number, fails))
        found.sort(key=lambda each: each[0])
        candidates[own] = [(rank[0], change, number, fails) for rank, change, number, fails in found]
    return candidates


def _type(table: TableSpec, name: str) -> str:
    return next(column.type for column in table.columns if column.name == name)


def _explain(
    table: TableSpec, own: Identity, change: Change, others: set[Identity], faults: Mapping[Identity, str], seen: Seen
) -> None:
    """What failed beside the broken expectation must be about a column that was changed."""
    for other in others:
        if not any(column in faults[other] for column in change):
            seen.unexplained.append(f"{table.table_name} {own}: {other} failed too, and is about no changed column")


# ------------------------------------------------------------------------------------------- one on a whole table


def whole_view(expectation: Expectation, table: TableSpec) -> str:
    """A view of the table, as SQL over {calm}, of which the expectation cannot hold."""
    name, column = name_of(expectation)
    col = identifier(column or "")
    by_name = {
        "row_count": "select * from {calm} where false",
        "filled": "select * from {calm} where false",
        "columns": f"select * exclude ({identifier(table.columns[-1].name)}) from {{calm}}",
        "types": f"select * replace ({_other_type(table.columns[-1])}) from {{calm}}",
        "rejects": "select * from {calm}",
        "new_rows": "select * from {calm}",
        "rows_kept": "select * from {calm} limit 1500",
        "fresh": f"select * replace ({_earlier(table, column)} as {col}) from {{calm}}",
        "known_until": "select * replace (cast(day_date - interval 30 years as date) as day_date) from {calm}",
        "known_from": "select * replace (cast(day_date + interval 60 years as date) as day_date) from {calm}",
        "components": "select * from {calm} where component <> 'rent'",
        "has_unknown": "select * from {calm} where site_id <> 'unknown'",
        "unbroken": "select * from {calm} where date_day <> (select min(date_day) + 1 from {calm})",
        "reconciled": "select * replace (difference_amount + 1 as difference_amount) from {calm}",
        "delivered_books": "select * replace (0.01 as delivered_difference_amount) from {calm}",
        "available_kpis": "select * from {calm} where kpi_id <> "
        "(select min(kpi_id) from marts.dim_kpis where is_available)",
        "named": f"select * replace ({_none(table, column)} as {col}) from {{calm}}",
        "as_before": "select * replace (value * 10 + 1 as value) from {calm}",
    }
    if name in ("spread_as_before", "new_rows_spread_as_before"):
        # The value that least rows have; of new rows just enough to be judged.
        rare = f"(select {col} from {{calm}} where {col} is not null group by 1 order by count(*), 1 limit 1)"
        if name == "spread_as_before":
            return f"select * replace ({rare} as {col}) from {{calm}}"
        new = "(_row <= 110)"
        return (
            f"select * replace (case when {new} then {rare} else {col} end as {col}, "
            f"case when {new} then 'new' else _batch_id end as _batch_id) from {{calm}}"
        )
    return by_name[name]


def _earlier(table: TableSpec, column: str | None) -> str:
    type_ = next((each.type for each in table.columns if each.name == column), "date")
    return f"cast({identifier(column or '')} - interval 400 days as {type_})"


def _none(table: TableSpec, column: str | None) -> str:
    type_ = next((each.type for each in table.columns if each.name == column), "varchar")
    return f"cast(null as {type_})"


def _other_type(column: ColumnSpec) -> str:
    other = "varchar" if column.type == "integer" else "integer"
    return f"cast(null as {other}) as {identifier(column.name)}"


def break_wholes(stage: Stage) -> Seen:
    """Break every expectation on a whole table by a view of it, beside the table in order, of which all must hold."""
    seen = Seen()
    work: list[tuple[Path, TableSpec, list[Expectation], Expectation | None]] = []
    views: list[tuple[str, str]] = []
    for table in stage.tables.values():
        suite = [each for each in stage.suite(table) if not is_on_rows(each)]
        seen.demanded |= {(table.table_name, name_of(each)) for each in suite}
        calm = _calm(table)
        work.append((stage.calm, replace(table, schema_name=calm.partition(".")[0]), suite, None))
        for number, expectation in enumerate(suite):
            schema, name = f"view_{number}", name_of(expectation)[0]
            views.append(
                (schema, f"{identifier(table.table_name)} as {whole_view(expectation, table).format(calm=calm)}")
            )
            file = stage.storm if name in ("rejects", "new_rows") else stage.calm
            # Of a table that has not its columns and types, no more than that is asked.
            shape = [each for each in suite if name_of(each)[0] in ("row_count", "columns", "types")]
            asked = shape if name in ("columns", "types") else suite
            if name in ("rejects", "new_rows"):
                asked = [expectation]
            work.append((file, replace(table, schema_name=schema), asked, expectation))
    for file in dict.fromkeys((stage.calm, stage.storm)):
        with duckdb.connect(str(file)) as con:
            for schema, view in views:
                con.execute(f"create schema if not exists {schema}")
                con.execute(f"create view {schema}.{view}")
    for file in dict.fromkeys((stage.calm, stage.storm)):
        with open_database(file, stage.previous) as source:
            for its_file, table, suite, broken in work:
                if its_file == file:
                    _judge(_evaluate_table(stage.gate, source, table, suite), table, broken, seen)
    return seen


def _calm(table: TableSpec) -> str:
    return f"calm.{identifier(table.table_name)}"


def _judge(outcomes: Sequence[ExpectationOutcome], table: TableSpec, broken: Expectation | None, seen: Seen) -> None:
    failed = {(o.expectation, o.column_name): o.message for o in outcomes if not o.is_success}
    unable = [message for message in failed.values() if "could not be evaluated" in message]
    if unable or (broken is None and failed):
        seen.unexplained.append(f"{table.table_name} in order: {unable or list(failed.values())}")
    if broken is None:
        return
    own = (table.table_name, name_of(broken))
    if own[1] in failed:
        seen.failed.add(own)
    seen.beside[own] = set(failed) - {own[1]}
