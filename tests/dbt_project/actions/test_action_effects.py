"""The step at a measure: equal to statsmodels' regression, true to its level where nothing happened.

`effects` runs agg_action_effects on months made here; each action is a series of its own.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.dbt_project.rendered import expression_sql, run_model

Floats = np.ndarray[Any, np.dtype[np.float64]]
ITS, DID = "interrupted_series", "difference_in_differences"
PLACE = {"segment": "site", "member": "s1", "site_id": "s1"} | dict.fromkeys(
    ("product_family", "channel", "priority"), "all"
)
DONE = "2025-12-15"


def series(
    name: str, offsets: list[int], values: Floats, weights: Floats | None = None, others: Floats | None = None
) -> pd.DataFrame:
    """agg_action_months of one action: months by their distance to the first one in which it works."""
    return pd.DataFrame(
        {
            "action_id": name,
            "month_offset": offsets,
            "phase": ["after" if offset >= 0 else "before" for offset in offsets],
            "value": np.asarray(values, dtype=float),
            "item_weight": 1.0 if weights is None else weights,
            "comparison_value": np.nan if others is None else others,
            "comparison_weight": np.nan if others is None else 50.0,
            "compared_member_count": 0 if others is None else 12,
        }
    ).astype({"comparison_value": float, "comparison_weight": float})


def effects(months: pd.DataFrame, direction: str = "higher", as_of: str = "2026-12-31") -> pd.DataFrame:
    """agg_action_effects, by action and design."""
    names = list(dict.fromkeys(months["action_id"]))
    actions = pd.DataFrame([PLACE | {"action_id": name, "kpi_id": "k", "done_date": DONE} for name in names])
    found = run_model(
        "agg_action_effects",
        agg_action_months=months,
        fct_improvement_actions=actions,
        dim_kpis=pd.DataFrame([{"kpi_id": "k", "unit": "share", "direction": direction}]),
        int_kpi_as_of=pd.DataFrame([{"last_date": as_of}]),
    )
    return found.set_index(["action_id", "design"]).sort_index()


def expected(offsets: list[int], values: Floats, weights: Floats, *, has_trend: bool) -> tuple[float, float]:
    """The step and its error, by statsmodels: the wider of Newey-West and of least squares with autocorrelation."""
    at = np.array(offsets, dtype=float)
    step = (at >= 0).astype(float)
    design = np.column_stack([np.ones(len(at)), step, *([at] if has_trend else [])])
    scaled = weights * len(at) / weights.sum()
    model = sm.WLS(values, design, weights=scaled)
    plain = model.fit()
    lags = int(4 * (len(at) / 100) ** (2 / 9))
    robust = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
    left = plain.wresid
    share = (left[1:] * left[:-1]).sum() / (left**2).sum()
    likeness = np.clip(share + (1 + design.shape[1] + 3 * share) / len(at), 0, 0.9)
    widened = plain.bse[1] * np.sqrt((1 + likeness) / (1 - likeness))
    return float(plain.params[1]), float(max(robust.bse[1], widened))


@pytest.mark.parametrize(("before", "after"), [(8, 3), (14, 9), (24, 12)])
@pytest.mark.parametrize("scale", [0.1, 1.0, 3e5])
def test_the_step_and_its_error_are_those_of_statsmodels(before: int, after: int, scale: float) -> None:
    rng = np.random.default_rng(before)
    offsets = [*range(-before, 0), *range(after)]
    size = len(offsets)
    weights = rng.integers(1, 60, size).astype(float)
    values = scale * (0.7 + 0.01 * np.arange(size) + 0.1 * rng.standard_normal(size))
    others = scale * (0.6 + 0.01 * np.arange(size) + 0.02 * rng.standard_normal(size))
    # A year and more of months before would be compared with the year before; a gap leaves too few of those.
    kept = [place for place, offset in enumerate(offsets) if not -24 <= offset < -15]
    offsets = [offsets[place] for place in kept]
    values, others, weights = values[kept], others[kept], weights[kept]
    found = effects(series("m", offsets, values, weights, others))

    step, error = expected(offsets, values, weights, has_trend=True)
    row = found.loc[("m", ITS)]
    assert not row["is_seasonally_adjusted"]
    assert row["effect"] == pytest.approx(step, rel=1e-6)
    assert row["standard_error"] == pytest.approx(error, rel=1e-6)
    reach = stats.t.ppf(0.975, len(offsets) - 3) * error
    assert row["effect_high"] - row["effect"] == pytest.approx(reach, rel=1e-3)
    assert row["after_value"] == pytest.approx(np.average(values[-after:], weights=weights[-after:]))
    assert row["expected_value"] == pytest.approx(row["after_value"] - step, rel=1e-6)

    both = 1 / (1 / weights + 1 / 50)
    step, error = expected(offsets, values - others, both, has_trend=False)
    row = found.loc[("m", DID)]
    assert row["effect"] == pytest.approx(step, rel=1e-6)
    assert row["standard_error"] == pytest.approx(error, rel=1e-6)
    assert pd.isna(row["trend"])


def test_with_a_year_before_months_are_compared_with_the_same_ones_of_it() -> None:
    """A season as large as the step: left in, it would hide it; the differences to the year before show it alone."""
    rng = np.random.default_rng(3)
    offsets = [*range(-24, 0), *range(6)]
    season = np.sin(2 * np.pi * np.array(offsets) / 12)
    values = season + 0.05 * rng.standard_normal(30) + np.where(np.array(offsets) >= 0, 1.0, 0.0)
    row = effects(series("m", offsets, values)).loc[("m", ITS)]
    by_month = dict(zip(offsets, values, strict=True))
    differences = np.array([by_month[offset] - by_month[offset - 12] for offset in range(-12, 6)])
    step, error = expected(list(range(-12, 6)), differences, np.ones(18), has_trend=True)
    assert row["is_seasonally_adjusted"]
    assert (row["before_count"], row["after_count"]) == (12, 6)
    assert row["effect"] == pytest.approx(step, rel=1e-6)
    assert row["standard_error"] == pytest.approx(error, rel=1e-6)
    assert row["verdict"] == "improved"


@pytest.mark.parametrize(("likeness", "most"), [(0.0, 44), (0.2, 54)])
@pytest.mark.parametrize("design", [ITS, DID])
def test_where_nothing_happened_one_in_twenty_is_told(likeness: float, most: int, design: str) -> None:
    """600 series of noise, of neighbours alike too; Newey and West alone would tell 9 to 25 in a hundred."""
    rng = np.random.default_rng(5)
    made = []
    for number in range(600):
        before, after = ((8, 3), (12, 6), (14, 9))[number % 3]
        noise = rng.standard_normal(before + after)
        for place in range(1, len(noise)):
            noise[place] = likeness * noise[place - 1] + np.sqrt(1 - likeness**2) * noise[place]
        others = None if design == ITS else np.zeros(len(noise))
        made.append(series(f"m{number:03}", [*range(-before, 0), *range(after)], noise, None, others))
    found = effects(pd.concat(made, ignore_index=True))
    told = found.xs(design, level="design")["reason"].eq("told").sum()
    # Of 600 5 % are 30, and 6 %, as where neighbours are alike, 36; more than `most` come by chance once in hundreds.
    assert 5 <= told <= most


def test_a_trend_before_is_no_effect_and_others_with_another_trend_are_no_comparison() -> None:
    rng = np.random.default_rng(8)
    offsets = [*range(-12, 0), *range(6)]
    values = 0.1 * np.arange(18) + 0.05 * rng.standard_normal(18)
    flat = 0.05 * rng.standard_normal(18)
    found = effects(series("m", offsets, values, None, flat))
    assert not found.loc[("m", DID), "is_parallel"]
    assert not found.loc[("m", DID), "is_deciding"]
    assert found.loc[("m", ITS), "is_deciding"]
    assert found.loc[("m", ITS), "verdict"] == "not_told"


def test_others_that_stood_still_decide() -> None:
    """What moves all alike is no effect, though it is a step."""
    rng = np.random.default_rng(9)
    offsets = [*range(-12, 0), *range(6)]
    step = np.where(np.array(offsets) >= 0, 1.0, 0.0)
    noise = 0.1 * rng.standard_normal((3, 18))
    all_alike = series("alike", offsets, step + noise[0], None, step + noise[1])
    alone = series("alone", offsets, step + noise[2], None, noise[1])
    found = effects(pd.concat([all_alike, alone], ignore_index=True), direction="lower")
    assert found.loc[("alike", ITS), "verdict"] == "worsened"
    assert found.loc[("alike", DID), "is_deciding"]
    assert found.loc[("alike", DID), "verdict"] == "not_told"
    assert found.loc[("alone", DID), "is_deciding"]
    assert found.loc[("alone", DID), "verdict"] == "worsened"


@pytest.mark.parametrize(
    ("offsets", "as_of", "verdict", "reason"),
    [
        ([*range(-7, 0), *range(6)], "2026-12-31", "not_told", "few_months_before"),
        ([*range(-8, 0), 0, 1], "2026-02-28", "too_early", "too_early"),
        ([*range(-8, 0), 0, 1], "2026-11-30", "too_early", "too_early"),
        ([*range(-8, 0), 0, 1], "2026-12-31", "not_told", "few_months_after"),
        ([*range(-8, 0), 0, 1, 2], "2026-03-31", "not_told", "within_noise"),
    ],
)
def test_few_months_say_so(offsets: list[int], as_of: str, verdict: str, reason: str) -> None:
    rng = np.random.default_rng(len(offsets))
    row = effects(series("m", offsets, rng.standard_normal(len(offsets))), as_of=as_of).loc[("m", ITS)]
    assert (row["verdict"], row["reason"], bool(row["is_deciding"])) == (verdict, reason, True)
    assert pd.isna(row["effect"]) == (reason != "within_noise")


def test_months_that_do_not_differ_tell_no_error() -> None:
    offsets = [*range(-8, 0), *range(4)]
    row = effects(series("m", offsets, np.ones(12))).loc[("m", ITS)]
    assert (row["verdict"], row["reason"]) == ("not_told", "no_scatter")


@settings(max_examples=20, deadline=None)
@given(
    values=st.lists(st.floats(-50, 50).map(lambda value: round(value, 3)), min_size=14, max_size=14),
    shift=st.floats(-20, 20).map(lambda value: round(value, 2)),
    factor=st.sampled_from([0.5, 2.0, 10.0]),
)
def test_a_shift_changes_nothing_and_a_factor_everything_alike(
    values: list[float], shift: float, factor: float
) -> None:
    offsets = [*range(-9, 0), *range(5)]
    plain = np.array(values)
    rows = effects(
        pd.concat([series("a", offsets, plain), series("b", offsets, factor * plain + shift)], ignore_index=True)
    )
    one, other = rows.loc[("a", ITS)], rows.loc[("b", ITS)]
    assert one["verdict"] == other["verdict"] or abs(one["effect"]) < 1e-6
    if not pd.isna(one["effect"]) and one["standard_error"] > 1e-3:
        assert other["effect"] == pytest.approx(factor * one["effect"], rel=1e-5, abs=1e-5)
        assert other["standard_error"] == pytest.approx(factor * one["standard_error"], rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("degrees", [5, 6, 8, 12, 20, 33, 120])
def test_the_quantile_is_student_s(degrees: int) -> None:
    sql = expression_sql(f"t_quantile_95('{degrees}.0')")
    found = duckdb.sql(f"select {sql}").fetchone()
    assert found is not None
    assert found[0] == pytest.approx(stats.t.ppf(0.975, degrees), abs=1e-3)
