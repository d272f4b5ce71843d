"""Files of a folder: formats, the ledger of contents, lines that are no rows, and errors about places."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.extract.connectors import connector_for
from orchestration.extract.connectors.delivery import LandedFile, Request, Window
from orchestration.extract.errors import SourceError
from tests.orchestration.extract.conftest import CUSTOMERS, HEAD, Desk

ROWS = "id,name,changed\n1,Ann,2026-01-01\n2,Bo,2026-01-02\n"


def names(desk: Desk) -> list[tuple[str, str, int]]:
    return desk.query("select customer_name, _file, _line from raw.customers order by customer_id")


def test_the_same_content_is_landed_once(desk: Desk) -> None:
    desk.drop("customers1.csv", ROWS)
    first, second = desk.land(), desk.land()
    assert (first.delivered, first.inserted, second.delivered) == (2, 2, 0)
    assert names(desk) == [("Ann", "customers1.csv", 2), ("Bo", "customers1.csv", 3)]


def test_a_changed_file_replaces_its_rows(desk: Desk) -> None:
    desk.drop("customers1.csv", ROWS)
    desk.drop("customers2.csv", "id,name,changed\n3,Cy,2026-01-03\n")
    desk.land()
    desk.drop("customers1.csv", "id,name,changed\n0,Zoe,2026-01-01\n1,Anne,2025-01-01\n")
    result = desk.land()
    # Bo left the file; Anne replaces Ann although her version is older, because the file says so now.
    assert (result.inserted, result.replaced, result.unchanged, result.deleted) == (1, 1, 1, 1)
    assert names(desk) == [("Zoe", "customers1.csv", 2), ("Anne", "customers1.csv", 3), ("Cy", "customers2.csv", 2)]


def test_a_changed_file_gives_back_the_version_that_it_had_displaced(desk: Desk) -> None:
    desk.drop("customers1.csv", "id,name,changed\n1,old,2026-01-01\n")
    desk.land()
    desk.drop("customers2.csv", "id,name,changed\n1,new,2026-01-02\n")
    desk.land()
    assert names(desk) == [("new", "customers2.csv", 2)]
    desk.drop("customers2.csv", "id,name,changed\n2,other,2026-01-02\n")
    desk.land()
    assert names(desk) == [("old", "customers1.csv", 2), ("other", "customers2.csv", 2)]


def test_a_renamed_file_is_landed_once_and_its_rows_know_the_new_name(desk: Desk) -> None:
    desk.drop("customers1.csv", ROWS)
    desk.land()
    (desk.root / "drops" / "customers1.csv").rename(desk.root / "drops" / "customers9.csv")
    result = desk.land()
    assert (result.inserted, result.unchanged, result.deleted, result.row_count) == (0, 2, 0, 2)
    assert names(desk) == [("Ann", "customers9.csv", 2), ("Bo", "customers9.csv", 3)]
    assert desk.query("select path from raw.files") == [("customers9.csv",)]
    assert desk.land().delivered == 0


def test_a_copy_of_a_file_is_not_landed_again(desk: Desk) -> None:
    desk.drop("customers2.csv", ROWS)
    desk.land()
    desk.drop("customers1.csv", ROWS)
    assert desk.land().delivered == 0


def test_rows_of_a_file_that_was_taken_away_stay(desk: Desk) -> None:
    desk.drop("customers1.csv", ROWS)
    desk.drop("customers2.csv", "id,name,changed\n3,Cy,2026-01-03\n")
    desk.land()
    (desk.root / "drops" / "customers1.csv").unlink()
    desk.drop("customers2.csv", "id,name,changed\n3,Cyd,2026-01-03\n")
    assert (desk.land().deleted, len(names(desk))) == (0, 3)


def test_a_changed_mapping_lands_the_files_again(desk: Desk) -> None:
    desk.drop("customers1.csv", ROWS)
    desk.land()
    desk.feeds = CUSTOMERS.replace("customer_name: name", "customer_name: upper(name)")
    result = desk.land()
    assert (result.replaced, [row[0] for row in names(desk)]) == (2, ["ANN", "BO"])


def test_a_changed_key_leaves_no_row_of_the_old_mapping(desk: Desk) -> None:
    desk.drop("customers1.csv", ROWS)
    desk.land()
    desk.feeds = CUSTOMERS.replace("customer_id: id", "customer_id: \"'C' || id\"")
    result = desk.land()
    assert (result.inserted, result.deleted, result.row_count) == (2, 2, 2)


def test_unsound_lines_are_rejects_with_their_true_line_as_delivered(desk: Desk) -> None:
    desk.drop(
        "customers1.csv",
        b"id,name,changed\n"
        b'1,"two\nlines",2026-01-01\n'
        b"2,short\n"
        b"\n"
        b"3,long,2026-01-01,x,y\n"
        b"4,\xff,2026-01-01\n"
        b'5,"open,2026-01-01\n'
        b"6,good,2026-01-01\n",
    )
    result = desk.land()
    assert (result.delivered, result.inserted, result.rejected) == (6, 2, 4)
    assert names(desk) == [("two\nlines", "customers1.csv", 2), ("good", "customers1.csv", 9)]
    assert desk.query("select line, row_json, reasons from raw.rejects order by line") == [
        (4, '"2,short"', ["the line has 2 values, its header 3"]),
        (
            6,
            '"3,long,2026-01-01,x,y"',
            ["the line has 5 values, its header 3"],
        ),
        (7, r'"4,\\xff,2026-01-01"', ["the line is not UTF-8 at byte 3 of the record"]),
        (8, r'"5,\"open,2026-01-01"', ["the line opens a quote that is never closed"]),
    ]


def test_a_repaired_file_takes_its_rejects_along(desk: Desk) -> None:
    desk.drop("customers1.csv", "id,name,changed\n1,Ann,soon\n")
    desk.drop("customers2.csv", "id,name,changed\n2,Bo,later\n")
    assert desk.land().rejected == 2
    desk.drop("customers1.csv", "id,name,changed\n1,Ann,2026-01-01\n")
    desk.land()
    assert [reject[0] for reject in desk.rejects()] == ["customers2.csv"]


def test_ndjson_delivers_every_key_and_refuses_what_is_no_object(desk: Desk) -> None:
    desk.feeds = CUSTOMERS.replace("customers*.csv", "*.ndjson*").replace("name,", '"coalesce(name, tags ->> 0)",')
    desk.drop(
        "b.ndjson",
        '{"id": 1, "name": "Ann", "changed": "2026-01-01"}\n'
        "[1]\n"
        "\n"
        '{"id": 2, "tags": ["Bo", "x"], "changed": null}\n'
        '{"id": 3,\n',
    )
    with gzip.open(desk.root / "drops" / "c.ndjson.gz", "wt") as stream:
        stream.write('{"id": 9, "name": "Cy", "tags": {"a": [1]}}')
    result = desk.land()
    assert (result.inserted, result.rejected) == (3, 2)
    assert names(desk) == [("Ann", "b.ndjson", 1), ("Bo", "b.ndjson", 4), ("Cy", "c.ndjson.gz", 1)]
    assert desk.rejects() == [
        ("b.ndjson", 2, ["the line is not a JSON object"]),
        ("b.ndjson", 5, ["the line is not a JSON object"]),
    ]


def test_parquet_keeps_its_types(desk: Desk) -> None:
    desk.feeds = CUSTOMERS.replace("customers*.csv", "[[]x]/*.parquet").replace("id,", "id + 1,")
    (desk.root / "drops" / "[x]").mkdir()
    duckdb.sql("select 41 as id, 'Ann' as name, timestamptz '2026-01-01 08:00:00+08' as changed").write_parquet(
        str(desk.root / "drops" / "[x]" / "c.parquet")
    )
    desk.land()
    assert desk.query("select customer_id, cast(updated_at as varchar), _file, _line from raw.customers") == [
        ("42", "2026-01-01 00:00:00", "[x]/c.parquet", 1)
    ]


def test_parquet_files_are_delivered_in_order_of_their_names(desk: Desk) -> None:
    desk.feeds = CUSTOMERS.replace("csv", "parquet")
    old, new = "(1, 'x', null), (2, 'old', null)", "(2, 'new', null)"
    for name, values in (("customers1.parquet", old), ("customers2.parquet", new)):
        rows = duckdb.sql(f"select * from (values {values}) as v(id, name, changed)")
        rows.write_parquet(str(desk.root / "drops" / name))
    assert desk.land().superseded == 1
    assert names(desk) == [("x", "customers1.parquet", 1), ("new", "customers2.parquet", 1)]


def test_tab_separated_files_by_an_explicit_format(desk: Desk) -> None:
    desk.feeds = CUSTOMERS.replace('"customers*.csv"', "customers.txt\n      format: tsv")
    desk.drop("customers.txt", ROWS.replace(",", "\t"))
    assert desk.land().inserted == 2


def test_files_may_differ_in_their_columns(desk: Desk) -> None:
    desk.drop("customers1.csv", ROWS)
    desk.drop("customers2.csv", "phone,changed,name,id\n555,2026-01-03,Cy,3\n")
    desk.land()
    assert desk.query("select customer_name, phone from raw.customers order by 1") == [
        ("Ann", None),
        ("Bo", None),
        ("Cy", "555"),
    ]


def test_two_years_of_daily_files_land_in_seconds(desk: Desk) -> None:
    for day in range(730):
        rows = "".join(f"{day}-{row},Ann,2026-01-01\n" for row in range(20))
        desk.drop(f"customers{day:03}.csv", "id,name,changed\n" + rows)
    started = time.perf_counter()
    result = desk.land()
    again = desk.land()
    assert (result.inserted, again.delivered) == (730 * 20, 0)
    assert time.perf_counter() - started < 20


def test_a_window_of_files_is_all_of_them_again(desk: Desk) -> None:
    desk.drop("customers1.csv", ROWS)
    desk.land()
    said: list[str] = []
    window = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    result = desk.land(window=window, log=said.append)
    assert (result.delivered, result.unchanged) == (2, 2)
    assert any("1 files, 0 new" in line and "files have no window: all are read again" in line for line in said)
    assert desk.land().delivered == 0


def test_a_look_brings_some_rows_of_the_first_files(desk: Desk, tmp_path: Path) -> None:
    desk.feeds = CUSTOMERS.replace("customers*.csv", "*")
    desk.drop("customers0.csv", "")
    desk.drop("customers1.csv", "id,name,changed\n" + "1,Ann,2026-01-01\n" * 600_000)
    desk.drop("customers2.csv", "id,other\n1,x\n")
    source = desk.profile.sources["drops"]
    known = {"customers1.csv": LandedFile("customers1.csv", "", "", 0)}
    request = Request(
        "customers", desk.profile.feeds["customers"], ("",), "UTC", datetime.now(UTC), tmp_path, known, limit_rows=100
    )
    with duckdb.connect() as con:
        delivery = connector_for(source).deliver(con, request)
        (count,) = con.execute("select count(*) from delivered_drops_0").fetchall()[0]
    assert 100 <= count < 100_000
    assert [part.columns for part in delivery.parts] == [("id", "name", "changed")]
    assert (delivery.files, delivery.reread, delivery.forgotten) == ((), (), ())


def test_a_missing_folder_and_a_pattern_without_files_are_named(desk: Desk) -> None:
    with pytest.raises(
        SourceError, match=r"feed customers, source drops \(profile line 14\): no file matches .*customer"
    ):
        desk.land()
    desk.head = HEAD.replace("/drops", "/nowhere")
    with pytest.raises(SourceError, match=r"there is no folder .*nowhere; create it, or correct `root`"):
        desk.land()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("customers1.csv", b"PK\3\4 no text", "customers1.csv: is a zip archive or a workbook, not text"),
        ("customers1.dat", b"id\n1\n", "the ending of customers1.dat does not tell its format"),
        ("customers1.parquet", b"PAR1 no", "customers1.parquet"),
        (
            "customers1.csv",
            b"id,name,ID\n1,2,3\n",
            r"column 'ID' clashes with 'id' \(column 1\); rename one in the source \(it is column 3\)",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(desk: Desk, name: str, content: bytes, message: str) -> None:
    desk.feeds = CUSTOMERS.replace(".csv", "")
    desk.drop(name, content)
    with pytest.raises(SourceError, match=message) as caught:
        desk.land()
    assert "feed customers, source drops (profile line 14): cannot read" in str(caught.value)


def test_no_staged_file_is_left_behind(desk: Desk) -> None:
    desk.drop("customers1.csv", ROWS)
    desk.land()
    assert [path.name for path in desk.ingest_file.parent.iterdir()] == ["ingest.duckdb"]


def test_a_folder_with_pattern_characters_in_its_name_is_read(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a[1]*")
    desk.drop("customers1.csv", ROWS)
    assert desk.land().inserted == 2
