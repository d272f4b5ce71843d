"""Mapping: turns what a binding delivered into rows of its feed, and into rejects with every reason.

Each column goes the same way: expression over the delivered columns → trimmed text → null markers → value map →
type of the contract, naive timestamps from the source's zone to UTC, identifiers behind the id space.
"""

# ruff: noqa: S608 - names come from the contract, the profile and headers, all through sql_text
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.extract.connectors.delivery import PLACE_COLUMNS, Part
from orchestration.extract.contract import Column, Feed
from orchestration.extract.errors import MappingError
from orchestration.extract.profile_model import ColumnMapping
from orchestration.extract.source_models import BaseSource
from orchestration.extract.sql_text import fold, literal, literals, quote, quote_all

# Longer values are cut where a reason quotes them.
_QUOTED_CHARACTERS = 200

# A sign or a letter behind the minutes: an offset, so the instant is not in the source's zone.
_HAS_OFFSET = literal(":[0-9]{2}.*[-+A-Za-z]")
# Written +0800 or apart from the time, an offset is ISO or nearly so; DuckDB reads it only as +08:00 beside the time.
_WRITTEN_OFFSET = literal(r"\s*([-+][0-9]{2}):?([0-9]{2})$")


@dataclass(frozen=True)
class Context:
    """Whose rows are mapped: the feed, the source with the zone of its naive timestamps, the profile's file."""

    feed: Feed
    source: BaseSource
    zone: str
    profile: Path


@dataclass(frozen=True)
class Counts:
    """Rows that a part delivered, and how many of them were filtered or rejected."""

    delivered: int
    filtered: int
    rejected: int


@dataclass(frozen=True)
class _Field:
    """A contract column with its mapping, and the names of its text and its typed value in the mapping's SQL."""

    column: Column
    mapping: ColumnMapping
    is_required: bool

    @property
    def text(self) -> str:
        return quote(f"_text_{self.column.name}")

    @property
    def value(self) -> str:
        return quote(self.column.name)


