"""Writes the lines of a draft for one contract column: its mapping where that is sure, else what it might be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import duckdb

from orchestration.extract.column_facts import Facts
from orchestration.extract.contract import Column, Feed
from orchestration.extract.inspection import Table
from orchestration.extract.matching import Match, read_synonyms
from orchestration.extract.personal import words_of
from orchestration.extract.profile_checks import TODO
from orchestration.extract.sql_text import quote
from orchestration.extract.yaml_text import comment, flow, scalar

_WIDTH = 44
# A time of day in so many rows is no time.
_FREQUENT = 0.05
_CANDIDATES = 3
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
# What DuckDB takes for true or false.
_CASTABLE = {"true", "false", "t", "f", "yes", "no", "y", "n", "1", "0"}
_DATE_WORDS = {"date", "day", "日期", "日"}
# Seconds or milliseconds since 1970.
_EPOCH_DIGITS = {10: "to_timestamp(cast({} as double))", 13: "to_timestamp(cast({} as double) / 1000)"}
_HOURS, _MINUTES, _SECONDS, _MILLIS = (
    {"hour", "hours", "hrs", "hr", "小时", "工时"}, {"minute", "minutes", "min", "mins", "分钟"},
    {"second", "seconds", "sec", "secs", "秒"}, {"ms", "millis", "milliseconds", "毫秒"},
)  # fmt: skip
_FACTORS = {
    "minutes": ((_HOURS, " * 60"), (_SECONDS, " / 60"), (_MILLIS, " / 60000")),
    "seconds": ((_HOURS, " * 3600"), (_MINUTES, " * 60"), (_MILLIS, " / 1000")),
}


def column_lines(
    column: Column, feed: Feed, table: Table, match: Match | None, possible: Sequence[Match]
) -> Iterator[str]:
    """Write the lines of `column`: `match` is sure to be it, `possible` ones may be."""
    is_required = column.required or column.name in feed.key
    if match is not None and not _hides_rows(column, feed, table, match):
        yield from _mapped(
            column, match.facts, _about(column, is_required, match.facts, is_key=feed.key == (column.name,))
        )
        return
    found: dict[str, str] = {}
    for mapping, why in _candidates(column, feed, table, possible):
        found.setdefault(mapping, why)
    candidates = list(found.items())[:_CANDIDATES]
    if is_required:
        about = _about(column, is_required)
        if column.allowed_values:
            constant = scalar(f"'{column.allowed_values[0]}'")
            about += f"; allowed: {', '.join(column.allowed_values)}. The same for every row is written {constant}"
        yield _line(f"{column.name}: {TODO}", about)
        for candidate, why in candidates:
            yield comment(f"  perhaps {column.name}: {candidate}   {why}".rstrip())
    elif candidates:
        for candidate, why in candidates:
            yield _line(f"# {column.name}: {candidate}", "; ".join(part for part in (_about(column), why) if part))
    else:
        yield _line(f"# {column.name}: ?", _about(column))


def sql_name(name: str) -> str:
    """Write a delivered column's name as SQL, in quotes where it needs them."""
    return name if _IDENTIFIER.fullmatch(name) and name.lower() not in _keywords() else quote(name)


@cache
def _keywords() -> frozenset[str]:
    with duckdb.connect() as con:
        words = con.execute("select keyword_name from duckdb_keywords() where keyword_category <> 'unreserved'")
        return frozenset(word for (word,) in words.fetchall())


def _hides_rows(column: Column, feed: Feed, table: Table, match: Match) -> bool:
    """Whether `match` as the only column of a key would make one row of several, with nothing to choose by."""
    return feed.key == (column.name,) and not feed.version and match.facts.distinct < table.row_count


def _about(column: Column, is_required: bool = False, facts: Facts | None = None, *, is_key: bool = False) -> str:
    unit = f", {column.unit}" if column.unit else ""
    parts = [f"{'required: ' if is_required else ''}{column.type}{unit}. {column.description.rstrip('.')}"]
    if facts is not None and facts.kind == "date" and facts.readings.proof:
        parts.append(f"{facts.readings.proof!r} has no other reading")
    if facts is not None and facts.readings.misfits:
        count = len(facts.readings.misfits)
        parts.append(f"{count} value{'' if count == 1 else 's'} cannot be read, such as {facts.readings.misfits[0]!r}")
    if facts is not None and column.identifier and is_required and facts.distinct < facts.filled:
        wins = ": of each the latest version wins" if is_key else ""
        parts.append(f"{facts.distinct:,} values in {facts.filled:,} rows{wins}")
    return "; ".join(parts)


def _line(text: str, about: str) -> str:
    return f"{text.ljust(_WIDTH)} {comment(about)}"


