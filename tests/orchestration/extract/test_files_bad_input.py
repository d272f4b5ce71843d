"""Bad files: each gets a clear error or rejects with their reasons, no row is lost, and a sound delivery heals."""

from __future__ import annotations

import csv
import errno
import gzip
import io
import itertools
import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.extract.connectors import direct
from orchestration.extract.connectors import files as files_module
from orchestration.extract.connectors.compression import bare_name
from orchestration.extract.connectors.delivery import Request
from orchestration.extract.connectors.files import FilesConnector
from orchestration.extract.errors import SourceError, TransientError
from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import FilesSource
from tests.orchestration.extract.conftest import CUSTOMERS, HEAD, Desk

SOUND = "id,name,changed\n1,Ann,2026-01-01\n2,Bo,2026-01-02\n"
# Half of these few rows are bad, which would otherwise stop the feed.
TOLERANT = CUSTOMERS.replace("source: drops\n", "source: drops\n      allowed_rejects: 1\n")


def binding(*lines: str, path: str = "customers*") -> str:
    return TOLERANT.replace('"customers*.csv"', "\n      ".join((f'"{path}"', *lines)))


def names(desk: Desk) -> list[tuple[str, int]]:
    return desk.query("select customer_name, _line from raw.customers order by customer_id")


def zipped(content: bytes, kind: str) -> bytes:
    if kind == "gz":
        return gzip.compress(content)
    return pa.compress(content, codec="zstd", asbytes=True) if kind == "zst" else content


def heals(desk: Desk, name: str, content: bytes = SOUND.encode()) -> None:
    """Deliver the file again, sound: its rows are there, and none of its rejects."""
    desk.drop(name, content)
    assert desk.land().row_count == 2
    assert names(desk) == [("Ann", 2), ("Bo", 3)]
    assert desk.rejects() == []


@pytest.mark.parametrize(
    ("content", "landed", "rejects"),
    [
        (
            b"id,name,changed\n1,A\xffn,2026-01-01\n2,Bo,2026-01-02\n",
            [("Bo", 3)],
            [(2, "the line is not UTF-8 at byte 4 of the record")],
        ),
        (
            b"id,name,changed\n1,A\0n,2026-01-01\n2,Bo,2026-01-02\n",
            [("Bo", 3)],
            [(2, "the line has a NUL at character 4")],
        ),
        (
            b"id,name,changed\n1," + b"x" * 10_000_000 + b",2026-01-01\n2,Bo,2026-01-02\n",
            [("Bo", 3)],
            [(2, "the line is longer than 1000000 characters")],
        ),
        (
            b'id,name,changed\n1,"' + b"xxx\n" * 2_500_000 + b'",2026-01-01\n2,Bo,2026-01-02\n',
            [("Bo", 2_500_003)],
            [(2, "the line is longer than 1000000 characters")],
        ),
        (
            b"id,name,changed\n1,Ann\n2,Bo,2026-01-02\n3,Cy,2026-01-03,more\n",
            [("Bo", 3)],
            [(2, "the line has 2 values, its header 3"), (4, "the line has 4 values, its header 3")],
        ),
        (
            b'id,name,changed\n1,"Ann,2026-01-01\n2,Bo,2026-01-02\n',
            [("Bo", 3)],
            [(2, "the line opens a quote that is never closed")],
        ),
        (b"id,name,changed\r\n2,Bo,2026-01-02\n3,Cy,2026-01-03\r4,Di,", [("Bo", 2), ("Cy", 3), ("Di", 4)], []),
        (b"id,name,changed\n", [], []),
        (
            b'id,name,changed\n1,"=HYPERLINK(""http://x.example"",""y"")",2026-01-01\n2,@SUM(A1),2026-01-01\n',
            [('=HYPERLINK("http://x.example","y")', 2), ("@SUM(A1)", 3)],
            [],
        ),
    ],
    ids=["bytes", "NUL", "10 MB", "10 MB of lines", "ragged", "quote", "line ends", "header only", "formula"],
)
def test_a_bad_record_is_a_reject_and_the_others_land(
    desk: Desk, content: bytes, landed: list[tuple[str, int]], rejects: list[tuple[int, str]]
) -> None:
    desk.feeds = TOLERANT
    desk.drop("customers1.csv", content)
    result = desk.land()
    assert (result.delivered, result.inserted, result.rejected) == (
        len(landed) + len(rejects),
        len(landed),
        len(rejects),
    )
    assert names(desk) == landed
    assert desk.rejects() == [("customers1.csv", line, [reason]) for line, reason in rejects]
    assert max([0, *(len(text) for (text,) in desk.query("select row_json from raw.rejects"))]) < 20_000
    heals(desk, "customers1.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id,name,changed,Name\n1,2,3,4\n", r"column 'Name' clashes with 'name' \(column 2\).*it is column 4"),
        (b"id;name;changed\n1;2;3\n", r"is one column with the delimiter ',', but 3 with ';'; write `delimiter: ';'`"),
        (b"id,n\xffme\n1,2\n", r"customers1\.csv: the header is not UTF-8 at byte 5"),
        (b"id,n\0me\n1,2\n", r"customers1\.csv: the header has a NUL at character 5"),
        (b'id,"name\n1,2\n', r"customers1\.csv: the header opens a quote that is never closed"),
        (b"%PDF-1.7\n", r"customers1\.csv: is a PDF document, not text"),
        (gzip.compress(SOUND.encode() * 50)[:-9], r"customers1\.csv: is cut: its gzip data ends too early"),
        (
            gzip.compress(SOUND.encode() * 50)[:-8] + b"\1\1\1\1\1\1\1\1",
            r"customers1\.csv: its gzip data is damaged \(CRC check failed",
        ),
        (zipped(SOUND.encode() * 50, "zst")[:-3], r"customers1\.csv: is cut: its zstd data ends too early"),
        (zipped(SOUND.encode(), "zst") + b"zz", r"customers1\.csv: its zstd data is damaged"),
    ],
    ids=["names", "delimiter", "bytes", "NUL", "quote", "PDF", "gzip cut", "gzip bad", "zstd cut", "zstd bad"],
)
def test_a_bad_file_is_an_error_that_names_it_and_nothing_lands(desk: Desk, content: bytes, message: str) -> None:
    desk.drop("customers0.csv", "id,name,changed\n9,Zoe,2026-01-01\n")
    desk.land()
    desk.drop("customers1.csv", content)
    desk.drop("customers2.csv", "id,name,changed\n8,Yan,2026-01-01\n")
    with pytest.raises(SourceError, match=message):
        desk.land()
    assert names(desk) == [("Zoe", 2)]
    assert desk.query("select path from raw.files") == [("customers0.csv",)]
    desk.drop("customers1.csv", SOUND)
    assert desk.land().inserted == 3


