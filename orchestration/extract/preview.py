"""A look at what a profile would land: each binding is read and mapped as in a landing, and nothing is kept.

Nothing is written but temporary relations of a DuckDB in memory and a scratch folder that goes with it.
"""

# ruff: noqa: S608 - names come from the contract, the profile and headers, all through sql_text; values are parameters
from __future__ import annotations

import glob
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.extract.connectors import connector_for
from orchestration.extract.connectors.delivery import Delivery, Notice, Part, Request, Sessions
from orchestration.extract.contract import Column, Feed
from orchestration.extract.drift import Drift
from orchestration.extract.errors import ExtractError, FeedStoppedError
from orchestration.extract.limits import check_rejects
from orchestration.extract.mapping import Context, Counts, create_targets, map_part
from orchestration.extract.personal import MASK, looks_personal
from orchestration.extract.policy_checks import check_policy
from orchestration.extract.profile_model import Binding, Profile
from orchestration.extract.source_models import FilesSource, Source
from orchestration.extract.sql_text import fold, quote, quote_all
from orchestration.extract.usage import read_columns

# Rows that a look reads of each binding: enough to meet rare mistakes, few enough for a source at work.
LIMIT_ROWS = 10_000
EXAMPLES_PER_REFUSAL = 2
_EXAMPLES_LOOKED_AT = 50


@dataclass(frozen=True)
class DeliveredColumn:
    """A column as the source delivers it, a value of it (masked where it is personal), and what is made of it."""

    name: str
    type: str
    example: str
    feeds: tuple[str, ...]
    is_read: bool


