"""The published file is only read, nothing else of the machine is, and threads never see each other's rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from app.warehouse import Warehouse, open_warehouse, published_path


@pytest.mark.parametrize(
    "statement",
    [
        "delete from marts.kpi_values",
        "create table marts.mine (a integer)",
        "select * from read_csv('/etc/passwd')",
        "copy marts.dim_kpis to 'kpis.csv'",
        "attach 'other.duckdb'",
        "install httpfs",
        "set memory_limit = '10GB'",
    ],
)
def test_a_statement_that_does_more_than_read_is_refused(statement: str, full_file: Path) -> None:
    warehouse = open_warehouse(str(full_file))
    with pytest.raises(duckdb.Error):
        warehouse.read(statement)


def test_threads_get_their_own_rows(full_file: Path) -> None:
    warehouse = Warehouse(str(full_file))
    sql = "select ? as asked, count(*) as found from marts.kpi_values where site_id = ?"

    def ask(number: int) -> tuple[str, str]:
        site = f"s{number % 4 + 1}"
        # A text of its own per question: the cache must not answer.
        row = warehouse.read(f"{sql} -- {number}", (site, site)).iloc[0]
        return site, row["asked"]

    with ThreadPoolExecutor(8) as pool:
        assert all(site == asked for site, asked in pool.map(ask, range(200)))


def test_rows_of_the_cache_are_the_callers_own(full_file: Path) -> None:
    warehouse = Warehouse(str(full_file))
    sql = "select site_id from marts.dim_sites order by site_id"
    rows = warehouse.read(sql)
    rows["site_id"] = "changed"
    assert list(warehouse.read(sql)["site_id"]) == ["s1", "s2", "s3", "s4"]


def test_the_version_is_where_the_link_leads(full_file: Path, tmp_path: Path) -> None:
    link = tmp_path / "current.duckdb"
    assert published_path(link) is None
    link.symlink_to(full_file)
    assert published_path(link) == str(full_file.resolve())