def _mapped(column: Column, facts: Facts, about: str) -> Iterator[str]:
    """Write a sure mapping, with its date format or its value map."""
    expression = _expression(column, facts)
    if column.type in ("timestamp", "date"):
        yield from _dated(column, expression, facts, about)
        return
    allowed = _CASTABLE if column.type == "boolean" else set(column.allowed_values)
    unknown = [value for value in facts.values if (value.lower() if column.type == "boolean" else value) not in allowed]
    if not allowed or not unknown or facts.is_personal:
        yield _line(f"{column.name}: {scalar(expression)}", about)
        return
    meanings = column.allowed_values or ("true", "false")
    yield _line(f"{column.name}:", about)
    yield f"  expr: {scalar(expression)}"
    yield f"  values:   # allowed: {', '.join(meanings)}; leave the meaning empty for none"
    for value, count in facts.values.items():
        meant = next((each for each in meanings if _same(each) == _same(value)), None)
        hint = "" if meant else next((f", {each}?" for each in meanings if _means(each, value)), "")
        yield _line(f"    {scalar(value)}: {scalar(meant or TODO)}", f"{count:,} rows{hint}")


def _same(text: str) -> str:
    return "".join(words_of(text))


def _means(meaning: str, value: str) -> bool:
    return _same(value) in {_same(name) for name in read_synonyms().values.get(meaning, ())}


def _dated(column: Column, expression: str, facts: Facts, about: str) -> Iterator[str]:
    ways = facts.readings.ways
    if not facts.readings.is_ambiguous:
        format_ = ways[0].format if ways else None
        mapping = scalar(expression) if format_ is None else flow({"expr": expression, "format": format_})
        yield _line(f"{column.name}: {mapping}", about)
        return
    yield _line(f"{column.name}: {flow({'expr': expression, 'format': TODO})}", about)
    for way in ways:
        yield comment(f"  format: {scalar(str(way.format))} reads {way.written!r} as {way.meant}")


def _expression(column: Column, facts: Facts) -> str:
    """Write the SQL of a column, in the contract's unit where its name says another."""
    name = sql_name(facts.name)
    words = set(words_of(facts.name))
    factor = next((factor for other, factor in _FACTORS.get(column.unit or "", ()) if other & words), "")
    return f"cast({name} as double){factor}" if factor else name


def _candidates(column: Column, feed: Feed, table: Table, possible: Sequence[Match]) -> Iterator[tuple[str, str]]:
    """Find what `column` might be: a mapping as YAML, and what speaks for it."""
    if column.name in feed.key and column.identifier and feed.key == (column.name,) and table.key:
        joined = " || '-' || ".join(sql_name(name) for name in table.key)
        seen = "unique in the rows looked at" if table.is_key_seen else "the primary key"
        yield scalar(joined), seen
    for match in possible:
        facts = match.facts
        expression = _expression(column, facts)
        if column.type in ("timestamp", "date") and facts.kind in ("time of day", "whole"):
            yield from _instants(column, table, facts)
        elif column.type in ("timestamp", "date") and facts.readings.is_ambiguous:
            for way in facts.readings.ways:
                read = f"reads {way.written!r} as {way.meant}"
                yield flow({"expr": expression, "format": str(way.format)}), read
        elif column.type in ("timestamp", "date") and facts.readings.ways and facts.readings.ways[0].format:
            yield flow({"expr": expression, "format": facts.readings.ways[0].format}), _looks_like(facts)
        else:
            is_repeated = column.name in feed.key and facts.distinct < facts.filled
            repeated = f"repeats: {facts.distinct:,} values in {facts.filled:,} rows"
            yield scalar(expression), repeated if is_repeated else _looks_like(facts)


def _looks_like(facts: Facts) -> str:
    if facts.examples:
        return f"looks like {', '.join(facts.examples)}"
    return "(looks personal)" if facts.is_personal else f"holds {facts.kind}"


def _instants(column: Column, table: Table, facts: Facts) -> Iterator[tuple[str, str]]:
    """Make an instant of a time of day with each date beside it, or of seconds since 1970."""
    name = sql_name(facts.name)
    if facts.kind == "time of day" and column.type == "timestamp":
        time = "%H:%M:%S" if facts.examples and facts.examples[0].count(":") > 1 else "%H:%M"
        for other in table.facts:
            if other.name == facts.name or not (other.kind == "date" or _DATE_WORDS & set(words_of(other.name))):
                continue
            for way in other.readings.ways:
                if way.format and "%H" not in way.format and "%I" not in way.format:
                    joined = f"{sql_name(other.name)} || ' ' || {name}"
                    most, count = next(iter(facts.values.items()))
                    is_frequent = count > _FREQUENT * facts.filled
                    why = f"{most} in {count:,} rows may mean never" if is_frequent else "times of day, local"
                    yield flow({"expr": joined, "format": f"{way.format} {time}"}), why
    elif facts.kind == "whole" and facts.readings.ways:
        for way in facts.readings.ways:
            yield flow({"expr": name, "format": str(way.format)}), f"reads {way.written!r} as {way.meant}"
    elif facts.kind == "whole":
        template = _EPOCH_DIGITS.get(facts.max_length)
        if template:
            yield scalar(template.format(name)), "if it counts from 1970"
