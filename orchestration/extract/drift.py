"""Schema drift: compares the columns that a place delivers with those it delivered before.

A new column is noted. A known column that is not delivered any more becomes null where only optional columns of the
contract need it, and stops the feed where a key, a version, a required column or a condition does.
"""

# ruff: noqa: S608 - names come from the contract, the profile and headers, all through sql_text; values are parameters
from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from orchestration.extract.connectors.delivery import Notice, Part
from orchestration.extract.errors import FeedStoppedError
from orchestration.extract.mapping_sql import Context, fields_of, window_clause
from orchestration.extract.profile_model import Binding
from orchestration.extract.sql_text import fold, quote

# JSON leaves out what is empty: only a key that so many records lack is gone.
_SPARSE_RECORDS = 100
_JSON_ENDINGS = (".ndjson", ".jsonl", ".json")


@dataclass(frozen=True)
class KnownColumn:
    """A column that a place delivered. `type` is its DuckDB type, empty while it had no value."""

    place: str
    name: str
    type: str
    is_missing: bool = False
    first_batch_id: str = ""


@dataclass(frozen=True)
class Drift:
    """What became of a source's columns: all that are known now, the places that are bound, what changed."""

    columns: tuple[KnownColumn, ...]
    bound_places: tuple[str, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class _Look:
    """A part with its delivered columns and their types, and what its place was known to deliver, by folded name."""

    context: Context
    part: Part
    place: str
    delivered: Mapping[str, str]
    known: Mapping[str, KnownColumn]

    @property
    def folded(self) -> set[str]:
        return {fold(name) for name in self.delivered}

    @property
    def missing(self) -> list[KnownColumn]:
        return [column for name, column in self.known.items() if name not in self.folded]

    @property
    def new(self) -> list[str]:
        return [name for name in self.delivered if fold(name) not in self.known] if self.known else []


def place_key(binding: Binding) -> str:
    """Name the place that a binding reads, so that two bindings with other columns have other names."""
    if binding.query is not None:
        return f"query {hashlib.sha256(binding.query.encode()).hexdigest()[:8]}"
    place = binding.path or binding.table or binding.endpoint or ""
    within = [f"{key}={value}" for key, value in sorted(binding.params.items())]
    within += [f"{name} {value}" for name, value in (("sheet", binding.sheet), ("records", binding.records)) if value]
    return f"{place} ({', '.join(within)})" if within else place


def read_known(con: duckdb.DuckDBPyConnection, feed: str, source: str) -> list[KnownColumn]:
    """Read from the ledger which columns the places of `source` are known to deliver for `feed`."""
    rows = con.execute(
        "select place, column_name, type, is_missing, first_batch_id from raw.columns where feed = ? and source = ? "
        "order by place, column_name",
        [feed, source],
    ).fetchall()
    return [KnownColumn(*row) for row in rows]


def find_drift(
    con: duckdb.DuckDBPyConnection,
    context: Context,
    bindings: Iterable[Binding],
    parts: Sequence[Part],
    known: Iterable[KnownColumn],
) -> tuple[Drift, tuple[Part, ...]]:
    """Compare the columns of `parts` with the `known` ones; return the drift, and the parts to map.

    In these, known columns that are needed and were not delivered are there as null. FeedStoppedError shows the
    difference where that would be wrong.
    """
    by_place: dict[str, dict[str, KnownColumn]] = {}
    for column in known:
        by_place.setdefault(column.place, {})[fold(column.name)] = column
    columns: dict[tuple[str, str], KnownColumn] = {}
    notices: list[Notice] = []
    completed = []
    for part in parts:
        place = place_key(part.binding)
        before = by_place.get(place, {})
        look = _Look(context, part, place, _delivered(con, part, before), before)
        is_judged = not _is_sparse(part.binding) or _count(con, part) >= _SPARSE_RECORDS
        needed = _needs(con, look) if look.missing else {}
        if is_judged:
            _stop_if_needed(look, needed)
        notices += _notices(look, needed, is_judged=is_judged)
        columns.update({(place, fold(column.name)): column for column in _remembered(look, is_judged=is_judged)})
        completed.append(_completed(con, look, {name for names in needed.values() for name in names}))
    places = tuple(place_key(binding) for binding in bindings)
    return Drift(tuple(columns.values()), places, tuple(dict.fromkeys(notices))), tuple(completed)


def unused_columns(con: duckdb.DuckDBPyConnection, context: Context, part: Part) -> list[str]:
    """Return the delivered columns that nothing of the binding names: without them every expression still binds."""
    _make_trial(con, part)
    wanted = [expression for _, expression in _consumers(context, part)]
    return [name for name in part.columns if all(_binds(con, each, [name]) for each in wanted)]


def _is_sparse(binding: Binding) -> bool:
    path = (binding.path or "").lower().removesuffix(".gz").removesuffix(".zst")
    return binding.endpoint is not None or binding.format in {"ndjson", "json"} or path.endswith(_JSON_ENDINGS)


def _delivered(con: duckdb.DuckDBPyConnection, part: Part, known: Mapping[str, KnownColumn]) -> dict[str, str]:
    """Return the delivered columns with their types; a column without any value has none, whatever it is called."""
    described = {row[0]: str(row[1]) for row in con.execute(f"describe {quote(part.relation)}").fetchall()}
    types = {name: described[name] for name in part.columns}
    if set(types.values()) <= {"VARCHAR"}:
        return types
    doubtful = [name for name, type_ in types.items() if fold(name) not in known or known[fold(name)].type != type_]
    if doubtful:
        counts = ", ".join(f"count({quote(name)})" for name in doubtful)
        found = con.execute(f"select {counts} from {quote(part.relation)}").fetchall()[0]
        types.update({name: "" for name, count in zip(doubtful, found, strict=True) if not count})
    return types


def _count(con: duckdb.DuckDBPyConnection, part: Part) -> int:
    return int(con.execute(f"select count(*) from {quote(part.relation)}").fetchall()[0][0])


def _consumers(context: Context, part: Part) -> Iterator[tuple[str, str]]:
    """List whatever of a binding names delivered columns: what it is for, and the query that shows whether it binds."""
    binding = part.binding
    for name, text in binding.windows.items():
        yield f"windows.{name}", f"select count(*) over ({text}\n) from trial_columns"
    for name, condition in (("where", binding.where), ("deleted", binding.deleted)):
        if condition:
            yield name, f"select ({condition}\n) from trial_columns{window_clause(part)}"
    for field in fields_of(context, part):
        yield field.column.name, f"select ({field.mapping.expr}\n) from trial_columns{window_clause(part)}"


def _make_trial(con: duckdb.DuckDBPyConnection, part: Part) -> None:
    con.execute(f"create or replace temp table trial_all as select * from {quote(part.relation)} limit 0")


def _binds(con: duckdb.DuckDBPyConnection, query: str, without: Iterable[str] = ()) -> bool:
    """Whether `query` binds to the columns of the trial but those `without`."""
    left = ", ".join(quote(name) for name in without)
    columns = f"* exclude ({left})" if left else "*"
    con.execute(f"create or replace temp view trial_columns as select {columns} from trial_all")
    try:
        con.execute(f"explain {query}")
    except duckdb.Error:
        return False
    return True


def _needs(con: duckdb.DuckDBPyConnection, look: _Look) -> dict[str, list[str]]:
    """Find what of the binding needs which of the missing columns."""
    part = _completed(con, look, {column.name for column in look.missing})
    names = [column.name for column in look.missing]
    _make_trial(con, part)
    needs = {}
    for what, query in _consumers(look.context, part):
        # What does not bind even with them all is a mistake, which mapping explains.
        if not _binds(con, query, names) and _binds(con, query):
            needs[what] = [name for name in names if not _binds(con, query, [name])]
    return {what: found for what, found in needs.items() if found}


def _completed(con: duckdb.DuckDBPyConnection, look: _Look, names: set[str]) -> Part:
    """Give the part the missing columns `names`, as null."""
    absent = [column for column in look.missing if column.name in names]
    if not absent:
        return look.part
    relation = f"{look.part.relation}_completed"
    nulls = ", ".join(f"cast(null as {column.type or 'varchar'}) as {quote(column.name)}" for column in absent)
    con.execute(f"create or replace temp view {quote(relation)} as select *, {nulls} from {quote(look.part.relation)}")
    return replace(look.part, relation=relation, columns=(*look.part.columns, *(column.name for column in absent)))


def _stop_if_needed(look: _Look, needed: Mapping[str, Sequence[str]]) -> None:
    feed, binding = look.context.feed, look.part.binding
    reasons = {column.name: "required" for column in feed.columns if column.required}
    reasons |= dict.fromkeys(feed.version, "the version") | dict.fromkeys(feed.key, "the key")
    reasons |= dict.fromkeys(("where", "deleted", *(f"windows.{name}" for name in binding.windows)), "a condition")
    stopping = [what for what in needed if what in reasons]
    if not stopping:
        return
    told = "; ".join(f"{what} ({reasons[what]}) needs {', '.join(needed[what])}" for what in stopping)
    line = binding.column_lines.get(stopping[0], binding.line)
    raise FeedStoppedError(
        f"{look.context.profile.name}:{line}: feed {feed.name}, source {look.context.source.name}: {look.place} "
        f"no longer delivers what the mapping needs: {told}. {difference(look.missing, look.new)}. Nothing of the "
        "feed was changed; correct the expressions, or have the source deliver as before"
    )


def difference(missing: Iterable[KnownColumn], new: Sequence[str]) -> str:
    """Say which columns are missing and which are new, and which of them look like one column renamed."""
    lines = [f"Missing: {', '.join(column.name for column in missing) or 'none'}", f"new: {', '.join(new) or 'none'}"]
    for column in missing:
        near = difflib.get_close_matches(fold(column.name), [fold(name) for name in new], n=1, cutoff=0.5)
        renamed = [name for name in new if fold(name) in near]
        lines += [f"was {column.name} renamed to {renamed[0]}?"] if renamed else []
    return "; ".join(lines)


def _notices(look: _Look, needed: Mapping[str, Sequence[str]], *, is_judged: bool) -> Iterator[Notice]:
    place = look.place
    for name in look.new:
        kept = "it is kept in _overflow" if look.part.binding.overflow else "no expression names it"
        yield Notice("new_column", f"{place} delivers a new column {name}; {kept}", place, name)
    for column in look.missing:
        if is_judged and not column.is_missing:
            null = [what for what, names in needed.items() if column.name in names]
            effect = f"null from now on: {', '.join(null)}" if null else "nothing of the feed needs it"
            message = f"{place} no longer delivers the column {column.name}; {effect}"
            yield Notice("missing_column", message, place, column.name)
    for name, type_ in look.delivered.items():
        before = look.known.get(fold(name))
        if before and before.is_missing:
            yield Notice("returned_column", f"{place} delivers the column {name} again", place, name)
        if before and before.type and type_ and before.type != type_:
            message = f"{place} delivers {name} as {type_}, before as {before.type}; each value is judged by its cast"
            yield Notice("changed_type", message, place, name)


def _remembered(look: _Look, *, is_judged: bool) -> Iterator[KnownColumn]:
    for name, type_ in look.delivered.items():
        column = look.known.get(fold(name)) or KnownColumn(look.place, name, "")
        yield replace(column, name=name, type=type_ or column.type, is_missing=False)
    for column in look.missing:
        yield replace(column, is_missing=column.is_missing or is_judged)