def test_an_empty_file_is_noticed_and_takes_no_row_away(desk: Desk) -> None:
    """A disk that ran full on the other side leaves one: it says nothing about the rows that it held before."""
    desk.drop("customers1.csv", SOUND)
    desk.drop("customers2.csv", b"")
    desk.drop("customers3.csv", b"\n\n")
    desk.drop("customers4.csv.gz", gzip.compress(b""))
    desk.feeds = binding()
    first = desk.land()
    assert (first.delivered, first.inserted) == (2, 2)
    assert [(notice.kind, notice.place) for notice in first.notices] == [
        ("empty_file", f"customers{number}.csv{'.gz' if number == 4 else ''}") for number in (2, 3, 4)
    ]
    assert desk.land().notices == ()
    desk.drop("customers1.csv", b"")
    emptied = desk.land()
    assert (emptied.delivered, emptied.deleted, emptied.row_count) == (0, 0, 2)
    assert next(notice.place for notice in emptied.notices if notice.kind == "empty_file") == "customers1.csv"
    # A header says that there are none.
    desk.drop("customers1.csv", "id,name,changed\n")
    assert desk.land().deleted == 2
    heals(desk, "customers1.csv")


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_compressed_files_are_known_by_their_content(desk: Desk, kind: str) -> None:
    desk.feeds = binding()
    desk.drop(f"customers1.csv.{kind}", zipped(SOUND.encode(), kind))
    desk.drop("customers2.csv", zipped(b"id,name,changed\n3,Cy,2026-01-03\n", kind))
    desk.drop(f"customers3.csv.{kind}", "id,name,changed\n4,Di,2026-01-03\n")
    result = desk.land()
    assert (result.inserted, [row[0] for row in names(desk)]) == (4, ["Ann", "Bo", "Cy", "Di"])
    long = {"gz": "gzip", "zst": "zstd"}[kind]
    assert [(notice.kind, notice.place, notice.message) for notice in result.notices] == [
        (
            "compression",
            "customers2.csv",
            f"its content is {long}, its ending says not compressed: read by its content",
        ),
        (
            "compression",
            f"customers3.csv.{kind}",
            f"its content is not compressed, its ending says {long}: read by its content",
        ),
    ]


