"""A version is complete, verified and switched to atomically, or the last one stays served."""

from __future__ import annotations

import errno
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file
from orchestration.duckdb_files import content_of
from orchestration.publish import publish
from orchestration.versions.store import PublishError, list_versions, prune, roll_back, served_version

AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)


def build_file(folder: Path, build_id: str, rows: int, *, marts: bool = True) -> Path:
    """A finished build whose only mart has `rows` rows."""
    path = folder / f"{build_id}.duckdb"
    published = served_version(folder / "published")
    record = BuildRecord(build_id, AS_OF, datetime(2026, 7, 2, 11, 59, tzinfo=UTC), "1", "code", "sample", "hash")
    create_build_file(path, record, CompanyRecord("Sample", "样本", "Asia/Shanghai", "CNY"), previous=published)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        if marts:
            con.execute(f"create table marts.fct_tickets as select range as ticket_id from range({rows})")
            con.execute("comment on table marts.fct_tickets is 'One row per ticket''s number'")
            con.execute("comment on column marts.fct_tickets.ticket_id is 'The ticket'")
    return path


def publish_one(folder: Path, build_id: str, rows: int, keep: int = 10) -> None:
    publish(build_file(folder, build_id, rows), folder / "published", build_id, published_at=NOON, keep=keep)


def ticket_count(folder: Path) -> int:
    with duckdb.connect(str((folder / "published" / "current.duckdb").resolve()), read_only=True) as con:
        row = con.execute("select count(*) from marts.fct_tickets").fetchone()
    assert row
    return row[0]


def test_a_version_holds_marts_and_meta_with_their_descriptions_and_nothing_else(tmp_path: Path) -> None:
    publish_one(tmp_path, "b1", rows=5)
    served = served_version(tmp_path / "published")
    assert served is not None
    assert sorted(path.name for path in (tmp_path / "published").iterdir()) == ["current.duckdb", "warehouse_b1.duckdb"]
    with duckdb.connect(str(served), read_only=True) as con:
        tables = con.execute("select distinct schema_name from duckdb_tables() order by all").fetchall()
        assert tables == [("marts",), ("meta",)]
        assert con.execute("select comment from duckdb_tables() where table_name = 'fct_tickets'").fetchall() == [
            ("One row per ticket's number",)
        ]
        assert con.execute("select comment from duckdb_columns() where table_name = 'fct_tickets'").fetchall() == [
            ("The ticket",)
        ]
        assert con.execute("select published_at, duration_seconds from meta.builds").fetchall() == [
            (datetime(2026, 7, 2, 12), 60.0)
        ]
        assert con.execute("select table_name, row_count from meta.tables").fetchall() == [("fct_tickets", 5)]


def test_equal_content_has_an_equal_hash_and_other_content_another(tmp_path: Path) -> None:
    hashes = []
    for build_id, rows in (("b1", 5), ("b2", 5), ("b3", 6)):
        publish_one(tmp_path, build_id, rows)
        served = served_version(tmp_path / "published")
        with duckdb.connect(str(served), read_only=True) as con:
            hashes.append(con.execute("select content_hash from meta.tables").fetchall())
    assert hashes[0] == hashes[1]
    assert hashes[1] != hashes[2]


