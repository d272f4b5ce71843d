"""Versions are found by their link, and threads never see each other's rows; tests/app/test_door.py has the limits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.warehouse import Warehouse, published_path


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
