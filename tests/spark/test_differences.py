"""The table of differences is empty where nothing differs, and finds what does."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.spark.differences import compare_marts

ROWS = "(values ('a', 1, 0.5::double), ('b', 2, 1e6), ('b', 2, 2e6), ('c', null, null)) as t (name, size, share)"
MANIFEST = {
    "nodes": {
        "model.m": {"resource_type": "model", "schema": "marts", "name": "m", "config": {"meta": {"key": ["name"]}}}
    }
}


def write(path: Path, query: str) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute(f"create schema marts; create table marts.m as {query}")
    return path


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return write(tmp_path / "original.duckdb", f"from {ROWS}")


def test_equal_rows_in_another_order(original: Path, tmp_path: Path) -> None:
    other = write(
        tmp_path / "other.duckdb", f"select name, size, share * (1 + 1e-12) as share from {ROWS} order by share"
    )
    assert compare_marts(original, other, MANIFEST) == (["m"], [])


@pytest.mark.parametrize(
    ("query", "only_here", "only_there", "apart"),
    [
        (f"from {ROWS} where name <> 'c'", 1, 0, ()),
        (f"from {ROWS} union all (from {ROWS} limit 1)", 0, 1, ()),
        (f"select name, case when name = 'a' then 7 else size end as size, share from {ROWS}", 1, 1, ()),
        (f"select name, size, share * (1 + 1e-8) as share from {ROWS}", 0, 0, (("share", 3),)),
        (f"select name, size, coalesce(share, 0) as share from {ROWS}", 0, 0, (("share", 1),)),
    ],
)
def test_finds_what_differs(
    original: Path, tmp_path: Path, query: str, only_here: int, only_there: int, apart: tuple[tuple[str, int], ...]
) -> None:
    _, (found,) = compare_marts(original, write(tmp_path / "other.duckdb", query), MANIFEST)
    assert (found.only_here, found.only_there, found.apart) == (only_here, only_there, apart)


def test_a_mart_of_other_types_is_no_match(original: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.duckdb", f"select name, size::bigint as size, share from {ROWS}")
    with pytest.raises(AssertionError, match="types differ"):
        compare_marts(original, other, MANIFEST)
