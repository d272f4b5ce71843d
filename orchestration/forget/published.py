"""Published versions without a person: each that knows them is written anew, under a name never used before."""

# ruff: noqa: S608 - names come from the files' own tables, all quoted; values are variables or parameters
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach, quote_identifier, quote_literal
from orchestration.engine import connect
from orchestration.extract.contract import Feed
from orchestration.extract.suppression import customer_keys, personal_columns
from orchestration.forget.erasing import HIDDEN, Column
from orchestration.forget.errors import ForgetError
from orchestration.forget.journal import Step
from orchestration.forget.landed import columns_of
from orchestration.forget.person import Person
from orchestration.instants import stored
from orchestration.publish import copy_comments, write_contents
from orchestration.versions.inspection import verify
from orchestration.versions.store import Version, fsync_file, list_versions, version_file

_SCRUBBED = re.compile(r"-f\d+$")
# What a version calls its builds, in schema meta.
_BUILD_COLUMNS = ("build_id", "from_build_id")


@dataclass(frozen=True)
class Scrubbed:
    """A version that was written anew: the old one, the new build id, the file, and changed rows by table."""

    old: Version
    build_id: str
    draft: Path
    counts: Mapping[str, int]


def scrub_versions(
    published_dir: Path,
    staging: Path,
    persons: list[Person],
    contract: Mapping[str, Feed],
    *,
    request: str,
    forgotten_at: datetime,
) -> list[Scrubbed]:
    """Write each version that knows one of `persons` anew into `staging`; ForgetError if one is damaged.

    `persons` are the customer as landed, and as published where keys are hashed.
    """
    versions = list_versions(published_dir)
    new_ids = {each.build_id: f"{_SCRUBBED.sub('', each.build_id)}-{request.lower()}" for each in versions}
    made = []
    for version in versions:
        draft = version_file(staging, new_ids[version.build_id])
        draft.parent.mkdir(parents=True, exist_ok=True)
        try:
            counts = _scrub(version, draft, persons, contract, new_ids, request, forgotten_at)
        except duckdb.Error as error:
            raise ForgetError(
                f"{version.path} cannot be read: {str(error).splitlines()[0]}; it may hold the person. Delete it, or "
                "put a whole copy in its place, and run again"
            ) from error
        if not counts:
            continue
        if problems := verify(draft, new_ids[version.build_id]):
            raise ForgetError(f"{version.path} written anew is not whole: {problems[0]}")
        made.append(Scrubbed(version, new_ids[version.build_id], draft, counts))
    return made


def steps_of_versions(made: list[Scrubbed], root: Path, published: Path) -> list[Step]:
    """Put the new versions in place, turn readers to the one that stands for the served, and take the old ones away."""
    steps = []
    folder = published.relative_to(root).as_posix()
    for each in made:
        final = f"{folder}/{each.draft.name}"
        steps.append(Step("move", final, each.draft.relative_to(root).as_posix()))
        if each.old.is_pinned:
            pin = each.draft.with_name(f"{each.draft.name}.pinned")
            pin.touch()
            steps.append(Step("move", f"{final}.pinned", pin.relative_to(root).as_posix()))
    steps += [Step("serve", f"{folder}/{each.draft.name}") for each in made if each.old.is_current]
    for each in made:
        steps.append(Step("delete", f"{folder}/{each.old.path.name}"))
        steps.append(Step("delete", f"{folder}/{each.old.path.name}.pinned"))
    return steps


