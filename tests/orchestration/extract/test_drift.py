"""Sources change: what is new is noted, what is missing becomes null or stops the feed, as too many rejects do."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

from orchestration.extract.contract import read_contract
from orchestration.extract.errors import FeedStoppedError, MappingError
from orchestration.extract.landing import prepare_ingest, read_notices, read_rejects_summary
from tests.orchestration.extract.conftest import CUSTOMERS, HEAD, Desk

TICKETS = """\
  tickets:
    - source: drops
      path: "in*.csv"
      columns:
        ticket_id: id
        status: state
        priority: prio
        created_at: made
        updated_at: changed
"""
HEADER = "id,state,prio,made,changed"
ROW = "1,open,high,2026-01-01,2026-01-02"


def land(desk: Desk, name: str, header: str, *rows: str, feeds: str = TICKETS) -> list[tuple[str, str, str]]:
    """Drop a file and land; return the notices of the landing: kind, column, message."""
    desk.feeds = feeds
    desk.drop(name, "\n".join((header, *rows)) + "\n")
    return [(notice.kind, notice.column, notice.message) for notice in desk.land("tickets").notices]


def stopped(desk: Desk, name: str, header: str, *rows: str, feeds: str = TICKETS) -> str:
    """Drop a file whose landing stops; return what it said. Nothing of the feed changes."""
    tables = ("tickets", "rejects", "files", "batches", "notices", "columns", "tombstones")
    before = [desk.query(f"from raw.{table} order by all") for table in tables]
    with pytest.raises(FeedStoppedError) as caught:
        land(desk, name, header, *rows, feeds=feeds)
    assert before == [desk.query(f"from raw.{table} order by all") for table in tables]
    return str(caught.value)


def test_a_new_column_is_noted_once(desk: Desk) -> None:
    assert land(desk, "in1.csv", HEADER, ROW) == []
    message = "in*.csv delivers a new column mood; no expression names it"
    assert land(desk, "in2.csv", f"{HEADER},mood", f"{ROW},good") == [("new_column", "mood", message)]
    assert land(desk, "in3.csv", f"{HEADER},mood", f"2{ROW[1:]},bad") == []
    assert desk.query("select feed, source, kind, place, column_name, batch_id from raw.notices") == [
        ("tickets", "drops", "new_column", "in*.csv", "mood", "b2")
    ]


def test_overflow_keeps_what_no_expression_names(desk: Desk) -> None:
    feeds = TICKETS.replace("      columns:", "      overflow: true\n      where: kind = 'x'\n      columns:")
    land(desk, "in1.csv", f"{HEADER},kind,mood,Floor no", f"{ROW},x,good,3", f"2{ROW[1:]},x,,", feeds=feeds)
    assert desk.query("select ticket_id, _overflow from raw.tickets order by 1") == [
        ("1", '{"mood":"good","Floor no":"3"}'),
        ("2", '{"mood":null,"Floor no":null}'),
    ]
    # What is kept is part of the row: another mood is another row.
    land(desk, "in2.csv", f"{HEADER},kind,mood,Floor no", f"{ROW},x,bad,3", feeds=feeds)
    assert desk.query("select replaced from raw.batches where batch_id = 'b2'") == [(1,)]
    message = "in*.csv delivers a new column tone; it is kept in _overflow"
    assert ("new_column", "tone", message) in land(
        desk, "in3.csv", f"{HEADER},kind,mood,Floor no,tone", f"3{ROW[1:]},x,,,soft", feeds=feeds
    )
    assert desk.query("select _overflow->>'tone' from raw.tickets where ticket_id = '3'") == [("soft",)]


def test_without_overflow_there_is_none(desk: Desk) -> None:
    land(desk, "in1.csv", f"{HEADER},mood", f"{ROW},good")
    assert desk.query("select _overflow from raw.tickets") == [(None,)]


def test_a_missing_optional_column_is_null_with_a_notice_until_it_returns(desk: Desk) -> None:
    land(desk, "in1.csv", f"{HEADER},mood", f"{ROW},good")
    without = HEADER.replace(",prio", "")
    assert land(desk, "in2.csv", without, "2,open,2026-01-01,2026-01-02") == [
        ("missing_column", "mood", "in*.csv no longer delivers the column mood; nothing of the feed needs it"),
        ("missing_column", "prio", "in*.csv no longer delivers the column prio; null from now on: priority"),
    ]
    assert desk.query("select ticket_id, priority from raw.tickets order by 1") == [("1", "high"), ("2", None)]
    assert land(desk, "in3.csv", without, "3,open,2026-01-01,2026-01-02") == []
    assert land(desk, "in4.csv", HEADER, f"4{ROW[1:]}") == [
        ("returned_column", "prio", "in*.csv delivers the column prio again")
    ]
    assert [row[0] for row in land(desk, "in5.csv", without, "5,open,2026-01-01,2026-01-02")] == ["missing_column"]
    kinds = [notice[2] for notice in read_notices(desk.ingest_file)]
    assert sorted(kinds) == ["missing_column", "missing_column", "missing_column", "returned_column"]


def test_a_missing_required_column_stops_the_feed_with_the_difference(desk: Desk) -> None:
    land(desk, "in1.csv", HEADER, ROW)
    renamed = HEADER.replace("state", "statuz").replace(",prio", ",tone")
    told = stopped(desk, "in2.csv", renamed, f"2{ROW[1:]}")
    assert told == (
        "desk.yml:18: feed tickets, source drops: in*.csv no longer delivers what the mapping needs: status (required) "
        "needs state. Missing: prio, state; new: statuz, tone; was state renamed to statuz?. Nothing of the feed was "
        "changed; correct the expressions, or have the source deliver as before"
    )
    # The corrected profile lands both files; each file knows one of the names.
    both = TICKETS.replace(": state", ": coalesce(state, statuz)")
    kinds = [notice[:2] for notice in land(desk, "in2.csv", renamed, f"2{ROW[1:]}", feeds=both)]
    assert kinds == [("new_column", "statuz"), ("new_column", "tone")]
    assert desk.query("select ticket_id, status from raw.tickets order by 1") == [("1", "open"), ("2", "open")]


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        ("      where: coalesce(mood, '') <> 'bad'\n", "where (a condition) needs mood"),
        ("      deleted: mood = 'gone'\n", "deleted (a condition) needs mood"),
        ("      windows: {w: order by mood}\n", "windows.w (a condition) needs mood"),
    ],
)
def test_a_condition_that_loses_its_column_stops_the_feed(desk: Desk, extra: str, what: str) -> None:
    feeds = TICKETS.replace("      columns:", f"{extra}      columns:")
    land(desk, "in1.csv", f"{HEADER},mood", f"{ROW},good", feeds=feeds)
    assert what in stopped(desk, "in2.csv", HEADER, f"2{ROW[1:]}", feeds=feeds)


def test_a_version_that_is_gone_stops_the_feed(desk: Desk) -> None:
    """Without its version every later row would be taken for older than those that have one."""
    land(desk, "in1.csv", HEADER, ROW)
    told = stopped(desk, "in2.csv", "id,state,prio,made", "1,closed,high,2026-01-01")
    assert "updated_at (the version) needs changed" in told


def test_an_unmapped_column_of_the_same_name_is_known_too(desk: Desk) -> None:
    feeds = "  tickets:\n    - {source: drops, path: 'in*.csv'}\n"
    header = "ticket_id,status,created_at,priority"
    land(desk, "in1.csv", header, "1,open,2026-01-01,high", feeds=feeds)
    assert land(desk, "in2.csv", header.replace(",priority", ""), "2,open,2026-01-01", feeds=feeds) == [
        ("missing_column", "priority", "in*.csv no longer delivers the column priority; null from now on: priority")
    ]
    assert "status (required) needs status" in stopped(
        desk, "in3.csv", "ticket_id,state,created_at", "3,open,2026-01-01", feeds=feeds
    )


def test_a_column_that_was_never_there_is_a_mistake_of_the_profile(desk: Desk) -> None:
    desk.drop("in1.csv", f"{HEADER}\n{ROW}\n")
    for _ in range(2):
        desk.feeds = TICKETS.replace("priority: prio", "priority: priority_code")
        with pytest.raises(MappingError, match=r"desk\.yml:19: .* column priority: .*\. Delivered are id, state, prio"):
            desk.land("tickets")
        desk.feeds = TICKETS.replace("priority: prio", "priority: proi")
        with pytest.raises(MappingError, match="did you mean prio"):
            desk.land("tickets")
        desk.feeds = TICKETS
        desk.land("tickets")


def test_a_column_that_some_files_lack_is_no_drift_of_the_source(desk: Desk) -> None:
    desk.drop("in1.csv", "id,state,made,changed\n1,open,2026-01-01,2026-01-02\n")
    assert land(desk, "in2.csv", HEADER, f"2{ROW[1:]}") == []
    assert desk.query("select ticket_id, priority from raw.tickets order by 1") == [("1", None), ("2", "high")]


def test_upper_and_lower_case_make_no_other_column(desk: Desk) -> None:
    land(desk, "in1.csv", HEADER, ROW)
    assert land(desk, "in2.csv", HEADER.upper(), f"2{ROW[1:]}") == []


def test_another_type_is_noted_and_its_values_are_judged(desk: Desk) -> None:
    """Of typed sources: an empty column has no type, so the first value changes none."""
    desk.feeds = "  sites:\n    - {source: drops, path: s.parquet, columns: {site_id: id, latitude: lat, region: r}}\n"

    def kinds(query: str) -> list[tuple[str, str]]:
        duckdb.sql(query).write_parquet(str(desk.root / "drops" / "s.parquet"))
        return [(notice.kind, notice.message) for notice in desk.land("sites").notices]

    assert kinds("select 1 as id, 1.5::double as lat, null::integer as r") == []
    assert kinds("select 1 as id, 2.5::double as lat, 'north' as r") == []
    message = "s.parquet delivers lat as VARCHAR, before as DOUBLE; each value is judged by its cast"
    assert kinds("select 1 as id, '3.5' as lat, null::integer as r") == [("changed_type", message)]
    assert kinds("select 1 as id, '4.5' as lat, 'south' as r union all select 2, 'far', 'x'") == []
    assert desk.query("select site_id, latitude, region from raw.sites") == [("1", 4.5, "south")]
    assert desk.rejects() == [("s.parquet", 2, ["latitude: found 'far', expected a number (double)"])]


SURVEYS = """\
  customers:
    - source: drops
      path: "in*.ndjson"
      where: coalesce(kind, '') <> 'test'
      columns: {customer_id: id, customer_name: name, region: region}
