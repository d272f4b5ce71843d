"""The SQL of a mapping: one query of layers that turns delivered columns into typed values and lists every problem.

Text → null markers → value map → what is read from it → what is valid of that.
"""

# ruff: noqa: S608 - names come from the contract, the profile and headers, all through sql_text
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.extract import dates
from orchestration.extract.connectors.delivery import PLACE_COLUMNS, Part
from orchestration.extract.contract import Column, Feed
from orchestration.extract.errors import MappingError
from orchestration.extract.profile_model import ColumnMapping
from orchestration.extract.source_models import BaseSource
from orchestration.extract.sql_text import fold, literal, literals, quote, quote_all

# Longer values are cut where a reason quotes them.
_QUOTED_CHARACTERS = 200

# Formats of the contract: what matches, and what is said of the rest.
_FORMATS = {
    "clock": (
        "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?",
        "a clock time from 00:00 to 24:00 with two digits each, such as 09:30",
    ),
}


@dataclass(frozen=True)
class Context:
    """Whose rows are mapped: the feed, the source with the zone of its naive timestamps, the profile's file."""

    feed: Feed
    source: BaseSource
    zone: str
    profile: Path


@dataclass(frozen=True)
class Field:
    """A contract column with its mapping, and the names of its text and its typed value in the mapping's SQL.

    `is_identity` columns are of the key or the version: a tombstone says no more than them.
    """

    column: Column
    mapping: ColumnMapping
    is_required: bool
    is_identity: bool
    zone: str

    @property
    def text(self) -> str:
        """The name of its text."""
        return quote(f"_text_{self.column.name}")

    @property
    def read(self) -> str:
        """The name of what was read from its text."""
        return quote(f"_read_{self.column.name}")

    @property
    def value(self) -> str:
        """The name of its value: null where what was read cannot be."""
        return quote(self.column.name)

    @property
    def is_date(self) -> bool:
        """Whether it is a date or a timestamp."""
        return self.column.type in {"date", "timestamp"}

    @property
    def is_local(self) -> bool:
        """Whether its values, as read, may be local times of a zone."""
        return self.column.type == "timestamp" and self.zone != "UTC" and not dates.names_offset(self.mapping.format)

    @property
    def is_instant(self) -> str:
        """The name of: this local column's value says its offset, so it is UTC as read."""
        return quote(f"_instant_{self.column.name}")


def fields_of(context: Context, part: Part, only: Sequence[str] = ()) -> list[Field]:
    """Find the mapping of every contract column: the binding's, else a delivered column of its name, else null.

    MappingError where a required column has neither.
    """
    delivered = {fold(name): name for name in part.columns}
    feed = context.feed
    fields = []
    for column in feed.columns:
        if only and column.name not in only:
            continue
        mapping = part.binding.columns.get(column.name)
        same = delivered.get(column.name)
        is_required = column.required or column.name in feed.key
        if mapping is None and same is None and is_required:
            raise MappingError(
                f"{context.profile.name}:{part.binding.line}: feed {feed.name} needs the column {column.name}, "
                f"and source {context.source.name} delivers none of that name; write an expression for it. "
                f"Delivered: {', '.join(part.columns)}"
            )
        mapping = mapping or ColumnMapping(expr=quote(same) if same else "null")
        is_identity = column.name in (*feed.key, *feed.version)
        fields.append(Field(column, mapping, is_required, is_identity, mapping.time_zone or context.zone))
    return fields


def clauses(part: Part) -> str:
    """Write the clauses of a binding's conditions and windows, as they follow its relation."""
    where = f" where ({part.binding.where}\n)" if part.binding.where else ""
    return f"{where}{window_clause(part)}"


def window_clause(part: Part) -> str:
    """Write the windows of a binding as a clause."""
    windows = ", ".join(f"{quote(name)} as ({text}\n)" for name, text in part.binding.windows.items())
    return f" window {windows}" if windows else ""


def mapping_query(context: Context, part: Part, fields: Sequence[Field], overflow: Sequence[str]) -> str:
    """Write the query of a part's rows: typed values, their places, _is_deleted, _overflow, flags and _problems."""
    problems = [problem for field in fields for problem in _problems(field)]
    listed = ", ".join(f"case when {condition} then {problem} end" for condition, problem in problems)
    is_bad = " or ".join(condition for condition, _ in problems)
    flags = "".join(f", {field.is_instant}" for field in fields if field.is_local)
    kept = ", ".join(f"{quote(name)} := {quote(name)}" for name in overflow)
    packed = f"cast(to_json(struct_pack({kept})) as varchar)" if kept else "cast(null as varchar)"
    return f"""
        with {_read_layers(context, part, fields, packed)},
        valid as (select *, {", ".join(f"{_valid(field)} as {field.value}" for field in fields)} from read)
        select
            {quote_all(field.column.name for field in fields)},
            {", ".join(PLACE_COLUMNS)},
            _is_deleted,
            _overflow{flags},
            case when {is_bad} then list_filter([{listed}], lambda problem: problem is not null) end as _problems
        from valid
        """


def keys_query(context: Context, part: Part, fields: Sequence[Field]) -> str:
    """Write the query of the keys in a part that has only the columns of its binding's compare_keys."""
    # Rows that `where` leaves out are kept in the comparison: only the keys were read.
    whole = Part(part.binding.model_copy(update={"where": None, "deleted": None}), part.relation, part.columns)
    return f"""
        with {_read_layers(context, whole, fields, "cast(null as varchar)")}
        select distinct {", ".join(f"{_valid(field)} as {field.value}" for field in fields)}, _file from read
        """


