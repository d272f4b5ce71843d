"""Customers who were forgotten and whom their source still delivers: their rows land without the person.

Known by keyed hashes only: whoever has the list alone cannot tell whom it holds.
"""

# ruff: noqa: S608 - names come from the contract, all through sql_text; values are parameters
from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.extract.batch import Batch
from orchestration.extract.contract import Feed, read_contract
from orchestration.extract.errors import IngestError
from orchestration.extract.shown import without_value
from orchestration.extract.sql_text import quote

REGISTER = "forgotten.json"
KEY_FILE = "key"
# What a rejected row of a forgotten person keeps instead of what was delivered.
_MARK = "forgotten"
_PERSONAL = frozenset({"direct", "indirect", "free_text"})


@dataclass(frozen=True)
class Suppression:
    """Whom to keep out: pseudonyms by the keyed hash of the customer number, and hashes of what else tells who it is.

    `traces` are of telephone numbers and the like, as they stand in rejected rows.
    """

    key: bytes
    pseudonyms: Mapping[str, str]
    traces: frozenset[str]

    def pseudonym_of(self, customer: str) -> str | None:
        """The pseudonym of a customer number, None of one who was not forgotten."""
        return self.pseudonyms.get(keyed_hash(self.key, customer))

    def tells(self, text: str) -> bool:
        """Whether a delivered value is a forgotten person's."""
        found = keyed_hash(self.key, text)
        return found in self.pseudonyms or found in self.traces


def keyed_hash(key: bytes, text: str) -> str:
    """HMAC-SHA-256 in hexadecimal."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def read_suppression(folder: Path) -> Suppression | None:
    """Read who was forgotten; None where nobody was. IngestError where the list is there and its key is not."""
    register = folder / REGISTER
    if not register.exists():
        return None
    key = folder / KEY_FILE
    if not key.exists():
        raise IngestError(
            f"{register} lists forgotten customers, but {key} is missing, without which they cannot be recognised and "
            "would be landed again. Put it back from your copy"
        )
    requests = json.loads(register.read_text(encoding="utf-8"))["requests"]
    return Suppression(
        bytes.fromhex(key.read_text(encoding="ascii").strip()),
        {each["customer"]: each["pseudonym"] for each in requests},
        frozenset(trace for each in requests for trace in each["traces"]),
    )


def suppress(con: duckdb.DuckDBPyConnection, batch: Batch, suppression: Suppression) -> dict[str, int]:
    """Take forgotten persons out of what was mapped; return by source how many delivered rows lost something."""
    counts: Counter[str] = Counter()
    keys = customer_keys(batch.feed)
    for table in ("incoming", "present"):
        names = [name for name in keys if table == "incoming" or name in batch.feed.key]
        for name in names:
            _replace_keys(con, table, name, batch.feed, suppression, counts)
    _strip_related(con, batch.feed, suppression, counts)
    _strip_rejects(con, batch.feed, suppression, counts)
    return dict(counts)


def customer_keys(feed: Feed) -> list[str]:
    """The columns that say which customer a row is about."""
    return [column.name for column in feed.columns if column.pii == "customer_key"]


def personal_columns(feed: Feed) -> list[str]:
    """The columns of a feed that say something of a person, besides the keys."""
    return [column.name for column in feed.columns if column.pii in _PERSONAL]


def related_columns(feed: Feed, contract: Mapping[str, Feed]) -> dict[str, str]:
    """The columns that lead to the row of a feed which names a customer, with that feed."""
    named = {name for name, other in contract.items() if customer_keys(other) and name != "customers"}
    return {column.name: column.references for column in feed.columns if column.references in named}


def erased_reject(row_json: str, row_key: str | None, reasons: list[str], key: bytes) -> tuple[str, list[str]]:
    """What is kept of a rejected row of a forgotten person: that there was one, and the shapes of what was wrong."""
    mark = keyed_hash(key, row_json + (row_key or ""))[:16]
    return json.dumps({_MARK: mark}), [without_value(reason) for reason in reasons]


def is_erased(row_json: str) -> bool:
    """Whether a rejected row was erased before."""
    return row_json.startswith(f'{{"{_MARK}": ')


def values_in(row_json: str) -> Iterator[str]:
    """Every single value of a delivered row, as text; of a line that is no row, its parts."""
    try:
        yield from _leaves(json.loads(row_json))
    except ValueError:
        yield row_json


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str):
        yield value.strip()
        yield from (part.strip(" \t\r\"'") for part in value.replace(";", ",").split(","))
    elif value is not None:
        yield str(value)


def _replace_keys(
    con: duckdb.DuckDBPyConnection,
    table: str,
    name: str,
    feed: Feed,
    suppression: Suppression,
    counts: Counter[str],
) -> None:
    found = con.execute(f"select distinct {quote(name)} from {table} where {quote(name)} is not null").fetchall()
    pairs = [(known, pseudonym) for (known,) in found if (pseudonym := suppression.pseudonym_of(known))]
    if not pairs:
        return
    con.execute("create or replace temp table _forgotten (known varchar, pseudonym varchar)")
    con.executemany("insert into _forgotten values (?, ?)", pairs)
    if table == "incoming":
        _count(con, f"select _source from incoming where {quote(name)} in (select known from _forgotten)", counts)
    stripped = [*personal_columns(feed), "_overflow"] if table == "incoming" else []
    erased = "".join(f", {quote(column)} = null" for column in stripped)
    con.execute(
        f"update {table} set {quote(name)} = _forgotten.pseudonym{erased} "
        f"from _forgotten where {table}.{quote(name)} = _forgotten.known"
    )
    con.execute("drop table _forgotten")


def _strip_related(con: duckdb.DuckDBPyConnection, feed: Feed, suppression: Suppression, counts: Counter[str]) -> None:
    """Texts about a forgotten person's request, in rows that do not name the customer."""
    contract = read_contract()
    stripped = [*personal_columns(feed), "_overflow"]
    related = [f"{quote(column)} in ({keys})" for column, keys in _related(con, feed, contract).items()]
    if not related:
        return
    unnamed = "".join(f" and {quote(name)} is null" for name in customer_keys(feed))
    some = " or ".join(f"{quote(column)} is not null" for column in stripped)
    condition = f"({' or '.join(related)}){unnamed} and ({some})"
    parameters = [list(suppression.pseudonyms.values())] * len(related)
    _count(con, f"select _source from incoming where {condition}", counts, parameters)
    erased = ", ".join(f"{quote(column)} = null" for column in stripped)
    con.execute(f"update incoming set {erased} where {condition}", parameters)