"""


def test_json_that_leaves_out_what_is_empty_does_not_drift(desk: Desk) -> None:
    desk.feeds = SURVEYS
    desk.drop("in1.ndjson", '{"id": 1, "name": "Ann", "region": "n", "kind": "x"}\n')
    assert desk.land().notices == ()
    desk.drop("in2.ndjson", '{"id": 2, "name": "Bo"}\n')
    assert desk.land().notices == ()
    assert desk.query("select customer_id, region from raw.customers order by 1") == [("1", "n"), ("2", None)]
    desk.drop("in3.ndjson", "".join(f'{{"id": {number}, "name": "x", "kind": "x"}}\n' for number in range(100)))
    assert [(notice.kind, notice.column) for notice in desk.land().notices] == [("missing_column", "region")]


def test_a_place_that_is_bound_no_longer_is_forgotten(desk: Desk) -> None:
    land(desk, "in1.csv", HEADER, ROW)
    other = TICKETS.replace('"in*.csv"', '"other*.csv"')
    land(desk, "other1.csv", HEADER, ROW, feeds=other)
    assert desk.query("select distinct place from raw.columns") == [("other*.csv",)]
    desk.feeds = "  {}\n"
    desk.land("tickets")
    assert desk.query("select * from raw.columns") == []


# Rejects


def rows(good: int, bad: int) -> list[str]:
    return [f"{number},open,high,2026-01-01,{'soon' if number < bad else '2026-01-02'}" for number in range(good + bad)]


@pytest.mark.parametrize(
    ("good", "bad", "extra", "stops"),
    [
        (200, 11, "", True),
        (209, 11, "", False),  # 5 %
        (0, 10, "", False),  # a few bad rows stop nothing
        (20, 10, "", False),
        (0, 11, "", True),
        (20, 11, "      allowed_rejects: 0.5\n", False),
        (0, 11, "      allowed_rejects: 1\n", True),  # nothing is left
        (1000, 11, "      allowed_rejects: 0\n", True),
        # Rows of others do not make the share smaller.
        (200, 11, "      where: state is not null or prio = 'other'\n", True),
    ],
)
def test_too_many_rejects_stop_the_feed(desk: Desk, good: int, bad: int, extra: str, *, stops: bool) -> None:
    feeds = TICKETS.replace("      columns:", f"{extra}      columns:")
    others = [f"o{number},,,," for number in range(1000)] if "where" in extra else []
    if stops:
        desk.feeds = feeds
        prepare_ingest(desk.ingest_file, {"tickets": read_contract()["tickets"]})
        told = stopped(desk, "in1.csv", HEADER, *rows(good, bad), *others, feeds=feeds)
        assert f": {bad} of {good + bad:,} rows are rejected, " in told
    else:
        land(desk, "in1.csv", HEADER, *rows(good, bad), feeds=feeds)
        assert desk.query("select count(*) from raw.rejects") == [(bad,)]


def test_a_stopped_feed_says_what_was_wrong_and_what_changed(desk: Desk) -> None:
    land(desk, "in1.csv", HEADER, ROW)
    header = HEADER.replace("prio", "tone")
    bad = [f"{number},maybe,high,2026-01-01,soon{number % 3}" for number in range(20)]
    assert stopped(desk, "in2.csv", header, *bad).splitlines() == [
        "desk.yml:14: feed tickets, source drops, in*.csv: 20 of 20 rows are rejected, which is all; nothing of the "
        "feed was changed. Correct the mapping or the source:",
        "  status, allowed_values: 20 times; status: found a value like 'aaaaa', allowed are new, open, "
        "waiting_customer, waiting_parts, on_hold, resolved, closed, cancelled, merged, unresolved",
        "  updated_at, cast: 20 times; updated_at: found a value like 'aaaa9', expected an ISO timestamp such as "
        "2026-07-01 09:30:00",
        "  noticed: in*.csv delivers a new column tone; no expression names it",
        "  noticed: in*.csv no longer delivers the column prio; null from now on: priority",
    ]
    good = [row.replace("maybe", "open").replace(f"soon{number % 3}", "2026-01-05") for number, row in enumerate(bad)]
    land(desk, "in2.csv", header, *good)
    assert desk.query("select count(*) from raw.tickets") == [(20,)]
    assert read_rejects_summary(desk.ingest_file) == []


# Freshness


@pytest.mark.parametrize(("hours", "is_stale"), [(24, False), (23.9, True)])
def test_a_feed_whose_newest_row_is_too_old_is_stale(desk: Desk, hours: float, *, is_stale: bool) -> None:
    desk.feeds = CUSTOMERS.replace("      path", f"      fresh_within_hours: {hours}\n      path")
    # Local time; a date in the future is no sign of life.
    desk.drop("customers1.csv", "id,name,changed\n1,Ann,2026-06-30 08:00\n2,Bo,2027-01-01\n")
    message = (
        "customers*.csv: the newest row is of 2026-06-30 00:00 UTC, expected one within 23.9 hours (fresh_within_hours)"
    )
    for _ in range(2):
        found = [(notice.kind, notice.message) for notice in desk.land().notices]
        assert found == ([("stale", message)] if is_stale else [])
    # The same state is noticed once, at its last landing.
    assert [(row[2], row[6]) for row in read_notices(desk.ingest_file)] == ([("stale", "b2")] if is_stale else [])


def test_a_feed_without_versions_is_as_old_as_its_events(desk: Desk) -> None:
    desk.feeds = """\
  calls:
    - source: drops
      path: in.csv
      fresh_within_hours: 1
      columns: {call_leg_id: id, call_id: id, direction: "'inbound'", outcome: "'answered'", offered_at: stamp}
