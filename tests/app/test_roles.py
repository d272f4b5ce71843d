"""Each role's report, view by view: what is shown, what is withheld and why, whatever the address asks for."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app import queries
from app.frame import VIEWS
from app.warehouse import Parameter, Warehouse
from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.published import SITES
from tests.app.statements import STATEMENTS

NAMES = [view.name for view in VIEWS]
ACCESS = """
grants:
  - role: analyst
    emails: [wang@example.com]
  - role: executive
    emails: [chen@example.com]
  - role: site_manager
    emails: [li@example.com]
    sites: [s2]
  - role: site_manager
    emails: [zhao@example.com]
    sites: [s9]
  - role: site_manager
    emails: [sun@example.com]
    sites: [s3, s1]
"""
# All that a page can hold.
KINDS = (
    "title", "header", "subheader", "caption", "markdown", "info", "warning", "success", "error", "text", "metric",
    "html", "dataframe", "selectbox", "button_group", "vega_lite_chart", "button", "iframe", "download_button",
)  # fmt: skip


@pytest.fixture
def access(tmp_path: Path) -> Path:
    path = tmp_path / "access.yml"
    path.write_text(ACCESS, encoding="utf-8")
    return path


def user(email: str, **claims: object) -> dict[str, object]:
    return {"is_logged_in": True, "email": email, "email_verified": True, "iat": time.time()} | claims


def everything_on(test: AppTest) -> str:
    """All that went to the browser, rows of tables and charts included."""
    parts = []
    for kind in KINDS:
        for element in test.get(kind):
            parts.append(str(element.proto))
            if kind == "dataframe":
                parts.append(element.value.to_csv())
    parts += [rows.to_csv() for rows in chart_rows(test)]
    return "\n".join(parts).replace("\\", "")


def people_of(path: Path, condition: str) -> set[str]:
    # A page may hold the file in a configuration of its own.
    with TemporaryDirectory() as folder, duckdb.connect(shutil.copy(path, folder), read_only=True) as con:
        return {
            row[0] for row in con.execute(f"select technician_name from marts.dim_technicians {condition}").fetchall()
        }


@pytest.mark.parametrize("view", NAMES)
def test_a_site_managers_views_are_of_the_site(view: str, full_file: Path, access: Path, open_view: OpenView) -> None:
    """Other sites are neither shown nor offered, though the address asks for one."""
    test = open_view(view, full_file, "zh", access, user("li@example.com"), site="s1", person="t00")
    assert not test.exception
    assert test.title[0].value == WORDS[f"page.{view}"][1]
    page = everything_on(test)
    assert SITES["s2"] in page
    for name in [name for site, name in SITES.items() if site != "s2"]:
        assert name not in page
    assert list(test.selectbox(key="pick_site_zh").options) == [SITES["s2"]]
    others = people_of(full_file, "where site_id <> 's2'")
    assert len(others) == 15
    assert not [name for name in others if name in page]
    assert "site" not in test.query_params


def test_every_statement_of_the_report_was_asked_by_a_site_manager(
    full_file: Path, access: Path, open_view: OpenView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the views above cover what there is; those about the whole company alone stay unasked."""
    asked = set()
    read = Warehouse.read

    def recorded(warehouse: Warehouse, sql: str, parameters: tuple[Parameter, ...] = ()) -> object:
        assert warehouse.limits.sites == ("s2",)
        asked.add(sql)
        return read(warehouse, sql, parameters)

    monkeypatch.setattr(Warehouse, "read", recorded)
    for view in NAMES:
        open_view(view, full_file, access=access, user=user("li@example.com"))
    assert set(STATEMENTS.values()) - asked == {
        queries.health.GATES, queries.health.GATE_TRENDS, queries.health.GATE_HISTORY, queries.health.STEPS,
        queries.health.REJECTS, queries.health.NOTICES, queries.health.TABLES, queries.health.RESTATEMENT_COUNTS,
        queries.kpis.KPI_BY_KIND, queries.findings.FINDINGS, queries.signals.KPI_SPLIT, queries.signals.KPI_DRILL,
        queries.drivers.DRIVERS, queries.drivers.RESPONSES, queries.drivers.HAZARDS, queries.drivers.VALUES_AT_RISK,
        queries.retention.COHORTS, queries.retention.FLOWS, queries.cost.COST_CHANGE, queries.calls.QUEUES,
        queries.calls.CALL_WEEK, queries.calls.CALL_HOURS, queries.calls.SHORT_HOURS, queries.calls.CALL_QUEUES,
        queries.complaints.CAUSE_CIRCUMSTANCES,
        queries.network.COVERAGE, queries.network.OUT_OF_REACH, queries.parts.PART_LEVERS,
        queries.plans.RADII, queries.plans.PLACES, queries.plans.DISTANCES, queries.plans.REACH, queries.plans.TRAVEL,
        queries.plans.OPEN_SITES,
        queries.early_warning.CALIBRATION, queries.early_warning.CUSTOMER_COUNTS, queries.early_warning.CUSTOMERS,
        queries.staffing.GAPS, queries.staffing.HOURS_AHEAD, queries.staffing.LACKING_HOURS,
        queries.response.REQUEST_CHANNELS, queries.response.REQUEST_WEEK, queries.schema.TABLES,
        queries.schema.COLUMNS, queries.changes.KPI_CAUSES, queries.company.CONTENTS, queries.company.KINDS,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        ("response", "door.no_site_kinds"),
        ("response", "door.no_site_week"),
        ("calls", "door.no_site_calls"),
        ("complaints", "door.no_site_causes"),
        ("network", "door.no_site_regions"),
        ("cost", "door.no_site_change"),
        ("retention", "door.no_site_cohorts"),
        ("drivers", "door.no_site_drivers"),
        ("health", "door.no_site_health"),
    ],
)
def test_what_a_site_manager_may_not_see_is_said(
    view: str, reason: str, full_file: Path, access: Path, open_view: OpenView
) -> None:
    said = [info.value for info in open_view(view, full_file, access=access, user=user("li@example.com")).info]
    assert WORDS[reason][0] in said


