"""What a person's cases let expect: strata of the company, and what colleagues of the site add."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import numpy as np
import pandas as pd
import pytest

from tests.dbt_project.rendered import run_model

STRATUM_ITEMS, SITE_ITEMS = 25, 100
KEY = {"kpi_id": "k", "period_grain": "month", "period_start_date": "2026-05-01"}
PERIODS = pd.DataFrame([{"period_grain": "month", "period_start_date": "2026-05-01", "period_end_date": "2026-05-31"}])


def expect(cells: pd.DataFrame, kind: str = "ratio") -> dict[str, float]:
    """Person → expected sum."""
    found = run_model(
        "int_kpi_person_expectations",
        int_kpi_person_cells=cells.assign(
            kpi_id="k", month_start_date="2026-05-01", eligible_count=cells["denominator"].astype(np.int64)
        ),
        int_kpi_periods=PERIODS,
        int_kpi_scorecard_weights=pd.DataFrame([KEY | {"kind": kind, "is_case_mix_adjusted": True}]),
    )
    return dict(zip(found["technician_id"], found["expected"], strict=True))


def cell(
    person: str, site: str, fault: str, numerator: float, items: float, channel: str = "phone"
) -> dict[str, object]:
    return {
        "technician_id": person,
        "site_id": site,
        "product_family": "ac",
        "issue_family": fault,
        "channel": channel,
        "numerator": numerator,
        "denominator": items,
    }


def test_harder_cases_let_expect_less() -> None:
    """docs/decisions/people.md, worked example: the same 80 % is good on leaks and poor on cleaning."""
    cells = pd.DataFrame(
        [
            cell("hard", "unknown", "leak", 80, 100),
            cell("easy", "unknown", "cleaning", 80, 100),
            cell("rest", "unknown", "leak", 210, 300),
            cell("rest", "unknown", "cleaning", 290, 300),
        ]
    )
    found = expect(cells)
    company = 660 / 800
    leak = (290 + STRATUM_ITEMS * (290 + STRATUM_ITEMS * company) / (400 + STRATUM_ITEMS)) / (400 + STRATUM_ITEMS)
    assert found["hard"] == pytest.approx(100 * leak, abs=1e-6)
    assert found["hard"] == pytest.approx(72.54, abs=0.02)
    assert found["easy"] == pytest.approx(92.46, abs=0.02)


def test_a_site_is_what_its_colleagues_do_there() -> None:
    """At a site where everybody has worse parts, less is expected of each; nobody lowers the own expectation."""
    shops = [cell(f"p{n}", "slow" if n < 3 else f"s{n}", "leak", 60 if n < 3 else 90, 100) for n in range(9)]
    found = expect(pd.DataFrame(shops))
    assert found["p0"] < found["p5"] - 8
    alone = [cell("a", "s1", "leak", 20, 100), cell("b", "s2", "leak", 90, 100), cell("c", "s3", "leak", 90, 100)]
    found = expect(pd.DataFrame(alone))
    assert found["a"] == pytest.approx(found["b"], abs=1e-9)


def test_an_unknown_site_adds_nothing() -> None:
    rows = [cell("a", "unknown", "leak", 20, 100), cell("b", "unknown", "leak", 90, 100)]
    found = expect(pd.DataFrame(rows))
    assert found["a"] == pytest.approx(found["b"], abs=1e-9)
    assert found["a"] == pytest.approx(55, abs=1e-9)


@pytest.mark.parametrize("kind", ["ratio", "mean"])
def test_expectations_equal_a_second_implementation(kind: str) -> None:
    rng = np.random.default_rng(8)
    rows = []
    for person, fault, channel in product(range(12), ("leak", "noise", "power"), ("phone", "app")):
        items = int(rng.integers(0, 30))
        if items:
            successes = int(rng.binomial(items, rng.uniform(0.5, 0.95)))
            total = successes if kind == "ratio" else 300.0 * successes
            site = f"s{person % 3}" if person != 11 or fault != "leak" else "s0"
            rows.append(cell(f"p{person}", site, fault, total, items, channel))
    found = expect(pd.DataFrame(rows), kind)

    every: dict[tuple[object, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        for group in ((), (row["issue_family"],), (row["issue_family"], row["channel"])):
            every[group][0] += float(str(row["numerator"]))
            every[group][1] += float(str(row["denominator"]))

    def mean(fault: object, channel: object) -> float:
        level = every[()][0] / every[()][1]
        for group in ((fault,), (fault, channel)):
            total, items = every[group]
            level = (total + STRATUM_ITEMS * level) / (items + STRATUM_ITEMS)
        return level

    sites: dict[tuple[object, object], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in rows:
        one = sites[row["technician_id"], row["site_id"]]
        items = float(str(row["denominator"]))
        one[0] += float(str(row["numerator"]))
        one[1] += items
        one[2] += items * mean(row["issue_family"], row["channel"])
    expected: dict[object, float] = defaultdict(float)
    for (person, site), (_, items, own) in sites.items():
        others = [value for (other, at), value in sites.items() if at == site and other != person]
        offset = sum(v[0] - v[2] for v in others) / (sum(v[1] for v in others) + SITE_ITEMS)
        level = own / items + offset
        expected[person] += items * (min(0.999, max(0.001, level)) if kind == "ratio" else level)
    assert len(found) == 12
    assert found == pytest.approx(dict(expected), abs=1e-5)
