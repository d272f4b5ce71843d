"""Text files are cut into records as a careful reader would, and every record knows its true line."""

from __future__ import annotations

import gzip
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.extract.connectors import staging
from orchestration.extract.connectors.delivery import Notice
from orchestration.extract.connectors.staging import (
    MAX_RECORD_CHARACTERS,
    NumberedFile,
    Sink,
    Staged,
    Text,
    Unreadable,
    stage_lines,
    stage_tables,
)


@dataclass
class Outcome:
    """What staging made of some files."""

    groups: list[Staged] = field(default_factory=list)
    refused: list[Unreadable] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def stage_files(paths: list[Path], scratch: Path, form: Text | None = None) -> Outcome:
    files = [NumberedFile(number, path.name, path) for number, path in enumerate(paths)]
    outcome = Outcome()
    sink = Sink(outcome.refused.append, outcome.notices.append)
    outcome.groups = stage_tables(files, form or Text(), scratch, sink)
    return outcome


def stage(tmp_path: Path, content: bytes, form: Text | None = None) -> tuple[list[str], list[tuple[int, str, str]]]:
    """Stage one file: its labelled records, and (line, text, reason) of what was refused."""
    source, scratch = tmp_path / "in.csv", tmp_path / "scratch"
    source.write_bytes(content)
    scratch.mkdir(exist_ok=True)
    for old in scratch.iterdir():
        old.unlink()
    outcome = stage_files([source], scratch, form)
    records = [text for staged in outcome.groups for text in staged.path.read_text(encoding="utf-8").split("\n")[:-1]]
    refused = [(line.line, line.text, line.reason) for line in outcome.refused]
    return records, refused


def test_line_numbers_survive_quoted_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    records, refused = stage(tmp_path, b'a,b\n\n1,"x\ny\n\nz"\n\n2,y\n')
    assert records == ['0,3,1,"x', "y", "", 'z"', "0,8,2,y"]
    assert refused == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_is_read_and_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path, end: bytes) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(b"\xef\xbb\xbfa,b" + end + b"1,2" + end + b"3,4")
    (staged,) = stage_files([source], tmp_path).groups
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


def test_a_long_value_over_many_lines_is_one_record_that_is_refused(tmp_path: Path) -> None:
    long = b"x" * 1000 + b"\n"
    records, refused = stage(tmp_path, b'a,b\n1,"' + long * 2000 + b'"\n3,4\n')
    assert records == ["0,2003,3,4"]
    assert [(line, reason, len(text)) for line, text, reason in refused] == [
        (2, "is longer than 1000000 characters", 10_000)
    ]


def test_a_line_of_many_blocks_without_an_end_is_refused_once(tmp_path: Path) -> None:
    records, refused = stage(tmp_path, b"a,b\n1,2\n3," + b"x" * (5 << 20))
    assert records == ["0,2,1,2"]
    assert [(line, reason) for line, _, reason in refused] == [(3, "is longer than 1000000 characters")]


def test_of_a_line_without_end_only_the_beginning_is_held() -> None:
    ((beginning,),) = staging._lines("x" * 900_000 for _ in range(50))
    assert MAX_RECORD_CHARACTERS < len(beginning) < 2 * MAX_RECORD_CHARACTERS


def test_a_quoted_value_is_found_across_blocks_of_reading(tmp_path: Path) -> None:
    rows = "".join(f'{number},"a\n{"x" * 90}"\n' for number in range(30_000))
    records, refused = stage(tmp_path, b"a,b\n" + rows.encode())
    assert (len(records), refused) == (60_000, [])
    assert records[-2] == '0,60000,29999,"a'


def test_a_quote_that_stays_open_costs_little_time_however_long_the_file(tmp_path: Path) -> None:
    rows = '1,"open\n' + "2,x\n" * 10
    started = time.perf_counter()
    records, refused = stage(tmp_path, b"a,b\n" + rows.encode() * 5000)
    assert time.perf_counter() - started < 5
    assert (len(records), len(refused)) == (50_000, 5000)


@pytest.mark.parametrize(
    ("content", "kept", "refusals"),
    [
        # Closed and opened again on the same line, and closed on the next.
        (b'1,"x\ny","z\nw"\n2,3\n', ['0,2,1,"x', 'y","z', 'w"', "0,5,2,3"], []),
        # A doubled quote at a line's end is text, not the end.
        (b'1,"x""\n""y"\n2,3\n', ['0,2,1,"x""', '""y"', "0,4,2,3"], []),
        # What follows cannot be the rest of it, however far one looks.
        (
            b'1,"x\n2,"y"z\n3,"w"\n',
            ['0,4,3,"w"'],
            [(2, "opens a quote that is never closed"), (3, "has text beside a quoted value")],
        ),
    ],
)
def test_open_quotes_are_followed_exactly(
    tmp_path: Path, content: bytes, kept: list[str], refusals: list[tuple[int, str]]
) -> None:
    records, refused = stage(tmp_path, b"a,b\n" + content)
    assert (records, [(line, reason) for line, _, reason in refused]) == (kept, refusals)


