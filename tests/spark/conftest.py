"""The sample company as DuckDB builds it, and folders in which Spark builds the same."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.company import ROOT, Company

# Another number of tickets than the test's own: make test-spark TICKETS=100000.
TICKETS = os.environ.get("TEST_SPARK_TICKETS", "1500")
# `make setup-spark` makes it.
SPARK_ENVIRONMENT = Path(os.environ.get("TEST_SPARK_ENVIRONMENT") or ROOT / ".venv-spark")


@pytest.fixture(scope="session")
def spark_environment() -> Path:
    """The Python environment that holds Spark."""
    assert (SPARK_ENVIRONMENT / "bin" / "dbt").is_file(), f"{SPARK_ENVIRONMENT} holds no Spark: run `make setup-spark`"
    return SPARK_ENVIRONMENT


@pytest.fixture(scope="session")
def duckdb_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The sample company, built by DuckDB."""
    company = Company(tmp_path_factory.mktemp("duckdb"))
    company.run("sample", "--tickets", TICKETS)
    company.run("build")
    return company


@pytest.fixture
def same_company(duckdb_company: Company, spark_environment: Path, tmp_path: Path) -> Callable[..., Company]:
    """A function that copies the company's sources, to be built by Spark; its arguments are more of the environment."""

    def copy(**environment: str) -> Company:
        environment["AFTERSALES_SPARK_ENVIRONMENT"] = str(spark_environment)
        company = Company(tmp_path, environment=environment)
        shutil.copytree(duckdb_company.root / "sources", company.root / "sources")
        return company

    return copy
