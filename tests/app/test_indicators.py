"""Definition and rows: the count of the card is that of the rows, and the SQL that is shown gives both."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app import door
from app.behind import Behind, Subject, Window, number_sql, rows_sql
from app.door import EVERYTHING, Limits
from app.settings import LANGUAGES
from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.published_items import KPI, MONTH, SITE
from tests.company import Company

MAY = {"kpi": KPI, "period": "2026-05"}


def published(path: Path, narrowed: dict[str, str]) -> tuple[float, int, int, int, int]:
    named = {"site": "site_id"}
    chosen = {named.get(name, name): value for name, value in narrowed.items()}
    members = [chosen.get(name, "all") for name in ("site_id", "region", "channel", "priority")]
    with door.open_file(str(path)) as con:
        found = con.execute(
            "select value, eligible_count, immature_count, censored_count, excluded_count from marts.kpi_values "
            "where kpi_id = ? and period_grain = 'month' and period_start_date = ? and site_id = ? "
            "and product_family = 'all' and region = ? and channel = ? and priority = ?",
            [KPI, MONTH, *members],
        ).fetchone()
    assert found is not None
    return found


@pytest.mark.parametrize(
    "narrowed", [{}, {"site": SITE}, {"region": "华南"}, {"channel": "web"}, {"priority": "urgent"}]
)
def test_the_sql_shown_gives_the_number_and_the_rows_of_the_card(
    narrowed: dict[str, str], full_file: Path, open_view: OpenView
) -> None:
    test = open_view("indicators", full_file, **MAY, **narrowed)
    assert not test.exception
    rows, number = (block.value for block in test.code)
    value, *counts = published(full_file, narrowed)
    with door.open_file(str(full_file)) as con:
        assert con.execute(number).fetchall() == [(pytest.approx(value, rel=1e-12), *counts)]
        found = con.execute(rows).df()
    assert len(found) == sum(counts)
    assert (found["state"] == "counted").sum() == counts[0]
    assert found["status"].notna().all()
    shown = next(table.value for table in test.dataframe if "Numerator" in table.value.columns)
    assert list(shown["Ticket"]) == list(found["subject_id"])
    assert int(test.metric[1].value.replace(",", "")) == counts[0]


def test_a_card_opens_its_rows_in_the_same_scope(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, period="2026-05", site=SITE)
    test.button(key=f"open_{KPI}").click().run()
    assert not test.exception
    assert test.title[0].value == "Definition and rows"
    assert test.query_params["kpi"] == KPI
    assert test.query_params["site"] == SITE
    assert f"site_id = '{SITE}'" in test.code[0].value


def test_a_kpi_without_items_says_where_to_look(full_file: Path, open_view: OpenView) -> None:
    test = open_view("indicators", full_file, kpi="retention_rate", period="2026-05")
    assert not test.exception
    assert "marts.agg_customer_flows" in "".join(info.value for info in test.info)
    with door.open_file(str(full_file)) as con:
        assert len(con.execute(test.code[0].value).fetchall()) == 1


def test_a_site_manager_sees_rows_of_the_own_site_alone(full_file: Path) -> None:
    asked = {
        "kpi_id": KPI, "first_date": MONTH, "last_date": MONTH.replace(day=31), "site_id": "all",
        "product_family": "all", "region": "all", "channel": "all", "priority": "all",
    }  # fmt: skip
    more = asked | {"subject_kind": "ticket", "state": "all", "row_limit": 100_000}
    manager, all_rows = Limits((SITE,), sees_people=True), {}
    with door.open_file(str(full_file)) as file:
        for limits in (EVERYTHING, manager):
            all_rows[limits] = door.ask(file, limits, "items", more)
        assert set(all_rows[manager]["site_id"]) == {SITE}
        assert len(all_rows[EVERYTHING]) > len(all_rows[manager]) > 0
        assert door.ask(file, manager, "items", more | {"site_id": "s1"}).empty
        states = door.ask(file, manager, "item_states", asked)
        assert states["row_count"].sum() == len(all_rows[manager])
        foreign = set(all_rows[EVERYTHING]["subject_id"]) - set(all_rows[manager]["subject_id"])
        assert door.ask(file, manager, "ticket", {"subject_ids": sorted(foreign)}).empty
        for given in ({"all_sites": True}, {"sites": ["s1"]}, {"sees_people": True}):
            with pytest.raises(ValueError, match="decided by the door alone"):
                door.ask(file, manager, "items", more | given)


def test_who_may_not_see_people_sees_no_technician(full_file: Path) -> None:
    asked = {
        "kpi_id": KPI, "first_date": MONTH, "last_date": MONTH.replace(day=31), "site_id": "all",
        "product_family": "all", "region": "all", "channel": "all", "priority": "all", "subject_kind": "ticket",
        "state": "all", "row_limit": 100,
    }  # fmt: skip
    with door.open_file(str(full_file)) as file:
        assert door.ask(file, EVERYTHING, "items", asked)["technician_id"].notna().all()
        assert door.ask(file, Limits(None, sees_people=False), "items", asked)["technician_id"].isna().all()


def test_quotes_in_a_name_stay_a_text() -> None:
    behind = Behind("k", "mean", "sums", None, ())
    hostile = Window(MONTH, MONTH, {"site_id": "s' or 1 = 1 --", "channel": "' or true --"})
    with duckdb.connect() as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.kpi_items as select 'k' as kpi_id, 's1' as site_id, date '2026-05-01' as counted_date, "
            "'counted' as state, 1.0 as numerator, 1.0 as denominator, 1 as item_count, 'ticket' as subject_kind, "
            "'1' as subject_id, 'f' as product_family, '' as channel, null as reason"
        )
        assert con.execute(number_sql(behind, hostile)).fetchall() == [(None, 0, 0, 0, 0)]
        assert con.execute(rows_sql(behind, hostile, Subject("ticket", "", "", ()))).fetchall() == []


def test_a_quantile_counts_those_who_still_wait() -> None:
    """Of four, one left another way at 2 and one still waits at 4: half are answered at 3, not at 2."""
    behind = Behind("k", "quantile", "quantile", 0.5, ())
    with duckdb.connect() as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.kpi_items as select 'k' as kpi_id, date '2026-05-01' as counted_date, * from (values "
            "(1.0, 'counted', null), (2.0, 'counted', 'other_exit'), (3.0, 'counted', null), (4.0, 'censored', null), "
            "(9.0, 'excluded', 'merged')) as t (numerator, state, reason)"
        )
        assert con.execute(number_sql(behind, Window(MONTH, MONTH, {}))).fetchall() == [(3.0, 3, 0, 1, 1)]


def _statements() -> list[str]:
    text = (Path(__file__).resolve().parents[2] / "docs" / "from_number_to_rows.md").read_text(encoding="utf-8")
    return re.findall(r"```sql\n(.+?)```", text, re.DOTALL)


@pytest.mark.parametrize("statement", _statements())
def test_every_statement_of_the_handbook_runs(statement: str, full_file: Path) -> None:
    with door.open_file(str(full_file)) as con:
        con.execute(statement)


def test_the_handbooks_number_is_the_published_one(full_file: Path) -> None:
    _, number, told, *_ = _statements()
    with door.open_file(str(full_file)) as con:
        ((value, eligible, excluded),) = con.execute(number).fetchall()
        (as_told,) = con.execute(told).fetchall()
    assert as_told[:3] == (pytest.approx(value), eligible, excluded)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_item_has_its_page(language: str, sample_company: Company, open_view: OpenView) -> None:
    """Incident: two columns of promises had one head, which no table may have, and the page broke off."""
    kinds = sample_company.query(
        "select subject_kind, min(kpi_id) from marts.dim_kpi_subjects inner join marts.kpi_items "
        "using (kpi_id, subject_kind) group by subject_kind order by subject_kind"
    )
    assert len(kinds) > 15
    for kind, kpi in kinds:
        test = open_view("indicators", sample_company.current.resolve(), language, kpi=kpi, period="all")
        assert not test.exception, kind
        head = WORDS["column.numerator"][LANGUAGES.index(language)]
        assert any(head in table.value.columns for table in test.dataframe), kind


def markdown_of(test: AppTest) -> str:
    assert not test.exception
    return "\n".join(str(each.value) for each in test.markdown).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def test_an_indicator_is_told_by_kinds_of_requests(full_file: Path, open_view: OpenView) -> None:
    test = open_view("indicators", full_file, kpi="resolution_time_mean", period="2026-05", kind_of="service_mode")
    lines = next(rows for rows in chart_rows(test) if set(rows.get("series", ())) == {"On site", "Remote"})
    assert set(lines.loc[lines["series"] == "Remote", "value"]) == {14_400.0}
    test = open_view("indicators", full_file, kpi="nps", period="2026-05")
    assert WORDS["indicators.by_kind"][0] not in [header.value for header in test.header]


@pytest.mark.parametrize(
    ("kpi", "said", "is_claim"),
    [("first_response_time_mean", "12 h → 6 h (-50 %)", True), ("handling_time_mean", "-30 %", False)],
)
def test_what_others_report_is_named_as_theirs(
    kpi: str, said: str, is_claim: bool, full_file: Path, open_view: OpenView
) -> None:
    told = markdown_of(open_view("indicators", full_file, kpi=kpi, period="2026-05"))
    line = next(line for line in told.splitlines() if "Reported by others" in line)
    assert said in line
    assert (WORDS["indicators.claim"][0] in line) == is_claim
    assert "Report of others" in line


def test_a_report_that_is_no_longer_in_force_is_not_told(full_file: Path, open_view: OpenView) -> None:
    assert "Reported by others" not in markdown_of(open_view("indicators", full_file, kpi="csat_top_box_share"))
