"""What a version remembers for the next one, and the causes that are found between two."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file
from orchestration.build_history import Cause, FeedContent, write_history
from orchestration.extract.contract import Feed, read_contract
from orchestration.extract.ingest_file import prepare_ingest

AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
CONTENT = {"tickets": "t", "sla_policies": "s", "kpi_registry": "k", "gate_limits": "g"}


def contract() -> dict[str, Feed]:
    return {name: feed for name, feed in read_contract().items() if name in CONTENT}


def build(
    folder: Path,
    number: int,
    previous: Path | None = None,
    *,
    content: dict[str, str] | None = None,
    as_of: datetime = AS_OF,
    code: str = "1",
    profile: str = "p",
    causes: tuple[Cause, ...] = (),
) -> Path:
    """A build file with its history, of a company with three tickets."""
    ingest, path = folder / "ingest.duckdb", folder / f"b{number}.duckdb"
    if not ingest.exists():
        prepare_ingest(ingest, contract())
        with duckdb.connect(str(ingest)) as con:
            con.execute("insert into raw.tickets by name select unnest(['phone', 'phone', null]) as channel")
    record = BuildRecord(f"b{number}", as_of, datetime(2026, 7, 1 + number, tzinfo=UTC), code, "code", "own", profile)
    create_build_file(path, record, CompanyRecord("Own", "本", "Asia/Shanghai", "CNY"), previous=previous)
    found = CONTENT | (content or {})
    contents = [FeedContent(feed, 3, 1, digest) for feed, digest in found.items()]
    write_history(path, ingest, f"b{number}", contents, contract(), previous, causes)
    return path


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(query).fetchall()


def causes(path: Path, build_id: str = "b2") -> list[tuple[object, ...]]:
    return rows(path, f"select kind, subject from meta.causes where build_id = '{build_id}' order by all")


def test_a_first_build_has_history_and_no_cause(tmp_path: Path) -> None:
    first = build(tmp_path, 1)
    assert rows(first, "select feed, row_count, rejected_count from meta.feed_history where feed = 'tickets'") == [
        ("tickets", 3, 1)
    ]
    assert rows(first, "select value, row_count from meta.feed_values where column_name = 'channel' order by all") == [
        ("phone", 2),
        (None, 1),
    ]
    assert causes(first, "b1") == []


def test_history_is_carried_from_version_to_version(tmp_path: Path) -> None:
    first = build(tmp_path, 1, causes=(Cause("backfill", "calls", "read again"),))
    third = build(tmp_path, 3, build(tmp_path, 2, first))
    assert rows(third, "select distinct build_id from meta.feed_history order by 1") == [("b1",), ("b2",), ("b3",)]
    assert causes(third, "b1") == [("backfill", "calls")]
    assert len(rows(third, "select 1 from meta.feed_values where column_name = 'channel'")) == 2


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"content": {"tickets": "new"}}, []),
        ({"content": {"sla_policies": "new"}}, [("policy", "sla_policies")]),
        ({"content": {"kpi_registry": "new", "gate_limits": "new"}}, []),
        ({"code": "2"}, [("code", "code")]),
        ({"profile": "q"}, [("profile", "profile")]),
        ({"as_of": datetime(2026, 6, 1, tzinfo=UTC)}, [("as_of", "as_of")]),
        ({"as_of": datetime(2026, 8, 1, tzinfo=UTC)}, []),
    ],
)
def test_what_changed_besides_the_data_is_a_cause(
    tmp_path: Path, changed: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert causes(build(tmp_path, 2, build(tmp_path, 1), **changed)) == expected  # type: ignore[arg-type]


def test_a_version_from_before_there_was_history_is_no_obstacle(tmp_path: Path) -> None:
    first = build(tmp_path, 1)
    with duckdb.connect(str(first)) as con:
        con.execute("drop table meta.feed_history; drop table meta.causes; drop table meta.feed_values")
    assert causes(build(tmp_path, 2, first)) == []
