"""Large files that DuckDB reads as they lie give exactly what staging gives, and anything unsound is staged."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.extract.connectors import direct, readers
from orchestration.extract.connectors.delivery import Notice
from orchestration.extract.connectors.readers import Reading, read_tables
from orchestration.extract.connectors.staging import NumberedFile, Text
from orchestration.extract.sql_text import quote_all

Rows = list[tuple[object, ...]]


def read(folder: Path, contents: list[bytes], form: Text | None = None) -> tuple[tuple[str, ...], Rows, Rows, int]:
    """Read files: the columns, the rows in order of delivery, the refused lines, how many files were read directly."""
    (folder / "scratch").mkdir(exist_ok=True)
    files = []
    for number, content in enumerate(contents):
        path = folder / f"{number}.csv"
        path.write_bytes(content)
        files.append(NumberedFile(number, path.name, path))
    with duckdb.connect() as con:
        reading = Reading("r", files, folder / "scratch", form or Text())
        columns = read_tables(con, reading)
        names = quote_all((*columns, "_file", "_line", "_row"))
        rows = con.execute(f"select {names} from r order by _row").fetchall() if columns else []
        refused = con.execute("select * from r_unreadable order by all").fetchall()
        tables = con.execute("select count(*) from duckdb_tables() where regexp_matches(table_name, 'direct_[0-9]+$')")
        row = tables.fetchone()
    assert row is not None
    for path in (folder / "scratch").iterdir():
        path.unlink()
    return columns, rows, refused, row[0]


@pytest.fixture
def of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every file for large."""
    monkeypatch.setattr(direct, "MIN_BYTES", 0)
    monkeypatch.setattr(direct, "MIN_COMPRESSED_BYTES", 0)


def staged(folder: Path, contents: list[bytes], form: Text | None = None) -> tuple[tuple[str, ...], Rows, Rows]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "_MAX_DIRECT_FILES", 0)
        *outcome, count = read(folder, contents, form)
    assert count == 0
    columns, rows, refused = outcome
    return columns, rows, refused


SOUND = {
    "plain": b"a,b\n1,x\n2,y\n",
    "no last line end": b"a,b\n1,x\n2,y",
    "blank last lines": b"a,b\n1,x\n2,y\n\n\n",
    "byte order mark": b"\xef\xbb\xbfa,b\n1,x\n",
    "quotes and line breaks": b'a,b\n1,"x\ny\n\nz"\n2,w\n"3","p\n"\n4,q\n',
    "spaces around quotes": b'a,b\n "1, 2" ,"y"  \n  "3",  "4"\n',
    "windows line ends": b'a,b\r\n1,"x\r\ny"\r\n2,z\r\n',
    "mixed line ends": b"a,b\r\n1,x\n2,y\r3,z\n",
    "header only": b"a,b\n",
    "formula": b'a,b\n1,"=HYPERLINK(""http://x"",""y"")"\n2,@SUM(1)\n',
    "gzip": gzip.compress(b"a,b\n1,x\n2,y\n"),
    "zstd": pa.compress(b"a,b\n1,x\n2,y\n", codec="zstd", asbytes=True),
    "gb18030": "a,b\n1,张伟打印机\n2,y\n".encode("gb18030"),
    "utf-16": "a,b\n1,张\n2,y\n".encode("utf-16"),
}
UNSOUND = {
    "blank line": b"a,b\n1,x\n\n2,y\n",
    "too few values": b"a,b\n1\n2,y\n",
    "too many values": b"a,b\n1,x,z\n2,y\n",
    "open quote": b'a,b\n1,"x\n2,y\n',
    "text beside a quote": b'a,b\n1,"x"z\n2,y\n',
    "bad byte": b"a,b\n1,\xff\n2,y\n",
    "NUL": b"a,b\n1,x\0\n2,y\n",
    "quote behind spaces": b'a,b\n  ",",x\n2,y\n',
    "one column": b"a\n1\n\n2\n",
    "blank first line": b"\na,b\n1,x\n",
    "bad byte in another encoding": "a,b\n1,张伟打印机\n2,".encode("gb18030") + b"\x81\n3,z\n",
}


