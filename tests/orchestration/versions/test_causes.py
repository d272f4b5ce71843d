"""Every restated KPI value has the cause that the two versions speak for, and none that they do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.duckdb_files import attach
from orchestration.versions.restatements import find_restatements, record_restatements
from tests.orchestration.versions.small import LATER, Cell, Content, Ticket, build_file, fill

BASE = Content()
T1, T2 = BASE.tickets
OPEN = Content(tickets=[T1, T2], cells=[Cell("speed", 1.0, immature=1)])


def restated(value: float = 9.0, kpi: str = "speed", **changes: object) -> Content:
    """The base with another value of one KPI."""
    cells = [replace(cell, value=value) if cell.kpi_id == kpi else cell for cell in BASE.cells]
    return BASE.but(**{"cells": cells, **changes})


def with_slice(content: Content, position: int, **changes: object) -> Content:
    names = ("schema_name", "table_name", "from_date", "is_open_ended", "row_count", "content_hash")
    slices = [list(each) for each in content.slices]
    for name, value in changes.items():
        slices[position][names.index(name)] = value
    return content.but(slices=[tuple(each) for each in slices])


@contextmanager
def compared(folder: Path, old: Content, new: Content) -> Iterator[duckdb.DuckDBPyConnection]:
    old_file, new_file = build_file(folder, "b1", old), build_file(folder, "b2", new)
    with duckdb.connect() as con:
        attach(con, old_file, "old", read_only=True)
        attach(con, new_file, "new", read_only=True)
        find_restatements(con)
        yield con


def causes(folder: Path, old: Content, new: Content) -> list[tuple[str, str, str]]:
    """KPI, cause and evidence of every restated value."""
    folder.mkdir(exist_ok=True)
    with compared(folder, old, new) as con:
        return con.execute("select kpi_id, cause, evidence from restatements order by all").fetchall()


LATE = Ticket("T3", "2026-05-20 08:00", "2026-05-21 08:00")
CASES = {
    "nothing accounts for it": (BASE, restated(), "unexplained", ""),
    "a row came whose event lies before as-of": (BASE, restated(tickets=[T1, T2, LATE]), "late_data", "fct_tickets"),
    "an instant before as-of became known": (
        BASE,
        restated(tickets=[replace(T1, accepted_at="2026-05-03 09:00"), T2]),
        "late_data",
        "fct_tickets",
    ),
    "an instant was moved": (
        BASE,
        restated(tickets=[replace(T1, resolved_at="2026-05-05 08:00"), T2]),
        "correction",
        "fct_tickets",
    ),
    "another content of the same key": (
        BASE,
        restated(tickets=[replace(T1, channel="mail"), T2]),
        "correction",
        "fct_tickets",
    ),
    "a row is gone": (BASE, restated(tickets=[T2]), "correction", "fct_tickets"),
    "only what the models compute differs": (
        BASE,
        restated(tickets=[replace(T1, life_seconds=5), T2]),
        "unexplained",
        "",
    ),
    "late and corrected: late first, both named": (
        BASE,
        restated(tickets=[replace(T1, channel="mail"), T2, LATE]),
        "late_data",
        "late_data: fct_tickets; correction: fct_tickets",
    ),
    "a late row of another period": (
        BASE,
        restated(tickets=[T1, T2, Ticket("T3", "2026-03-20 08:00", "2026-03-21 08:00")]),
        "late_data",
        "late_data, indirect: fct_tickets",
    ),
    "an indirect policy": (BASE, with_slice(restated(), 1, content_hash="b"), "definition", "calendars"),
    "a late row comes before an indirect policy": (
        BASE,
        with_slice(restated(tickets=[T1, T2, LATE]), 1, content_hash="b"),
        "late_data",
        "definition, indirect: calendars",
    ),
    "another KPI's inputs": (BASE, with_slice(restated(), 2, content_hash="b"), "unexplained", ""),
    "a direct policy of another KPI": (BASE, with_slice(restated(), 0, content_hash="b"), "unexplained", ""),
    "the models": (BASE, restated(sql="update meta.kpi_models set models_hash = 'b'"), "definition", "the models"),
    "the registry": (
        BASE,
        restated(kpis={"speed": "total", "promises": "ratio", "training": "mean"}),
        "definition",
        "kpi_registry",
    ),
    "the code": (BASE, restated(code_version="2"), "definition", "the code"),
    "the time zone": (
        BASE,
        restated(sql="update meta.settings set time_zone = 'Europe/Berlin'"),
        "definition",
        "the time zone",
    ),
    "the profile, where nothing else is found": (BASE, restated(profile_hash="x"), "definition", "the profile changed"),
    "data comes before the profile": (
        BASE,
        restated(profile_hash="x", tickets=[T2]),
        "correction",
        "fct_tickets",
    ),
    "an open case was decided since": (
        OPEN,
        OPEN.but(cells=[Cell("speed", 2.0)], as_of=LATER, tickets=[T1, replace(T2, resolved_at="2026-07-20 08:00")]),
        "maturity",
        "maturity: fct_tickets",
    ),
    "an open case was decided before the older as-of: late": (
        OPEN,
        OPEN.but(cells=[Cell("speed", 2.0)], as_of=LATER, tickets=[T1, replace(T2, resolved_at="2026-06-20 08:00")]),
        "late_data",
        "fct_tickets",
    ),
    "an open case changed in time": (
        OPEN,
        OPEN.but(cells=[Cell("speed", 2.0)], as_of=LATER, tickets=[T1, replace(T2, channel="mail")]),
        "maturity",
        "fct_tickets",
    ),
    "an open case's past was told otherwise: no work of time": (
        OPEN.but(tickets=[T1, replace(T2, accepted_at="2026-05-05 09:00")]),
        OPEN.but(cells=[Cell("speed", 2.0)], as_of=LATER, tickets=[T1, replace(T2, accepted_at="2026-05-05 10:00")]),
        "correction",
        "fct_tickets",
    ),
    "a settled case changed: no work of time": (
        OPEN,
        OPEN.but(cells=[Cell("speed", 2.0)], as_of=LATER, tickets=[replace(T1, channel="mail"), T2]),
        "correction",
        "fct_tickets",
    ),
    "a settled case was taken up again": (
        OPEN,
        OPEN.but(cells=[Cell("speed", 2.0)], as_of=LATER, tickets=[replace(T1, resolved_at=None), T2]),
        "maturity",
        "fct_tickets",
    ),
    "what was immature": (OPEN, OPEN.but(cells=[Cell("speed", 2.0)], as_of=LATER), "maturity", "cases were undecided"),
    "a period that was not finished": (
        Content(cells=[Cell("speed", 1.0, is_complete=False)]),
        Content(cells=[Cell("speed", 2.0)], as_of=LATER, tickets=[T1, T2, LATE]),
        "maturity",
        "late_data: fct_tickets; maturity: the period was not finished",
    ),
    "all time, which ends later": (
        Content(cells=[Cell("speed", 1.0, grain="all", end=date(2026, 6, 30))]),
        Content(cells=[Cell("speed", 2.0, grain="all", end=date(2026, 7, 31))], as_of=LATER),
        "maturity",
        "the period was not finished",
    ),
    "time alone explains nothing that was decided": (
        BASE,
        restated(as_of=LATER),
        "unexplained",
        "",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_cause_of_one_restated_value(case: str, tmp_path: Path) -> None:
    old, new, cause, evidence = CASES[case]
    ((kpi, found, said),) = causes(tmp_path, old, new)
    assert (kpi, found) == ("speed", cause), said
    assert evidence in said
    assert evidence or not said


def test_a_direct_policy_explains_the_periods_from_its_first_day_on(tmp_path: Path) -> None:
    april, may = Cell("promises", 0.5, date(2026, 4, 1), end=date(2026, 4, 30)), Cell("promises", 0.5)
    old = Content(cells=[april, may])
    added = ("policy", "sla_policies", date(2026, 5, 1), True, 4, "b")
    new = Content(
        cells=[replace(april, value=0.6), replace(may, value=0.6)], slices=[*old.slices, added], tickets=[*old.tickets]
    )
    with compared(tmp_path, old, new) as con:
        found = con.execute("select period_start_date, cause, evidence from restatements order by all").fetchall()
    assert found == [
        (date(2026, 4, 1), "unexplained", ""),
        (date(2026, 5, 1), "definition", "definition: sla_policies"),
    ]


def test_another_target_or_version_is_a_restatement_though_the_value_stands(tmp_path: Path) -> None:
    cells = [replace(BASE.cells[0], target=0.99), replace(BASE.cells[1], definition_version="2"), BASE.cells[2]]
    valueless = Cell("speed", None, site_id="S1")
    old = BASE.but(cells=[*BASE.cells, valueless])
    with compared(tmp_path, old, BASE.but(cells=[*cells, replace(valueless, target=0.99)])) as con:
        found = con.execute(
            "select kpi_id, change, old_target, new_target, cause from restatements order by all"
        ).fetchall()
    assert found == [("promises", 0.0, 0.9, 0.9, "definition"), ("speed", 0.0, 0.9, 0.99, "definition")]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"row_count": 11, "content_hash": "b"}, "late_data"),
        ({"content_hash": "b"}, "correction"),
        ({"row_count": 9, "content_hash": "b"}, "correction"),
    ],
)
def test_a_feed_without_a_mart_is_known_by_its_fingerprint(
    tmp_path: Path, changes: dict[str, object], cause: str
) -> None:
    new = with_slice(restated(kpi="training"), 2, **changes)
    assert causes(tmp_path, BASE, new) == [("training", cause, f"{cause}: labor_costs")]


def test_a_row_of_a_mart_behind_those_that_the_kpi_reads_is_indirect_evidence(tmp_path: Path) -> None:
    new = restated(kpi="training", tickets=[T1, T2, LATE])
    assert causes(tmp_path, BASE, new) == [("training", "late_data", "late_data, indirect: fct_tickets")]
    before = with_slice(new, 2, content_hash="b")
    found = causes(tmp_path / "own", BASE, before)
    assert found == [("training", "correction", "correction: labor_costs")]


def test_fingerprints_of_another_engine_are_not_compared(tmp_path: Path) -> None:
    """Row hashes differ between DuckDB versions: only the number of rows can speak."""
    new = with_slice(restated(kpi="training"), 2, content_hash="b")
    new = new.but(sql="update meta.builds set duckdb_version = 'v9.9.9'")
    assert causes(tmp_path, BASE, new) == [("training", "unexplained", "")]


def test_a_row_is_evidence_in_its_own_site_first(tmp_path: Path) -> None:
    cells = [Cell("speed", 1.0, site_id=site) for site in ("S1", "S2")]
    june = [Cell("speed", 1.0, date(2026, 6, 1), site_id="S2", end=date(2026, 6, 30))]
    new = [replace(cell, value=2.0) for cell in cells + june]
    with compared(tmp_path, Content(cells=cells + june), Content(cells=new, tickets=[T1, T2, LATE])) as con:
        found = con.execute("select site_id, month(period_start_date), cause, evidence from restatements order by all")
        assert found.fetchall() == [
            ("S1", 5, "late_data", "late_data: fct_tickets"),
            ("S2", 5, "late_data", "late_data, indirect: fct_tickets"),
            ("S2", 6, "unexplained", ""),
        ]


def test_a_period_that_only_one_has_is_not_restated_and_a_segment_that_came_is(tmp_path: Path) -> None:
    july = Cell("speed", 3.0, date(2026, 7, 1), end=date(2026, 7, 31))
    came = Cell("speed", 4.0, site_id="S2")
    empty = Cell("speed", None, site_id="S1")
    with compared(tmp_path, BASE, BASE.but(cells=[*BASE.cells, july, came, empty])) as con:
        found = con.execute("select site_id, old_value, new_value, change from restatements").fetchall()
    assert found == [("S2", None, 4.0, None)]


def test_versions_that_say_nothing_of_their_lineage_leave_their_changes_unexplained(tmp_path: Path) -> None:
    dropped = "drop table meta.kpi_lineage; drop table meta.kpi_models; drop table meta.record_columns; "
    dropped += "drop table meta.input_slices"
    new = restated(tickets=[T1, T2, LATE], sql=dropped)
    assert causes(tmp_path, BASE.but(sql=dropped), new) == [("speed", "unexplained", "")]


def test_the_lineage_of_either_version_will_do(tmp_path: Path) -> None:
    undone = "drop table meta.kpi_lineage; drop table meta.record_columns"
    new = restated(tickets=[T1, T2, LATE], sql=undone)
    assert causes(tmp_path, BASE, new) == [("speed", "late_data", "late_data: fct_tickets")]


def test_the_unexplained_come_first_then_the_company_then_the_greatest_change(tmp_path: Path) -> None:
    june = {"month": date(2026, 6, 1), "end": date(2026, 6, 30)}
    cells = [Cell("promises", 5.0), Cell("speed", 1.0), Cell("speed", 1.0, site_id="S1"), Cell("speed", 1.0, **june)]
    cells += [Cell("speed", 1.0, site_id="S2", **june)]
    new = [replace(cell, value=(cell.value or 0) + 1) for cell in cells]
    with compared(tmp_path, Content(cells=cells), Content(cells=new, tickets=[T1, T2, LATE])) as con:
        found = con.execute("select kpi_id, month(period_start_date), site_id from restatements order by importance")
        assert found.fetchall() == [
            ("speed", 6, "S2"),
            ("speed", 5, "all"),
            ("speed", 6, "all"),
            ("promises", 5, "all"),
            ("speed", 5, "S1"),
        ]


def test_a_build_file_keeps_what_it_restates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.versions.restatements.LIMIT", 1)
    old = build_file(tmp_path, "b1", BASE)
    new = build_file(tmp_path, "b2", BASE.but(cells=[replace(cell, value=7.0) for cell in BASE.cells]))
    record_restatements(new, old, pytest.fail)
    with duckdb.connect(str(new), read_only=True) as con:
        assert con.execute("select from_build_id, kpi_id, cause, importance from meta.restatements").fetchall() == [
            ("b1", "promises", "unexplained", 1)
        ]
        assert con.execute("from meta.restated_from").fetchall() == [("b1",)]
        assert con.execute("from meta.restatement_counts").fetchall() == [
            ("b1", "promises", "unexplained", 1),
            ("b1", "speed", "unexplained", 1),
            ("b1", "training", "unexplained", 1),
        ]
    record_restatements(new, None, pytest.fail)
    said: list[str] = []
    old.write_bytes(old.read_bytes()[:20000])
    record_restatements(new, old, said.append)
    assert "cannot be said" in said[0]
    with duckdb.connect(str(new), read_only=True) as con:
        for table in ("restatements", "restatement_counts", "restated_from"):
            assert con.execute(f"select count(*) from meta.{table}").fetchall() == [(0,)]


CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["speed", "promises"]), st.integers(4, 6), st.sampled_from(["all", "S1", "S2"])),
    st.sampled_from([None, 0.0, 0.1, 1.0]),
    max_size=6,
)
TICKETS = st.dictionaries(
    st.sampled_from(["T1", "T2", "T3"]),
    st.tuples(st.sampled_from(["S1", "S2"]), st.sampled_from(["2026-04-10", "2026-05-10", "2026-07-10"])),
)
COMPANIES = st.builds(
    lambda cells, tickets: Content(
        cells=[
            Cell(kpi, value, date(2026, month, 1), site_id=site, end=date(2026, month, 28))
            for (kpi, month, site), value in cells.items()
        ],
        tickets=[Ticket(name, day, site_id=site) for name, (site, day) in tickets.items()],
    ),
    CELLS,
    TICKETS,
)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    nothing = Content(cells=[], tickets=[], slices=[], kpis={})
    build_file(folder, "b1", nothing)
    build_file(folder, "b2", nothing)
    return folder


def values(templates: Path, old: Content, new: Content) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        for name, build_id, content in (("old", "b1", old), ("new", "b2", new)):
            attach(con, templates / f"build_{build_id}.duckdb", "template", read_only=True)
            con.execute(f"attach ':memory:' as {name}; copy from database template to {name}; use {name}")
            con.execute("detach template")
            fill(con, content.but(slices=[]))
        con.execute("use memory")
        find_restatements(con)
        return con.execute(
            "select kpi_id, period_start_date, site_id, old_value, new_value, change, cause from restatements "
            "order by all"
        ).fetchall()


@settings(max_examples=25, deadline=None)
@given(company=COMPANIES)
def test_law_nothing_differs_from_itself(templates: Path, company: Content) -> None:
    assert values(templates, company, company) == []


@settings(max_examples=25, deadline=None)
@given(one=COMPANIES, other=COMPANIES)
def test_law_the_other_way_round_is_the_mirror(templates: Path, one: Content, other: Content) -> None:
    there, back = values(templates, one, other), values(templates, other, one)
    mirrored = [(*key, new, old, None if change is None else -change) for *key, old, new, change, _ in there]
    assert sorted(map(str, mirrored)) == sorted(str((*key, o, n, c)) for *key, o, n, c, _ in back)
    unexplained = [{tuple(row[:3]) for row in rows if row[-1] == "unexplained"} for rows in (there, back)]
    assert unexplained[0] == unexplained[1]


@pytest.mark.parametrize("which", ["older", "newer"])
def test_a_withheld_kpi_is_restated_for_no_other_cause(tmp_path: Path, which: str) -> None:
    stamps = "alter table marts.kpi_values add column trust varchar default 'ok';"
    withholds = f"{stamps} update marts.kpi_values set trust = 'withheld', value = null where kpi_id = 'speed'"
    corrected = [replace(T1, resolved_at="2026-05-05 08:00"), T2]
    old, new = BASE.but(sql=stamps), restated(0.7, "promises", tickets=corrected, sql=stamps)
    old, new = (old.but(sql=withholds), new) if which == "older" else (old, new.but(sql=withholds))
    assert causes(tmp_path / which, old, new) == [
        ("promises", "correction", "correction: fct_tickets"),
        ("speed", "withheld", f"the {which} version withholds it (meta.kpi_trust)"),
    ]
