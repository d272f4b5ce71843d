"""The page of the early warning: reasons in words, and what is switched off is said to be."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from app.views.early_warning import reason_value
from app.words import WORDS, speaking
from orchestration.analysis.risks import CUSTOMER_RISKS, TICKET_RISKS
from tests.app.conftest import OpenView
from tests.app.test_views import texts


def test_each_feature_has_words() -> None:
    features = {feature for risk in (*TICKET_RISKS, *CUSTOMER_RISKS) for feature in risk.features}
    assert {f"feature.{feature}" for feature in features} == {key for key in WORDS if key.startswith("feature.")}


@pytest.mark.parametrize(
    ("feature", "value", "english", "chinese"),
    [
        ("stage", "waiting_parts", "Waiting for parts", "等待备件"),
        ("weekday", "7", WORDS["weekday.7"][0], WORDS["weekday.7"][1]),
        ("last_bought_within", "quarter", "three months", "三个月内"),
        ("is_answered", "False", "no", "否"),
        ("promise_used_share", "0.8701", "87\N{NO-BREAK SPACE}%", "87\N{NO-BREAK SPACE}%"),
        ("visit_count", "2", "2", "2"),
        ("purchase_amount", "5999.0", "5,999", "5,999"),
        ("technician_return_share", "nan", WORDS["value.unknown"][0], WORDS["value.unknown"][1]),
    ],
)
def test_a_reason_is_told_with_its_value(feature: str, value: str, english: str, chinese: str) -> None:
    for language, expected in (("en", english), ("zh", chinese)):
        with speaking(language):
            assert reason_value(feature, value) == expected


@pytest.mark.parametrize(("language", "word"), [("en", 0), ("zh", 1)])
def test_a_model_that_is_switched_off_is_said_to_be(
    language: str, word: int, full_file: Path, open_view: OpenView
) -> None:
    test = open_view("early_warning", full_file, language)
    page = texts(test)
    assert WORDS["early.off_not_better"][word] in page
    assert WORDS["early.off_too_few"][word] not in page
    tables = [frame.value for frame in test.dataframe]
    assert len(tables) == 3
    assert any(WORDS["feature.promise_used_share"][word] in str(table.iloc[0].tolist()) for table in tables)


def test_all_models_off_leave_no_list(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    off = shutil.copy(full_file, tmp_path / "current.duckdb")
    with duckdb.connect(str(off)) as con:
        con.execute("update marts.agg_risk_models set is_used = false, verdict = 'too_few'")
        con.execute("delete from marts.agg_ticket_risks; delete from marts.agg_customer_risks")
    test = open_view("early_warning", Path(off), "en")
    assert not test.exception
    assert texts(test).count(WORDS["early.off_too_few"][0]) == 3
    assert len(test.dataframe) == 1
