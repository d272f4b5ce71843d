"""Every mart that Spark builds equals DuckDB's: in dbt's own process, and on a cluster that loses an executor."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.manifest import models_in, read_manifest
from tests.company import Company
from tests.spark.cluster import Cluster, running_cluster
from tests.spark.differences import compare_marts

# A cluster on two cores, for the sample company.
SECONDS = 3600


def test_in_one_process(duckdb_company: Company, same_company: Callable[..., Company]) -> None:
    company = same_company(AFTERSALES_SPARK_MASTER="local[2]")
    finish(company.start("build"), company)
    expect_equal(company, duckdb_company)


def test_on_a_cluster_that_loses_an_executor(
    duckdb_company: Company, same_company: Callable[..., Company], spark_environment: Path, tmp_path: Path
) -> None:
    (tmp_path / "cluster").mkdir()
    with running_cluster(spark_environment, tmp_path / "cluster") as cluster:
        company = same_company(AFTERSALES_SPARK_MASTER=cluster.master, SPARK_LOCAL_IP="127.0.0.1")
        build = company.start("build")
        try:
            kill_an_executor(cluster, company, build)
            finish(build, company)
        finally:
            build.kill()
        assert cluster.started_executors() > 2, "the executor that was killed was not replaced"
    expect_equal(company, duckdb_company)


def finish(build: subprocess.Popen[str], company: Company) -> None:
    """Wait for the build to succeed."""
    assert build.wait(SECONDS) == 0, (company.data_dir / "build.log").read_text()


def kill_an_executor(cluster: Cluster, company: Company, build: subprocess.Popen[str]) -> None:
    """kill -9 one, when a part of the models is built and more are to come."""
    until = time.monotonic() + SECONDS
    while len(built := list(company.root.glob("build/*/spark/warehouse/*.db/*/_SUCCESS"))) < 30:
        assert build.poll() is None, (company.data_dir / "build.log").read_text()
        assert time.monotonic() < until, "no models were built"
        time.sleep(0.2)
    assert len(built) < len(list(models_in(read_manifest(), "marts"))), "too late: most models are built"
    executors = cluster.executors()
    assert len(executors) == 2
    executors[0].kill()


def expect_equal(company: Company, other: Company) -> None:
    """Print the table of differences, which is empty; every mart is in it."""
    manifest = read_manifest()
    compared, differences = compare_marts(company.current.resolve(), other.current.resolve(), manifest)
    print(f"\n{len(compared)} marts compared, {len(differences)} differ")  # noqa: T201 - this is what one asks for
    assert not differences, "\n".join(map(str, differences))
    assert compared == [node["name"] for node in models_in(manifest, "marts")]
    # Not two empty companies, and the documentation came along.
    assert company.query("select count(*) from marts.kpi_values")[0][0] > 1000
    assert comments(company) == comments(other)


def comments(company: Company) -> dict[tuple[str, str | None], str]:
    """What the version says of its marts and their columns."""
    with duckdb.connect(str(company.current.resolve()), read_only=True) as con:
        rows = con.execute(
            "select table_name, null, comment from duckdb_tables() where schema_name = 'marts' union all "
            "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts'"
        ).fetchall()
    return {(table, column): comment for table, column, comment in rows}
