"""Who is to be forgotten: what tells the person, and which rows are about them although they do not say so."""

# ruff: noqa: S608 - names come from the contract, all quoted; values are parameters
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.archive.files import read_header
from orchestration.archive.layout import list_parts
from orchestration.duckdb_files import quote_identifier, quote_literal
from orchestration.extract.contract import Feed
from orchestration.extract.suppression import customer_keys, forms_of

# Shorter ones stand in texts by chance, and so does a single word.
_SHORTEST_BYTES = 5
_WORD = re.compile(r"[A-Za-z]+")
# A pattern that matches nothing.
_NOTHING = r"[^\s\S]"


@dataclass(frozen=True)
class Person:
    """A customer and the pseudonym that takes the number's place.

    traces: texts that tell this customer and nobody else (name, telephone, e-mail, address). related: the numbers of
    the customer's requests, units and the like, by feed.
    """

    customer_id: str
    pseudonym: str
    traces: frozenset[str] = frozenset()
    related: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def number_pattern(self) -> str:
        """The number where it stands in a text; it is not looked for if texts have such numbers by chance."""
        return self._number(r"\b")

    @property
    def trace_pattern(self) -> str:
        """The traces where they stand in a text."""
        return self._trace(r"\b")

    @property
    def numbers(self) -> frozenset[str]:
        """All numbers by which a delivered row may name the person or what is theirs."""
        own = [self.customer_id, *(key for keys in self.related.values() for key in keys)]
        return frozenset(form for number in own for form in forms_of(number))

    def is_told_in(self, text: str) -> bool:
        """Whether a text has the number or a trace of the person, as the engine would find them."""
        edge = r"(?a:\b)"  # for Python a Chinese character is a part of the word beside it
        return bool(re.search(self._number(edge), text) or re.search(self._trace(edge), text, re.IGNORECASE))

    def _number(self, edge: str) -> str:
        is_telling = len(self.customer_id) >= (7 if self.customer_id.isdecimal() else 4)
        return _bounded(self.customer_id, edge) if is_telling else _NOTHING

    def _trace(self, edge: str) -> str:
        longest_first = sorted(self.traces, key=lambda text: (-len(text), text))
        return "|".join(_bounded(text, edge) for text in longest_first) or _NOTHING


def find_person(
    con: duckdb.DuckDBPyConnection,
    customer_id: str,
    pseudonym: str,
    contract: Mapping[str, Feed],
    archive: Path,
) -> Person:
    """Look through the ingest file, attached as `ingest`, and the archive for all that was landed of a customer."""
    relations = _relations(con, contract, archive)
    referenced = {column.references for feed in contract.values() for column in feed.columns}
    related = {
        feed.name: frozenset(_keys(con, feed, relations[feed.name], customer_id))
        for feed in contract.values()
        if feed.name in referenced and feed.name != "customers" and customer_keys(feed) and len(feed.key) == 1
    }
    return Person(customer_id, pseudonym, frozenset(_traces(con, contract, relations, customer_id)), related)


def _bounded(text: str, edge: str) -> str:
    """A pattern that finds `text`, but not as a part of a longer word or number."""
    first = edge if re.match(r"[A-Za-z0-9_]", text) else ""
    last = edge if re.search(r"[A-Za-z0-9_]$", text) else ""
    return first + re.escape(text) + last


def _relations(
    con: duckdb.DuckDBPyConnection, contract: Mapping[str, Feed], archive: Path
) -> dict[str, list[tuple[str, set[str]]]]:
    """Where rows of each feed stand, as SQL, each with its columns."""
    found: dict[str, list[str]] = {
        feed.name: [f"ingest.raw.{quote_identifier(feed.name)}"] for feed in contract.values() if feed.schema == "raw"
    }
    for part in list_parts(archive):
        for path in part.files:
            header = read_header(con, path)
            if header.feed in found and header.counts.get(header.feed, [0])[0]:
                name = quote_identifier(header.feed)
                found[header.feed].append(
                    f"(select unnest({name}) from read_parquet({quote_literal(str(path))}) "
                    f"where table_name = {quote_literal(header.feed)} and not is_gone)"
                )
    return {
        feed: [
            (relation, {row[0] for row in con.execute(f"describe select * from {relation}").fetchall()})
            for relation in relations
        ]
        for feed, relations in found.items()
    }


def _keys(
    con: duckdb.DuckDBPyConnection, feed: Feed, relations: Iterable[tuple[str, set[str]]], customer_id: str
) -> Iterable[str]:
    key, (customer, *_) = quote_identifier(feed.key[0]), customer_keys(feed)
    for relation, columns in relations:
        if customer in columns:
            query = f"select distinct cast({key} as varchar) from {relation} where {quote_identifier(customer)} = ?"
            yield from (found for (found,) in con.execute(query, [customer_id]).fetchall())


def _traces(
    con: duckdb.DuckDBPyConnection,
    contract: Mapping[str, Feed],
    relations: Mapping[str, Iterable[tuple[str, set[str]]]],
    customer_id: str,
) -> Iterable[str]:
    direct = [column.name for column in contract["customers"].columns if column.pii == "direct"]
    for column in direct:
        name = quote_identifier(column)
        own: set[str] = set()
        others: set[str] = set()
        for relation, columns in relations["customers"]:
            if column not in columns:
                continue
            query = f"select distinct trim({name}) from {relation} where {name} is not null and customer_id = ?"
            own |= {text for (text,) in con.execute(query, [customer_id]).fetchall()}
        telling = sorted(text for text in own if len(text.encode()) >= _SHORTEST_BYTES and not _WORD.fullmatch(text))
        places = [
            (relation, column, "customer_id <> ?") for relation, columns in relations["customers"] if column in columns
        ]
        places += [
            (relation, "technician_name", "? is not null")
            for relation, columns in relations.get("technicians", ())
            if "technician_name" in columns
        ]
        for relation, other, condition in places:
            text = f"trim({quote_identifier(other)})"
            query = f"select distinct {text} from {relation} where list_contains(?, {text}) and {condition}"
            others |= {shared for (shared,) in con.execute(query, [telling, customer_id]).fetchall()}
        yield from (text for text in telling if text not in others)
