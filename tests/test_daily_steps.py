"""Thirty daily deliveries with late and corrected rows end, to the bit, like one landing of everything."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.extract.contract import read_contract
from orchestration.extract.ingest_file import prepare_ingest
from orchestration.extract.landing import land_feed
from orchestration.extract.profile import load_profile
from orchestration.instants import now
from tests.company import Company
from tests.daily_deliveries import plan_deliveries

AS_OF = datetime(2026, 7, 1)
DAYS = 30
# The days at which the landed feeds are compared with those of one landing of everything delivered until then.
COMPARED_ON = (10, 20)

PROFILE = """\
extends: sample
name: daily
sources:
  crm: {connector: files, root: "${PROFILE_DATA}/sources"}
feeds:
  sites: [{source: crm, path: "crm/site_d*.csv"}]
  technicians: [{source: crm, path: "crm/staff_d*.csv"}]
  products: [{source: crm, path: "crm/product_d*.csv"}]
  customers: [{source: crm, path: "crm/customer_d*.csv"}]
  assets: [{source: crm, path: "crm/installed_base_d*.csv"}]
  purchases: [{source: crm, path: "crm/sales_line_d*.csv"}]
  tickets: [{source: crm, path: "crm/service_order_d*.csv"}]
  ticket_events: [{source: crm, path: "crm/service_log_d*.csv"}]
  complaints: [{source: crm, path: "crm/complaint_d*.csv"}]
  visits: [{source: crm, path: "crm/work_visit_d*.csv"}]
  part_lines: [{source: crm, path: "crm/part_line_d*.csv"}]
  part_stock: [{source: crm, path: "crm/part_stock_d*.csv"}]
  reviews: [{source: surveys, path: "reviews_d*.ndjson"}]
  audits: [{source: quality, path: "audits_d*.csv"}]
"""


def make_company(folder: Path) -> Company:
    profile = folder / "daily.yml"
    profile.write_text(PROFILE, encoding="utf-8")
    return Company(folder, profile=str(profile))


def land(company: Company, day: int) -> None:
    """Land every feed as a build does before dbt starts."""
    contract = read_contract()
    ingest_file = company.root / "ingest" / "ingest.duckdb"
    ingest_file.parent.mkdir(parents=True, exist_ok=True)
    prepare_ingest(ingest_file, contract)
    profile = load_profile(Path(company.profile), {}, profile_data=company.root)
    for feed in contract.values():
        land_feed(ingest_file, feed, profile, batch_id=f"day{day:02d}", landed_at=now(), log=lambda _: None)


def landed(company: Company) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every feed, without where and when they were delivered."""
    tables = company.ingested(
        "select table_name, string_agg('\"' || column_name || '\"', ', ' order by column_index) "
        "from duckdb_columns() where schema_name = 'raw' and not starts_with(column_name, '_') "
        "and table_name in (select table_name from duckdb_columns() where column_name = '_batch_id') "
        "group by table_name"
    )
    return {table: company.ingested(f"select {columns} from raw.{table} order by all") for table, columns in tables}


def test_daily_landings_end_like_one(sample_company: Company, tmp_path_factory: pytest.TempPathFactory) -> None:
    planned = plan_deliveries(sample_company.root / "sources", AS_OF, DAYS)
    assert min(planned.late, planned.wrong, planned.early) >= 50
    daily = make_company(tmp_path_factory.mktemp("daily"))
    for day in range(DAYS + 1):
        planned.write(day, daily.root / "sources")
        land(daily, day)
        if day in COMPARED_ON:
            at_once = make_company(tmp_path_factory.mktemp(f"until_{day}"))
            shutil.copytree(daily.root / "sources", at_once.root / "sources")
            land(at_once, day)
            assert landed(daily) == landed(at_once)
    daily.run("build", "--as-of", f"{AS_OF:%Y-%m-%dT%H:%M:%S}+08:00")
    assert len(sample_company.contents()) >= 20
    assert daily.contents() == sample_company.contents()
