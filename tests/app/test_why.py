"""Why a KPI moved and what of it is signal, on its page; the findings of a period, each with a query that runs."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import door
from app.door import Limits
from app.warehouse import Warehouse
from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.test_views import texts

KPI = "first_response_sla_attainment"
MAY = "kpi_id = ? and period_grain = 'month' and period_start_date = date '2026-05-01'"


def words(key: str, language: str = "en") -> str:
    return WORDS[key][language == "zh"]


@pytest.fixture(scope="module")
def told_file(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In May the KPI fell by 10 points, 4 of them by site s2's rate and -1 by its mix; a run, and a declared event."""
    path = Path(shutil.copy(full_file, tmp_path_factory.mktemp("told") / "warehouse_told.duckdb"))
    with duckdb.connect(str(path)) as con:
        con.execute("update marts.agg_kpi_changes set signal = 'none' where signal is not null")
        con.execute(
            "update marts.agg_kpi_changes set signal = 'run', verdict = 'noise', value = 0.8, limit_center = 0.9, "
            f"limit_low = 0.7, limit_high = 1.1 where {MAY} and segment = 'all'",
            [KPI],
        )
        con.execute(
            "update marts.kpi_values set value = case when period_start_date = date '2026-05-01' then 0.8 else 0.9 end "
            "where kpi_id = ? and period_grain = 'month' and segment = 'all' "
            "and period_start_date in (date '2026-04-01', date '2026-05-01')",
            [KPI],
        )
        con.execute(
            "update marts.agg_kpi_change_split set mix_effect = if(member = 's2', -0.01, 0), "
            "rate_effect = if(member = 's2', -0.04, -0.05 / 3), effect = mix_effect + rate_effect "
            f"where {MAY} and comparison = 'previous'",
            [KPI],
        )
        con.execute("update marts.agg_kpi_change_split set effect = mix_effect + rate_effect where kpi_id = ?", [KPI])
        con.execute(
            "insert into marts.dim_kpi_events values "
            "('new', null, null, 'New hotline', '新热线', 'declared by the board', date '2026-02-10'), "
            "('other', 'nps', null, 'Another KPI', '另一指标', 'of another KPI', date '2026-02-11'), "
            "('far', null, 's9', 'Another site', '另一网点', 'of another site', date '2026-02-12')"
        )
        con.execute(
            """
            insert into marts.agg_findings by name
            select
                'month' as period_grain, date '2026-05-01' as period_start_date, 1 as finding_rank, ? as kpi_id,
                'worse' as finding_kind, 'share' as unit, 'real' as verdict, 'none' as signal, 0.8 as value,
                0.9 as previous_value, -0.1 as change, -0.15 as change_low, -0.05 as change_high, 0.95 as target,
                2 as off_target_count, 0.001 as chance, 12 as judged_count, true as is_split, 'site' as cause_dimension,
                's2' as cause_member, 'rate' as cause_driver, 0.92 as cause_previous_value, 0.7 as cause_value,
                0.25 as cause_previous_weight, 0.25 as cause_weight, -0.05 as cause_effect,
                'channel' as part_dimension, 'phone' as part_member, 'mix' as part_driver,
                0.1 as part_previous_weight, 0.2 as part_weight
            union all by name
            select
                'month' as period_grain, date '2026-05-01' as period_start_date, 2 as finding_rank,
                'csat_top_box_share' as kpi_id, 'level' as finding_kind, 'share' as unit, 'noise' as verdict,
                'run' as signal, 0.7 as value, 0.6 as limit_center, 0 as off_target_count, 12 as judged_count,
                true as is_split
            """,
            [KPI],
        )
    return path


def plain(test: AppTest) -> str:
    return texts(test).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_made_the_change_is_said_and_drawn(language: str, told_file: Path, open_view: OpenView) -> None:
    test = open_view("indicators", told_file, language, kpi=KPI, period="2026-05")
    assert not test.exception
    said = plain(test)
    assert {"en": "-10.0 pp against Apr 2026: mainly Beijing Haidian", "zh": "与2026年4月相比 -10.0"}[language] in said
    phone = WORDS["channel.phone"][language == "zh"]
    assert words("why.and_within", language).split("{part}")[0].split("{cause}")[1] in said
    assert phone in said
    bars = next(rows for rows in chart_rows(test) if "part" in rows.columns)
    shown = bars[bars["name"].str.contains("Haidian")].set_index("part")["value"]
    assert shown[words("why.part_rate", language)] == pytest.approx(-0.04)
    assert shown[words("why.part_mix", language)] == pytest.approx(-0.01)
    assert bars["value"].sum() == pytest.approx(-0.1)


