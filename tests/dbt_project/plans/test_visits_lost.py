"""Visits lost to parts: the exact test against scipy, its silence, and what was planted in the sample company."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.company import Company
from tests.dbt_project.rendered import expression_sql


def chances(rows: pd.DataFrame) -> list[float]:
    """What the macro says of draws: items, hits, drawn, found."""
    with duckdb.connect() as con:
        con.register("frame", rows.assign(draw_id=range(len(rows))))
        con.execute("create table draws as select * from frame")
        sql = expression_sql("chance_of_as_many('draws')")
        return [row[0] for row in con.execute(f"select chance from ({sql}) order by draw_id").fetchall()]


DRAW = st.integers(2, 4000).flatmap(
    lambda items: st.tuples(st.just(items), st.integers(1, items), st.integers(1, items), st.floats(0, 1))
)


@given(st.lists(DRAW, min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_the_chance_is_that_of_the_hypergeometric_distribution(draws: list[tuple[int, int, int, float]]) -> None:
    rows = []
    for items, hits, drawn, place in draws:
        low, high = max(0, drawn + hits - items), min(drawn, hits)
        rows.append((items, hits, drawn, low + round(place * (high - low))))
    found = chances(pd.DataFrame(rows, columns=["items", "hits", "drawn", "found"]))
    expected = [stats.hypergeom.sf(found - 1, items, hits, drawn) for items, hits, drawn, found in rows]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-12)


def test_it_is_fishers_exact_test() -> None:
    (found,) = chances(pd.DataFrame([{"items": 100, "hits": 12, "drawn": 20, "found": 7}]))
    assert found == pytest.approx(stats.fisher_exact([[7, 13], [5, 75]], alternative="greater").pvalue)


def test_chance_alone_names_somebody_in_fewer_than_one_of_forty_periods() -> None:
    """Thirteen sites with the same share, four hundred periods: one of the two questions has half of 0.05."""
    rng = np.random.default_rng(5)
    rows = []
    for _ in range(400):
        drawn = rng.integers(5, 90, 13)
        found = rng.binomial(drawn, 0.05)
        rows += [
            {"items": int(drawn.sum()), "hits": int(found.sum()), "drawn": int(d), "found": int(f)}
            for d, f in zip(drawn, found, strict=True)
        ]
    named = np.array(chances(pd.DataFrame(rows))).reshape(400, 13) * 13 * 2 <= 0.05
    assert named.any(axis=1).sum() <= 10


def test_the_site_of_the_shortage_stands_out_in_its_year_and_its_part_leads(sample_company: Company) -> None:
    truth = json.loads((sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8"))
    shortage = truth["facts"]["parts_shortage"]
    leaders = {
        segment: (site, part, out)
        for segment, site, part, out in sample_company.query(
            """
            select segment, site_id, part_id, standing_out_by
            from marts.agg_visits_lost
            where period_grain = 'year' and period_start_date = date_trunc('year', cast(? as date))
                and segment in ('site', 'part')
            qualify row_number() over (partition by segment order by least(chance, long_wait_chance), site_id) = 1
            """,
            [shortage["from"][:10]],
        )
    }
    assert leaders["site"] == (shortage["site"], "all", "longer_wait")
    assert leaders["part"][1] in shortage["parts"]


def test_its_visits_wait_longest_for_the_next(sample_company: Company) -> None:
    ((site,),) = sample_company.query(
        "select site_id from marts.agg_visits_lost where segment = 'site' and period_grain = 'year' "
        "and wait_mean_seconds is not null order by wait_mean_seconds desc limit 1"
    )
    assert site == "CD01"


def test_sites_add_up_to_the_company_and_lost_visits_to_their_parts(sample_company: Company) -> None:
    wrong = sample_company.query(
        """
        with sums as (
            select
                period_grain, period_start_date,
                sum(lost_visit_count) filter (where segment = 'all') as whole,
                sum(lost_visit_count) filter (where segment = 'site') as of_sites,
                sum(lost_visit_count) filter (where segment = 'part') as of_parts,
                sum(lost_visit_count) filter (where segment = 'site_and_part') as of_both
            from marts.agg_visits_lost
            group by all
        )
        select * from sums where whole <> of_sites or of_parts <> of_both
        """
    )
    assert wrong == []
    ((named, whole),) = sample_company.query(
        "select sum(lost_visit_count) filter (where segment = 'part'), "
        "sum(lost_visit_count) filter (where segment = 'all') from marts.agg_visits_lost where period_grain = 'year'"
    )
    # Of nearly every lost visit a line tells which part was missing.
    assert named >= 0.9 * whole
