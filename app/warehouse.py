"""Reading the published file: one locked-down connection per version, one cursor per query."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import streamlit as st

from app import queries

Parameter = str | int | date

# Read-only alone still lets SQL read other files of the server; see DuckDB's guide on securing it.
_LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "memory_limit": "1GB",
    "threads": 2,
    "lock_configuration": True,
}


class WarehouseError(RuntimeError):
    """The published file exists but cannot be opened."""


@dataclass(frozen=True)
class Warehouse:
    """One published version; `path` is its file, whose name is never used for another version."""

    path: str

    def read(self, sql: str, parameters: Sequence[Parameter] = ()) -> pd.DataFrame:
        """The rows of `sql`, a statement of app.queries, with `parameters` for its question marks.

        Rows are cached by version, statement and parameters, so the caller gets a copy of its own.
        """
        return _rows(self.path, sql, tuple(parameters))


def published_path(link: Path) -> str | None:
    """The file that `link` leads to now, which is also the name of the version; None where nothing is published."""
    path = os.path.realpath(link)
    return path if Path(path).is_file() else None


def open_warehouse(path: str) -> Warehouse:
    """The version in `path`, opened; WarehouseError where the file is not one that can be read."""
    warehouse = Warehouse(path)
    try:
        companies = len(warehouse.read(queries.COMPANY))
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be read as a published warehouse: {error}; publish again") from error
    if companies != 1:
        raise WarehouseError(f"{path} has {companies} rows in meta.settings, expected 1: publish again")
    return warehouse


# Two: the version served and the one before it, which sessions may still be drawing.
@st.cache_resource(max_entries=2, show_spinner=False, on_release=lambda connection: connection.close())
def _connection(path: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(path, read_only=True, config=_LOCKED_DOWN)


@st.cache_data(max_entries=500, ttl="1h", show_spinner=False)
def _rows(path: str, sql: str, parameters: tuple[Parameter, ...]) -> pd.DataFrame:
    # A cursor of its own: a connection that threads share gives one the other's rows.
    with _connection(path).cursor() as cursor:
        return cursor.execute(sql, list(parameters)).df()
