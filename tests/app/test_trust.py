"""Stamps in the report: exactly the KPIs of which the build says so carry one, and what is withheld shows no number."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import cast

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app import trust
from app.door import Limits, connect
from app.scope import Scope
from app.warehouse import Warehouse
from app.words import WORDS
from tests.app.conftest import OpenView

CSAT, RESOLVED, BY_CHANNEL = "csat_top_box_share", "resolution_sla_attainment", "first_response_sla_attainment"
_REASON = "insert into meta.kpi_trust values ('b', ?, ?, ?, 'gate_1', 'raw', ?, ?, 'plausible', ?)"
WARNS = "raw.survey_answers.raw_score: 3 of 2,000 rows contradict"


@pytest.fixture(scope="module")
def doubted_file(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CSAT is stamped, attainment of resolution withheld, attainment of first response stamped by channel only."""
    path = Path(shutil.copy(full_file, tmp_path_factory.mktemp("doubted") / "warehouse_doubted.duckdb"))
    with duckdb.connect(str(path)) as con:
        con.execute(_REASON, [CSAT, [], "warned", "survey_answers", "raw_score", WARNS])
        con.execute(_REASON, [RESOLVED, [], "withheld", "tickets", "resolved_at", "raw.tickets.resolved_at: late"])
        con.execute(_REASON, [BY_CHANNEL, ["channel"], "warned", "tickets", "channel", "raw.tickets.channel: odd"])
        con.execute("update marts.kpi_values set trust = 'warned' where kpi_id = ?", [CSAT])
        con.execute(
            "update marts.kpi_values set trust = 'warned' where kpi_id = ? and segment = 'channel'", [BY_CHANNEL]
        )
        con.execute(
            "update marts.kpi_values set trust = 'withheld', status = 'no_value', value = null, numerator = null, "
            "denominator = null, interval_low = null, interval_high = null where kpi_id = ?",
            [RESOLVED],
        )
        for mart in ("agg_kpi_changes", "agg_kpi_change_split"):
            con.execute(f"delete from marts.{mart} where kpi_id = ?", [RESOLVED])
        # Nothing to say of it on the first screen, which would carry the stamp too.
        con.execute("update marts.agg_kpi_changes set verdict = 'noise', off_target_count = 0 where kpi_id = ?", [CSAT])
    return path


def name_of(path: Path, kpi: str, language: str = "en") -> str:
    rows = Warehouse(str(path)).read("select name_en, name_zh from marts.dim_kpis where kpi_id = ?", (kpi,))
    return str(rows[f"name_{language}"].iloc[0])


def stamped(test: AppTest, word: str) -> list[str]:
    return [element.value for element in test.markdown if f": {word}]" in element.value]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_exactly_the_doubted_cards_are_stamped(doubted_file: Path, open_view: OpenView, language: str) -> None:
    words = {key: pair[("en", "zh").index(language)] for key, pair in WORDS.items()}
    test = open_view("overview", doubted_file, language)
    assert not test.exception
    (stamp,) = stamped(test, words["trust.warned"])
    assert f"(health?lang={language})" in stamp
    assert len(stamped(test, words["trust.withheld"])) == 1
    withheld = [metric for metric in test.metric if metric.value == words["trust.withheld"]]
    assert [metric.label.replace("\\", "") for metric in withheld] == [name_of(doubted_file, RESOLVED, language)]


def test_what_the_first_screen_says_of_a_doubted_kpi_is_stamped(
    doubted_file: Path, tmp_path: Path, open_view: OpenView
) -> None:
    path = Path(shutil.copy(doubted_file, tmp_path / "warehouse_moved.duckdb"))
    with duckdb.connect(str(path)) as con:
        con.execute("update marts.agg_kpi_changes set verdict = 'real', strength = 99 where kpi_id = ?", [CSAT])
    first, card = stamped(open_view("overview", path), WORDS["trust.warned"][0])
    assert name_of(path, CSAT) in first.replace("\\", "")
    assert name_of(path, CSAT) not in card.replace("\\", "")


def test_a_stamp_says_why(doubted_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", doubted_file)
    helps = [element.help.replace("\\", "") for element in test.markdown if element.help]
    assert len(helps) == 2
    (why,) = [text for text in helps if text.startswith(WORDS["trust.warned_why"][0])]
    assert "survey answers · raw_score" in why
    assert WARNS in why


def test_without_doubts_nothing_is_stamped(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file)
    assert not stamped(test, WORDS["trust.warned"][0])
    assert not [metric for metric in test.metric if metric.value == WORDS["trust.withheld"][0]]


def test_a_chart_of_a_withheld_kpi_is_not_drawn(full_file: Path, doubted_file: Path, open_view: OpenView) -> None:
    before, after = (open_view("response", path, by=RESOLVED) for path in (full_file, doubted_file))
    assert not after.exception
    charts = [len(test.get("vega_lite_chart")) for test in (before, after)]
    # Attainment by month, and the KPI by site, by priority and by channel.
    assert charts[0] - charts[1] == 4


def test_what_only_splits_by_channel_stamps_the_channels(doubted_file: Path, open_view: OpenView) -> None:
    test = open_view("response", doubted_file, by=BY_CHANNEL)
    stamps = stamped(test, WORDS["trust.warned"][0])
    assert len(stamps) == 1
    assert name_of(doubted_file, BY_CHANNEL) in stamps[0].replace("\\", "")


def test_a_chart_of_several_kpis_has_one_stamp_of_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    late = trust.Doubt("withheld", "tickets", "resolved_at", frozenset(), "late")
    odd = trust.Doubt("warned", "tickets", "channel", frozenset(), "odd")
    doubts = {"a": [odd], "b": [odd], "c": [late]}
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(trust, "read_doubts", lambda _scope, kpi_id, *_split_by: doubts.get(kpi_id, []))
    monkeypatch.setattr(trust.st, "markdown", lambda text, help: said.append((text, help)))
    assert not trust.show(cast("Scope", None), [("a", "Alpha"), ("b", "Beta"), ("c", "Gamma"), ("d", "Delta")])
    (withheld, _), (warned, why) = said
    assert "[Gamma]" in withheld
    assert "[Alpha, Beta]" in warned
    assert why.count("odd") == 1
    del doubts["c"]
    assert trust.show(cast("Scope", None), [("a", "Alpha"), ("b", "Beta"), ("d", "Delta")])


def test_who_sees_one_site_is_told_what_and_not_how_many(doubted_file: Path) -> None:
    con = connect(str(doubted_file), Limits(sites=("s1",)))
    rows = con.execute("select kpi_id, trust, message from meta.kpi_trust order by kpi_id").fetchall()
    con.close()
    assert rows == [(CSAT, "warned", None), (BY_CHANNEL, "warned", None), (RESOLVED, "withheld", None)]