def create_targets(con: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Create the temporary tables that mapping fills: `incoming` rows, and `bad` ones."""
    columns = ", ".join(f"{quote(column.name)} {column.type}" for column in feed.columns)
    con.execute(
        f"create temp table incoming ({columns}, _source varchar, _file varchar, _line bigint, "
        "_part integer, _row bigint)"
    )
    con.execute(
        "create temp table bad (source varchar, file varchar, line bigint, row_json varchar, row_key varchar, "
        "reasons varchar[], reason_kinds varchar[], column_names varchar[])"
    )


def row_key(feed: Feed, prefix: str = "") -> str:
    """Write the SQL of a row's key as one text; null where a part of it is."""
    parts = [f"{prefix}{quote(name)}" for name in feed.key]
    present = " and ".join(f"{part} is not null" for part in parts)
    listed = ", ".join(f"cast({part} as varchar)" for part in parts)
    return f"case when {present} then cast(to_json([{listed}]) as varchar) end"


def map_part(con: duckdb.DuckDBPyConnection, context: Context, part: Part, number: int) -> Counts:
    """Map `part` into the temporary tables `incoming` and `bad`; `number` orders the parts of a landing.

    MappingError names the line of the profile whose expression does not fit what was delivered.
    """
    fields = _fields(context, part)
    try:
        con.execute(f"create temp table mapped as {_mapping_query(context, part, fields)}")
    except duckdb.Error as error:
        raise _explain(con, context, part, fields, error) from error
    names = quote_all(field.column.name for field in fields)
    con.execute(
        f"insert into incoming select {names}, ?, _file, _line, ?, _row from mapped where _problems is null",
        [context.source.name, number],
    )
    delivered = ", ".join(f"{quote(column)} := delivered.{quote(column)}" for column in part.columns)
    con.execute(
        f"""
        insert into bad
        select
            ?,
            mapped._file,
            mapped._line,
            cast(to_json(struct_pack({delivered})) as varchar),
            {row_key(context.feed, "mapped.")},
            list_transform(_problems, lambda problem: problem.reason),
            list_transform(_problems, lambda problem: problem.kind),
            list_transform(_problems, lambda problem: problem.column_name)
        from mapped
        inner join {quote(part.relation)} as delivered on mapped._row = delivered._row
        where _problems is not null
        """,
        [context.source.name],
    )
    if part.unreadable:
        con.execute(
            f"""
            insert into bad
            select
                ?, _file, _line, cast(to_json(text) as varchar), null,
                ['the line ' || reason], ['unreadable'], [null]
            from {quote(part.unreadable)}
            """,
            [context.source.name],
        )
    counts = _counts(con, part)
    con.execute("drop table mapped")
    return counts


def _counts(con: duckdb.DuckDBPyConnection, part: Part) -> Counts:
    unreadable = f"(select count(*) from {quote(part.unreadable)})" if part.unreadable else "0"
    row = con.execute(
        f"""
        select
            (select count(*) from {quote(part.relation)}),
            (select count(*) from mapped),
            (select count(*) from mapped where _problems is not null),
            {unreadable}
        """
    ).fetchone()
    assert row is not None  # one row by construction
    delivered, mapped, rejected, unread = row
    return Counts(delivered + unread, delivered - mapped, rejected + unread)


def _fields(context: Context, part: Part) -> list[_Field]:
    """Find the mapping of every contract column: the binding's, else a delivered column of its name, else null."""
    delivered = {fold(name): name for name in part.columns}
    fields = []
    for column in context.feed.columns:
        mapping = part.binding.columns.get(column.name)
        same = delivered.get(column.name)
        is_required = column.required or column.name in context.feed.key
        if mapping is None and same is None and is_required:
            raise MappingError(
                f"{context.profile.name}:{part.binding.line}: feed {context.feed.name} needs the column {column.name}, "
                f"and source {context.source.name} delivers none of that name; write an expression for it. "
                f"Delivered: {', '.join(part.columns)}"
            )
        fields.append(_Field(column, mapping or ColumnMapping(expr=quote(same) if same else "null"), is_required))
    return fields


def _mapping_query(context: Context, part: Part, fields: list[_Field]) -> str:
    places = ", ".join(PLACE_COLUMNS)
    texts = ", ".join(f"{_text(field, context.source.null_markers)} as {field.text}" for field in fields)
    typed = ", ".join(f"{_typed(field, context)} as {field.value}" for field in fields)
    problems = [problem for field in fields for problem in _problems(field)]
    listed = ", ".join(f"case when {condition} then {problem} end" for condition, problem in problems)
    is_bad = " or ".join(condition for condition, _ in problems)
    return f"""
        with texts as (select {texts}, {places} from {quote(part.relation)}{_clauses(part)}),
        typed as (select *, {typed} from texts)
        select
            {quote_all(field.column.name for field in fields)},
            {places},
            case when {is_bad} then list_filter([{listed}], lambda problem: problem is not null) end as _problems
        from typed
        """


def _clauses(part: Part) -> str:
    where = f" where ({part.binding.where}\n)" if part.binding.where else ""
    windows = ", ".join(f"{quote(name)} as ({text}\n)" for name, text in part.binding.windows.items())
    return f"{where} window {windows}" if windows else where


def _text(field: _Field, null_markers: tuple[str, ...]) -> str:
    text = f"trim(cast(({field.mapping.expr}\n) as varchar))"
    if null_markers:
        text = f"nullif({text}, {literal(null_markers[0])})"
    for marker in null_markers[1:]:
        text = f"nullif({text}, {literal(marker)})"
    if not field.mapping.values:
        return text
    cases = " ".join(
        f"when {literal(found)} then {'null' if meant is None else literal(meant)}"
        for found, meant in field.mapping.values.items()
    )
    return f"(select case found when null then null {cases} else found end from (select {text} as found))"


def _typed(field: _Field, context: Context) -> str:
    kind, text, format_ = field.column.type, field.text, field.mapping.format
    if kind == "timestamp":
        return _finite(_timestamp(text, format_, context.zone))
    if kind == "date":
        parsed = f"try_strptime({text}, {literal(format_)})" if format_ else text
        return _finite(f"try_cast({parsed} as date)")
    if kind == "bigint":
        # By itself the cast rounds: 3.7 pieces would silently be 4.
        whole = f"try_cast({text} as bigint)"
        return f"case when try_cast({text} as decimal(38, 9)) = {whole} then {whole} end"
    if kind == "double":
        return _finite(f"try_cast({text} as double)")
    if kind != "varchar":
        return f"try_cast({text} as {kind})"
    is_prefixed = field.column.identifier and context.source.id_space
    return f"{literal(f'{context.source.id_space}:')} || {text}" if is_prefixed else text


def _finite(value: str) -> str:
    """Write `value`, null where it is one of the endless ones that DuckDB reads from words."""
    return f"(select case when isfinite(found) then found end from (select {value} as found))"


def _timestamp(text: str, format_: str | None, zone: str) -> str:
    def utc(naive: str) -> str:
        return naive if zone == "UTC" else f"timezone('UTC', timezone({literal(zone)}, {naive}))"

    if format_:
        parsed = f"try_strptime({text}, {literal(format_)})"
        return f"timezone('UTC', {parsed})" if "%z" in format_ or "%Z" in format_ else utc(parsed)
    with_offset = f"try_cast(regexp_replace({text}, {_WRITTEN_OFFSET}, '\\1:\\2') as timestamptz)"
    naive = f"try_cast({text} as timestamp)"
    return f"case when regexp_matches({text}, {_HAS_OFFSET}) then timezone('UTC', {with_offset}) else {utc(naive)} end"


def _problems(field: _Field) -> Iterator[tuple[str, str]]:
    """Write what can be wrong with a field: the condition, and the problem as a struct."""
    name = field.column.name
    found = f"{literal(f'{name}: found ')} || '''' || left({field.text}, {_QUOTED_CHARACTERS}) || ''''"

    def problem(kind: str, reason: str) -> str:
        return f"{{'column_name': {literal(name)}, 'kind': {literal(kind)}, 'reason': {reason}}}"

    if field.is_required:
        yield f"{field.text} is null", problem("required", literal(f"{name}: is required, found nothing"))
    if field.column.type != "varchar":
        expected = literal(f", expected {_expected(field)}")
        yield f"({field.text} is not null and {field.value} is null)", problem("cast", f"{found} || {expected}")
    if field.column.allowed_values:
        allowed = literal(f", allowed are {', '.join(field.column.allowed_values)}")
        condition = f"coalesce({field.text} not in ({literals(field.column.allowed_values)}), false)"
        yield condition, problem("allowed_values", f"{found} || {allowed}")


def _expected(field: _Field) -> str:
    kind = field.column.type
    if field.mapping.format:
        return f"a {kind} as {field.mapping.format}"
    return {
        "timestamp": "an ISO timestamp such as 2026-07-01 09:30:00",
        "date": "an ISO date such as 2026-07-01",
        "bigint": "a whole number",
        "boolean": "true or false",
    }.get(kind, f"a number ({kind})")


def _explain(
    con: duckdb.DuckDBPyConnection, context: Context, part: Part, fields: list[_Field], error: duckdb.Error
) -> MappingError:
    """Find which expression of the binding fails, by trying each alone."""
    binding = part.binding
    delivered = f"{quote(part.relation)}{_clauses(part)}"
    trials = [("where or windows", binding.line, f"select _row from {delivered}")]
    for field in fields:
        line = binding.column_lines.get(field.column.name, binding.line)
        trials.append(
            (f"column {field.column.name}", line, f"select ({field.mapping.expr}\n) as value from {delivered}")
        )
    what, line, cause = "the columns together", binding.line, error
    for name, at, query in trials:
        try:
            con.execute(f"create or replace temp table trial as {query}")
        except duckdb.Error as found:
            what, line, cause = name, at, found
            break
    return MappingError(
        f"{context.profile.name}:{line}: feed {context.feed.name}, source {context.source.name}, {what}: "
        f"{str(cause).splitlines()[0]}. Delivered are {', '.join(part.columns)}, and _file, _line"
    )
