"""The version that a pack is made from, through the report's door as an executive: totals, no rows, no names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import duckdb
import pandas as pd

from app import door, queries
from app.door import Limits, OutdatedFileError
from app.scope import ALL, Company, Period, Scope, latest, read_company, read_periods
from app.warehouse import Parameter, Warehouse, WarehouseError
from app.words import t

EXECUTIVE: Final = Limits(sites=None, sees_people=False)
# What a pack is made of. No facts: no ticket, comment or person is in reach of whoever makes one.
TABLES: Final = (
    "meta.settings", "meta.builds", "meta.feeds", "meta.kpi_trust", "meta.tables", "marts.dim_kpis", "marts.dim_sites",
    "marts.kpi_values", "marts.agg_kpi_changes", "marts.agg_response_monthly", "marts.agg_satisfaction_monthly",
    "marts.agg_cost_composition_monthly", "marts.agg_retention_cohorts", "marts.agg_findings",
)  # fmt: skip


class UnknownPeriodError(ValueError):
    """The version has no such period."""


@dataclass(frozen=True)
class Version(Warehouse):
    """A published version behind a connection of its own, which knows `TABLES` only."""

    connection: duckdb.DuckDBPyConnection | None = None

    def read(self, sql: str, parameters: Sequence[Parameter] = ()) -> pd.DataFrame:
        """The rows of `sql`, a statement of app.queries."""
        assert self.connection is not None
        return self.connection.execute(sql, list(parameters)).df()


@contextmanager
def open_version(path: str) -> Iterator[Version]:
    """The published file in `path`; WarehouseError or OutdatedFileError where no pack can be made from it."""
    try:
        connection = door.connect(path, EXECUTIVE, TABLES)
    except OutdatedFileError as error:
        raise OutdatedFileError(f"{path} was published by another release: {error}; build and publish again") from error
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be read as a published warehouse: {error}; publish again") from error
    try:
        yield Version(path, EXECUTIVE, connection)
    finally:
        connection.close()


def scope_of(version: Version, code: str | None) -> Scope:
    """The whole company in the period called `code` as in the report's URLs; None: the latest complete month."""
    company: Company = read_company(version)
    periods: list[Period] = read_periods(version, company)
    by_code = {period.code: period for period in periods}
    if code is not None and code not in by_code:
        months = [period.code for period in periods if period.grain == "month"]
        raise UnknownPeriodError(
            f"there is no period {code!r} in {version.path}: months {months[0]} to {months[-1]}, quarters such as "
            f"{months[-1][:4]}-Q1, years such as {months[-1][:4]}, or {ALL}"
        )
    feeds = version.read(queries.company.FEEDS)
    return Scope(
        warehouse=version,
        company=company,
        period=latest(periods, "month") if code is None else by_code[code],
        months=tuple(period for period in periods if period.grain == "month"),
        site_id=ALL,
        site_name=t("filter.all_sites"),
        family=ALL,
        connected_feeds=frozenset(feeds.loc[feeds["is_connected"], "feed"]),
    )


def contents_hash(version: Version) -> str:
    """What tells the marts of this version from any other: equal rows have an equal one."""
    rows = version.read(queries.company.CONTENTS)
    lines = (f"{row.table_name} {row.content_hash}\n" for row in rows.itertuples())
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]
