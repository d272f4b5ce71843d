"""Mapping: turns what a binding delivered into rows of its feed, and into rejects with every reason.

Each column goes the same way: expression over the delivered columns → trimmed text → null markers → value map →
type of the contract, local times from their zone to UTC, identifiers behind the id space.
"""

# ruff: noqa: S608 - names come from the contract, the profile and headers, all through sql_text
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.extract import dates
from orchestration.extract.connectors.delivery import Notice, Part
from orchestration.extract.contract import Feed
from orchestration.extract.errors import FeedStoppedError, MappingError
from orchestration.extract.mapping_sql import (
    Context,
    Field,
    clauses,
    fields_of,
    keys_query,
    mapping_query,
    problem_struct,
)
from orchestration.extract.profile_checks import nearest
from orchestration.extract.shown import first_line
from orchestration.extract.sql_text import literal, quote, quote_all
from orchestration.extract.two_readings import doubt

__all__ = ["Context", "Counts", "create_targets", "map_part", "map_present", "row_key"]

_UNKNOWN_COLUMN = re.compile(r'column "([^"]+)" not found')


@dataclass(frozen=True)
class Counts:
    """Rows that a part delivered, how many of them were filtered or rejected, and what was noticed in them."""

    delivered: int
    filtered: int
    rejected: int
    notices: tuple[Notice, ...] = ()


