"""Where Spark is, and what a dbt process must know to build there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]


class SparkMissingError(RuntimeError):
    """The environment that holds Spark is not there."""


@dataclass(frozen=True)
class SparkSettings:
    """master: the cluster, as Spark names it; local[2] is none, but two threads of dbt's own process. environment: the
    Python environment that holds dbt and Spark."""

    master: str
    environment: Path

    @property
    def dbt(self) -> Path:
        """The dbt of the environment; SparkMissingError says how to make it."""
        dbt = self.environment / "bin" / "dbt"
        if not dbt.is_file():
            raise SparkMissingError(
                f"{dbt} does not exist; `make setup-spark` makes the environment in .venv-spark, and "
                "AFTERSALES_SPARK_ENVIRONMENT says where another one is"
            )
        return dbt

    def as_variables(self, folder: Path) -> dict[str, str]:
        """What dbt is told beside what it is told on any engine. `folder` holds what Spark reads and writes."""
        return {
            "AFTERSALES_DBT_TARGET": "spark",
            "AFTERSALES_SPARK_DIR": str(folder),
            "AFTERSALES_SPARK_MASTER": self.master,
            # Where the adapter lies, and what it shares with the rest.
            "PYTHONPATH": os.pathsep.join([str(_ROOT / "dbt_project" / "spark_adapter"), str(_ROOT)]),
            # The Python of Spark's workers.
            "PYSPARK_PYTHON": str(self.environment / "bin" / "python"),
        }
