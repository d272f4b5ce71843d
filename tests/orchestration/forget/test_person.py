"""What tells a person in a text, and what only looks so."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.forget.person import Person


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
