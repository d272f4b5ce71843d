"""Dagster's log of events in its usual SQLite files, with connections that stay open.

The stock storage makes an engine, a connection and a synced commit for every event and closes it again, which folds
the write-ahead log back each time; a build has some three thousand events. The files are the same: either storage reads
them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster import StringSource
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

_INDEX = "index"
_BUSY_TIMEOUT_SECONDS = 60
# The index and the runs looked at last: a web interface that shows old runs must not keep all of their files open.
_OPEN_FILES = 4


class OpenEventLogStorage(SqliteEventLogStorage):
    """SqliteEventLogStorage in the place below Dagster's `home` where the stock one is; dispose() closes its files."""

    def __init__(self, home: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()
        # One at a time, as in the stock storage; a writer looks for tables within its own transaction.
        self._one_at_a_time = threading.RLock()
        super().__init__(str(Path(home) / "history" / "runs"), inst_data)

    @classmethod
    def config_type(cls) -> Mapping[str, Any]:
        """What dagster.yaml says of it."""
        return {"home": StringSource}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> OpenEventLogStorage:  # noqa: ANN401
        """Made by Dagster from dagster.yaml."""
        return cls(config_value["home"], inst_data)

    def run_connection(self, run_id: str | None = None) -> AbstractContextManager[sa.Connection]:
        """A transaction on the file of a run."""
        return self._transaction(str(run_id))

    def index_connection(self) -> AbstractContextManager[sa.Connection]:
        """A transaction on the file of all runs' assets."""
        return self._transaction(_INDEX)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has the table."""
        with self.index_connection() as con:
            return sa.inspect(con).has_table(table_name)

    def dispose(self) -> None:
        """Close the files."""
        super().dispose()
        with self._one_at_a_time:
            while self._engines:
                self._engines.popitem()[1].dispose()

    @contextmanager
    def _transaction(self, name: str) -> Iterator[sa.Connection]:
        with self._one_at_a_time:
            engine = self._engine(name)
            with engine.begin() as con:
                yield con

    def _engine(self, name: str) -> sa.Engine:
        if name not in self._engines:
            with super().run_connection(name):
                pass  # makes the file's tables, where there are none
            engine = sa.create_engine(
                self.conn_string_for_shard(name), connect_args={"timeout": _BUSY_TIMEOUT_SECONDS}, pool_size=2
            )
            sa.event.listen(engine, "connect", _sync_at_checkpoints)
            self._engines[name] = engine
        self._engines.move_to_end(name)
        while len(self._engines) > _OPEN_FILES:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[name]


def _sync_at_checkpoints(connection: Any, _record: object) -> None:  # noqa: ANN401
    # In write-ahead mode a killed process loses nothing by it, and a power cut no more than the last events.
    connection.execute("pragma synchronous = normal")
