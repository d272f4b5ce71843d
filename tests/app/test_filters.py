"""What a view is narrowed to and compared with: only what is published can be chosen, and nothing else looks as if."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app import formats
from app.frame import VIEWS
from app.kpis import RETENTION_CARDS
from app.warehouse import Warehouse
from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.published import CHANNELS, PRIORITIES, REGIONS, SITES
from tests.app.test_roles import ACCESS, everything_on, user

KINDS = {"region": "华南", "channel": "web", "priority": "urgent"}
KPI = "first_response_sla_attainment"
NAME = "First response within target"
# Parts of each view that are not narrowed by a region, a channel, a priority.
NOT_NARROWED = {
    "overview": (1, 0, 0),
    "response": (11, 3, 4),
    "resolution": (6, 4, 5),
    "calls": (0, 0, 0),
    "parts": (6, 6, 6),
    "network": (5, 5, 5),
    "satisfaction": (8, 7, 7),
    "complaints": (8, 8, 8),
    "actions": (4, 4, 4),
    "feedback": (1, 1, 1),
    "retention": (2, 2, 2),
    "drivers": (1, 1, 1),
    "staffing": (4, 4, 4),
    "early_warning": (4, 2, 2),
    "cost": (7, 7, 7),
    "technicians": (1, 1, 1),
    "indicators": (1, 1, 1),
    "health": (0, 0, 0),
    "desk": (0, 0, 0),
}


def widgets(test: AppTest) -> set[str]:
    """The filters that stand in the sidebar."""
    names = {str(element.key).removeprefix("pick_").removesuffix("_en") for element in test.selectbox}
    return names & {"narrow", "site", "family", *KINDS}


def card(test: AppTest, name: str = NAME) -> tuple[str, str]:
    """Value and change of a KPI's card."""
    found = next(metric for metric in test.metric if metric.label == name)
    return found.value, found.delta


def said_of_filters(test: AppTest) -> list[str]:
    start = WORDS["filter.not_here"][0].partition("{")[0]
    return [caption.value for caption in test.caption if start in caption.value]


def test_one_way_of_narrowing_is_offered_at_a_time(full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, site="s2")
    assert widgets(test) == {"narrow", "site", "family"}
    test.selectbox(key="pick_narrow_en").set_value("channel").run()
    assert widgets(test) == {"narrow", "channel"}
    assert dict(test.query_params) == {"narrow": "channel"}
    assert "whole company" in test.caption[0].value
    test.selectbox(key="pick_channel_en").set_value("web").run()
    assert dict(test.query_params) == {"channel": "web"}
    assert "Channel: Web form" in test.caption[0].value.replace("\\", "")
    test.selectbox(key="pick_narrow_en").set_value("site").run()
    assert widgets(test) == {"narrow", "site", "family"}
    assert test.selectbox(key="pick_site_en").value == "all"
    assert dict(test.query_params) == {}


def test_only_what_is_published_is_offered(full_file: Path, empty_file: Path, open_view: OpenView) -> None:
    for kind, members in (("region", REGIONS), ("channel", CHANNELS), ("priority", PRIORITIES)):
        test = open_view("overview", full_file, narrow=kind)
        assert len(test.selectbox(key=f"pick_{kind}_en").options) == 1 + len(members)
    assert test.selectbox(key="pick_priority_en").options == ["All priorities", "Urgent", "High", "Normal", "Low"]
    assert widgets(open_view("overview", empty_file)) == {"site", "family"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"site": "s2", "channel": "web"}, {"site": "s2"}),
        ({"region": "华南", "priority": "urgent"}, {"region": "华南"}),
        ({"channel": "carrier pigeon"}, {}),
        ({"channel": "all"}, {}),
        ({"narrow": "weather", "priority": "low"}, {"priority": "low"}),
        ({"narrow": "region", "priority": "low"}, {"narrow": "region"}),
        ({"family": "nonsense", "region": "华东"}, {"region": "华东"}),
        ({"compare": "last_week"}, {}),
    ],
)
def test_a_link_with_a_nonsense_combination_falls_back(
    given: dict[str, str], kept: dict[str, str], full_file: Path, open_view: OpenView
) -> None:
    test = open_view("overview", full_file, **given)
    assert not test.exception
    assert dict(test.query_params) == kept


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_has_the_number_of_the_segment(kind: str, full_file: Path, open_view: OpenView) -> None:
    test = open_view("overview", full_file, period="2026-05", **{kind: KINDS[kind]})
    rows = Warehouse(str(full_file)).read(
        f"select value, eligible_count from marts.kpi_values where kpi_id = '{KPI}' and period_grain = 'month' "
        f"and period_start_date = date '2026-05-01' and segment = '{kind}' and {kind} = '{KINDS[kind]}'"
    )
    assert len(rows) == 1
    assert card(test)[0] == formats.share(rows["value"].iloc[0])


def test_a_kpi_that_is_not_published_by_it_is_named(full_file: Path, open_view: OpenView) -> None:
    test = open_view("retention", full_file, channel="web")
    assert not test.metric
    names = Warehouse(str(full_file)).read("select kpi_id, name_en from marts.dim_kpis").set_index("kpi_id")["name_en"]
    words = WORDS["nothing.segment"][0].format(filters="channel", kpis=", ".join(names[list(RETENTION_CARDS)]))
    assert [caption.value for caption in test.caption if words in caption.value.replace("\\", "")]


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_no_part_of_a_view_looks_narrowed_and_is_not(view: str, full_file: Path, open_view: OpenView) -> None:
    counts = []
    for kind, member in KINDS.items():
        test = open_view(view, full_file, **{kind: member})
        assert not test.exception
        said = said_of_filters(test)
        assert all(kind in words and "whole company" in words for words in said)
        counts.append(len(said))
    assert tuple(counts) == NOT_NARROWED[view]
    assert not said_of_filters(open_view(view, full_file))


