"""How well risks are told, as the marts compute it, beside scikit-learn, statsmodels and formulas of their own."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from orchestration.analysis.risks import SCHEMA
from tests.dbt_project.rendered import model_sql


def judged(seed: int, subjects: int = 400, *, repeats: int = 1, skill: float = 1.0) -> pd.DataFrame:
    """Judgements of breaches: each subject `repeats` times, all alike; where skill is 0 probabilities tell nothing."""
    rng = np.random.default_rng(seed)
    odds = rng.standard_normal(subjects)
    outcome = rng.random(subjects) < 1 / (1 + np.exp(-odds))
    rows = pd.DataFrame(
        {
            "risk": "breach",
            "subject_id": [f"t{number}" for number in range(subjects)],
            "outcome": outcome,
            "probability": (1 / (1 + np.exp(-skill * (odds if skill else rng.standard_normal(subjects))))).round(2),
            "base_rate": 0.5,
            "group_rate": rng.choice([0.45, 0.55], subjects),
        }
    )
    rows = pd.concat([rows] * repeats, ignore_index=True)
    rows["moment_at"] = pd.Timestamp("2026-06-01") + pd.to_timedelta(np.arange(len(rows)), unit="h")
    return rows.assign(block_number=1, is_now=False).reindex(columns=SCHEMA.names)


def run(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    with duckdb.connect() as con:
        con.register("given", rows)
        con.execute("create table int_risks_scored as select * from given")
        return con.execute(f"from ({model_sql(name)}) order by all").df()


def model(rows: pd.DataFrame) -> Any:
    return run("agg_risk_models", rows).set_index("risk").loc["breach"]


def test_scores_are_those_of_scikit_learn() -> None:
    rows = judged(1)
    found, outcome = model(rows), rows["outcome"].astype(int)
    for name, column in (("", "probability"), ("base_", "base_rate"), ("group_", "group_rate")):
        assert found[f"{name}brier"] == pytest.approx(brier_score_loss(outcome, rows[column]), abs=1e-6)
        certain = rows[column].clip(0.0005, 0.9995)
        assert found[f"{name}log_loss"] == pytest.approx(log_loss(outcome, certain), abs=1e-6)
    assert found["auc"] == pytest.approx(roc_auc_score(outcome, rows["probability"]), abs=1e-6)
    assert found["event_share"] == pytest.approx(outcome.mean(), abs=1e-6)
    assert found["verdict"] == "used"


def test_the_interval_of_the_gain_is_that_of_a_paired_mean() -> None:
    rows = judged(2)
    found, outcome = model(rows), rows["outcome"].astype(int)
    gains = (rows["base_rate"] - outcome) ** 2 - (rows["probability"] - outcome) ** 2
    others = (rows["group_rate"] - outcome) ** 2 - (rows["probability"] - outcome) ** 2
    gains = min(gains, others, key=lambda each: each.mean())
    half = norm.ppf(1 - 0.05 / 6) * gains.std(ddof=1) / np.sqrt(len(gains))
    assert found["brier_gain"] == pytest.approx(gains.mean(), abs=1e-6)
    assert found["brier_gain_low"] == pytest.approx(gains.mean() - half, abs=1e-6)
    assert found["brier_gain_high"] == pytest.approx(gains.mean() + half, abs=1e-6)


def test_the_interval_of_the_area_is_that_of_delong() -> None:
    """E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson 1988, of which Obuchowski's is the one for clusters."""
    rows = judged(3)
    found = model(rows)
    events = rows.loc[rows["outcome"], "probability"].to_numpy()
    others = rows.loc[~rows["outcome"].astype(bool), "probability"].to_numpy()
    wins = (events[:, None] > others) + 0.5 * (events[:, None] == others)
    error = np.sqrt(wins.mean(axis=1).var(ddof=1) / len(events) + wins.mean(axis=0).var(ddof=1) / len(others))
    half = norm.ppf(0.975) * error
    assert found["auc_low"] == pytest.approx(wins.mean() - half, abs=1e-5)
    assert found["auc_high"] == pytest.approx(wins.mean() + half, abs=1e-5)


def test_a_subject_judged_three_times_alike_makes_nothing_surer() -> None:
    once, thrice = model(judged(4)), model(judged(4, repeats=3))
    assert thrice["judged_count"] == 3 * once["judged_count"]
    same = [name for name in once.index if name not in ("judged_count", "event_count")]
    for name in same:
        assert thrice[name] == (once[name] if isinstance(once[name], str) else pytest.approx(once[name], abs=2e-5))


def test_a_model_that_tells_nothing_is_switched_off() -> None:
    for seed in range(20):
        assert model(judged(seed, skill=0))["verdict"] == "not_better"


@pytest.mark.parametrize("subjects", [0, 90, 199])
def test_too_few_say_nothing(subjects: int) -> None:
    found = model(judged(5, subjects))
    assert (found["verdict"], found["is_used"]) == ("too_few", False)
    assert found["subject_count"] == subjects


def test_too_few_of_one_outcome_say_nothing() -> None:
    rows = judged(6, 1_000)
    rows["outcome"] = rows.index < 49
    assert model(rows)["verdict"] == "too_few"
    rows["outcome"] = rows.index < 50
    assert model(rows)["verdict"] != "too_few"


def test_each_risk_has_a_row_though_nothing_was_judged() -> None:
    found = run("agg_risk_models", judged(7, 0))
    assert found["risk"].tolist() == ["breach", "comeback", "leave"]
    assert set(found["verdict"]) == {"too_few"}


def test_calibration_is_that_of_statsmodels() -> None:
    rows = judged(8, 1_000)
    found = run("agg_risk_calibration", rows).set_index("bin_number")
    tenths = np.minimum(np.floor(rows["probability"] * 10 + 1e-9).astype(int) + 1, 10)
    for number, group in rows.groupby(tenths):
        row = found.loc[number]
        low, high = proportion_confint(group["outcome"].sum(), len(group), method="wilson")
        assert (row["judged_count"], row["event_count"]) == (len(group), group["outcome"].sum())
        assert row["mean_probability"] == pytest.approx(group["probability"].mean(), abs=1e-6)
        assert (row["event_share_low"], row["event_share_high"]) == pytest.approx((low, high), abs=1e-6)
    assert found["judged_count"].sum() == len(rows)


def test_calibration_counts_a_subject_judged_often_once() -> None:
    once, often = (run("agg_risk_calibration", judged(9, repeats=repeats)) for repeats in (1, 5))
    pd.testing.assert_frame_equal(
        once.drop(columns=["judged_count", "event_count"]), often.drop(columns=["judged_count", "event_count"])
    )
