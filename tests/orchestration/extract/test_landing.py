"""Landing keeps its laws: every delivered row has one outcome, the latest version wins, nothing lands twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.extract.connectors.delivery import Window
from orchestration.extract.contract import Column, read_contract
from orchestration.extract.errors import IngestError, SourceError
from orchestration.extract.landing import land_feed, prepare_ingest, read_feed_states, read_rejects_summary
from tests.orchestration.extract.conftest import CUSTOMERS, HEAD, Desk

TICKETS = """\
  tickets:
    - source: drops
      path: "in*.csv"
      where: note is distinct from 'test'
      columns:
        ticket_id: id
        status: "'open'"
        symptom: note
        version_number: rev
        created_at: "'2026-01-01'"
        updated_at: changed
"""

# id, note, changed, rev: a few of each, so that keys meet, versions tie and some rows are bad.
rows = st.tuples(
    st.sampled_from(["1", "2", "3", ""]),
    st.sampled_from(["a", "b", "test"]),
    st.sampled_from(["", "2026-01-01", "2026-01-02", "soon"]),
    st.sampled_from(["", "1", "2"]),
)
Row = tuple[str, str, str, str]


def expected_table(files: list[list[Row]]) -> dict[str, Row]:
    """What a careful clerk would keep: row by row, the later version, then the later delivery."""
    table: dict[str, Row] = {}
    for row in (row for file in files for row in file):
        key, note, changed, rev = row
        if note == "test" or not key or changed == "soon":
            continue
        kept = table.get(key)
        if kept is None or (changed, rev) >= (kept[2], kept[3]):
            table[key] = row
    return table


def landed_table(desk: Desk) -> dict[str, Row]:
    found = desk.query(
        "select ticket_id, symptom, coalesce(cast(timezone('UTC', timezone('Asia/Shanghai', timezone('UTC', "
        "cast(updated_at as timestamp)))) as varchar), ''), coalesce(version_number::varchar, '') from raw.tickets"
    )
    return {key: (key, note, changed[:10], rev) for key, note, changed, rev in found}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(rows, max_size=6), min_size=1, max_size=4), together=st.booleans())
def test_the_outcome_is_that_of_a_careful_clerk(
    make_desk: Callable[[], Desk], files: list[list[Row]], *, together: bool
) -> None:
    """Files landed one by one or all at once give the same table; Desk.land holds the laws of the counts."""
    desk = make_desk()
    desk.feeds = TICKETS
    delivered = 0
    for number, file in enumerate(files):
        # The number keeps equal files apart: an equal file is a copy, which is landed once.
        lines = "".join(",".join(row) + f",{number}\n" for row in file)
        desk.drop(f"in{number}.csv", "id,note,changed,rev,file\n" + lines)
        if not together:
            delivered += desk.land("tickets").delivered
    delivered += desk.land("tickets").delivered
    assert delivered == sum(len(file) for file in files)
    assert landed_table(desk) == expected_table(files)
    assert desk.land("tickets").delivered == 0
    bad = sum(row[1] != "test" and (not row[0] or row[2] == "soon") for file in files for row in file)
    assert desk.query("select coalesce(sum(rejected), 0) from raw.batches") == [(bad,)]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(rows, max_size=6), after=st.lists(rows, max_size=6), other=st.lists(rows, max_size=4))
def test_a_corrected_file_gives_what_landing_it_first_would_have_given(
    make_desk: Callable[[], Desk], before: list[Row], after: list[Row], other: list[Row]
) -> None:
    def content(number: int, file: list[Row]) -> str:
        return "id,note,changed,rev,file\n" + "".join(",".join(row) + f",{number}\n" for row in file)

    desk = make_desk()
    desk.feeds = TICKETS
    desk.drop("in1.csv", content(1, before))
    desk.drop("in2.csv", content(2, other))
    desk.land("tickets")
    desk.drop("in1.csv", content(1, after))
    desk.land("tickets")
    assert landed_table(desk) == expected_table([after, other])
    assert desk.query(
        "select count(*) from raw.rejects where file = 'in1.csv' and line not in "
        f"(select unnest({[line for line, row in enumerate(after, 2) if not row[0] or row[2] == 'soon'] or [0]}))"
    ) == [(0,)]


def test_each_outcome_is_counted(desk: Desk) -> None:
    desk.feeds = TICKETS
    header = "id,note,changed,rev\n"
    desk.drop("in1.csv", header + "1,a,2026-01-02,\n2,a,2026-01-02,\n3,a,2026-01-02,\n")
    desk.land("tickets")
    desk.drop(
        "in2.csv",
        header + "1,b,2026-01-03,\n"  # replaced
        "2,a,2026-01-02,\n"  # unchanged
        "3,b,2026-01-01,\n"  # superseded by what is there
        "4,a,2026-01-02,\n4,b,,\n"  # inserted; superseded within the delivery, a missing version is the lowest
        "5,test,,\n"  # filtered
        "6,a,soon,\n",  # rejected
    )
    result = desk.land("tickets")
    assert replace(result, seconds=0.0) == type(result)(
        feed="tickets",
        is_connected=True,
        sources=("drops",),
        delivered=7,
        inserted=1,
        replaced=1,
        unchanged=1,
        superseded=2,
        filtered=1,
        rejected=1,
        deleted=0,
        row_count=4,
        seconds=0.0,
    )
    (state,) = [state for state in read_feed_states(desk.ingest_file) if state.feed == "tickets"]
    assert (state.delivered_count, state.inserted_count, state.superseded_count, state.row_count) == (10, 4, 2, 4)
    assert (state.schema, state.last_landed_at) == ("raw", datetime(2026, 7, 1))
    assert read_rejects_summary(desk.ingest_file) == [
        (
            "tickets",
            "drops",
            "updated_at",
            "cast",
            1,
            "updated_at: found a value like 'aaaa', expected an ISO timestamp such as 2026-07-01 09:30:00",
        )
    ]
    assert desk.rejects() == [
        ("in2.csv", 8, ["updated_at: found 'soon', expected an ISO timestamp such as 2026-07-01 09:30:00"])
    ]


def test_two_sources_feed_one_table_and_their_ids_stay_apart(desk: Desk) -> None:
    desk.head = HEAD.replace("connector: sql", "connector: sql\n    id_space: crm")
    desk.feeds = CUSTOMERS + "    - {source: crm, table: c, columns: {customer_id: id, customer_name: name}}\n"
    desk.drop("customers1.csv", "id,name,changed\n1,Ann,2026-01-01\n")
    desk.database("create table c (id, name)", "insert into c values (1, 'Bo')")
    assert desk.land().sources == ("drops", "crm")
    assert desk.query("select customer_id, customer_name, _source, _file, _line from raw.customers order by 1") == [
        ("1", "Ann", "drops", "customers1.csv", 2),
        ("crm:1", "Bo", "crm", "c", 1),
    ]


def test_rows_of_a_source_that_is_no_longer_bound_go(desk: Desk) -> None:
    desk.drop("customers1.csv", "id,name,changed\n1,Ann,2026-01-01\n2,Bo,soon\n")
    desk.land()
    desk.feeds = "  {}\n"
    result = desk.land()
    assert (result.is_connected, result.sources, result.deleted, result.row_count) == (False, (), 1, 0)
    assert desk.query("select path from raw.files union all select file from raw.rejects") == []
    desk.feeds = CUSTOMERS
    assert desk.land().inserted == 1


def test_a_feed_without_a_binding_is_an_empty_table(desk: Desk) -> None:
    result = desk.land("products")
    assert (result.is_connected, result.sources, result.row_count) == (False, (), 0)
    assert desk.query("select _source, _file, _line, _batch_id from raw.products") == []


def test_policy_tables_are_replaced_as_a_whole(desk: Desk) -> None:
    shipped = desk.land("sla_policies")
    assert (shipped.is_connected, shipped.inserted) == (True, shipped.row_count)
    assert desk.land("sla_policies").unchanged == shipped.row_count
    (desk.root / "mine.csv").write_text(
        "policy_id,metric,priority,calendar_id,target_minutes,valid_from_date,valid_to_date,reason\n"
        "mine,first_response,urgent,24x7,30,2020-01-01,,ours\n"
    )
    desk.feeds = CUSTOMERS + 'policies: {sla_policies: "${PROFILE_DATA}/mine.csv"}\n'
    result = desk.land("sla_policies")
    assert (result.inserted, result.deleted, result.row_count) == (1, shipped.row_count, 1)
    (desk.root / "mine.csv").unlink()
    with pytest.raises(SourceError, match=r"feed sla_policies, source policy: no file matches .*mine\.csv"):
        desk.land("sla_policies")


def test_the_ingest_file_gains_the_columns_that_the_contract_gained(desk: Desk) -> None:
    contract = read_contract()
    sites = contract["sites"]
    prepare_ingest(desk.ingest_file, contract)
    gained = replace(sites, columns=(*sites.columns, Column("floor", "bigint", "Floor.")))
    prepare_ingest(desk.ingest_file, {"sites": gained})
    assert ("floor", "BIGINT") in [row[:2] for row in desk.query("describe raw.sites")]
    changed = replace(sites, columns=(replace(sites.columns[0], type="bigint"), *sites.columns[1:]))
    with pytest.raises(IngestError, match=r"raw\.sites\.site_id is varchar, the contract says bigint; set the file"):
        prepare_ingest(desk.ingest_file, {"sites": changed})


def test_the_ingest_file_is_written_in_the_format_that_both_versions_read(desk: Desk) -> None:
    prepare_ingest(desk.ingest_file, read_contract())
    with duckdb.connect() as con:
        con.execute(f"attach '{desk.ingest_file}' as ingest (read_only)")
        tags = con.execute("select tags['storage_version'] from duckdb_databases() where database_name = 'ingest'")
        assert tags.fetchone()[0].startswith("v1.5.0")


def test_a_landing_that_fails_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows, rejects, ledger and cursor are committed together, or not at all."""
    desk.drop("customers1.csv", "id,name,changed\n1,Ann,2026-01-01\n2,Bo,soon\n")
    monkeypatch.setattr("orchestration.extract.ledger.record", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.land()
    for table in ("customers", "rejects", "files", "batches"):
        assert desk.query(f"select * from raw.{table}") == []
    monkeypatch.undo()
    assert desk.land().inserted == 1


def test_a_window_of_the_history_lands_again_and_leaves_the_cursor(desk: Desk) -> None:
    desk.feeds = """\
  customers:
    - source: crm
      table: c
      cursor: {column: changed}
      columns: {customer_id: id, customer_name: name, updated_at: changed}
"""
    desk.database("create table c (id text, name text, changed text)")
    desk.database("insert into c values ('1', 'Ann', '2026-03-05'), ('2', 'Bo', '2026-05-01')")
    desk.land()
    desk.database("update c set name = 'Anne' where id = '1'")
    assert desk.land().replaced == 0  # the change did not touch the cursor's column
    cursor = desk.query("from raw.cursors")
    result = land_feed(
        desk.ingest_file,
        read_contract()["customers"],
        desk.profile,
        batch_id="march",
        landed_at=datetime(2026, 7, 1, tzinfo=UTC),
        log=lambda _: None,
        window=Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)),
    )
    assert (result.delivered, result.replaced, result.deleted, result.row_count) == (1, 1, 0, 2)
    assert desk.query("from raw.cursors") == cursor


def test_landing_names_its_batch_and_tells_what_it_took(desk: Desk) -> None:
    desk.drop("customers1.csv", "id,name,changed\n1,Ann,2026-01-01\n")
    told: list[str] = []
    feed = read_contract()["customers"]
    prepare_ingest(desk.ingest_file, {"customers": feed})
    land_feed(
        desk.ingest_file,
        feed,
        desk.profile,
        batch_id="build-7",
        landed_at=datetime(2026, 7, 1, 8, tzinfo=UTC),
        log=told.append,
    )
    assert told == ["customers: drops: 1 files, 1 new, 0 changed, 0 renamed"]
    assert desk.query("select _batch_id from raw.customers") == [("build-7",)]
    assert desk.query("select batch_id, landed_at from raw.batches") == [("build-7", datetime(2026, 7, 1, 8))]
