"""Rows that are deleted in their source go from the feed, and an earlier version that comes late does not return."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pytest

from orchestration.extract import landing
from orchestration.extract.connectors.delivery import Delivery, Part, Request
from orchestration.extract.errors import MappingError
from orchestration.extract.profile_model import Binding
from tests.orchestration.extract.conftest import Desk

TICKETS = """\
  tickets:
    - source: drops
      path: "in*.csv"
      deleted: gone = 'yes'
      columns:
        ticket_id: id
        status: "'open'"
        symptom: note
        version_number: rev
        created_at: made
"""
HEADER = "id,note,rev,made,gone\n"


def land(desk: Desk, name: str, *rows: str) -> dict[str, int]:
    """Drop a file of rows (id, note, revision) and land it; return the outcomes that are not zero."""
    lines = []
    for row in rows:
        key, note, rev, *gone = row.split(",")
        # A tombstone says no more than its key and its version.
        lines.append(f"{key},,{rev},,yes" if gone else f"{key},{note},{rev},2026-01-01,")
    desk.drop(name, HEADER + "\n".join(lines) + "\n")
    result = desk.land("tickets")
    names = ("inserted", "replaced", "unchanged", "superseded", "filtered", "rejected", "deleted")
    return {name: getattr(result, name) for name in names if getattr(result, name)}


def table(desk: Desk) -> list[tuple[str, str]]:
    return desk.query("select ticket_id, symptom from raw.tickets order by 1")


def test_a_tombstone_removes_its_row(desk: Desk) -> None:
    desk.feeds = TICKETS
    land(desk, "in1.csv", "1,a,1", "2,a,1")
    assert land(desk, "in2.csv", "1,,2,gone", "3,,1,gone") == {"filtered": 2, "deleted": 1}
    assert table(desk) == [("2", "a")]
    assert land(desk, "in3.csv", "1,,2,gone") == {"filtered": 1}
    assert desk.land("tickets").delivered == 0


def test_the_later_version_wins_whichever_comes_first(desk: Desk) -> None:
    desk.feeds = TICKETS
    land(desk, "in1.csv", "1,b,3", "2,,3,gone")
    assert land(desk, "in2.csv", "1,,2,gone", "2,a,2") == {"superseded": 2}
    assert table(desk) == [("1", "b")]
    assert land(desk, "in3.csv", "2,c,4", "2,,3,gone") == {"inserted": 1, "superseded": 1}
    assert land(desk, "in4.csv", "2,,3,gone") == {"superseded": 1}
    assert table(desk) == [("1", "b"), ("2", "c")]


def test_a_row_and_its_tombstone_in_one_delivery(desk: Desk) -> None:
    desk.feeds = TICKETS
    assert land(desk, "in1.csv", "1,,2,gone", "1,a,1", "2,b,2", "2,,1,gone") == {
        "inserted": 1,
        "superseded": 2,
        "filtered": 1,
    }
    assert table(desk) == [("2", "b")]


def test_of_equal_versions_the_later_delivery_counts(desk: Desk) -> None:
    desk.feeds = TICKETS
    assert land(desk, "in1.csv", "1,a,1", "1,,1,gone") == {"superseded": 1, "filtered": 1}
    assert land(desk, "in2.csv", "1,a,1") == {"inserted": 1}
    assert land(desk, "in3.csv", "1,,1,gone") == {"filtered": 1, "deleted": 1}


def test_a_tombstone_that_is_corrected_away_no_longer_counts(desk: Desk) -> None:
    desk.feeds = TICKETS
    land(desk, "in1.csv", "1,a,1")
    land(desk, "in2.csv", "1,,2,gone", "3,,2,gone")
    assert table(desk) == []
    land(desk, "in2.csv", "2,b,1")
    assert table(desk) == [("1", "a"), ("2", "b")]
    assert desk.query("select * from raw.tombstones") == []


def test_tombstones_of_a_source_that_is_bound_no_longer_go(desk: Desk) -> None:
    desk.feeds = TICKETS
    land(desk, "in1.csv", "1,,2,gone")
    assert desk.query("select row_key, version, batch_id from raw.tombstones") == [('["1"]', [None, "2"], "b1")]
    desk.feeds = "  {}\n"
    desk.land("tickets")
    assert desk.query("select * from raw.tombstones") == []


def test_a_tombstone_without_a_key_or_with_a_bad_version_is_rejected(desk: Desk) -> None:
    desk.feeds = TICKETS
    desk.drop("in1.csv", HEADER + ",,1,,yes\n1,,soon,,yes\n2,x,1,soon,yes\n")
    result = desk.land("tickets")
    assert (result.filtered, result.rejected) == (1, 2)
    assert desk.rejects() == [
        ("in1.csv", 2, ["ticket_id: is required, found nothing"]),
        ("in1.csv", 3, ["version_number: found 'soon', expected a whole number"]),
    ]


def test_what_where_leaves_out_is_no_tombstone(desk: Desk) -> None:
    desk.feeds = TICKETS.replace("      deleted", "      where: rev <> '9'\n      deleted")
    land(desk, "in1.csv", "1,a,1")
    assert land(desk, "in2.csv", "1,,9,gone") == {"filtered": 1}
    assert table(desk) == [("1", "a")]


def test_soft_deletes_of_a_table_that_is_read_as_a_whole(desk: Desk) -> None:
    desk.feeds = """\
  customers:
    - {source: crm, table: c, deleted: gone = 1, columns: {customer_id: id, customer_name: name, updated_at: changed}}
