"""What tells a person in a text, and what only looks so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app import saved_views
from orchestration.forget.person import Person
from orchestration.forget.traces import scrub_texts


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as engine:
        yield engine


def person(number: str, *traces: str) -> Person:
    return Person(number, "forgotten-1", frozenset(traces))


@pytest.mark.parametrize(
    ("number", "text", "is_told"),
    [
        ("K77001", "row K77001, and", True),
        ("K77001", "客户K77001说", True),
        ("K77001", "K770012", False),
        ("K77001", "xK77001", False),
        ("crm:77001", "at crm:77001.", True),
        ("77001", "error 77001", False),  # so short a number stands in texts by chance
        ("7700123", "of 7700123", True),
        ("else@canary.example", "to else@canary.example", True),
    ],
)
def test_a_number_is_found_as_a_word_of_its_own(number: str, text: str, is_told: bool) -> None:
    assert person(number).is_told_in(text) is is_told


def test_a_trace_is_found_in_any_case() -> None:
    assert person("1", "Zoraida Quxley").is_told_in("for zoraida QUXLEY")
    assert person("1", "张小明").is_told_in("联系张小明。")
    assert not person("1").is_told_in("anything")


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12),
    st.sampled_from(["", " ", ",", "。", "x"]),
)
@example("+49 171 (555) 0199", " ")
@example("a.b*c[d]{e}\\f^g$h|i?", "。")
def test_the_engine_and_python_find_the_same(con: duckdb.DuckDBPyConnection, trace: str, around: str) -> None:
    """One looks through tables, the other through logs and rejected rows."""
    whom = person("K77001", trace)
    text = f"{around}{trace}{around}"
    ((found,),) = con.execute("select regexp_matches(?, ?, 'i')", [text, whom.trace_pattern]).fetchall()
    assert found == whom.is_told_in(text)
    if around != "x":
        assert found


def test_names_of_saved_views_lose_the_person(tmp_path: Path) -> None:
    file = saved_views.file_of(tmp_path / "published" / "current.duckdb")
    saved_views.keep(file, "owner", "Calls of K77001", "calls", {"site": "s2"})
    saved_views.keep(file, "owner", "Visits of K77001", "calls", {})
    assert scrub_texts(tmp_path, [person("K77001")], is_dry=False) == {"report/saved_views.sqlite": 2}
    assert b"K77001" not in file.read_bytes()
    assert [view.choices for view in saved_views.read(file, "owner")] == [{"site": "s2"}, {}]
