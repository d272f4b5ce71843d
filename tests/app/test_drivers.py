"""The page of drivers says what is found in one sentence, and nothing where nothing is."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from app.views.drivers import effect_words, hazard_words
from app.words import WORDS, speaking
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows

SILENT = WORDS["drivers.silent"][0]


def said(markdown: list[str]) -> str:
    return "\n".join(markdown).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def test_the_strongest_association_is_a_sentence(full_file: Path, open_view: OpenView) -> None:
    words = said([element.value for element in open_view("drivers", full_file).markdown])
    assert (
        "Where the request was resolved late, 20.0 pp fewer are satisfied (95 % interval 12.0 pp … 28.0 pp), "
        "with site and priority held equal." in words
    )
    assert "With each longer band 10.0 pp fewer are satisfied" in words
    assert "Where a slow site served, customers leave 1.50 times as often (95 % interval 1.20 … 1.88)" in words
    assert "120 customers of the last 3 months, and CNY 80.0 K of their yearly purchases at risk" in words
    # What is chance is drawn, but not said.
    assert "first response was late" not in words


def test_another_outcome_is_said_in_its_own_unit(full_file: Path, open_view: OpenView) -> None:
    words = said([element.value for element in open_view("drivers", full_file, outcome="nps").markdown])
    assert "the net promoter score is 20 points lower (95 % interval 12 points … 28 points)" in words


def test_waiting_for_an_answer_cannot_be_told_from_chance(full_file: Path, open_view: OpenView) -> None:
    test = open_view("drivers", full_file, wait="first_response_time")
    assert SILENT in said([element.value for element in test.markdown])


def test_a_company_without_effects_is_told_so(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    quiet = tmp_path / "warehouse_quiet.duckdb"
    shutil.copy(full_file, quiet)
    with duckdb.connect(str(quiet)) as con:
        for table in ("agg_drivers", "agg_driver_responses", "agg_churn_hazards"):
            con.execute(f"update marts.{table} set verdict = 'chance' where verdict = 'association'")
        con.execute("update marts.agg_value_at_risk set is_shown = false")
    test = open_view("drivers", quiet)
    words = said([element.value for element in test.markdown])
    assert words.count(SILENT) == 4
    assert "95 % interval" not in words
    assert WORDS["drivers.nothing_at_risk"][0] in words


def test_what_is_chance_is_hollow(full_file: Path, open_view: OpenView) -> None:
    points = next(rows for rows in chart_rows(open_view("drivers", full_file)) if "is_told" in rows)
    assert dict(zip(points["name"], points["is_told"], strict=False)) == {
        "Late resolution": True,
        "Late first response": False,
    }
    assert list(points["series"].unique()) == [WORDS["drivers.crude"][0], WORDS["drivers.adjusted"][0]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_more_satisfaction_is_not_called_less(language: str) -> None:
    row = {
        "driver": "repeat", "driver_kind": "service", "verdict": "association", "unit": "share",
        "adjusted_for": "priority", "adjusted_difference": 0.1, "adjusted_low": 0.05, "adjusted_high": 0.15,
    }  # fmt: skip
    with speaking(language):
        (sentence,) = effect_words(pd.DataFrame([row]), "csat")
        assert effect_words(pd.DataFrame([row | {"verdict": "chance"}]), "csat") == []
    assert {"en": "more are satisfied", "zh": "满意占比高"}[language] in sentence


def test_nothing_is_said_of_leaving_that_is_chance() -> None:
    row = {
        "driver": "repeat", "verdict": "chance", "adjusted_for": "customer_history", "hazard_ratio": 1.4,
        "hazard_ratio_low": 0.9, "hazard_ratio_high": 2.0,
    }  # fmt: skip
    with speaking("en"):
        assert hazard_words(pd.DataFrame([row])) == []
        assert len(hazard_words(pd.DataFrame([row | {"verdict": "association"}]))) == 1
