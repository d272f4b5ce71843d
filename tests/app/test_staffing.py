"""Staffing: what is found is said first, and nobody is shown what is not theirs."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app import formats
from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.published import SITES

ACCESS = """
grants:
  - role: site_manager
    emails: [li@example.com]
    sites: [s1]
  - role: executive
    emails: [chen@example.com]
"""


def said(test: AppTest) -> str:
    return "\n".join(
        str(element.value) for kind in ("success", "warning", "info") for element in test.get(kind)
    ).replace("\\", "")


def user(email: str) -> dict[str, object]:
    return {"is_logged_in": True, "email": email, "email_verified": True, "iat": time.time()}


@pytest.fixture
def changed(full_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(full_file, tmp_path / "warehouse_changed.duckdb"))


def test_what_is_found_is_said_in_a_sentence_each(full_file: Path, open_view: OpenView) -> None:
    test = open_view("staffing", full_file)
    assert "From 2026-06-21 to 2026-07-18 the usual roster covers the calls expected but for 4 agent hours" in said(
        test
    )
    assert "too few agents were on the telephone in 1 of 17 months" in said(test)
    assert "2025-11: 41.7" in said(test)
    assert f"1 of 3 sites lack technicians for the visits expected: {SITES['s1']}" in said(test)


def test_where_nothing_is_lacking_it_says_so(changed: Path, open_view: OpenView) -> None:
    with duckdb.connect(str(changed)) as con:
        con.execute(
            "update marts.agg_staffing_gaps set verdict = 'covered', lacking_hours = 0, lacking_hour_count = 0, "
            "lacking_share = 0, cost_amount = 0"
        )
        con.execute("update marts.agg_agent_gaps_hourly set is_lacking = false, agent_gap = 0")
    test = open_view("staffing", changed)
    assert not test.exception
    assert not test.warning
    assert len(test.success) == 3
    assert "No hour of the next 28 days lacks half an agent" in "\n".join(element.value for element in test.caption)
    assert "No month lacked anybody" in "\n".join(element.value for element in test.caption)


def test_without_a_roster_nothing_is_claimed(changed: Path, open_view: OpenView) -> None:
    with duckdb.connect(str(changed)) as con:
        con.execute("delete from marts.agg_staffing_gaps where not is_ahead")
        con.execute(
            "update marts.agg_staffing_gaps set verdict = 'unknown', rostered_hours = null, lacking_hours = null, "
            "lacking_share = null, cost_amount = null"
        )
        con.execute(
            "update marts.agg_agent_gaps_hourly set rostered_agents = null, agent_gap = null, is_lacking = null"
        )
    test = open_view("staffing", changed)
    assert not test.exception
    assert not test.warning
    assert not test.success
    assert "no roster is connected" in said(test)


def test_the_forecast_says_how_it_proved(full_file: Path, open_view: OpenView) -> None:
    test = open_view("staffing", full_file)
    page = "\n".join(element.value for element in test.markdown).replace("\\", "")
    assert "Calendar model. Tried on the past it was closer than the last week again from 11 of 12" in page
    days = next(rows for rows in chart_rows(test) if "expected" in rows and rows["expected"].notna().any())
    assert days["expected"].notna().sum() == 28
    assert set(days["note"]) >= {"as usual", "holiday"}
    test.button_group(key="pick_kind_en").set_value("visits").run()
    page = "\n".join(element.value for element in test.markdown).replace("\\", "")
    assert "No other method was closer more often than chance" in page
    assert dict(test.query_params) == {"kind": "visits"}


def test_too_few_visits_are_not_forecast(full_file: Path, open_view: OpenView) -> None:
    test = open_view("staffing", full_file, site="s4")
    assert not test.exception
    assert WORDS["staffing.too_few"][0] in said(test)
    assert not [rows for rows in chart_rows(test) if "note" in rows]


def test_a_site_manager_sees_the_own_technicians_and_no_telephone(
    full_file: Path, tmp_path: Path, open_view: OpenView
) -> None:
    access = tmp_path / "access.yml"
    access.write_text(ACCESS, encoding="utf-8")
    test = open_view("staffing", full_file, access=access, user=user("li@example.com"))
    assert not test.exception
    assert WORDS["door.no_site_calls"][0] in said(test)
    assert "agent" not in said(test).replace(WORDS["door.no_site_calls"][0], "")
    (table,) = [frame.value for frame in test.dataframe if "Hours required" in frame.value.columns]
    assert list(table["Site"]) == [SITES["s1"]]
    # What an hour costs is the pay of everybody of the role.
    assert "Cost of closing" not in table.columns
    executive = open_view("staffing", full_file, access=access, user=user("chen@example.com"))
    table = next(frame.value for frame in executive.dataframe if "Site" in frame.value.columns)
    assert list(table["Cost of closing"]) == [formats.money(amount, "CNY") for amount in (1650, 0, 0)]
