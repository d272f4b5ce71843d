"""What was planted in the sample company stands out in the published marts, where a reader would look for it."""

from __future__ import annotations

import json
from typing import Any

from tests.company import Company


def facts(company: Company) -> dict[str, Any]:
    truth = json.loads((company.root / "sources" / "truth.json").read_text(encoding="utf-8"))
    planted: dict[str, Any] = truth["facts"]
    return planted


def test_the_understaffed_month_has_the_slowest_answers(sample_company: Company) -> None:
    month = facts(sample_company)["understaffed_month"]["month"] + "-01"
    for kpi, sign in (("first_response_time_mean", -1), ("call_service_level_20s", 1)):
        ((worst,),) = sample_company.query(
            "select cast(period_start_date as varchar) from marts.kpi_values where kpi_id = ? and segment = 'all' "
            "and period_grain = 'month' and value is not null order by ? * value limit 1",
            [kpi, sign],
        )
        assert worst == month, kpi


def test_the_site_without_parts_fills_the_fewest_requests(sample_company: Company) -> None:
    shortage = facts(sample_company)["parts_shortage"]
    # The shortage ends in the quarter after the one in which it begins.
    rows = sample_company.query(
        "select site_id from marts.kpi_values where kpi_id = 'parts_fill_rate' and segment = 'site' and "
        "period_grain = 'quarter' and cast(? as date) between period_start_date and period_end_date "
        "order by value, site_id",
        [shortage["to"][:10]],
    )
    assert len(rows) > 5
    assert rows[0] == (shortage["site"],)


def test_the_bad_batch_is_the_commonest_fault_of_any_product(sample_company: Company) -> None:
    (commonest,) = sample_company.query(
        "select product_id, issue_family from marts.fct_tickets "
        "where product_id is not null and issue_family is not null "
        "group by product_id, issue_family order by count(*) desc, product_id limit 1"
    )
    assert commonest == (facts(sample_company)["bad_batch"]["model"], "leak")


def test_the_slow_sites_resolve_last(sample_company: Company) -> None:
    """Beside them only the site that waited for parts."""
    planted = facts(sample_company)
    slowest = sample_company.query(
        "select site_id from marts.kpi_values where kpi_id = 'resolution_time_mean' and segment = 'site' "
        "and period_grain = 'all' order by value desc limit 3"
    )
    assert {site for (site,) in slowest} == {*planted["slow_sites"]["sites"], planted["parts_shortage"]["site"]}