def _scrub(
    version: Version,
    draft: Path,
    persons: list[Person],
    contract: Mapping[str, Feed],
    new_ids: Mapping[str, str],
    request: str,
    forgotten_at: datetime,
) -> Counter[str]:
    """Write a version anew; return changed rows by table, and write nothing if there are none."""
    with connect() as con:
        con.execute("set enable_progress_bar = false")
        attach(con, version.path, "known", read_only=True)
        erasing = _Erasing(con, persons, contract)
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'known' order by all"
        ).fetchall()
        queries, counts = {}, Counter[str]()
        for schema, table in tables:
            name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
            columns = columns_of(con, f"known.{name}")
            erased = erasing.of(schema, columns)
            if erased:
                differs = " or ".join(
                    f"{quote_identifier(column)} is distinct from {sql}" for column, sql in erased.items()
                )
                ((count,),) = con.execute(f"select count(*) from known.{name} where {differs}").fetchall()
                counts[f"{schema}.{table}"] += count
            listed = ", ".join(
                f"{erased.get(column.name, quote_identifier(column.name))} as {quote_identifier(column.name)}"
                for column in columns
            )
            queries[name] = f"select {listed} from known.{name}"
        counts = Counter({table: count for table, count in counts.items() if count})
        if not counts:
            return counts
        attach(con, draft, "version")
        con.begin()
        for schema in dict.fromkeys(schema for schema, _ in tables):
            con.execute(f"create schema version.{quote_identifier(schema)}")
        for name, query in queries.items():
            con.execute(f"create table version.{name} as {query}")
        copy_comments(con, "known")
        _rename_builds(con, tables, new_ids)
        write_contents(con, "version")
        con.execute(
            "create table if not exists version.meta.forgotten "
            "(request varchar not null, forgotten_at timestamp not null)"
        )
        con.execute("insert into version.meta.forgotten values (?, ?)", [request, stored(forgotten_at)])
        con.commit()
        con.execute("checkpoint version")
        con.execute("detach version")
    fsync_file(draft)
    return counts


def _rename_builds(con: duckdb.DuckDBPyConnection, tables: list[tuple[str, str]], new_ids: Mapping[str, str]) -> None:
    """Builds are called by the names of the files that stand for them now."""
    for schema, table in tables:
        if schema != "meta":
            continue
        name = f"version.meta.{quote_identifier(table)}"
        for column in columns_of(con, name):
            if column.name in _BUILD_COLUMNS:
                for old, new in new_ids.items():
                    con.execute(f"update {name} set {column.name} = ? where {column.name} = ?", [new, old])


class _Erasing:
    """Writes the expressions that erase the persons from a version's tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection, persons: list[Person], contract: Mapping[str, Feed]) -> None:
        self._count = len(persons)
        for index, person in enumerate(persons):
            for name, value in (
                ("number", person.customer_id),
                ("pseudonym", person.pseudonym),
                ("numbers", person.number_pattern),
                ("traces", person.trace_pattern),
            ):
                con.execute(f"set variable {name}_{index} = ?", [value])
        con.execute("create temp table related (column_name varchar, number varchar)")
        rows = [
            (contract[feed].key[0], number)
            for person in persons
            for feed, numbers in person.related.items()
            for number in sorted(numbers)
        ]
        if rows:
            con.executemany("insert into related values (?, ?)", rows)
        self._keys = {name for feed in contract.values() for name in customer_keys(feed)}
        self._personal = {name for feed in contract.values() for name in personal_columns(feed)}
        self._free_texts = {
            column.name for feed in contract.values() for column in feed.columns if column.pii == "free_text"
        }
        self._direct = {column.name for feed in contract.values() for column in feed.columns if column.pii == "direct"}
        self._related = {name for name, _ in rows}

    def of(self, schema: str, columns: list[Column]) -> dict[str, str]:
        """Expressions of the columns that may have to change; a mart's columns are called as in the feed contract."""
        names = {column.name for column in columns}
        is_own = self._is_own(names)
        erased = {}
        for column in columns:
            path = quote_identifier(column.name)
            text = path
            if column.type == "VARCHAR" and column.name not in self._direct:
                for index in range(self._count):
                    number, pseudonym = f"getvariable('number_{index}')", f"getvariable('pseudonym_{index}')"
                    if column.name in self._keys:
                        text = f"if({path} = {number}, {pseudonym}, {text})"
                    else:
                        text = f"regexp_replace({text}, getvariable('numbers_{index}'), {pseudonym}, 'g')"
                        if schema == "meta" or column.name in self._free_texts:
                            text = (
                                f"regexp_replace({text}, getvariable('traces_{index}'), {quote_literal(HIDDEN)}, 'gi')"
                            )
            if is_own and column.name in self._personal:
                text = f"case when {is_own} then null else {text} end"
            if text != path:
                erased[column.name] = text
        return erased

    def _is_own(self, names: set[str]) -> str | None:
        """Whether a row is about one of the persons."""
        keys = sorted(names & self._keys)
        own = [
            f"{quote_identifier(name)} = getvariable('number_{index}')" for name in keys for index in range(self._count)
        ]
        unnamed = "".join(f" and {quote_identifier(name)} is null" for name in keys)
        own += [
            f"({quote_identifier(name)} in "
            f"(select number from related where column_name = {quote_literal(name)}){unnamed})"
            for name in sorted(names & self._related)
        ]
        return f"coalesce({' or '.join(own)}, false)" if own else None