def test_the_files_of_a_view_name_what_it_is_narrowed_to(full_file: Path, open_view: OpenView) -> None:
    test = open_view("response", full_file, period="2026-05", channel="web")
    about = test.session_state["about"]
    assert about.file_name("stages", "csv") == "stages_2026-05_all_all_web.csv"
    assert "Channel: Web form" in about.scope


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_a_site_manager_gets_no_numbers_of_the_company_by_a_link(
    view: str, full_file: Path, tmp_path: Path, open_view: OpenView
) -> None:
    access = tmp_path / "access.yml"
    access.write_text(ACCESS, encoding="utf-8")
    manager = user("li@example.com")
    plain = open_view(view, full_file, access=access, user=manager)
    asked = open_view(view, full_file, access=access, user=manager, **KINDS, narrow="region")
    assert not asked.exception
    assert widgets(asked) == {"site", "family"}
    assert set(asked.query_params) <= {"lang"}
    assert [metric.value for metric in asked.metric] == [metric.value for metric in plain.metric]
    assert "Region: " not in everything_on(asked)
    assert SITES["s2"] in everything_on(asked)


@pytest.fixture(scope="module")
def moved_file(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In May a KPI is 5 points above April, and 20 below May of the year before: only the latter is real."""
    path = tmp_path_factory.mktemp("moved") / "warehouse_moved.duckdb"
    path.write_bytes(full_file.read_bytes())
    of = f"kpi_id = '{KPI}' and period_grain = 'month' and segment = 'all'"
    with duckdb.connect(str(path)) as con:
        con.execute("update marts.agg_kpi_changes set verdict = 'noise' where verdict = 'real'")
        con.execute("update marts.agg_kpi_changes set year_verdict = 'noise' where year_verdict = 'real'")
        for start, value in (("2026-05-01", 0.7), ("2026-04-01", 0.65), ("2025-05-01", 0.9)):
            con.execute(f"update marts.kpi_values set value = {value} where {of} and period_start_date = '{start}'")
        con.execute(
            "update marts.agg_kpi_changes set is_better = true, year_verdict = 'real', year_is_better = false, "
            f"year_strength = 4 where {of} and period_start_date = '2026-05-01'"
        )
    return path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_year_before_is_compared_everywhere(language: str, moved_file: Path, open_view: OpenView) -> None:
    """The card's change, its words and badge, the headline, and what changed."""

    def said(test: AppTest) -> str:
        told = [element.value for element in (*test.markdown, *test.caption)]
        return "\n".join(told).replace("\N{NO-BREAK SPACE}", " ").replace("\\", "")

    zh = language == "zh"
    name = NAME if not zh else "首次响应达标率"
    before = open_view("overview", moved_file, language, period="2026-05")
    assert card(before, name)[1].startswith("+5.0")
    moved = WORDS["standing.moved"][zh]
    assert moved.format(period="2026年4月" if zh else "Apr 2026", better=0, worse=0) in said(before)
    assert WORDS["standing.nothing_changed"][zh] in said(before)
    after = open_view("overview", moved_file, language, period="2026-05", compare="year_before")
    assert card(after, name)[1].startswith("-20.0")
    assert moved.format(period="2025年5月" if zh else "May 2025", better=0, worse=1) in said(after)
    assert "90.0 % → **70.0 %** :red-badge[:material/trending_down: -20.0" in said(after)
    # And who made it: the file's site s2, by its rate.
    split = Warehouse(str(moved_file)).read(
        f"select comparison, previous_value, value from marts.agg_kpi_change_split where kpi_id = '{KPI}' and "
        "period_grain = 'month' and period_start_date = date '2026-05-01' and is_main_cause"
    )
    ends = split.set_index("comparison").loc["year_before"].map(formats.share)
    cause = WORDS["standing.cause_rate"][zh].format(member=SITES["s2"], before=ends.iloc[0], after=ends.iloc[1])
    assert cause.replace("\N{NO-BREAK SPACE}", " ") in said(after)


def test_of_a_year_there_is_one_comparison(full_file: Path, open_view: OpenView) -> None:
    plain = open_view("overview", full_file, period="2025")
    asked = open_view("overview", full_file, period="2025", compare="year_before")
    assert [(m.value, m.delta) for m in plain.metric] == [(m.value, m.delta) for m in asked.metric]
    label = WORDS["filter.compare"][0]
    assert label not in str([group.proto for group in asked.get("button_group")])
    assert label in str([group.proto for group in open_view("overview", full_file).get("button_group")])
    assert dict(asked.query_params) == {"period": "2025", "compare": "year_before"}


def test_the_change_of_cost_follows_the_comparison(full_file: Path, open_view: OpenView) -> None:
    starts = []
    for given in ({}, {"compare": "year_before"}):
        test = open_view("cost", full_file, period="2026-05", **given)
        steps = next(rows for rows in chart_rows(test) if "kind" in rows and "whole" in set(rows["kind"]))
        starts.append(steps["name"].iloc[0])
    assert starts[0] != starts[1] == "May 2025"