def test_a_nul_is_refused_where_it_stands(tmp_path: Path) -> None:
    records, refused = stage(tmp_path, b"a,b\n1,x\0y\n2,z\n")
    assert (records, refused) == (["0,3,2,z"], [(2, "1,x\0y", "has a NUL at character 4")])


def test_lines_above_the_header_are_skipped(tmp_path: Path) -> None:
    records, refused = stage(tmp_path, b'Report "of\n\ngenerated today\na,b\n1,2\n', Text(skip_rows=3))
    assert (records, refused) == (["0,5,1,2"], [])


def test_files_without_a_header_take_the_declared_names(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("1,2\n3,4\n")
    (staged,) = stage_files([tmp_path / "in.csv"], tmp_path, Text(header=("x", "y"))).groups
    assert (staged.header, staged.path.read_text()) == (("x", "y"), "0,1,1,2\n0,2,3,4\n")


def test_a_look_reads_no_further_than_it_needs(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("a,b\n" + "1,2\n" * 1_000_000)
    (tmp_path / "2.csv").write_text("a,c\n1,2\n")
    outcome = stage_files([tmp_path / "1.csv", tmp_path / "2.csv"], tmp_path, Text(limit=10))
    assert [group.header for group in outcome.groups] == [("a", "b")]
    assert 10 <= outcome.groups[0].record_count < 500_000


@pytest.mark.parametrize(
    ("header", "delimiter", "message"),
    [
        (
            "id;name;changed",
            ",",
            r"'id;name;changed' is one column with the delimiter ',', but 3 with ';'; write .*';'",
        ),
        ("id\tname", ",", r"2 with '\\t'; write `delimiter: \"\\t\"`"),
        ("id|name", "\t", r"2 with '\|'"),
        ("id,name", ";", r"2 with ','"),
    ],
)
def test_a_delimiter_that_does_not_part_the_header_is_refused_with_the_one_that_does(
    tmp_path: Path, header: str, delimiter: str, message: str
) -> None:
    (tmp_path / "in.csv").write_text(f"{header}\n1\n")
    with pytest.raises(ValueError, match=message):
        stage_files([tmp_path / "in.csv"], tmp_path, Text(delimiter=delimiter))


def test_a_detected_encoding_that_leaves_many_bad_records_is_refused(tmp_path: Path) -> None:
    """The first lines are GB18030, which the sample sees; what follows is not."""
    chinese = "1,张伟打印机卡纸\n".encode("gb18030") * 8000
    (tmp_path / "in.csv").write_bytes(b"a,b\n" + chinese + b"2,\xff\xff\n" * 8000)
    with pytest.raises(ValueError, match=r"in\.csv: was taken for GB18030, but 8000 of 16000 records do not fit"):
        stage_files([tmp_path / "in.csv"], tmp_path)


def test_files_of_one_header_share_a_staged_file(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("a,b\n1,2\n")
    with gzip.open(tmp_path / "2.csv.gz", "wt") as stream:
        stream.write("a,b\n3,4\n")
    (tmp_path / "3.csv").write_text("a,c\n5,6\n")
    (tmp_path / "4.csv").write_text("")
    outcome = stage_files(sorted(tmp_path.glob("*.csv*")), tmp_path)
    one, two = outcome.groups
    assert (one.header, one.path.read_text(), one.record_count) == (("a", "b"), "0,2,1,2\n1,2,3,4\n", 2)
    assert (two.header, two.path.read_text(), two.record_count) == (("a", "c"), "2,2,5,6\n", 1)
    assert [(notice.kind, notice.place) for notice in outcome.notices] == [("empty_file", "4.csv")]


@pytest.mark.parametrize("header", ["a,A", "a,_line"])
def test_names_that_clash_are_an_error(tmp_path: Path, header: str) -> None:
    (tmp_path / "in.csv").write_text(f"{header}\n1,2\n")
    with pytest.raises(ValueError, match=r"in\.csv: column .* clashes with"):
        stage_files([tmp_path / "in.csv"], tmp_path)


def test_lines_are_numbered_and_blank_ones_left_out(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_bytes(b'{"a": 1}\n\n{"a": "\xff"}\n{"a": 2}')
    refused: list[Unreadable] = []
    file = NumberedFile(0, "in.ndjson", tmp_path / "in.ndjson")
    staged = stage_lines([file], Text(delimiter="|"), tmp_path, Sink(refused.append, lambda _: None))
    assert staged.path.read_text() == '0|1|{"a": 1}\n0|4|{"a": 2}\n'
    assert [line.line for line in refused] == [3]


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
    outcome = stage_files([folder / "in.csv"], folder)
    (staged,) = outcome.groups
    expected = "".join(f"0,{start},{text}\n" for start, text in zip(starts, written[1:], strict=True))
    assert staged.path.read_text(encoding="utf-8") == expected
    assert outcome.refused == []
    assert staged.record_count == len(rows)
