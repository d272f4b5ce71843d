"""Messages show the shape of a value, never the value."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.extract.shown import first_line, shape_of, without_value


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        (
            "status: found 'Anna B. 0171-55', allowed are new, open",
            "status: found a value like 'aaaa a. 9999-99', allowed are new, open",
        ),
        (
            "at: found '31/02/2026', expected a date as %d/%m/%Y",
            "at: found a value like '99/99/9999', expected a date as %d/%m/%Y",
        ),
        (
            "at: found '1066-10-14', which is outside the years",
            "at: found a value like '9999-99-99', which is outside the years",
        ),
        ("phone: is required, found nothing", "phone: is required, found nothing"),
        ("the line has 3 values, expected 4", "the line has 3 values, expected 4"),
        ("odd: found 'Anna' and more", "odd: found what it should not be"),
    ],
)
def test_a_reason_shows_the_shape(reason: str, shown: str) -> None:
    assert without_value(reason) == shown


@given(
    value=st.text(alphabet="ABCDEF',expctdalwrhi \n", min_size=1, max_size=60),
    end=st.sampled_from([", expected a number", ", allowed are new, open", ", which is outside the years"]),
)
def test_no_value_gets_through_however_it_looks(value: str, end: str) -> None:
    shown = without_value(f"column: found '{value}'{end}")
    assert not set(shown) & set("ABCDEF")
    assert shown.startswith("column: found ")


@given(st.text())
def test_a_shape_has_no_letter_and_no_digit_of_the_value(value: str) -> None:
    assert {sign for sign in shape_of(value) if sign.isalnum()} <= {"a", "9"}
    assert len(shape_of(value)) <= 41


@pytest.mark.parametrize(
    "query",
    [
        "select cast(name as integer) from people",
        "select cast(name as date) from people",
        "select cast(name as struct(a integer)) from people",
        "insert into people select * from people",
        "select strptime(name, '%d') from people",
        "select cast(phone as smallint) from people",
    ],
)
def test_an_error_of_the_engine_loses_what_it_quotes_of_a_row(query: str) -> None:
    with duckdb.connect() as con:
        con.execute("create table people (name varchar primary key, phone bigint)")
        con.execute("""insert into people values ('Anna "O''Neil" Berg', 1715550199)""")
        with pytest.raises(duckdb.Error) as caught:
            con.execute(query).fetchall()
    assert "Anna" in str(caught.value) or "1715550199" in str(caught.value)
    line = first_line(caught.value)
    assert line
    assert [part for part in ("Anna", "Neil", "Berg", "1715550199") if part in line] == []


def test_an_error_before_any_row_says_which_column_is_meant() -> None:
    with pytest.raises(duckdb.BinderException) as caught:
        duckdb.execute("select phne from (select 1 as phone)")
    assert '"phne"' in first_line(caught.value)