def _related(con: duckdb.DuckDBPyConnection, feed: Feed, contract: Mapping[str, Feed]) -> dict[str, str]:
    """Columns that lead to a landed feed which names customers, with the query of the keys that are there of forgotten
    ones; each query has their pseudonyms as its parameter."""
    there = {
        name
        for (name,) in con.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' and database_name = current_database()"
        ).fetchall()
    }
    return {
        column: f"select {quote(contract[target].key[0])} from raw.{quote(target)} "
        f"where list_contains(?, {quote(customer_keys(contract[target])[0])})"
        for column, target in related_columns(feed, contract).items()
        if target in there
    }


def _strip_rejects(con: duckdb.DuckDBPyConnection, feed: Feed, suppression: Suppression, counts: Counter[str]) -> None:
    keys = _keys_of_forgotten(con, feed, suppression)
    rows = con.execute("select rowid, source, row_json, row_key, reasons from bad").fetchall()
    for rowid, source, row_json, row_key, reasons in rows:
        if not any(value in keys or suppression.tells(value) for value in values_in(row_json)):
            continue
        counts[source] += 1
        kept, shapes = erased_reject(row_json, row_key, reasons, suppression.key)
        own = None if row_key is None or any(map(suppression.tells, values_in(row_key))) else row_key
        con.execute("update bad set row_json = ?, row_key = ?, reasons = ? where rowid = ?", [kept, own, shapes, rowid])


def _keys_of_forgotten(con: duckdb.DuckDBPyConnection, feed: Feed, suppression: Suppression) -> set[str]:
    """The numbers of landed requests, units and the like of forgotten persons that rows of `feed` may name."""
    found: set[str] = set()
    for query in _related(con, feed, read_contract()).values():
        for (key,) in con.execute(query, [list(suppression.pseudonyms.values())]).fetchall():
            found |= forms_of(key)
    return found


def forms_of(number: str) -> set[str]:
    """A number as it is landed, and as it was delivered: without the id space of its source before it."""
    return {number, number.partition(":")[2] or number}


def _count(
    con: duckdb.DuckDBPyConnection, query: str, counts: Counter[str], parameters: list[list[str]] | None = None
) -> None:
    rows = con.execute(f"select _source, count(*) from ({query}) group by _source", parameters or []).fetchall()
    counts.update(dict(rows))
