"""Reading the published file: one locked-down connection per version and limits, one cursor per query."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import streamlit as st

from app import door, queries
from app.door import EVERYTHING, Answerable, Limits, OutdatedFileError

__all__ = [
    "SOURCES",
    "OutdatedFileError",
    "Parameter",
    "Warehouse",
    "WarehouseError",
    "open_warehouse",
    "published_path",
    "tables_of",
]

Parameter = str | int | date

# Under which name a frame of rows knows its tables; pandas keeps it through selecting, renaming and new columns.
SOURCES = "sources"
_TABLE = re.compile(r"\b(?:from|join)\s+((?:marts|meta)\.\w+)")


class WarehouseError(RuntimeError):
    """The published file exists but cannot be opened."""


@dataclass(frozen=True)
class Warehouse:
    """One published version as far as `limits` allow; `path` is its file, whose name is never used for another one."""

    path: str
    limits: Limits = EVERYTHING

    def read(self, sql: str, parameters: Sequence[Parameter] = ()) -> pd.DataFrame:
        """The rows of `sql`, a statement of app.queries, with `parameters` for its question marks.

        Rows are cached by version, limits, statement and parameters, so the caller gets a copy of its own. Its
        attribute SOURCES names the tables that were read.
        """
        rows = _rows(self.path, self.limits.sites, self.limits.sees_people, sql, tuple(parameters))
        rows.attrs[SOURCES] = tables_of(sql)
        return rows

    def ask(self, request: str, parameters: Mapping[str, Answerable]) -> pd.DataFrame:
        """The rows of a request of app.door_requests, which reads the file within the same limits; cached likewise."""
        return _answer(self.path, self.limits.sites, self.limits.sees_people, request, dict(parameters))


def tables_of(sql: str) -> tuple[str, ...]:
    """The published tables that a statement of app.queries reads, by name."""
    return tuple(sorted(set(_TABLE.findall(sql))))


def published_path(link: Path) -> str | None:
    """The file that `link` leads to now, which is also the name of the version; None where nothing is published."""
    path = os.path.realpath(link)
    return path if Path(path).is_file() else None


def open_warehouse(path: str, limits: Limits = EVERYTHING) -> Warehouse:
    """The version in `path`, opened as far as `limits` allow.

    WarehouseError where the file is not one that can be read, OutdatedFileError where it lacks what the report reads.
    """
    warehouse = Warehouse(path, limits)
    try:
        companies = len(warehouse.read(queries.company.COMPANY))
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be read as a published warehouse: {error}; publish again") from error
    if companies != 1:
        raise WarehouseError(f"{path} has {companies} rows in meta.settings, expected 1: publish again")
    return warehouse


# The version served and the one before it, which sessions may still be drawing, for each limits in use.
@st.cache_resource(max_entries=32, show_spinner=False, on_release=lambda connection: connection.close())
def _connection(path: str, sites: tuple[str, ...] | None, sees_people: bool) -> duckdb.DuckDBPyConnection:
    return door.connect(path, Limits(sites, sees_people))


@st.cache_data(max_entries=500, ttl="1h", show_spinner=False)
def _rows(
    path: str, sites: tuple[str, ...] | None, sees_people: bool, sql: str, parameters: tuple[Parameter, ...]
) -> pd.DataFrame:
    # A cursor of its own: a connection that threads share gives one the other's rows.
    with _connection(path, sites, sees_people).cursor() as cursor:
        # A database in memory could be written to otherwise.
        cursor.execute("begin transaction read only")
        return cursor.execute(sql, list(parameters)).df()


@st.cache_resource(max_entries=4, show_spinner=False, on_release=lambda connection: connection.close())
def _file(path: str) -> duckdb.DuckDBPyConnection:
    return door.open_file(path)


@st.cache_data(max_entries=200, ttl="1h", show_spinner=False)
def _answer(
    path: str, sites: tuple[str, ...] | None, sees_people: bool, request: str, parameters: dict[str, Answerable]
) -> pd.DataFrame:
    return door.ask(_file(path), Limits(sites, sees_people), request, parameters)