def _read_layers(context: Context, part: Part, fields: Sequence[Field], overflow: str) -> str:
    """Write the layers from a relation to `read`."""
    texts = ", ".join(f"{_text(field, context.source.null_markers)} as {field.text}" for field in fields)
    meant = ", ".join(f"{_meant(field)} as {field.text}" for field in fields if field.mapping.values)
    flags = "".join(
        f", {'false' if field.mapping.format else dates.has_offset(field.text)} as {field.is_instant}"
        for field in fields
        if field.is_local
    )
    deleted = f"coalesce(({part.binding.deleted}\n), false)" if part.binding.deleted else "false"
    return f"""
        texts as (
            select {texts}, {", ".join(PLACE_COLUMNS)}, {overflow} as _overflow, {deleted} as _is_deleted
            from {quote(part.relation)}{clauses(part)}
        ),
        meant as (select *{f" replace ({meant})" if meant else ""} from texts),
        flagged as (select *{flags} from meant),
        read as (select *, {", ".join(f"{_read(field, context)} as {field.read}" for field in fields)} from flagged)"""


def _text(field: Field, null_markers: tuple[str, ...]) -> str:
    text = f"trim(cast(({field.mapping.expr}\n) as varchar))"
    for marker in null_markers:
        text = f"nullif({text}, {literal(marker)})"
    return text


def _meant(field: Field) -> str:
    cases = " ".join(
        f"when {literal(found)} then {'null' if meant is None else literal(meant)}"
        for found, meant in field.mapping.values.items()
    )
    return f"case {field.text} {cases} else {field.text} end"


def _read(field: Field, context: Context) -> str:
    kind, text, format_ = field.column.type, field.text, field.mapping.format
    if kind == "timestamp":
        is_instant = field.is_instant if field.is_local else dates.has_offset(text)
        return dates.read_timestamp(text, format_, is_instant)
    if kind == "date":
        return dates.read_date(text, format_)
    if kind == "bigint":
        # By itself the cast rounds: 3.7 pieces would silently be 4.
        whole = f"try_cast({text} as bigint)"
        return f"case when try_cast({text} as decimal(38, 9)) = {whole} then {whole} end"
    if kind != "varchar":
        return f"try_cast({text} as {kind})"
    is_prefixed = field.column.identifier and context.source.id_space
    return f"{literal(f'{context.source.id_space}:')} || {text}" if is_prefixed else text


def _valid(field: Field) -> str:
    if field.is_date:
        return f"case when {dates.is_plausible(field.read)} then {field.read} end"
    if field.column.type == "double":
        return f"case when isfinite({field.read}) then {field.read} end"
    return field.read


def _problems(field: Field) -> Iterator[tuple[str, str]]:
    """Write what can be wrong with a field: the condition, and the problem as a struct."""
    name = field.column.name
    found = f"{literal(f'{name}: found ')} || '''' || left({field.text}, {_QUOTED_CHARACTERS}) || ''''"
    applies = "" if field.is_identity else " and not _is_deleted"

    if field.is_required:
        yield (
            f"({field.text} is null{applies})",
            problem_struct(name, "required", literal(f"{name}: is required, found nothing")),
        )
    if field.column.type != "varchar":
        unread = f"({field.text} is not null and {field.value} is null"
        expected = f"{found} || {literal(f', expected {_expected(field)}')}"
        outside = f"({field.read} is not null or starts_with({field.text}, '0000-00-00'))"
        if field.is_date:
            far = (
                f", which is outside the years {dates.FIRST_YEAR} to {dates.LAST_YEAR}; if it stands for none, "
                "name it in the source's null_markers"
            )
            yield f"{unread} and not {outside}{applies})", problem_struct(name, "cast", expected, field.text)
            range_ = problem_struct(name, "range", f"{found} || {literal(far)}", field.text)
            yield f"{unread} and {outside}{applies})", range_
        else:
            yield f"{unread}{applies})", problem_struct(name, "cast", expected)
    if field.column.format:
        pattern, meant = _FORMATS[field.column.format]
        condition = f"coalesce(not regexp_full_match({field.text}, {literal(pattern)}), false)"
        yield f"({condition}{applies})", problem_struct(name, "format", f"{found} || {literal(f', expected {meant}')}")
    if field.column.allowed_values:
        allowed = literal(f", allowed are {', '.join(field.column.allowed_values)}")
        condition = f"coalesce({field.text} not in ({literals(field.column.allowed_values)}), false)"
        yield f"({condition}{applies})", problem_struct(name, "allowed_values", f"{found} || {allowed}")


def problem_struct(column: str, kind: str, reason: str, found: str = "cast(null as varchar)") -> str:
    """Write a problem: its column, its kind, its reason, and the text that was found (all but the first two as SQL)."""
    return f"{{'column_name': {literal(column)}, 'kind': {literal(kind)}, 'reason': {reason}, 'found': {found}}}"


def _expected(field: Field) -> str:
    kind = field.column.type
    if field.mapping.format:
        return f"a {kind} as {field.mapping.format}"
    return {
        "timestamp": "an ISO timestamp such as 2026-07-01 09:30:00",
        "date": "an ISO date such as 2026-07-01",
        "bigint": "a whole number",
        "boolean": "true or false",
    }.get(kind, f"a number ({kind})")
