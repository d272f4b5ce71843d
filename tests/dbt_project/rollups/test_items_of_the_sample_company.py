"""The rows behind the KPIs of the sample company."""

from __future__ import annotations

from orchestration.manifest import mart_specs, read_manifest
from tests.company import Company


def test_no_item_counts_twice(sample_company: Company) -> None:
    """Gate 2 does not look for it: see is_key_judged."""
    (spec,) = (mart for mart in mart_specs(read_manifest()) if not mart.is_key_judged)
    assert spec.table_name == "kpi_items"
    key = ", ".join(spec.key)
    ((rows,),) = sample_company.query("select count(*) from marts.kpi_items")
    assert rows > 100_000
    assert sample_company.query(f"select {key} from marts.kpi_items group by all having count(*) > 1") == []