@dataclass(frozen=True)
class Refusal:
    """Why rows would be rejected: the column (None for a line that is no row), the kind, how often, examples."""

    column: str | None
    kind: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """What one binding would land. Where `error` says what would stop a landing, the rest is what was seen by then."""

    feed: str
    source: str
    place: str
    line: int
    error: str | None = None
    note: str = ""
    delivered: tuple[DeliveredColumn, ...] = ()
    counts: Counts | None = None
    gone: int = 0
    repeated_keys: int = 0
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    refusals: tuple[Refusal, ...] = ()
    lacking: tuple[Column, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class _Subject:
    """A binding with everything that mapping it needs."""

    feed: Feed
    source: Source
    binding: Binding
    zone: str
    fingerprint: str
    profile: Path


@dataclass(frozen=True)
class _Options:
    now: datetime
    row_count: int
    limit_rows: int
    is_shown: bool


def look(
    profile: Profile,
    contract: dict[str, Feed],
    *,
    now: datetime,
    feed: str | None = None,
    row_count: int = 10,
    limit_rows: int = LIMIT_ROWS,
    is_shown: bool = False,
) -> Iterator[Look]:
    """Look at every binding of `profile` (or of one `feed`), one after the other, whether or not another fails.

    `row_count` mapped rows of each are returned, of about `limit_rows` that are read. Direct personal data is masked
    unless `is_shown`. `now` is an aware instant.
    """
    options = _Options(now, row_count, limit_rows, is_shown)
    with Sessions() as sessions:
        for subject in _subjects(profile, contract):
            if feed is None or subject.feed.name == feed:
                yield _look(subject, sessions, options)


def _subjects(profile: Profile, contract: dict[str, Feed]) -> Iterator[_Subject]:
    for name, bindings in profile.feeds.items():
        feed = contract[name]
        for binding in bindings:
            fingerprint = profile.binding_fingerprint(binding, feed)
            source = profile.sources[binding.source]
            yield _Subject(feed, source, binding, profile.zone_of(source.name), fingerprint, profile.file)
    for name, path in profile.policies.items():
        folder = FilesSource(name="policies", connector="files", root=str(path.parent))
        file = Binding(source="policies", path=glob.escape(path.name), format="csv")
        yield _Subject(contract[name], folder, file, profile.time_zone, "", profile.file)


def _look(subject: _Subject, sessions: Sessions, options: _Options) -> Look:
    binding = subject.binding
    place = binding.path or binding.table or binding.endpoint or "query"
    seen = Look(subject.feed.name, subject.source.name, place, binding.line)
    with tempfile.TemporaryDirectory(prefix="aftersales_check_") as scratch, duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set temp_directory = ?", [scratch])
        staged = Path(scratch) / "staged"
        staged.mkdir()
        request = Request(
            feed=subject.feed.name,
            bindings=(binding,),
            fingerprints=(subject.fingerprint,),
            zone=subject.zone,
            landed_at=options.now,
            scratch=staged,
            sessions=sessions,
            limit_rows=options.limit_rows,
        )
        try:
            delivery = connector_for(subject.source).deliver(con, request)
        except ExtractError as error:
            sessions.drop(subject.source.name)
            return replace(seen, error=str(error))
        seen = replace(seen, note=delivery.note, notices=delivery.notices)
        return _mapped(con, subject, delivery, seen, options) if delivery.parts else seen


def _mapped(
    con: duckdb.DuckDBPyConnection, subject: _Subject, delivery: Delivery, seen: Look, options: _Options
) -> Look:
    """Map the one part of `delivery`, and add what came of it to what was seen."""
    (part,) = delivery.parts
    inputs = _inputs(con, subject, part)
    masked = frozenset() if options.is_shown else _personal_inputs(subject.feed, inputs)
    seen = replace(
        seen,
        delivered=tuple(_delivered(con, part, inputs, masked, is_shown=options.is_shown)),
        lacking=tuple(column for column in subject.feed.columns if column.name not in inputs),
    )
    context = Context(subject.feed, subject.source, subject.zone, subject.profile)
    try:
        create_targets(con, subject.feed)
        counts = map_part(con, context, part, 0)
    except ExtractError as error:
        return replace(seen, error=str(error))
    # A column that is made of a personal one is as personal, whatever the contract calls it.
    hidden = {name for name, read in inputs.items() if read & masked}
    columns = tuple(column.name for column in subject.feed.columns if column.name in inputs)
    gone, repeated = _tombstones_and_repeats(con, subject.feed)
    return replace(
        seen,
        error=_too_many_rejects(con, context, part, counts),
        counts=counts,
        gone=gone,
        repeated_keys=repeated,
        columns=columns,
        rows=tuple(_rows(con, columns, hidden, options.row_count)),
        refusals=tuple(_refusals(con, hidden)),
        notices=(*seen.notices, *counts.notices),
    )


def _too_many_rejects(con: duckdb.DuckDBPyConnection, context: Context, part: Part, counts: Counts) -> str | None:
    """Say so if a landing would stop at so many rejects; which they are is shown apart, without personal data."""
    try:
        if context.feed.schema == "policy":
            check_policy(con, context.feed)
            return None
        check_rejects(con, context, part, 0, counts, Drift((), (), ()))
    except FeedStoppedError as error:
        return str(error).partition("; nothing of the feed")[0]
    return None


def _inputs(con: duckdb.DuckDBPyConnection, subject: _Subject, part: Part) -> dict[str, set[str]]:
    """Find, of each contract column that is mapped or delivered under its own name, what it is made of."""
    windows = subject.binding.windows
    by_name = {fold(name): name for name in part.columns}
    inputs = {}
    for column in subject.feed.columns:
        mapping = subject.binding.columns.get(column.name)
        if mapping:
            named = [f"count(*) over ({text}\n)" for name, text in windows.items() if name in mapping.expr]
            inputs[column.name] = read_columns(con, [mapping.expr, *named], part.columns)
        elif column.name in by_name:
            inputs[column.name] = {by_name[column.name]}
    return inputs


def _personal_inputs(feed: Feed, inputs: dict[str, set[str]]) -> frozenset[str]:
    direct = [column.name for column in feed.columns if column.pii == "direct"]
    return frozenset(name for column in direct for name in inputs.get(column, ()))


def _delivered(
    con: duckdb.DuckDBPyConnection, part: Part, inputs: dict[str, set[str]], masked: frozenset[str], *, is_shown: bool
) -> Iterator[DeliveredColumn]:
    types = {row[0]: row[1] for row in con.execute(f"describe {quote(part.relation)}").fetchall()}
    binding = part.binding
    conditions = [text for text in (binding.where, binding.deleted) if text]
    read_elsewhere = {*read_columns(con, conditions, part.columns), *binding.compare_keys}
    if binding.cursor:
        read_elsewhere.add(binding.cursor.column)
    for name in part.columns:
        values = con.execute(
            f"select cast({quote(name)} as varchar) from {quote(part.relation)} "
            f"where {quote(name)} is not null and cast({quote(name)} as varchar) <> '' limit {_EXAMPLES_LOOKED_AT}"
        ).fetchall()
        texts = [value for (value,) in values]
        feeds = tuple(column for column, read in inputs.items() if name in read)
        # What becomes a column of the contract is judged by the contract; of the others only their look is known.
        is_hidden = name in masked or (not is_shown and not feeds and looks_personal(name, texts))
        example = (MASK if is_hidden else texts[0]) if texts else ""
        yield DeliveredColumn(name, str(types[name]), example, feeds, bool(feeds) or name in read_elsewhere)


def _rows(
    con: duckdb.DuckDBPyConnection, columns: tuple[str, ...], hidden: set[str], row_count: int
) -> Iterator[tuple[str, ...]]:
    rows = con.execute(
        f"select {quote_all(columns)} from incoming where not _is_deleted order by _part, _row limit {row_count}"
    ).fetchall()
    for row in rows:
        yield tuple(
            "" if value is None else MASK if column in hidden else str(value)
            for column, value in zip(columns, row, strict=True)
        )


def _tombstones_and_repeats(con: duckdb.DuckDBPyConnection, feed: Feed) -> tuple[int, int]:
    row = con.execute(
        f"select count(*) filter (where _is_deleted), count(*) filter (where not _is_deleted), "
        f"count(distinct ({quote_all(feed.key)})) filter (where not _is_deleted) from incoming"
    ).fetchone()
    assert row is not None  # an aggregate without grouping always returns one row
    gone, here, keys = row
    return gone, here - keys


def _refusals(con: duckdb.DuckDBPyConnection, hidden: set[str]) -> Iterator[Refusal]:
    """Gather the reasons of rejected rows by column and kind, the most frequent first."""
    found = con.execute(
        """
        with reasons as (
            select
                unnest(column_names) as column_name,
                unnest(reason_kinds) as kind,
                unnest(reasons) as reason,
                file || ':' || line as place
            from bad
        )
        select column_name, kind, reason, count(*), min_by(place, place)
        from reasons
        group by all
        order by count(*) desc, column_name, kind, reason
        """
    ).fetchall()
    grouped: dict[tuple[str | None, str], list[tuple[str, int, str]]] = {}
    for column, kind, reason, count, place in found:
        grouped.setdefault((column, kind), []).append((reason, count, place))
    refusals = []
    for (column, kind), reasons in grouped.items():
        examples = (f"{place}: {MASK if column in hidden else reason}" for reason, _, place in reasons)
        first = tuple(example for example, _ in zip(examples, range(EXAMPLES_PER_REFUSAL), strict=False))
        refusals.append(Refusal(column, kind, sum(count for _, count, _ in reasons), first))
    yield from sorted(refusals, key=lambda refusal: -refusal.count)
