"""The Spark session of one dbt invocation, and dbt's connections to it."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import ClassVar

from dbt.adapters.contracts.connection import Connection
from dbt.adapters.duckspark.functions import register_functions
from dbt.adapters.spark.connections import SparkConnectionManager, SparkCredentials
from pyspark.sql import SparkSession

from orchestration.spark.translation import translate_type

# What the translator relies on: instants are UTC; decimals keep their scale; faults in casts and overflows are errors,
# as DuckDB's are; a recursion ends by itself. Files say instants as DuckDB does.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.cteRecursionLevelLimit": "100000",
    "spark.sql.cteRecursionRowLimit": "-1",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    # The catalogue lives as long as the session: what is kept are the tables' files.
    "spark.sql.catalogImplementation": "in-memory",
    "spark.ui.showConsoleProgress": "false",
}

_starting = Lock()


@dataclass
class DuckSparkCredentials(SparkCredentials):
    """Those of dbt-spark's session method."""

    @property
    def type(self) -> str:
        """The name by which profiles call the adapter."""
        return "duckspark"


class DuckSparkConnectionManager(SparkConnectionManager):
    """dbt-spark's, on a session that this module starts before it."""

    TYPE = "duckspark"
    _session: ClassVar[SparkSession | None] = None

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open a connection; the first one starts the session."""
        with _starting:
            if cls._session is None:
                settings = connection.credentials.server_side_parameters
                cls._session = start_session(settings, Path(os.environ["AFTERSALES_SPARK_DIR"]))
        return super().open(connection)


def start_session(settings: dict[str, str], folder: Path) -> SparkSession:
    """Start the session. `folder` holds `inputs`, as orchestration/spark/exchange.py exports them; they become
    tables of their schemas. What is built will lie beside them in `warehouse`."""
    warehouse = folder / "warehouse"
    # A catalogue that begins empty knows nothing of what lies there.
    shutil.rmtree(warehouse, ignore_errors=True)
    builder = SparkSession.builder.config("spark.sql.warehouse.dir", str(warehouse))
    # Executors import the functions from where this process does.
    builder = builder.config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"])
    for name, value in (settings | _SETTINGS).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    inputs = folder / "inputs"
    for table, columns in json.loads((inputs / "inputs.json").read_text("utf-8")).items():
        schema, name = table.split(".")
        session.sql(f"create schema if not exists `{schema}`")
        # With their types, so that no file is opened for them now.
        declared = ", ".join(f"`{column}` {translate_type(type_name)}" for column, type_name in columns)
        session.sql(
            f"create table `{schema}`.`{name}` ({declared}) using parquet "
            f"location '{(inputs / schema / name).with_suffix('.parquet')}'"
        )
    register_functions(session)
    return session
