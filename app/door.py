"""The data door: what of a published version a visitor may see, decided in one place, below every view.

A visitor who may see everything reads the published file itself. For everybody else a private database in memory is
filled with exactly what app.door_statements lets through, and shut off from the file before the first question, so that
no SQL can reach past it.
What is too large for that passes on request: `ask` runs one of app.door_requests on the file, with the same filters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import pandas as pd

from app.door_requests import REQUESTS
from app.door_statements import STATEMENTS

# A file without it was never published by us.
_OF_EVERY_VERSION: Final = "meta.settings"

_CLOSED: Final[dict[str, str | bool | int | float | list[str]]] = {
    # Read-only alone still lets SQL read other files of the server; see DuckDB's guide on securing it.
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "memory_limit": "1GB",
    "threads": 2,
}


class OutdatedFileError(RuntimeError):
    """The published file lacks a table or column that this report reads."""


@dataclass(frozen=True)
class Limits:
    """What a visitor may see of a version; part of the key of every cache.

    sites: codes of the only sites whose rows may be seen, sorted; None for the whole company.
    sees_people: whether rows and names of single persons may be seen.
    """

    sites: tuple[str, ...] | None = None
    sees_people: bool = True

    @property
    def are_none(self) -> bool:
        """Whether everything may be seen."""
        return self.sites is None and self.sees_people


# What a request may be asked with.
Answerable = str | int | date | list[str]

EVERYTHING: Final = Limits()
_NOBODY: Final = Limits(sites=(), sees_people=False)


def connect(path: str, limits: Limits, tables: Iterable[str] = tuple(STATEMENTS)) -> duckdb.DuckDBPyConnection:
    """A connection to what `limits` leave of the version in `path`, with its configuration locked.

    tables: those of STATEMENTS that are wanted at all; fewer only for whoever is limited.
    OutdatedFileError where the file lacks something the report reads; duckdb.Error where it cannot be read at all.
    """
    if limits.are_none:
        file = open_file(path)
        try:
            for table in STATEMENTS:
                _let_through(file, table, _NOBODY)
        except BaseException:
            file.close()
            raise
        return file
    memory = duckdb.connect(":memory:", config=_CLOSED | {"enable_external_access": True})
    try:
        memory.execute("create schema marts")
        memory.execute("create schema meta")
        # Nobody asks yet. When the file is let go, the way to it and to all others is closed for good.
        name = path.replace("'", "''")
        memory.execute(f"attach '{name}' as version (read_only)")
        memory.execute("use version")
        for table in tables:
            _let_through(memory, table, limits, f"create table memory.{table} as")
        memory.execute("use memory")
        memory.execute("detach version")
        memory.execute("set enable_external_access = false")
        memory.execute("set lock_configuration = true")
    except BaseException:
        memory.close()
        raise
    return memory


def open_file(path: str) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the whole version in `path`, for `ask` alone; its configuration is locked."""
    return duckdb.connect(path, read_only=True, config=_CLOSED | {"lock_configuration": True})


def ask(
    file: duckdb.DuckDBPyConnection, limits: Limits, request: str, parameters: Mapping[str, Answerable]
) -> pd.DataFrame:
    """The rows of one of app.door_requests that `limits` leave, read from a connection of `open_file`.

    ValueError where `parameters` are not those of the request; the limits' own can not be given. OutdatedFileError
    where the file lacks something that the request reads.
    """
    statement = REQUESTS[request]
    values = {name: value for name, value in _of_limits(limits).items() if f"${name}" in statement}
    if given := sorted(parameters.keys() & _of_limits(limits).keys()):
        raise ValueError(f"{', '.join(given)} of {request}: decided by the door alone")
    try:
        with file.cursor() as cursor:
            return cursor.execute(statement, values | dict(parameters)).df()
    except duckdb.InvalidInputException as error:
        raise ValueError(f"{request}: {error}") from error
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise OutdatedFileError(str(error).partition("\n")[0]) from error


def _of_limits(limits: Limits) -> dict[str, bool | list[str]]:
    return {
        "all_sites": limits.sites is None,
        "sites": list(limits.sites or ()),
        "sees_people": limits.sees_people,
    }


def _let_through(con: duckdb.DuckDBPyConnection, table: str, limits: Limits, into: str = "explain") -> None:
    """Run what is let through of a table of the file that `con` uses, after the words `into`."""
    statement = STATEMENTS[table]
    values = {name: value for name, value in _of_limits(limits).items() if f"${name}" in statement}
    try:
        con.execute(f"{into} {statement}", values)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        if table == _OF_EVERY_VERSION:
            raise
        raise OutdatedFileError(str(error).partition("\n")[0]) from error
