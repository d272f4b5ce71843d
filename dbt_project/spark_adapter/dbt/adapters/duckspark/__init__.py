"""A dbt adapter that runs the project's SQL, written for DuckDB, on Spark: dbt-spark's, behind a translator."""

from __future__ import annotations

from dbt.adapters.base import AdapterPlugin
from dbt.adapters.duckspark.connections import DuckSparkConnectionManager, DuckSparkCredentials
from dbt.adapters.duckspark.impl import DuckSparkAdapter
from dbt.include import duckspark

__all__ = ["DuckSparkConnectionManager", "Plugin"]

# Macros that neither this plugin nor the project has for it are dbt-spark's.
Plugin = AdapterPlugin(
    adapter=DuckSparkAdapter,  # type: ignore[arg-type]
    credentials=DuckSparkCredentials,
    include_path=duckspark.PACKAGE_PATH,
    dependencies=["spark"],
)
