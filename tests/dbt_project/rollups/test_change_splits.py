"""A change splits exactly by members, and by the parts of the member that stands out: the models themselves on random
companies, in which members appear, vanish, and have amounts without volume."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.dbt_project.rendered import run_model

BEFORE, AFTER = date(2026, 1, 1), date(2026, 2, 1)
DIMENSIONS = ("site", "product_family", "channel", "priority")
COLUMNS = ("site_id", "product_family", "channel", "priority")
FACTORS = {"ratio": 1, "mean": 1, "net_score": 100, "total": 1}
KEY = ["kpi_id", "comparison"]
LEAD = [*KEY, "dimension", "member"]

# Site, family, channel, priority; amount in units of 0.0001, volume; whether it is of the later month.
Cell = tuple[str, str, str, str, int, int, bool]
CELLS = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.sampled_from(["f", "g"]),
        st.sampled_from(["web", "app", "phone"]),
        st.sampled_from(["high", "low"]),
        st.integers(-1_000_000, 1_000_000_000),
        st.one_of(st.just(0), st.integers(1, 5_000)),
        st.booleans(),
    ),
    min_size=2,
    max_size=24,
)


def overall(cells: list[Cell], kind: str, *, is_later: bool) -> float | None:
    """The KPI of the whole company, added up here by itself."""
    amounts = [cell[4] for cell in cells if cell[6] == is_later]
    volume = sum(cell[5] for cell in cells if cell[6] == is_later)
    if kind == "total":
        return sum(amounts) / 10_000
    return FACTORS[kind] * sum(amounts) / 10_000 / volume if volume else None


def split_and_drill(cells: list[Cell]) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, tuple[float, float]]]:
    """Rows of both marts for the company of each kind of KPI; by KPI its change and the scale of its numbers."""
    changes: dict[str, tuple[float, float]] = {}
    for kind, factor in FACTORS.items():
        before, after = (overall(cells, kind, is_later=is_later) for is_later in (False, True))
        if before is None or after is None:
            continue
        volumes = [sum(cell[5] for cell in cells if cell[6] == is_later) for is_later in (False, True)]
        size = sum(abs(cell[4]) for cell in cells) / 10_000
        changes[kind] = (after - before, factor * size * (1 if kind == "total" else max(1 / v for v in volumes)))
    assume(changes)
    kpis = pd.DataFrame(
        [{"kpi_id": kind, "kind": kind, "segments": " ".join(DIMENSIONS), "adds_up": True} for kind in FACTORS]
    )
    changed = pd.DataFrame(
        [
            {
                "kpi_id": kind, "period_grain": "month", "period_start_date": AFTER, "segment": "all",
                "change": change, "year_change": None, "is_complete": True,
            }
            for kind, (change, _) in changes.items()
        ]
    ).astype({"year_change": "float64"})  # fmt: skip
    rows = pd.DataFrame(
        [
            {
                "kpi_id": kind, "month_start_date": AFTER if cell[6] else BEFORE,
                **dict(zip(COLUMNS, cell[:4], strict=True)),
                "numerator": cell[4], "denominator": 0 if kind == "total" else cell[5],
            }
            for cell in cells
            for kind in changes
        ]
    )  # fmt: skip
    split = run_model("agg_kpi_change_split", dim_kpis=kpis, agg_kpi_changes=changed, kpi_cells=as_decimals(rows))
    drill = run_model("agg_kpi_change_drill", dim_kpis=kpis, agg_kpi_change_split=split, kpi_cells=as_decimals(rows))
    return split, drill, changes


def as_decimals(rows: pd.DataFrame) -> pd.DataFrame:
    """The amounts as the mart has them: decimals of four places, which add up without rounding."""
    return rows.assign(
        numerator=[Decimal(number).scaleb(-4) for number in rows["numerator"]],
        denominator=[Decimal(number).quantize(Decimal("0.0001")) for number in rows["denominator"]],
    )


@given(CELLS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_members_make_the_whole_change_and_parts_what_their_member_makes(cells: list[Cell]) -> None:
    """The parts are those of the member that stands out most, by each other dimension; of nobody where none differs."""
    split, drill, changes = split_and_drill(cells)
    assert set(split["kpi_id"]) == set(changes)
    assert (split.groupby("kpi_id")["dimension"].nunique() == len(DIMENSIONS)).all()
    for (kind, dimension), members in split.groupby(["kpi_id", "dimension"]):
        change, size = changes[str(kind)]
        assert members["effect"].sum() == pytest.approx(change, abs=1e-12 * (1 + size)), (kind, dimension)
        assert members["own_effect"].sum() == pytest.approx(0, abs=1e-12 * (1 + size)), (kind, dimension)
    stands_out = split["own_effect"].abs() > 1e-9 * split["effect"].abs()
    leads = split[(split["cause_rank"] == 1) & stands_out].set_index(LEAD)
    assert set(drill.set_index(LEAD).index) == set(leads.index)
    for key, parts in drill.groupby([*LEAD, "second_dimension"]):
        size = changes[str(key[0])][1]
        assert parts["effect"].sum() == pytest.approx(leads["effect"][key[:-1]], abs=1e-12 * (1 + size)), key
        assert parts["own_effect"].sum() == pytest.approx(0, abs=1e-12 * (1 + size)), key
    for lead, dimensions in drill.groupby(LEAD)["second_dimension"].unique().items():
        assert set(dimensions) == {*DIMENSIONS} - {lead[2]}, lead