def test_a_part_of_the_company_or_a_site_manager_sees_no_split(told_file: Path, open_view: OpenView) -> None:
    narrowed = open_view("indicators", told_file, kpi=KPI, period="2026-05", site="s2")
    assert words("why.whole_company") in texts(narrowed)
    manager = Warehouse(str(told_file), Limits(("s2",)))
    for mart in ("agg_kpi_change_split", "agg_kpi_change_drill", "agg_findings"):
        assert manager.read(f"select count(*) as found from marts.{mart}")["found"].iloc[0] == 0, mart
    events = manager.read("select event_id from marts.dim_kpi_events order by event_id")["event_id"]
    assert list(events) == ["new", "other"]


def test_a_kpi_that_is_no_sum_says_that_it_is_not_split(told_file: Path, open_view: OpenView) -> None:
    with duckdb.connect(str(told_file), read_only=True) as con:
        row = con.execute(
            "select kpi_id from marts.agg_kpi_changes where segment = 'all' and period_grain = 'month' and change <> 0 "
            "and period_start_date = date '2026-05-01' order by kpi_id limit 1"
        ).fetchone()
    assert row is not None
    path = told_file.with_name("warehouse_unsplit.duckdb")
    shutil.copy(told_file, path)
    with duckdb.connect(str(path)) as con:
        con.execute("delete from marts.agg_kpi_change_split where kpi_id = ?", [row[0]])
    test = open_view("indicators", path, kpi=row[0], period="2026-05")
    assert not test.exception
    assert words("why.not_split") in texts(test)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_signals_and_events_are_drawn_on_the_chart_of_limits(
    language: str, told_file: Path, open_view: OpenView
) -> None:
    test = open_view("indicators", told_file, language, kpi=KPI, period="2026-05")
    layers = [rows for rows in chart_rows(test) if "said" in rows.columns]
    found = pd.concat(layers).drop_duplicates("when")
    run = found[found["signal"] == "run"]
    assert list(pd.to_datetime(run["when"]).dt.date) == [date(2026, 5, 1)]
    assert list(run["said"]) == [words("signal.run", language)]
    (marks,) = [rows for rows in chart_rows(test) if list(rows.columns) == ["when", "name"]][:1]
    assert list(marks["name"]) == [{"en": "New hotline", "zh": "新热线"}[language]]
    month = {"en": "May 2026", "zh": "2026年5月"}[language]
    assert f"{month}" in plain(test)
    assert words("signal.run", language) in plain(test)


def test_a_quiet_kpi_says_so(told_file: Path, open_view: OpenView) -> None:
    test = open_view("indicators", told_file, kpi="cost_total", period="2026-05")
    assert words("noise.none").split("{count}")[1] in plain(test)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_findings_are_sentences_with_queries_that_run(language: str, told_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", told_file, language, period="2026-05")
    assert not test.exception
    said = plain(test)
    for part in ("90.0 % → 80.0 %", "-15.0", "92.0 % → 70.0 %", "10.0 % → 20.0 %", "70.0 %", "60.0 %"):
        assert part in said, part
    queries = [block.value for block in test.code]
    assert len(queries) == 2
    with door.open_file(str(told_file)) as con:
        first = con.execute(queries[0].split(";")[0]).fetchall()
        assert len(first) == 1
        for query in queries:
            for statement in query.split(";")[:-1]:
                assert con.execute(statement).fetchall() or "drill" in statement


def test_a_period_without_findings_says_so(full_file: Path, open_view: OpenView) -> None:
    assert words("findings.none") in texts(open_view("overview", full_file, period="2026-05"))
    assert words("findings.incomplete") in texts(open_view("overview", full_file, period="2026-06"))
    assert words("findings.title") not in texts(open_view("overview", full_file, period="2026-05", site="s2"))


def test_a_level_that_moved_is_told_on_the_first_screen(told_file: Path, open_view: OpenView) -> None:
    said = plain(open_view("overview", told_file, period="2026-05"))
    assert words("standing.run_low").format(periods="8 months", center="90.0 %") in said