@pytest.mark.usefixtures("of_any_size")
@pytest.mark.parametrize("content", SOUND.values(), ids=SOUND)
def test_sound_files_are_read_directly_and_give_what_staging_gives(tmp_path: Path, content: bytes) -> None:
    *outcome, direct_count = read(tmp_path, [content])
    assert tuple(outcome) == staged(tmp_path, [content])
    assert direct_count == 1


@pytest.mark.usefixtures("of_any_size")
@pytest.mark.parametrize("content", UNSOUND.values(), ids=UNSOUND)
def test_unsound_files_are_staged(tmp_path: Path, content: bytes) -> None:
    *outcome, direct_count = read(tmp_path, [content])
    assert tuple(outcome) == staged(tmp_path, [content])
    assert direct_count == 0


@pytest.mark.usefixtures("of_any_size")
def test_files_keep_their_order_whichever_way_they_are_read(tmp_path: Path) -> None:
    contents = [b"a,b\n1,x\n", b"a,b\n2\n3,y\n", b"b,c\nz,4\n", b"", b"a,b\n5,w\n"]
    columns, rows, refused, direct_count = read(tmp_path, contents)
    assert (columns, direct_count) == (("a", "b", "c"), 3)
    assert [row[:5] for row in rows] == [
        ("1", "x", None, "0.csv", 2),
        ("3", "y", None, "1.csv", 3),
        (None, "z", "4", "2.csv", 2),
        ("5", "w", None, "4.csv", 2),
    ]
    assert refused == [("1.csv", 2, "2", "has 1 values, its header 2")]
    assert (columns, rows, refused) == staged(tmp_path, contents)


@pytest.mark.usefixtures("of_any_size")
def test_columns_keep_the_order_of_the_files_that_brought_them(tmp_path: Path) -> None:
    columns, _, _, direct_count = read(tmp_path, [b"z,a\n1\n2,3\n", b"a,b\n1,x\n"])
    assert (columns, direct_count) == (("z", "a", "b"), 1)


@pytest.mark.usefixtures("of_any_size")
@pytest.mark.parametrize("form", [Text(header=("a", "b")), Text(delimiter=";", header=("a,b",)), Text(skip_rows=1)])
def test_declared_forms_give_what_staging_gives(tmp_path: Path, form: Text) -> None:
    content = [b"x,y\n1,2\n3,4\n"]
    assert read(tmp_path, content, form)[:3] == staged(tmp_path, content, form)


def test_a_file_of_more_than_one_buffer_keeps_every_line_number(tmp_path: Path) -> None:
    """Several threads read it at once, and values with line breaks lie across the places where they part."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "line", "note"])
    line = 2
    for number in range(400_000):
        note = "one\ntwo\n" if number % 7 == 0 else "plain, " + "x" * 60
        writer.writerow([number, line, note])
        line += 1 + note.count("\n")
    _, rows, refused, direct_count = read(tmp_path, [text.getvalue().encode()])
    assert (direct_count, refused, len(rows)) == (1, [], 400_000)
    assert all(int(str(row[0])) == number and int(str(row[1])) == row[4] for number, row in enumerate(rows))


def test_what_a_copy_was_read_as_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(("a,b\n" + "1,张伟打印机卡纸\n" * 300_000).encode("gb18030"))
    with duckdb.connect() as con:
        reading = Reading("r", [NumberedFile(0, "in.csv", path)], tmp_path, Text())
        read_tables(con, reading)
        assert con.execute("select count(*), max(_line) from r").fetchall() == [(300_000, 300_001)]
    message = "read as GB18030 (detected; declare `encoding:` to be sure)"
    assert reading.notices == [Notice("encoding", message, "in.csv")]
    assert not (tmp_path / "plain_0.csv").exists()


pieces = st.lists(st.sampled_from(["a", "é", '"', '""', ",", "\n", "\r\n", " ", '","', "张", "\0", ""]), max_size=12)


@pytest.mark.usefixtures("of_any_size")
@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.lists(pieces, max_size=5), min_size=4, max_size=8))
def test_any_text_gives_what_staging_gives(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    contents = [("a,b\n" + "\n".join("".join(line) for line in lines)).encode() for lines in texts]
    # Declared: a NUL or two make so short a text UTF-16.
    form = Text(encoding="utf-8")
    assert read(folder, contents, form)[:3] == staged(folder, contents, form)