"""
    desk.database("create table c (id, name, changed, gone)")
    desk.database("insert into c values (1, 'Ann', '2026-01-01', 0), (2, 'Bo', '2026-01-01', 0)")
    desk.land()
    # The version is not raised by the deletion: what a whole table says now is what counts.
    desk.database("update c set gone = 1, changed = '2025-01-01' where id = 1")
    assert (desk.land().deleted, desk.land().deleted) == (1, 0)
    desk.database("update c set gone = 0 where id = 1")
    assert desk.land().inserted == 1


# Key comparison: a source that says which keys it still holds.


@dataclass(frozen=True)
class KeyComparison:
    """A connector that brings `rows` (id, name, changed), and the `ids` that the place `c` now holds."""

    rows: tuple[tuple[str, str, str], ...]
    ids: tuple[str, ...]

    def deliver(self, con: duckdb.DuckDBPyConnection, request: Request) -> Delivery:
        con.execute("create temp table d (id varchar, name varchar, changed varchar, _row bigint)")
        for number, row in enumerate(self.rows):
            con.execute("insert into d values (?, ?, ?, ?)", [*row, number])
        con.execute("create temp view delivered as select *, 'c' as _file, _row as _line from d")
        con.execute(
            "create temp table held as select unnest(cast(? as varchar[])) as id, 'c' as _file, 0 as _line, 0 as _row",
            [list(self.ids)],
        )
        columns = ("id", "name", "changed")
        parts = tuple(Part(binding, "delivered", columns) for binding in request.bindings)
        return Delivery(parts, "", present=tuple(Part(each, "held", ("id",)) for each in _comparing(request)))


def _comparing(request: Request) -> list[Binding]:
    return [binding for binding in request.bindings if binding.compare_keys]


COMPARED = """\
  customers:
    - source: crm
      table: c
      compare_keys: [id]
      where: name <> 'x'
      columns: {customer_id: id, customer_name: name, updated_at: changed}
"""


@pytest.fixture
def compare(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.head = desk.head.replace("connector: sql", "connector: sql\n    id_space: crm")
    desk.feeds = COMPARED

    def run(rows: list[tuple[str, str, str]], ids: list[str]) -> tuple[int, list[tuple[str]]]:
        monkeypatch.setattr(landing, "connector_for", lambda _: KeyComparison(tuple(rows), tuple(ids)))
        deleted = desk.land().deleted
        return deleted, [key for (key,) in desk.query("select customer_id from raw.customers order by 1")]

    return run


def test_rows_whose_key_is_not_present_are_gone(compare) -> None:
    rows = [(key, "Ann", "2026-01-01") for key in "123"]
    assert compare(rows, ["1", "2", "3"]) == (0, ["crm:1", "crm:2", "crm:3"])
    # 4 was delivered after the keys were read; of 5 and 6 only the keys are there.
    assert compare([("4", "Di", "2026-01-02")], ["1", "3", "5", "6"]) == (1, ["crm:1", "crm:3", "crm:4"])
    assert compare([], []) == (3, [])


def test_what_another_source_holds_says_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.head = desk.head.replace("feeds:", "  erp:\n    connector: sql\n    url: sqlite:///erp.sqlite\nfeeds:")
    desk.feeds = COMPARED + COMPARED.removeprefix("  customers:\n").replace("crm", "erp")
    held = {"crm": KeyComparison((("1", "Ann", "2026-01-01"), ("2", "Bo", "2026-01-01")), ("1", "2"))}
    held["erp"] = KeyComparison((), ("1", "2"))
    monkeypatch.setattr(landing, "connector_for", lambda source: held[source.name])
    assert desk.land().inserted == 2
    held["crm"] = KeyComparison((), ("1",))
    assert desk.land().deleted == 1
    assert desk.query("select customer_id from raw.customers") == [("1",)]


def test_keys_that_need_more_than_the_compared_columns_are_refused(compare, desk: Desk) -> None:
    desk.feeds = COMPARED.replace("customer_id: id", "customer_id: id || changed")
    with pytest.raises(MappingError, match=r"desk\.yml:15: .* customer_id cannot be made of compare_keys \(id\)"):
        compare([("1", "Ann", "2026-01-01")], ["1"])


def test_every_binding_of_a_compared_place_must_compare(compare, desk: Desk) -> None:
    desk.feeds = COMPARED + "    - {source: crm, table: c, columns: {customer_id: \"'b' || id\"}}\n"
    with pytest.raises(MappingError, match=r"desk\.yml:20: .* another binding of c has compare_keys"):
        compare([("1", "Ann", "2026-01-01")], ["1"])
