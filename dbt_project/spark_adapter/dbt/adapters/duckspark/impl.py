"""The adapter: dbt-spark's, which is handed DuckDB's SQL."""

from __future__ import annotations

from typing import Any

from dbt.adapters.base import available
from dbt.adapters.duckspark.connections import DuckSparkConnectionManager
from dbt.adapters.spark import SparkAdapter
from dbt.adapters.spark.relation import SparkRelation

from orchestration.spark.translation import translate


class DuckSparkRelation(SparkRelation):
    """A relation whose database says nothing: DuckDB's databases are files, and their schemas have different names."""

    def __post_init__(self) -> None:
        """Spark's own relation would refuse a database."""


class DuckSparkAdapter(SparkAdapter):
    """Translates the SQL of models and tests before Spark sees it; what dbt itself says to Spark is Spark's already."""

    Relation = DuckSparkRelation
    ConnectionManager = DuckSparkConnectionManager

    @available
    def translate(self, sql: str) -> str:
        """A query of DuckDB's as one of Spark's."""
        return translate(sql)

    def get_column_schema_from_query(self, sql: str) -> list[Any]:
        """Columns and types of a query of DuckDB's; contracts compare those of a model with those that it declares."""
        return super().get_column_schema_from_query(translate(sql))