"""
    desk.drop("in.csv", "id,stamp\n1,2026-06-30 10:00\n")
    (notice,) = desk.land("calls").notices
    assert notice.message.startswith("in.csv: the newest row is of 2026-06-30 02:00 UTC, expected one within 1 hours")


def test_an_empty_feed_is_stale(desk: Desk) -> None:
    desk.feeds = CUSTOMERS.replace("      path", "      fresh_within_hours: 1\n      path")
    desk.drop("customers1.csv", "id,name,changed\n")
    (notice,) = desk.land().notices
    assert "there is no row with a time" in notice.message


# Notices


def test_notices_are_read_latest_first(desk: Desk) -> None:
    desk.feeds = CUSTOMERS
    desk.drop("customers1.csv", "id,name,changed,b\n1,Ann,2026-01-01,\n")
    desk.land()
    desk.drop("customers2.csv", "id,name,changed,c,a\n2,Bo,2026-01-01,,\n")
    desk.land(landed_at=datetime(2026, 7, 2, tzinfo=UTC))
    desk.drop("customers3.csv", "id,name,changed,d\n3,Cy,2026-01-01,\n")
    desk.land(landed_at=datetime(2026, 7, 3, tzinfo=UTC))
    assert [(row[7].day, row[2], row[4], row[6]) for row in read_notices(desk.ingest_file)] == [
        (3, "missing_column", "a", "b3"),
        (3, "missing_column", "c", "b3"),
        (3, "new_column", "d", "b3"),
        (2, "new_column", "a", "b2"),
        (2, "missing_column", "b", "b2"),
        (2, "new_column", "c", "b2"),
    ]
    row = read_notices(desk.ingest_file)[0]
    assert (row[0], row[1], row[3]) == ("customers", "drops", "customers*.csv")
    assert row[5] == "customers*.csv no longer delivers the column a; nothing of the feed needs it"


def test_a_ledger_of_an_earlier_release_gains_its_new_columns(desk: Desk) -> None:
    desk.head = HEAD
    desk.drop("customers1.csv", "id,name,changed\n1,Ann,2026-01-01\n")
    desk.land()
    with duckdb.connect(str(desk.ingest_file)) as con:
        con.execute("alter table raw.files drop column tag")
        con.execute("drop table raw.tombstones")
        con.execute("alter table raw.customers drop column _overflow")
    assert desk.land().delivered == 0
    desk.drop("customers2.csv", "id,name,changed\n2,Bo,2026-01-01\n")
    assert desk.land().inserted == 1
    assert desk.query("select path, batch_id from raw.files order by 1") == [
        ("customers1.csv", "b1"),
        ("customers2.csv", "b3"),
    ]
