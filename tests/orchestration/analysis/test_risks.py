"""Probabilities of risks: found where something tells of them, from the past alone, and the same each time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orchestration.analysis.risks import MIN_EVENTS, Risk, _learn, _result, score

RISK = Risk(
    name="late",
    subject="subject",
    group="kind",
    levels=("kind",),
    counts=("size",),
    numbers=("share",),
    settle_days=5,
    block_days=20,
    block_count=3,
)
AS_OF = pd.Timestamp("2026-07-01")


def lived(seed: int, count: int = 3_000, effect: float = 1.5) -> pd.DataFrame:
    """Subjects of 200 days, each known three days later, whose log odds are `effect` × share, and those of now."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "subject": [f"s{number:05}" for number in range(count)],
            "days_before": np.concatenate([np.zeros(60, dtype=int), rng.integers(1, 200, count - 60)]),
            "kind": rng.choice(["a", "b"], count),
            "size": rng.integers(0, 50, count),
            "share": rng.standard_normal(count),
        }
    )
    rows["moment_at"] = AS_OF - pd.to_timedelta(rows["days_before"], unit="D")
    rows["truth"] = 1 / (1 + np.exp(-effect * rows["share"]))
    happened = rng.random(count) < rows["truth"]
    rows["late_state"] = np.where(rows["days_before"] == 0, "open", np.where(happened, "yes", "no"))
    rows["late_known_at"] = (rows["moment_at"] + pd.Timedelta(days=3)).where(rows["days_before"] > 0)
    return rows


def test_the_probabilities_are_those_that_the_outcomes_were_drawn_with() -> None:
    rows = lived(1, 20_000)
    scored = score(rows, RISK).merge(rows[["subject", "truth"]], left_on="subject_id", right_on="subject")
    assert set(scored["block_number"]) == {0, 1, 2, 3}
    assert (scored["probability"] - scored["truth"]).abs().max() < 0.06
    assert scored["is_now"].sum() == 60
    assert scored.loc[scored["is_now"], "outcome"].isna().all()


def test_what_came_after_a_block_began_does_not_move_its_probabilities() -> None:
    """The moments of block 2 are judged by what was known 40 days before as-of, and no later."""
    rows = lived(2)
    turned = rows.copy()
    later = turned["late_known_at"] > AS_OF - pd.Timedelta(days=40)
    turned.loc[later & (turned["days_before"] > 0), "late_state"] = "yes"
    turned.loc[turned["days_before"] < 20, ["share", "size"]] = 7
    before, after = (score(each, RISK).set_index("subject_id") for each in (rows, turned))
    columns = ["probability", "base_rate", "group_rate"]
    of_block = [part[part["block_number"] == 2][columns].sort_index() for part in (before, after)]
    pd.testing.assert_frame_equal(*of_block)
    of_next = [part[part["block_number"] == 1]["probability"].sort_index() for part in (before, after)]
    assert not of_next[0].equals(of_next[1])


def test_a_moment_too_near_to_the_end_is_not_learned_from() -> None:
    """Of what began lately only what ended soon is known; that would make all look short."""
    rows = lived(3)
    turned = rows.copy()
    turned.loc[turned["days_before"].between(1, RISK.settle_days - 1), "late_state"] = "yes"
    now = [score(each, RISK).query("is_now")["probability"].tolist() for each in (rows, turned)]
    assert now[0] == now[1]


@pytest.mark.parametrize("outcome", ["yes", "no"])
def test_one_outcome_alone_teaches_nothing(outcome: str) -> None:
    rows = lived(4)
    rows.loc[rows["days_before"] > 0, "late_state"] = outcome
    assert score(rows, RISK).empty


def test_too_few_of_an_outcome_teach_nothing() -> None:
    rows = lived(5)
    rows.loc[rows["days_before"] > 0, "late_state"] = "no"
    long_ago = rows.index[rows["days_before"] > 100]
    rows.loc[long_ago[: MIN_EVENTS - 1], "late_state"] = "yes"
    assert score(rows, RISK).empty
    rows.loc[long_ago[:MIN_EVENTS], "late_state"] = "yes"
    assert not score(rows, RISK).empty


def test_the_order_of_rows_changes_nothing() -> None:
    rows = lived(6)
    shuffled = rows.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(score(rows, RISK), score(shuffled, RISK))


def test_rows_that_nobody_asked_about_are_not_judged() -> None:
    rows = lived(7)
    rows["late_state"] = rows["late_state"].mask(rows["kind"] == "b", "not_asked")
    judged = set(score(rows, RISK)["subject_id"])
    assert judged
    assert judged <= set(rows.loc[rows["kind"] == "a", "subject"])


def test_a_value_that_is_missing_or_new_is_taken_as_usual() -> None:
    rows = lived(8)
    rows.loc[::7, "share"] = np.nan
    rows.loc[rows["days_before"] == 0, "kind"] = "never seen"
    assert score(rows, RISK)["probability"].between(0, 1).all()


def test_effects_add_up_to_the_log_odds() -> None:
    """The difference of the log odds of two rows is that of the sums of their effects; the reasons are the largest."""
    rows = lived(9)
    known = rows[rows["days_before"] > 0]
    now = rows[rows["days_before"] == 0]
    fitted = _learn(RISK, known, 0)
    assert fitted is not None
    effects = fitted.effects(now)
    assert sorted(effects.columns) == sorted(RISK.features)
    probability = fitted.predict(now)["probability"]
    odds = np.log(probability / (1 - probability))
    apart = odds - effects.sum(axis=1)
    assert np.ptp(apart) < 1e-9
    told = score(rows, RISK).query("is_now").set_index("subject_id")
    for subject, row in effects.set_axis(now["subject"]).iterrows():
        largest = row.abs().idxmax()
        if abs(row[largest]) < 0.1:
            assert told.loc[subject, "reason_1"] is None
        else:
            assert told.loc[subject, "reason_1"] == largest
            assert told.loc[subject, "reason_1_effect"] == pytest.approx(row[largest], abs=1e-4)


def test_naive_rates_are_those_of_what_was_known() -> None:
    rows = lived(10)
    known = rows[rows["days_before"] > 0]
    fitted = _learn(RISK, known, 20)
    assert fitted is not None
    judged = _result(RISK, known[known["days_before"].between(1, 20)], fitted, 1)
    then = AS_OF - pd.Timedelta(days=20)
    learned = known[(known["late_known_at"] <= then) & (known["days_before"] >= 25)]
    happened = learned["late_state"] == "yes"
    assert judged["base_rate"].unique() == pytest.approx([happened.mean()], abs=1e-4)
    by_kind = happened.groupby(learned["kind"]).mean()
    kinds = rows.set_index("subject")["kind"]
    for kind in ("a", "b"):
        of_kind = judged[judged["subject_id"].map(kinds) == kind]["group_rate"]
        assert of_kind.unique() == pytest.approx([by_kind[kind]], abs=1e-4)
