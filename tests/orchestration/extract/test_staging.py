"""Text files are cut into records as a careful reader would, and every record knows its true line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.extract.connectors.staging import MAX_RECORD_CHARACTERS, stage_lines, stage_tables


def stage(tmp_path: Path, content: bytes, delimiter: str = ",") -> tuple[list[str], list[tuple[int, str, str]]]:
    """Stage one file: its labelled records, and (line, text, reason) of what was refused."""
    source, scratch = tmp_path / "in.csv", tmp_path / "scratch"
    source.write_bytes(content)
    scratch.mkdir(exist_ok=True)
    for old in scratch.iterdir():
        old.unlink()
    groups = stage_tables([("in.csv", source)], delimiter, scratch)
    records = [text for staged in groups for text in staged.path.read_text(encoding="utf-8").split("\n")[:-1]]
    refused = [(line.line, line.text, line.reason) for staged in groups for line in staged.unreadable]
    return records, refused


def test_line_numbers_survive_quoted_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    records, refused = stage(tmp_path, b'a,b\n\n1,"x\ny\n\nz"\n\n2,y\n')
    assert records == ['0,3,1,"x', "y", "", 'z"', "0,8,2,y"]
    assert refused == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_is_read_and_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path, end: bytes) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(b"\xef\xbb\xbfa,b" + end + b"1,2" + end + b"3,4")
    (staged,) = stage_tables([("in.csv", source)], ",", tmp_path)
    assert staged.header == ("a", "b")
    assert staged.path.read_text() == "0,2,1,2\n0,3,3,4\n"


def test_mixed_line_ends_do_not_fail_a_file(tmp_path: Path) -> None:
    assert stage(tmp_path, b"a,b\r\n1,2\n3,4\r\n")[0] == ["0,2,1,2", "0,3,3,4"]


def test_an_open_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    """A stray quote made the reader swallow the rest of the file as one value."""
    records, refused = stage(tmp_path, b'a,b\n1,"2\n3,4\n5,"six"\n7,8\n')
    assert records == ["0,3,3,4", '0,4,5,"six"', "0,5,7,8"]
    assert refused == [(2, '1,"2', "opens a quote that is never closed")]


def test_text_beside_a_quoted_value_is_refused(tmp_path: Path) -> None:
    records, refused = stage(tmp_path, b'a,b\n1,"2"x\n3,4"x\n')
    assert records == ['0,3,3,4"x']  # a quote inside a plain value is text, as DuckDB reads it
    assert refused == [(2, '1,"2"x', "has text beside a quoted value")]


def test_bytes_that_are_not_utf8_are_refused_and_shown(tmp_path: Path) -> None:
    records, refused = stage(tmp_path, "a,b\n1,é\n".encode() + b"2,\xff\n3,4\n")
    assert records == ["0,2,1,é", "0,4,3,4"]
    assert refused == [(3, "2,\\xff", "is not UTF-8 at byte 3 of the record")]


def test_a_record_that_is_too_long_is_refused(tmp_path: Path) -> None:
    long = b"x" * (MAX_RECORD_CHARACTERS + 1)
    records, refused = stage(tmp_path, b"a,b\n1," + long + b"\n3,4\n")
    assert records == ["0,3,3,4"]
    assert [(line, reason) for line, _, reason in refused] == [(2, "is longer than 1000000 characters")]


def test_files_of_one_header_share_a_staged_file(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("a,b\n1,2\n")
    with gzip.open(tmp_path / "2.csv.gz", "wt") as stream:
        stream.write("a,b\n3,4\n")
    (tmp_path / "3.csv").write_text("a,c\n5,6\n")
    (tmp_path / "4.csv").write_text("")
    files = [(path.name, path) for path in sorted(tmp_path.glob("*.csv*"))]
    one, two = stage_tables(files, ",", tmp_path)
    assert (one.header, one.path.read_text(), one.record_count) == (("a", "b"), "0,2,1,2\n1,2,3,4\n", 2)
    assert (two.header, two.path.read_text(), two.record_count) == (("a", "c"), "2,2,5,6\n", 1)


@pytest.mark.parametrize("header", ["a,A", "a,_line"])
def test_names_that_clash_are_an_error(tmp_path: Path, header: str) -> None:
    (tmp_path / "in.csv").write_text(f"{header}\n1,2\n")
    with pytest.raises(ValueError, match=r"in\.csv: column .* clashes with"):
        stage_tables([("in.csv", tmp_path / "in.csv")], ",", tmp_path)


def test_lines_are_numbered_and_blank_ones_left_out(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_bytes(b'{"a": 1}\n\n{"a": "\xff"}\n{"a": 2}')
    staged = stage_lines([("in.ndjson", tmp_path / "in.ndjson")], "|", tmp_path)
    assert staged.path.read_text() == '0|1|{"a": 1}\n0|4|{"a": 2}\n'
    assert [line.line for line in staged.unreadable] == [3]


values = st.text(alphabet='ab",\n\r é', max_size=6)


@settings(max_examples=300)
@given(rows=st.lists(st.tuples(values, values), max_size=8))
def test_quoted_records_are_cut_where_they_were_joined(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    """Whatever the values hold, a properly quoted file gives one record per row, each at its true line."""
    written = ["a,b"]
    starts = []
    for row in rows:
        starts.append(sum(line.count("\n") + 1 for line in written) + 1)
        fields = [value.replace("\r", "\n").replace('"', '""') for value in row]
        written.append(",".join(f'"{value}"' for value in fields))
    folder = tmp_path_factory.mktemp("quoted")
    (folder / "in.csv").write_bytes(("\n".join(written) + "\n").encode())
    (staged,) = stage_tables([("in.csv", folder / "in.csv")], ",", folder)
    expected = "".join(f"0,{start},{text}\n" for start, text in zip(starts, written[1:], strict=True))
    assert staged.path.read_text(encoding="utf-8") == expected
    assert staged.unreadable == []
    assert staged.record_count == len(rows)