def create_targets(con: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Create the temporary tables that mapping fills.

    `incoming` rows, `bad` ones, and the keys `present` at the places that were `compared`.
    """
    columns = ", ".join(f"{quote(column.name)} {column.type}" for column in feed.columns)
    keys = ", ".join(f"{quote(name)} {feed.column(name).type}" for name in feed.key)
    con.execute(
        f"create temp table incoming ({columns}, _source varchar, _file varchar, _line bigint, _overflow varchar, "
        "_is_deleted boolean, _part integer, _row bigint)"
    )
    con.execute(
        "create temp table bad (source varchar, file varchar, line bigint, row_json varchar, row_key varchar, "
        "reasons varchar[], reason_kinds varchar[], column_names varchar[], part integer)"
    )
    con.execute(f"create temp table present ({keys}, _source varchar, _file varchar)")
    con.execute("create temp table compared (source varchar, file varchar)")


def row_key(feed: Feed, prefix: str = "") -> str:
    """Write the SQL of a row's key as one text; null where a part of it is."""
    parts = [f"{prefix}{quote(name)}" for name in feed.key]
    present = " and ".join(f"{part} is not null" for part in parts)
    listed = ", ".join(f"cast({part} as varchar)" for part in parts)
    return f"case when {present} then cast(to_json([{listed}]) as varchar) end"


def map_part(
    con: duckdb.DuckDBPyConnection, context: Context, part: Part, number: int, overflow: Sequence[str] = ()
) -> Counts:
    """Map `part` into the temporary tables `incoming` and `bad`; `number` orders the parts of a landing.

    The delivered columns `overflow` are kept as JSON. MappingError names the line of the profile whose expression does
    not fit what was delivered; FeedStoppedError a column of dates that has neither a declared format nor the ISO form.
    """
    if not part.columns:
        # Nothing but lines that are no rows.
        con.execute(f"create temp table mapped as select _row, [] as _problems from {quote(part.relation)} limit 0")
        _keep_unreadable(con, context, part, number)
        return _counts(con, part, ())
    fields = fields_of(context, part)
    try:
        con.execute(f"create temp table mapped as {mapping_query(context, part, fields, overflow)}")
    except duckdb.Error as error:
        raise _explain(con, context, part, fields, error) from error
    _refuse_doubtful_dates(con, context, part, fields)
    instants, notices = _instants(con, fields, place_of(part))
    values = ", ".join(f"{instants.get(field.column.name, field.value)} as {field.value}" for field in fields)
    con.execute(
        f"""
        insert into incoming
        select {values}, ?, _file, _line, _overflow, _is_deleted, ?, _row
        from mapped
        where _problems is null
        """,
        [context.source.name, number],
    )
    _keep_bad(con, context, part, number)
    _keep_unreadable(con, context, part, number)
    return _counts(con, part, notices)


def map_present(con: duckdb.DuckDBPyConnection, context: Context, part: Part, place: str) -> None:
    """Put the keys of `part`, which has only the columns of compare_keys, into `present`; `place` was `compared`.

    MappingError where those columns do not make the key.
    """
    source, feed = context.source.name, context.feed
    fields = fields_of(context, part, only=feed.key)
    keys = quote_all(feed.key)
    try:
        con.execute(f"insert into present select {keys}, ?, _file from ({keys_query(context, part, fields)})", [source])
    except duckdb.Error as error:
        raise MappingError(
            f"{context.profile.name}:{part.binding.line}: feed {feed.name}, source {source}: the key "
            f"{', '.join(feed.key)} cannot be made of compare_keys ({', '.join(part.columns)}): "
            f"{first_line(error)}; add the columns that its expressions name"
        ) from error
    con.execute(
        f"insert into compared select ?, _file from {quote(part.relation)} union select ?, ?", [source, source, place]
    )


def place_of(part: Part) -> str:
    """Name the place that a part's binding reads, for people."""
    return part.binding.path or part.binding.table or part.binding.endpoint or "the query"


def _refuse_doubtful_dates(con: duckdb.DuckDBPyConnection, context: Context, part: Part, fields: list[Field]) -> None:
    """Stop the feed where dates without a declared format are not ISO: day and month must not be guessed."""
    unread = con.execute(
        """
        select distinct problem.column_name
        from (select unnest(_problems) as problem from mapped where _problems is not null)
        where problem.kind in ('cast', 'range')
        """
    ).fetchall()
    names = {name for (name,) in unread}
    lines = []
    for field in fields:
        if field.is_date and field.mapping.format is None and field.column.name in names:
            found = doubt(con, "mapped", field.column.name)
            line = part.binding.column_lines.get(field.column.name, part.binding.line)
            if found:
                where = f"{context.profile.name}:{line}: feed {context.feed.name}, source {context.source.name}"
                lines.append(f"{where}, {found}")
    if lines:
        raise FeedStoppedError("\n".join(lines))


def _instants(
    con: duckdb.DuckDBPyConnection, fields: list[Field], place: str
) -> tuple[dict[str, str], tuple[Notice, ...]]:
    """Write the SQL of each local column's instants; reject times that no clock showed, and note those shown twice."""
    local = [field for field in fields if field.is_local]
    if not local:
        return {}, ()
    ranges = con.execute(
        f"select {', '.join(f'min({field.value}), max({field.value})' for field in local)} from mapped"
    ).fetchall()[0]
    instants, notices = {}, []
    for index, field in enumerate(local):
        first, last = ranges[2 * index : 2 * index + 2]
        if first is None:
            continue
        entered, changes = dates.transitions(field.zone, first, last)
        instant = (
            f"case when {field.is_instant} then {field.value} else {dates.to_utc(field.value, entered, changes)} end"
        )
        instants[field.column.name] = instant
        if any(change.is_gap for change in changes):
            _reject_skipped(con, field, f"not {field.is_instant} and ({dates.is_skipped(field.value, changes)})")
        if any(change.is_overlap for change in changes):
            notices += _note_twofold(con, field, place, dates.is_twofold(field.value, changes))
    return instants, tuple(notices)


def _reject_skipped(con: duckdb.DuckDBPyConnection, field: Field, condition: str) -> None:
    name = field.column.name
    never = f", a local time that {field.zone} never had: its clock was put forward past it"
    reason = f"{literal(f'{name}: found ')} || cast({field.value} as varchar) || {literal(never)}"
    applies = "" if field.is_identity else " and not _is_deleted"
    con.execute(
        f"""
        update mapped
        set _problems = list_append(coalesce(_problems, []), {problem_struct(name, "skipped_time", reason)})
        where {condition}{applies}
        """
    )


def _note_twofold(con: duckdb.DuckDBPyConnection, field: Field, place: str, condition: str) -> list[Notice]:
    count, example = con.execute(
        f"""
        select count(*), cast(min({field.value}) as varchar)
        from mapped
        where _problems is null and not {field.is_instant} and ({condition})
        """
    ).fetchall()[0]
    if not count:
        return []
    name = field.column.name
    message = (
        f"{place}: {name}: {count:,} local times came twice in {field.zone}, when its clock was put back, such as "
        f"{example}; the first of both is taken"
    )
    return [Notice("ambiguous_time", message, place, name)]


def _keep_bad(con: duckdb.DuckDBPyConnection, context: Context, part: Part, number: int) -> None:
    """Put the rows that have problems into `bad`."""
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
            list_transform(_problems, lambda problem: problem.column_name),
            ?
        from mapped
        inner join {quote(part.relation)} as delivered on mapped._row = delivered._row
        where _problems is not null
        """,
        [context.source.name, number],
    )


def _keep_unreadable(con: duckdb.DuckDBPyConnection, context: Context, part: Part, number: int) -> None:
    """Put the lines that are no rows into `bad`."""
    if part.unreadable:
        con.execute(
            f"""
            insert into bad
            select
                ?, _file, _line, cast(to_json(text) as varchar), null,
                ['the line ' || reason], ['unreadable'], [null], ?
            from {quote(part.unreadable)}
            """,
            [context.source.name, number],
        )


def _counts(con: duckdb.DuckDBPyConnection, part: Part, notices: tuple[Notice, ...]) -> Counts:
    """Count the rows of the part, and be done with it."""
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
    con.execute("drop table mapped")
    delivered, mapped, rejected, unread = row
    return Counts(delivered + unread, delivered - mapped, rejected + unread, notices)


def _explain(
    con: duckdb.DuckDBPyConnection, context: Context, part: Part, fields: list[Field], error: duckdb.Error
) -> MappingError:
    """Find which expression of the binding fails, by trying each alone."""
    binding = part.binding
    delivered = f"{quote(part.relation)}{clauses(part)}"
    trials = [("where or windows", binding.line, f"select _row from {delivered}")]
    if binding.deleted:
        trials.append(("deleted", binding.line, f"select ({binding.deleted}\n) as value from {delivered}"))
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
    problem = first_line(cause)
    unknown = _UNKNOWN_COLUMN.search(problem)
    meant = nearest(unknown[1], part.columns) if unknown else ""
    return MappingError(
        f"{context.profile.name}:{line}: feed {context.feed.name}, source {context.source.name}, {what}: "
        f"{problem}{meant if meant.startswith('; did') else ''}. "
        f"Delivered are {', '.join(part.columns)}, and _file, _line"
    )