def test_gzip_files_that_were_joined_are_read_to_the_end(desk: Desk) -> None:
    desk.feeds = binding()
    head, rows = SOUND.encode()[:16], SOUND.encode()[16:]
    desk.drop("customers1.csv.gz", gzip.compress(head) + gzip.compress(rows))
    assert desk.land().inserted == 2


def test_a_wrong_encoding_is_noticed_or_declared(desk: Desk) -> None:
    desk.drop("customers1.csv", "id,name,changed\n1,张伟,2026-01-01\n".encode("gbk"))
    result = desk.land()
    assert names(desk) == [("张伟", 2)]
    message = "read as GB18030 (detected; declare `encoding:` to be sure)"
    assert [(n.kind, n.message, n.place) for n in result.notices] == [("encoding", message, "customers1.csv")]
    desk.feeds = binding("encoding: gbk")
    result = desk.land()
    assert (result.unchanged, result.notices) == (1, ())
    # Declared wrongly, the bytes that do not fit cost their records.
    desk.feeds = binding("encoding: utf-8")
    assert desk.land().rejected == 1
    assert desk.rejects() == [("customers1.csv", 2, ["the line is not UTF-8 at byte 3 of the record"])]
    heals(desk, "customers1.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'[{"id": 1}, {"id": ', "customers1.json: is not JSON, or cut: Expecting value: line 1 column 20"),
        (b'{"a": [], "b": []}', "expected an array of objects, or an object with one array in it; its arrays: a, b"),
        (b'{"a": 1}', "its arrays: none"),
        (b"3", "customers1.json: expected objects, found ubigint"),
        (b'["\\ud800"]', "is not JSON as the standard has it"),
    ],
)
def test_json_that_is_no_list_of_objects_is_an_error(desk: Desk, content: bytes, message: str) -> None:
    desk.feeds = binding()
    desk.drop("customers1.json", content)
    with pytest.raises(SourceError, match=message):
        desk.land()


def test_json_arrays_and_an_array_within_an_object_are_read(desk: Desk) -> None:
    desk.feeds = binding(path="*.json*")
    desk.drop("a.json", '[{"id": 1, "name": "Ann", "changed": "2026-01-01"}, 7,\n {"id": 2, "name": "Bo"}]')
    desk.drop("b.json.gz", gzip.compress('{"count": 1, "the \\"rows\\"": [{"id": 3, "name": "张"}]}'.encode("utf-16")))
    desk.drop("c.json", " ")
    result = desk.land()
    assert (result.delivered, result.inserted, result.rejected) == (4, 3, 1)
    assert names(desk) == [("Ann", 1), ("Bo", 3), ("张", 1)]
    assert desk.rejects() == [("a.json", 2, ["the line is not a JSON object"])]
    assert [notice.kind for notice in result.notices] == ["encoding", "empty_file"]


def test_declared_delimiter_lines_above_and_header(desk: Desk) -> None:
    desk.feeds = binding("delimiter: ';'", "skip_rows: 2")
    desk.drop("customers1.csv", "Exported by CRM\n;;\nid;name;changed\n1;Ann, B;2026-01-01\n")
    desk.land()
    assert names(desk) == [("Ann, B", 4)]
    desk.feeds = binding("header: [id, name, changed]")
    desk.drop("customers1.csv", "1,Ann,2026-01-01\n")
    desk.land()
    assert names(desk) == [("Ann", 1)]


@pytest.mark.parametrize("key", ["sheet: A", "delimiter: ';'", "skip_rows: 1", "encoding: gbk", "header: [id]"])
def test_a_key_that_means_nothing_for_the_format_is_refused(desk: Desk, key: str) -> None:
    desk.feeds = binding(key, "format: csv" if key == "sheet: A" else "format: parquet")
    desk.drop("customers1", SOUND)
    with pytest.raises(SourceError, match=f"`{key.partition(':')[0]}` means nothing for files of format"):
        desk.land()


def test_a_file_that_is_still_being_written_is_tried_again_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.drop("customers1.csv", SOUND)
    read = files_module._READERS["csv"]

    def write_meanwhile(*arguments: object) -> tuple[str, ...]:
        columns = read(*arguments)  # type: ignore[arg-type]
        with path.open("a") as stream:
            stream.write("3,Cy,2026-01-03\n")
        return columns

    monkeypatch.setitem(files_module._READERS, "csv", write_meanwhile)
    with pytest.raises(TransientError, match=r"customers1\.csv changed while it was read; run again when it is compl"):
        desk.land()
    monkeypatch.undo()
    assert desk.land().inserted == 3


