"""Every view with data, without data and without a file; filters, languages and links."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app import formats
from app.frame import VIEWS
from app.warehouse import Warehouse
from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.published import COMMENTS, SITES

NAMES = [view.name for view in VIEWS]
MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"


def texts(test: AppTest) -> str:
    """All words on the page in one string, with the sidebar."""
    kinds = ("title", "header", "subheader", "caption", "markdown", "info", "warning", "success", "error")
    found = [str(getattr(element, "value", "")) for kind in kinds for element in test.get(kind)]
    found += [str(element.label) for element in test.metric] + [str(element.value) for element in test.metric]
    return "\n".join(found).replace("\\", "")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", NAMES)
def test_a_view_with_data(view: str, language: str, full_file: Path, open_view: OpenView) -> None:
    test = open_view(view, full_file, language)
    assert not test.exception
    word = {"en": 0, "zh": 1}[language]
    assert test.title[0].value == WORDS[f"page.{view}"][word]
    page = texts(test)
    assert "2026-06-21 00:00" in page  # as-of, in the company's time zone
    assert ("Test & Co" if language == "en" else "测试公司") in page
    drawn = len(test.metric) + len(test.get("vega_lite_chart")) + len(test.dataframe)
    assert drawn >= (1 if view in ("desk", "indicators") else 4)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", NAMES)
def test_a_view_without_any_row(view: str, language: str, empty_file: Path, open_view: OpenView) -> None:
    test = open_view(view, empty_file, language)
    assert not test.exception
    assert test.title[0].value == WORDS[f"page.{view}"][{"en": 0, "zh": 1}[language]]
    assert not test.get("vega_lite_chart")
    if view not in ("health", "desk"):
        # Said in words: which feed is absent. Never a 0.
        assert {"en": "not connected", "zh": "尚未接入"}[language] in texts(test) or view in ("overview", "indicators")
        assert all(metric.value == formats.MISSING for metric in test.metric)


@pytest.mark.parametrize("view", NAMES)
def test_a_view_without_a_file(view: str, tmp_path: Path, open_view: OpenView) -> None:
    test = open_view(view, tmp_path / "current.duckdb")
    assert not test.exception
    assert test.title[0].value == WORDS["app.no_file_title"][0]
    assert test.code[0].value == "make run"


def test_a_file_that_is_no_warehouse(tmp_path: Path, open_view: OpenView) -> None:
    broken = tmp_path / "current.duckdb"
    broken.write_bytes(b"not a database at all" * 1000)
    test = open_view("overview", broken)
    assert not test.exception
    assert test.title[0].value == WORDS["app.broken_title"][0]


def test_a_database_that_is_no_warehouse(tmp_path: Path, open_view: OpenView) -> None:
    other = tmp_path / "current.duckdb"
    with duckdb.connect(str(other)) as con:
        con.execute("create table anything (a integer)")
    test = open_view("overview", other)
    assert not test.exception
    assert test.title[0].value == WORDS["app.broken_title"][0]


def test_an_old_publication_is_called_old(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    old = tmp_path / "warehouse_old.duckdb"
    shutil.copy(full_file, old)
    with duckdb.connect(str(old)) as con:
        con.execute("update meta.builds set published_at = published_at - interval 5 day")
    assert "newer data is missing" in texts(open_view("cost", old))
    assert "newer data is missing" not in texts(open_view("cost", full_file))


def test_the_entry_reads_the_settings(full_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERSALES_WAREHOUSE", str(full_file))
    monkeypatch.setenv("AFTERSALES_LANGUAGE", "zh")
    monkeypatch.setattr("streamlit.get_option", {"server.address": "127.0.0.1"}.get)
    test = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert not test.exception
    assert test.title[0].value == WORDS["page.overview"][1]


def test_every_kpi_has_a_card_or_is_named_with_the_feeds_that_it_lacks(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, audience="all")
    names = set(Warehouse(str(full_file)).read("select name_en from marts.dim_kpis")["name_en"])
    cards = [metric.label.replace("\\", "") for metric in test.metric]
    assert len(cards) == len(set(cards))
    named = {
        name
        for text in test.markdown
        for name in re.findall(r"\[([^\]]+)\]\(indicators\?", text.value.replace("\\", ""))
    }
    assert named
    assert not named & set(cards)
    assert named | set(cards) == names
    (lacking,) = [text.value for text in test.markdown if "needs part stock" in text.value]
    assert "[Stock cover" in lacking
    assert not any(metric.label.startswith("Stock cover") for metric in test.metric)


def test_a_kpi_that_had_values_keeps_its_card_and_says_the_last(
    full_file: Path, tmp_path: Path, open_view: OpenView
) -> None:
    ended = Path(shutil.copy(full_file, tmp_path / "warehouse_ended.duckdb"))
    of = "kpi_id = 'csat_top_box_share' and period_grain = 'month' and segment = 'all'"
    with duckdb.connect(str(ended)) as con:
        (last,) = con.execute(f"select max(period_start_date) from marts.kpi_values where {of}").fetchone() or (None,)
        con.execute(f"delete from marts.kpi_values where {of} and period_start_date >= $1 - interval 1 month", [last])
        before = con.execute(
            "select max(period_start_date), max_by(value, period_start_date) "
            f"from marts.kpi_values where {of} and value is not null"
        ).fetchone()
    assert before is not None
    test = open_view("overview", ended)
    assert next(metric for metric in test.metric if "CSAT" in metric.label).value == formats.MISSING
    assert f"last {formats.period('month', before[0])}: {formats.share(before[1])}" in texts(test)


def test_the_overview_opens_with_what_executives_look_at(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file)
    names = Warehouse(str(full_file)).read("select name_en from marts.dim_kpis where audience = 'executive'")
    assert sorted(metric.label.replace("\\", "") for metric in test.metric) == sorted(names["name_en"])
    assert dict(test.query_params) == {}
    test.button_group(key="pick_audience_en").set_value("all").run()
    assert len(test.metric) > len(names)
    assert dict(test.query_params) == {"audience": "all"}


def test_the_front_line_has_its_own_indicators(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, audience="front_line")
    read = Warehouse(str(full_file)).read
    names = set(read("select name_en from marts.dim_kpis where audience = 'front_line'")["name_en"])
    cards = {metric.label.replace("\\", "") for metric in test.metric}
    assert cards
    assert cards <= names


def test_a_reader_puts_indicators_together_and_the_link_keeps_them(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file)
    test.button_group(key="pick_audience_en").set_value("own").run()
    assert not test.metric
    assert WORDS["overview.own_empty"][0] in texts(test)
    own = ["nps_transactional", "csat_top_box_share"]
    for count in (1, 2):
        test.multiselect(key="pick_kpis_en").set_value(own[:count]).run()
    assert not test.exception
    assert dict(test.query_params) == {"audience": "own", "kpis": ".".join(own)}
    named = dict(Warehouse(str(full_file)).read("select kpi_id, name_en from marts.dim_kpis").itertuples(index=False))
    assert [metric.label.replace("\\", "") for metric in test.metric] == [named[kpi_id] for kpi_id in own]
    shared = open_view("overview", full_file, "zh", audience="own", kpis=f"no_such_kpi.{'.'.join(own)}")
    assert [metric.value for metric in shared.metric] == [metric.value for metric in test.metric]
    # Another audience forgets the choice in the link, not on the page.
    test.button_group(key="pick_audience_en").set_value("executive").run()
    assert dict(test.query_params) == {}


def test_the_filters_select_the_row_of_their_segment(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, period="2026-Q1", site="s2", family="refrigerator")
    row = Warehouse(str(full_file)).read(
        "select value, eligible_count from marts.kpi_values where kpi_id = 'csat_top_box_share' and "
        "period_grain = 'quarter' and period_start_date = date '2026-01-01' and site_id = 's2' and "
        "product_family = 'refrigerator'"
    )
    assert len(row) == 1
    card = next(metric for metric in test.metric if "CSAT" in metric.label)
    assert card.value == formats.share(row["value"].iloc[0])
    assert f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{row['eligible_count'].iloc[0]}" in texts(test)
    assert "Beijing Haidian" in test.caption[0].value


def test_the_whole_company_is_no_region(full_file: Path, open_view: OpenView) -> None:
    """Incident: rows of regions have no site and no product family either; the cards showed one of them."""
    test = open_view("overview", full_file, period="2026-Q1")
    rows = Warehouse(str(full_file)).read(
        "select kpi_id, segment, eligible_count from marts.kpi_values where kpi_id = 'csat_top_box_share' and "
        "period_grain = 'quarter' and period_start_date = date '2026-01-01' and segment in ('all', 'region')"
    )
    assert len(rows) == 3
    for row in rows.itertuples():
        shown = f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{row.eligible_count}" in texts(test)
        assert shown == (row.segment == "all")


def test_choices_are_kept_in_the_url(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, site="s2")
    assert test.selectbox(key="pick_site_en").value == "s2"
    assert dict(test.query_params) == {"site": "s2"}
    test.selectbox(key="pick_site_en").set_value("s3").run()
    test.selectbox(key="pick_period_month_en").set_value("2026-03").run()
    assert dict(test.query_params) == {"site": "s3", "period": "2026-03"}
    test.selectbox(key="pick_site_en").set_value("all").run()
    assert dict(test.query_params) == {"period": "2026-03"}


def test_a_link_with_nonsense_shows_the_default(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, site="'; drop table marts.kpi_values; --", period="<script>", lang="xx")
    assert not test.exception
    assert test.selectbox(key="pick_site_en").value == "all"
    assert dict(test.query_params) == {}


@pytest.mark.parametrize("view", NAMES)
def test_a_view_narrowed_by_everything(view: str, full_file: Path, open_view: OpenView) -> None:
    test = open_view(view, full_file, period="2026-06", site="s4", family="washing_machine")
    assert not test.exception
    assert "has not ended" in texts(test)
    assert "Chengdu <Gaoxin> & *Co*" in texts(test)


def test_the_language_can_be_switched(full_file: Path, open_view: OpenView) -> None:
    test = open_view("response", full_file)
    test.button_group(key="pick_lang").set_value("zh").run()
    assert not test.exception
    assert test.title[0].value == WORDS["page.response"][1]
    assert dict(test.query_params) == {"lang": "zh"}
    test.button_group(key="pick_lang").set_value("en").run()
    assert test.title[0].value == WORDS["page.response"][0]


def test_a_new_version_appears_without_a_restart(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    first, second = tmp_path / "warehouse_1.duckdb", tmp_path / "warehouse_2.duckdb"
    for path in (first, second):
        shutil.copy(full_file, path)
    with duckdb.connect(str(second)) as con:
        con.execute("update meta.settings set company_name_en = 'Second Version'")
    link = tmp_path / "current.duckdb"
    link.symlink_to(first)
    test = open_view("overview", link)
    assert "Second Version" not in texts(test)
    new_link = tmp_path / "new"
    new_link.symlink_to(second)
    new_link.replace(link)
    test.run()
    assert not test.exception
    assert "Second Version" in texts(test)


def test_comments_are_shown_as_written(full_file: Path, open_view: OpenView) -> None:
    test = open_view("satisfaction", full_file)
    shown = [element.proto.body for element in test.get("html")]
    assert any(COMMENTS[0] in body for body in shown)
    assert not any("<img" in body for body in shown)


def test_reviews_are_shown_as_written(full_file: Path, open_view: OpenView) -> None:
    test = open_view("complaints", full_file)
    shown = [element.proto.body for element in test.get("html")]
    assert any("&lt;script&gt;" in body for body in shown)
    assert not any("<script" in body for body in shown)


def test_a_waterfall_leads_from_one_value_to_the_other(full_file: Path, open_view: OpenView) -> None:
    test = open_view("cost", full_file, period="2026-Q1")
    rows = next(
        rows for rows in chart_rows(test) if "kind" in rows and set(rows["kind"]) == {"whole", "worse", "better"}
    )
    assert rows["end"].tolist() == [100000, 109000, 107500, 110000, 110000]
    assert rows["kind"].tolist() == ["whole", "worse", "better", "worse", "whole"]
    assert rows["shown"].iloc[2].startswith("-CNY")


def test_a_change_of_pay_is_heads_and_pay_per_head(full_file: Path, open_view: OpenView) -> None:
    test = open_view("cost", full_file, period="2026-05")
    table = next(frame.value for frame in test.dataframe if "By heads" in frame.value.columns)
    # Four sites, agents at the first; the effects are published and add up to the change.
    assert table["Site"].tolist() == [next(iter(SITES.values())), *SITES.values()]
    assert table["Role"].tolist() == ["Agent", *["Technician"] * 4]
    assert set(table["Pay"]) == {formats.money(16_500, "CNY")}
    assert table["By heads"].iloc[1] == formats.signed_money(5_250, "CNY")
    assert table["By pay per head"].iloc[1] == formats.signed_money(1_250, "CNY")


def test_pay_that_is_not_booked_is_not_compared(full_file: Path, open_view: OpenView) -> None:
    assert "May 2026 against Apr 2026" in texts(open_view("cost", full_file, period="2026-06"))


def test_a_class_has_its_score_where_half_of_its_weight_has_one(full_file: Path, open_view: OpenView) -> None:
    whole = texts(open_view("overview", full_file, period="2026-05"))
    assert (
        "Score of the class 55 of 100 (Apr 2026: 54): 3 indicators with 85\N{NO-BREAK SPACE}% of its weight." in whole
    )
    site = texts(open_view("overview", full_file, period="2026-05", site="s2"))
    assert "No score of the class: only 40\N{NO-BREAK SPACE}% of its weight has a score, half is needed." in site
    assert "of the class" not in texts(open_view("overview", full_file, period="2026-05", family="refrigerator"))


def test_what_the_books_do_not_say_is_listed(full_file: Path, open_view: OpenView) -> None:
    test = open_view("cost", full_file)
    assert "68 of 68 rows carry the ledger" in texts(test)
    assert "51 of 68 equal the delivered books" in texts(test)
    table = next(frame.value for frame in test.dataframe if "Ours less books" in frame.value.columns)
    assert len(table) == 17


def test_hours_without_a_roster_are_not_read_as_nobody_on_duty(
    full_file: Path, tmp_path: Path, open_view: OpenView
) -> None:
    bare = Path(shutil.copy(full_file, tmp_path / "warehouse_bare.duckdb"))
    with duckdb.connect(str(bare)) as con:
        con.execute("update marts.agg_calls_hourly set rostered_agents = null, agent_gap = null")
    test = open_view("calls", bare, period="2026-06")
    assert not test.exception
    (hours,) = [rows for rows in chart_rows(test) if "rostered" in rows and len(rows) and not rows["is_short"].any()][
        :1
    ]
    assert hours["rostered"].isna().all()
    assert "No hour lacked half an agent" in texts(test)


def test_few_requests_are_no_rate(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    thin = Path(shutil.copy(full_file, tmp_path / "warehouse_few.duckdb"))
    with duckdb.connect(str(thin)) as con:
        con.execute(
            "update marts.agg_repeats_by_issue set judged_count = 4, repeat_share = 1 where issue_family = 'leak'"
        )
    test = open_view("resolution", thin)
    cells = next(rows for rows in chart_rows(test) if "row" in rows and "Leak" in set(rows["row"]))
    assert set(cells.loc[~cells["is_enough"], "row"]) == {"Leak"}


def test_a_technician_with_few_items_has_no_score(full_file: Path, open_view: OpenView) -> None:
    test = open_view("technicians", full_file, person="t03")
    assert next(metric for metric in test.metric if metric.label.startswith("Total")).value == formats.MISSING
    cards = test.dataframe[0].value
    assert list(cards.loc[cards["Technician"] == "刘师傅 03", "Band"]) == ["not enough data"]
    assert "2 people have no total score" in texts(test)


def test_what_counts_is_whole_where_a_kpi_has_no_data(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    """Incident: weights came from the rows with data, so a KPI without data was missing and they were not 100."""
    thin = Path(shutil.copy(full_file, tmp_path / "warehouse_thin.duckdb"))
    with duckdb.connect(str(thin)) as con:
        con.execute("delete from marts.agg_technician_scorecards where kpi_id <> 'csat_top_box_share'")
        con.execute(
            "insert into marts.dim_scorecard_weights by name "
            "select * replace (date '2026-05-15' as valid_from_date, 1000 as weight) from marts.dim_scorecard_weights "
            "where kpi_id = 'reopen_rate'"
        )
        con.execute(
            "update marts.dim_scorecard_weights set valid_to_date = date '2026-05-14' "
            "where kpi_id = 'reopen_rate' and weight < 1000"
        )
        names = {row[0] for row in con.execute("select name_en from marts.dim_kpis").fetchall()}

    def weights(period: str) -> dict[str, float]:
        test = open_view("technicians", thin, period=period)
        assert not test.exception
        found = next(rows for rows in chart_rows(test) if set(rows["name"]) <= names)
        return dict(zip(found["name"], found["value"], strict=True))

    assert sum(weights("2026-04").values()) == 100
    assert len(weights("2026-04")) == 13
    # The row in force on the period's last day.
    assert weights("2026-05")["Reopen rate"] == 1000


def test_warnings_stand_before_what_passed(full_file: Path, open_view: OpenView) -> None:
    test = open_view("health", full_file)
    checks = test.dataframe[0].value
    assert checks["Result"].iloc[0] == "! Warning"
    assert set(checks["Result"].iloc[1:]) == {"✓ Passed"}
    assert "Checks with a warning: 1" in texts(test)


def test_what_changed_at_the_sources_is_told(full_file: Path, open_view: OpenView) -> None:
    test = open_view("health", full_file)
    table = next(frame.value for frame in test.dataframe if "What" in frame.value.columns)
    assert table[["What", "Column", "Message"]].values.tolist() == [["new column", "skill", "the column skill is new"]]
    assert "New with this build: 1" in texts(test)


@pytest.mark.parametrize(("language", "step", "feed"), [("en", "Step", "Read: tickets"), ("zh", "步骤", "读取：工单")])
def test_how_the_build_went_is_told(language: str, step: str, feed: str, full_file: Path, open_view: OpenView) -> None:
    test = open_view("health", full_file, language)
    steps = next(frame.value for frame in test.dataframe if step in frame.value.columns)
    assert len(steps) == 3
    assert steps.iloc[0].tolist() == [feed, 2.5, 2.5, 400, 1000, 990, 5]
    head = WORDS["column.model"][language == "zh"]
    models = next(frame.value for frame in test.dataframe if head in frame.value.columns)
    assert models[head].tolist() == [f"model_{number:02}" for number in range(11, 1, -1)]


@pytest.mark.parametrize(
    "change",
    [
        "drop table meta.notices",
        "alter table marts.kpi_values drop column interval_low",
        "alter table marts.dim_scorecard_weights rename to other",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_version_of_another_release_asks_to_publish_again(
    language: str, change: str, full_file: Path, tmp_path: Path, open_view: OpenView
) -> None:
    """Incident: a page of a newer report on an older file showed a redacted error."""
    older = Path(shutil.copy(full_file, tmp_path / "warehouse_older.duckdb"))
    with duckdb.connect(str(older)) as con:
        con.execute(change)
    test = open_view("health", older, language)
    assert not test.exception
    assert test.title[0].value == WORDS["app.outdated_title"][{"en": 0, "zh": 1}[language]]
    assert "`warehouse_older.duckdb`" in test.error[0].value
    assert str(tmp_path) not in texts(test)


def test_sites_are_offered_by_name(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file)
    assert set(test.selectbox(key="pick_site_en").options) == {"All sites", *SITES.values()}
