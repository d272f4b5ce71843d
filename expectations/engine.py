"""DuckDB for Great Expectations: every expectation becomes SQL that the database runs, no table is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine

from expectations.sql import literal

# The last version served, as the database that a gate looks at knows it.
PREVIOUS = "previous"


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """The SQL engine on one connection that stays open.

    The stock engine closes its connection before it fetches; DuckDB drops the result with it, and no expectation can
    be evaluated.
    """

    @contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        """Yield the one connection; after an error its transaction is rolled back, else every later query fails too."""
        if self._connection is None:
            self._connection = self.engine.connect()
        try:
            yield self._connection
        except sa.exc.SQLAlchemyError:
            self._connection.rollback()
            raise

    def close(self) -> None:
        """Give the file back: the connection, and the pool that would keep it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._inspector = None
        self.engine.dispose()


# Inside the class below, `type` is its field.
EngineClass = type[DuckDBExecutionEngine]


class DuckDBDatasource(SQLDatasource):
    """A DuckDB file as a data source. Great Expectations registers it by its `type`, as `add_duckdb`."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]  # narrowed, as in its own sources

    @property
    def execution_engine_type(self) -> EngineClass:
        """The engine above."""
        return DuckDBExecutionEngine


@contextmanager
def open_database(
    path: Path, previous: Path | None = None, engine: Mapping[str, object] = MappingProxyType({})
) -> Iterator[DuckDBDatasource]:
    """Open the DuckDB file at `path` read-only with the settings `engine`, and the file `previous` beside it as
    database of that name; on leaving, no connection to them is left.

    The context lives in memory, sends nothing anywhere and draws no progress bars.
    Raises great_expectations' TestConnectionError if the file cannot be opened.
    """
    config = DataContextConfig(
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
        store_backend_defaults=InMemoryStoreBackendDefaults(),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    source: DuckDBDatasource = context.data_sources.add_duckdb(
        "duckdb",
        connection_string=f"duckdb:///{path}",
        kwargs={"connect_args": {"read_only": True, "config": dict(engine)}},
    )
    try:
        if previous is not None:
            attach = f"attach {literal(str(previous))} as {PREVIOUS} (read_only)"
            with source.get_execution_engine().get_connection() as connection:
                connection.exec_driver_sql(attach)
                connection.commit()  # rolled back with the first query that fails, it would be gone
        yield source
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()
