"""The SQL that takes a person out of rows; the same for the ingest file and for every part of the archive.

A row about the person stays, without what it says of anybody: the number becomes the pseudonym, personal columns and
what was delivered besides become empty. So counts, sums and the links between rows are what they were.
"""

# ruff: noqa: S608 - names come from the contract and from files' own columns, all quoted; values are variables
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from orchestration.duckdb_files import quote_identifier, quote_literal
from orchestration.extract.contract import Feed
from orchestration.extract.ingest_file import LEDGER
from orchestration.extract.suppression import (
    customer_keys,
    erased_reject,
    forms_of,
    is_erased,
    personal_columns,
    related_columns,
    values_in,
)
from orchestration.forget.person import Person

HIDDEN = "***"
# Names of sources and of files, and hashes: they are the ledger's keys, and say nothing of a person.
_LEDGER_KEYS = frozenset(
    {"reject_id", "feed", "source", "batch_id", "sha256", "fingerprint", "tag", "path", "file", "kind", "value_type"}
)


@dataclass(frozen=True)
class Column:
    """A column of a table or a field of a struct, with its type as the engine writes it."""

    name: str
    type: str


class Erasure:
    """Writes the expressions that erase a person, for one connection."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, person: Person, contract: Mapping[str, Feed], key: bytes
    ) -> None:
        self._contract = contract
        self._person = person
        for name, value in (
            ("forget_number", person.customer_id),
            ("forget_pseudonym", person.pseudonym),
            ("forget_numbers", person.number_pattern),
            ("forget_traces", person.trace_pattern),
        ):
            con.execute(f"set variable {name} = ?", [value])
        con.execute("create temp table forget_related (feed varchar, number varchar)")
        rows = [(feed, number) for feed, numbers in person.related.items() for number in sorted(numbers)]
        if rows:
            con.executemany("insert into forget_related values (?, ?)", rows)
        con.create_function("forget_is_reject_of", self._is_reject_of, ["varchar"], "boolean")
        con.create_function("forget_names_person", self._names_person, ["varchar"], "boolean")

        def kept_json(row_json: str, row_key: str) -> str:
            return erased_reject(row_json, row_key, [], key)[0]

        def shapes(reasons: list[str]) -> list[str]:
            return erased_reject("", None, reasons, key)[1]

        con.create_function("forget_kept_json", kept_json, ["varchar", "varchar"], "varchar")
        con.create_function("forget_shapes", shapes, ["varchar[]"], "varchar[]")

    def of(self, table: str, columns: Sequence[Column], prefix: str) -> dict[str, str]:
        """Expressions of the columns of a table, a feed's or a ledger's, that may change; `prefix` ends in a dot."""
        if table in LEDGER:
            return _of_rejects(prefix) if table == "rejects" else _of_ledger(columns, prefix)
        return self._of_feed(table, columns, prefix)

    def unless_known_anew(self, table: str, relation: str) -> str:
        """Leave out the customer where the pseudonym is there: a copy of before was put back, and landed into."""
        feed = self._contract.get(table)
        if feed is None or list(feed.key) != customer_keys(feed):
            return ""
        name = quote_identifier(feed.key[0])
        return (
            f" where {name} <> getvariable('forget_number') or not exists "
            f"(select 1 from {relation} where {name} = getvariable('forget_pseudonym'))"
        )

    def _of_feed(self, table: str, columns: Sequence[Column], prefix: str) -> dict[str, str]:
        feed = self._contract.get(table)
        if feed is None:
            return {}
        names = {column.name for column in columns}
        keys = [name for name in customer_keys(feed) if name in names]
        own = [f"{prefix}{quote_identifier(name)} = getvariable('forget_number')" for name in keys]
        unnamed = "".join(f" and {prefix}{quote_identifier(name)} is null" for name in keys)
        own += [
            f"({prefix}{quote_identifier(name)} in (select number from forget_related "
            f"where feed = {quote_literal(target)}){unnamed})"
            for name, target in related_columns(feed, self._contract).items()
            if name in names
        ]
        if not own:
            return {}
        is_own = f"coalesce({' or '.join(own)}, false)"
        erased = {}
        for name in keys:
            path = f"{prefix}{quote_identifier(name)}"
            erased[name] = f"if({path} = getvariable('forget_number'), getvariable('forget_pseudonym'), {path})"
        free_texts = {column.name for column in feed.columns if column.pii == "free_text"} | {"_overflow"}
        for name in (*personal_columns(feed), "_overflow"):
            if name in names:
                path = f"{prefix}{quote_identifier(name)}"
                other = without_person(path) if name in free_texts else path
                erased[name] = f"case when {is_own} then null else {other} end"
        return erased

    def _is_reject_of(self, row_json: str) -> bool:
        """Whether a rejected row is about the person, or tells them."""
        if is_erased(row_json):
            return False
        return self._person.is_told_in(row_json) or any(value in self._person.numbers for value in values_in(row_json))

    def _names_person(self, row_key: str) -> bool:
        """Whether the key of a rejected row is the customer's number."""
        return any(value in forms_of(self._person.customer_id) for value in values_in(row_key))


def without_person(path: str) -> str:
    """The text at `path` without the person: the number becomes the pseudonym, what else tells them is hidden."""
    numbered = f"regexp_replace({path}, getvariable('forget_numbers'), getvariable('forget_pseudonym'), 'g')"
    return f"regexp_replace({numbered}, getvariable('forget_traces'), '{HIDDEN}', 'gi')"


def tells_person(path: str) -> str:
    """Whether the text at `path` tells the person."""
    return (
        f"(regexp_matches({path}, getvariable('forget_numbers')) "
        f"or regexp_matches({path}, getvariable('forget_traces'), 'i'))"
    )


def _of_rejects(prefix: str) -> dict[str, str]:
    is_own = f"forget_is_reject_of({prefix}row_json)"
    row_json, row_key, reasons = (f"{prefix}{name}" for name in ("row_json", "row_key", "reasons"))
    kept = f"forget_kept_json({row_json}, coalesce({row_key}, ''))"
    return {
        # The id is a hash without a key of what was delivered.
        "reject_id": f"case when {is_own} then md5({kept}) else {prefix}reject_id end",
        "row_json": f"case when {is_own} then {kept} else {row_json} end",
        "row_key": f"case when {is_own} and forget_names_person({row_key}) then null else {row_key} end",
        "reasons": f"case when {is_own} then forget_shapes({reasons}) else {reasons} end",
    }


def _of_ledger(columns: Sequence[Column], prefix: str) -> dict[str, str]:
    return {
        column.name: without_person(f"{prefix}{quote_identifier(column.name)}")
        for column in columns
        if column.type == "VARCHAR" and column.name not in _LEDGER_KEYS
    }