def test_a_site_manager_sees_the_teams_scorecards(full_file: Path, access: Path, open_view: OpenView) -> None:
    test = open_view("technicians", full_file, access=access, user=user("li@example.com"))
    cards = test.dataframe[0].value
    assert set(cards["Technician"]) == people_of(full_file, "where site_id = 's2' and work_role = 'technician'")


def test_a_manager_of_two_sites_chooses_between_them(full_file: Path, access: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, access=access, user=user("sun@example.com"), site="s3")
    assert set(test.selectbox(key="pick_site_en").options) == {SITES["s1"], SITES["s3"]}
    assert test.selectbox(key="pick_site_en").value == "s3"


def test_a_site_that_the_version_does_not_have(full_file: Path, access: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, access=access, user=user("zhao@example.com"))
    assert test.title[0].value == WORDS["door.no_rows_title"][0]
    assert "s9" in test.info[0].value


@pytest.mark.parametrize("view", NAMES)
def test_an_executives_views_name_no_person(view: str, full_file: Path, access: Path, open_view: OpenView) -> None:
    test = open_view(view, full_file, access=access, user=user("chen@example.com"), person="t00")
    assert not test.exception
    page = everything_on(test)
    assert not [name for name in people_of(full_file, "") if name in page]
    assert set(test.selectbox(key="pick_site_en").options) == {"All sites", *SITES.values()}
    withheld = WORDS["door.no_people"][0] in [info.value for info in test.info]
    # Pay of a role at a site of one technician is that of a person.
    assert withheld == (view in ("technicians", "cost"))


@pytest.mark.parametrize("view", ["response", "technicians", "health"])
def test_an_analyst_sees_what_anybody_sees_without_login(
    view: str, full_file: Path, access: Path, open_view: OpenView
) -> None:
    def shown(test: AppTest) -> list[str]:
        return [str(table.value.to_csv()) for table in test.dataframe] + [str(m.value) for m in test.metric]

    test = open_view(view, full_file, access=access, user=user("wang@example.com"))
    assert not test.exception
    assert shown(test) == shown(open_view(view, full_file))
    assert len(shown(test)) >= 1


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("claims", "page"),
    [
        ({"is_logged_in": False}, "signed_out"),
        ({}, "signed_out"),
        (user("stranger@example.com"), "unknown"),
        (user("li@example.com", email_verified=False), "unknown"),
        (user("li@example.com", iat=time.time() - 13 * 3600), "expired"),
    ],
)
def test_whoever_is_not_let_in_sees_no_row(
    claims: dict[str, object], page: str, language: str, full_file: Path, access: Path, open_view: OpenView
) -> None:
    test = open_view("overview", full_file, language, access, claims)
    assert not test.exception
    word = {"en": 0, "zh": 1}[language]
    assert test.title[0].value == WORDS[f"door.{page}_title"][word]
    assert not [*test.metric, *test.dataframe, *test.get("vega_lite_chart"), *test.selectbox]
    button = "door.sign_out" if page == "unknown" else "door.sign_in"
    assert [each.label for each in test.button] == [WORDS[button][word]]
    shown = everything_on(test)
    assert not [name for name in [*SITES.values(), "Test & Co", "测试公司"] if name in shown]


def test_a_mistake_in_the_access_file_lets_nobody_in(full_file: Path, access: Path, open_view: OpenView) -> None:
    access.write_text(ACCESS.replace("sites: [s2]", "places: [s2]"), encoding="utf-8")
    test = open_view("overview", full_file, access=access, user=user("wang@example.com"))
    assert test.title[0].value == WORDS["door.misconfigured_title"][0]
    # The mistake is for the server's log.
    assert "places" not in everything_on(test)
    assert "li@example.com" not in everything_on(test)


def test_a_role_that_is_taken_away_counts_at_the_next_run(full_file: Path, access: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, access=access, user=user("wang@example.com"))
    assert test.metric
    access.write_text(ACCESS.replace("wang@", "gone@"), encoding="utf-8")
    test.run()
    assert test.title[0].value == WORDS["door.unknown_title"][0]
    assert not test.metric


def test_who_is_looking_is_said(full_file: Path, access: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, access=access, user=user("li@example.com"))
    assert "li@example.com" in [text.value for text in test.sidebar.text]
    assert any(SITES["s2"] in caption.value for caption in test.sidebar.caption)
    assert WORDS["door.open"][0] in "".join(
        caption.value for caption in open_view("overview", full_file).sidebar.caption
    )