def test_a_cut_file_that_is_still_being_written_is_tried_again_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of a gzip file is an error, but not if the other half is on its way."""
    desk.feeds = binding()
    content = gzip.compress(SOUND.encode() * 50)
    path = desk.drop("customers1.csv.gz", content[:-20])
    read = files_module._READERS["csv"]

    def write_meanwhile(*arguments: object) -> tuple[str, ...]:
        try:
            return read(*arguments)  # type: ignore[arg-type]
        finally:
            path.write_bytes(content)

    monkeypatch.setitem(files_module._READERS, "csv", write_meanwhile)
    with pytest.raises(TransientError, match=r"customers1\.csv\.gz changed while it was read"):
        desk.land()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Put a file system of one MB at `folder`; a limit of the size of files where that takes rights we lack."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
        ).returncode
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_is_full_while_staging_is_said_and_the_next_run_heals(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.drop("customers1.csv", "id,name,changed\n9,Zoe,2026-01-01\n")
    desk.land()
    rows = "".join(f"{number},{'x' * 90},2026-01-01\n" for number in range(100, 30_100))
    desk.drop("customers2.csv", "id,name,changed\n" + rows)
    mkdtemp = files_module.tempfile.mkdtemp
    small = desk.root / "small"
    with small_disk(small):
        monkeypatch.setattr(files_module.tempfile, "mkdtemp", lambda **_: mkdtemp(dir=small))
        with pytest.raises(SourceError, match=r"there is no room left at .* to read .*customers.*nothing was landed"):
            desk.land()
        monkeypatch.undo()
    assert names(desk) == [("Zoe", 2)]
    assert desk.query("select path from raw.files") == [("customers1.csv",)]
    assert desk.land().inserted == 30_000


def test_errors_of_the_system_are_told_apart() -> None:
    assert files_module._is_disk_full(OSError(errno.ENOSPC, "No space left on device"))
    assert not files_module._is_disk_full(OSError(errno.EACCES, "Permission denied"))


def test_odd_names_of_folders_and_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both by staging, and by DuckDB itself, whose readers take paths for patterns."""
    monkeypatch.setattr(direct, "MIN_BYTES", 1000)
    folder = "a?b*c'd\"e [1] 中文 %20 #;{x}"
    desk = Desk(tmp_path, feeds=binding(path="**/客户 *"))
    desk.head = HEAD.replace('"${PROFILE_DATA}/drops"', "'${PROFILE_DATA}/" + folder.replace("'", "''") + "'")
    place = tmp_path / folder / "in[1] ?"
    place.mkdir(parents=True)
    (place / "客户 '1'?*.csv").write_text(SOUND)
    rows = "".join(f"{number},{'x' * 90},2026-01-01\n" for number in range(3, 50))
    (place / "客户 2?.csv").write_text("id,name,changed\n" + rows)
    result = desk.land()
    assert (result.inserted, result.rejected) == (49, 0)
    assert desk.query("select distinct _file from raw.customers order by 1") == [
        ("in[1] ?/客户 '1'?*.csv",),
        ("in[1] ?/客户 2?.csv",),
    ]


def test_endings_of_compressions_are_no_part_of_a_name() -> None:
    assert [bare_name(name) for name in ("a.csv.gz", "a.csv.ZST", "a.csv", "a.gz.csv")] == [
        "a.csv",
        "a.csv",
        "a.csv",
        "a.gz.csv",
    ]


values = st.text(st.sampled_from('ab ,"\n;é张€=\t|'), max_size=8)
tables = st.lists(st.tuples(values, values), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None)
@given(rows=tables)
def test_any_table_is_delivered_the_same_in_every_encoding_and_compression(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["id", "名称", "note"])
    writer.writerows([[number, *row] for number, row in enumerate(rows)])
    expected = [(str(number), name or None, note or None) for number, (name, note) in enumerate(rows)]
    folder = tmp_path_factory.mktemp("forms")
    forms = itertools.product(("utf-8", "gb18030", "utf-16", "utf-8-sig"), ("", "gz", "zst"))
    with duckdb.connect() as con:
        for number, (encoding, kind) in enumerate(forms):
            (folder / "in.csv").write_bytes(zipped(text.getvalue().encode(encoding), kind))
            source = FilesSource(name=f"drops{number}", connector="files", root=str(folder))
            part = Binding(source=source.name, path="in.csv", encoding=encoding)
            scratch = Path(tempfile.mkdtemp(dir=folder))
            FilesConnector(source).deliver(con, Request("customers", (part,), ("",), "UTC", datetime.now(UTC), scratch))
            delivered = con.execute(f"select id, 名称, note from delivered_drops{number}_0 order by _row").fetchall()
            assert delivered == expected, (encoding, kind)