def test_roll_back_serves_the_version_before_or_the_one_named(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        publish_one(tmp_path, f"b{number}", rows=number)
    published = tmp_path / "published"
    assert ticket_count(tmp_path) == 3
    assert roll_back(published).build_id == "b2"
    assert ticket_count(tmp_path) == 2
    assert roll_back(published, "b3").build_id == "b3"
    assert roll_back(published, "b1").build_id == "b1"
    with pytest.raises(PublishError, match="no version before the served one; versions: b1, b2, b3"):
        roll_back(published)
    with pytest.raises(PublishError, match="no version 'b9'; versions: b1, b2, b3"):
        roll_back(published, "b9")
    publish_one(tmp_path, "b4", rows=4)
    assert ticket_count(tmp_path) == 4


def test_history_of_builds_is_carried_over(tmp_path: Path) -> None:
    publish_one(tmp_path, "b1", rows=1)
    publish_one(tmp_path, "b2", rows=2)
    with duckdb.connect(str(served_version(tmp_path / "published")), read_only=True) as con:
        assert con.execute("select build_id from meta.builds order by all").fetchall() == [("b1",), ("b2",)]


def test_only_the_newest_and_the_served_version_are_kept(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        publish_one(tmp_path, f"b{number}", rows=number)
    roll_back(tmp_path / "published", "b1")
    removed = prune(tmp_path / "published", keep=1)
    assert [path.name for path in removed] == ["warehouse_b2.duckdb"]
    assert [(v.build_id, v.is_current) for v in list_versions(tmp_path / "published")] == [("b1", True), ("b3", False)]


def test_a_reader_keeps_its_version_while_a_new_one_is_published(tmp_path: Path) -> None:
    publish_one(tmp_path, "b1", rows=1)
    with duckdb.connect(str(served_version(tmp_path / "published")), read_only=True) as reader:
        for number in (2, 3):
            publish_one(tmp_path, f"b{number}", rows=number, keep=1)
        assert reader.execute("select count(*) from marts.fct_tickets").fetchone() == (1,)
    assert ticket_count(tmp_path) == 3


def test_a_build_without_marts_is_not_published(tmp_path: Path) -> None:
    publish_one(tmp_path, "b1", rows=1)
    empty = build_file(tmp_path, "b2", 0, marts=False)
    with pytest.raises(PublishError, match="nothing to publish"):
        publish(empty, tmp_path / "published", "b2", published_at=NOON, keep=10)
    assert ticket_count(tmp_path) == 1


def test_a_build_that_holds_more_than_readers_may_see_is_not_published(tmp_path: Path) -> None:
    publish_one(tmp_path, "b1", rows=1)
    build = build_file(tmp_path, "b2", rows=2)
    with duckdb.connect(str(build)) as con:
        con.execute("create schema staging; create view staging.private as select 1 as one")
    with pytest.raises(PublishError, match=r"holds what is not for readers: staging\.private; it is not published"):
        publish(build, tmp_path / "published", "b2", published_at=NOON, keep=10)
    assert ticket_count(tmp_path) == 1


def test_a_build_that_cannot_be_read_back_is_not_served(tmp_path: Path) -> None:
    """The disk gives back other bytes than were written, behind the file's header."""
    publish_one(tmp_path, "b1", rows=1)
    build = build_file(tmp_path, "b2", rows=300_000)
    with build.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(12_288)
        file.write(b"\x55" * (size - 12_288))
    with pytest.raises((PublishError, duckdb.Error)):
        publish(build, tmp_path / "published", "b2", published_at=NOON, keep=10)
    assert ticket_count(tmp_path) == 1


def test_a_published_folder_on_another_disk_is_given_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def across_disks(self: Path, target: Path) -> Path:
        if self.parent != target.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across_disks)
    publish_one(tmp_path, "b1", rows=3)
    assert ticket_count(tmp_path) == 3


def test_the_content_hash_sees_values_and_not_the_order_of_rows() -> None:
    with duckdb.connect() as con:
        con.execute("create table one as select range as id, 'a' as word, 1 as batch from range(100)")
        con.execute("create table shuffled as select id, word, 2 as batch from one order by id desc")
        con.execute("create table changed as select id, if(id = 7, 'b', word) as word, 1 as batch from one")
        contents = {
            table: content_of(con, "memory", "main", table, without=("batch",))
            for table in ("one", "shuffled", "changed")
        }
    assert contents["one"] == contents["shuffled"]
    assert contents["one"][0] == contents["changed"][0]
    assert contents["one"][1] != contents["changed"][1]
