"""From what was delivered to typed rows: text, null markers, value maps, types, time zones, ids; and every reason."""

from __future__ import annotations

import pytest

from orchestration.extract.errors import MappingError
from tests.orchestration.extract.conftest import HEAD, Desk


def one(
    desk: Desk, columns: str, header: str, row: str, wanted: str, feed: str = "tickets"
) -> list[tuple[object, ...]]:
    desk.feeds = f"  {feed}:\n    - source: drops\n      path: in.csv\n      columns: {{{columns}}}\n"
    desk.drop("in.csv", f"{header}\n{row}\n")
    desk.land(feed)
    return desk.query(f"select {wanted} from raw.{feed}")


TICKET = "ticket_id: id, status: \"'open'\", created_at: made"


@pytest.mark.parametrize(
    ("made", "stored"),
    [
        ("2026-03-01 09:30:00", "2026-03-01 01:30:00"),  # naive: the source's zone, here Shanghai
        ("2026-03-01T09:30", "2026-03-01 01:30:00"),
        ("2026-03-01", "2026-02-28 16:00:00"),
        ("2026-03-01T09:30:00.25Z", "2026-03-01 09:30:00.25"),
        ("2026-03-01 09:30:00+02:00", "2026-03-01 07:30:00"),
        ("2026-03-01 09:30:00+0200", "2026-03-01 07:30:00"),
        ("2026-03-01 09:30:00 -0500", "2026-03-01 14:30:00"),
    ],
)
def test_timestamps_are_stored_in_utc(desk: Desk, made: str, stored: str) -> None:
    assert one(desk, TICKET, "id,made", f"1,{made}", "cast(created_at as varchar)") == [(stored,)]


def test_the_zone_of_a_source_knows_summer_time(desk: Desk) -> None:
    desk.head = HEAD.replace(
        'root: "${PROFILE_DATA}/drops"', 'root: "${PROFILE_DATA}/drops"\n    time_zone: Europe/London'
    )
    rows = "1,2026-01-15 12:00\n2,2026-07-15 12:00"
    found = one(desk, TICKET, "id,made", rows, "ticket_id, cast(created_at as varchar)")
    assert found == [("1", "2026-01-15 12:00:00"), ("2", "2026-07-15 11:00:00")]


def test_a_format_reads_day_first_dates_without_padding(desk: Desk) -> None:
    columns = TICKET.replace("created_at: made", 'created_at: {expr: made, format: "%d/%m/%Y %H:%M"}')
    found = one(desk, columns, "id,made", "1,3/12/2026 01:16", "cast(created_at as varchar)")
    assert found == [("2026-12-02 17:16:00",)]


def test_a_format_with_an_offset_is_no_local_time(desk: Desk) -> None:
    columns = TICKET.replace("created_at: made", 'created_at: {expr: made, format: "%Y%m%d %H%M %z"}')
    assert one(desk, columns, "id,made", "1,20260301 0930 +02:00", "cast(created_at as varchar)") == [
        ("2026-03-01 07:30:00",)
    ]


def test_every_reason_of_a_bad_row_is_told(desk: Desk) -> None:
    columns = (
        "ticket_id: id, status: state, created_at: {expr: made, format: '%d/%m/%Y'}, reopen_count: again, "
        "fee_amount: fee, is_warranty: warranty"
    )
    rows = ",oddly,31/02/2026,2.5,ten,maybe\n2,open,01/02/2026,2.0,10.5,yes"
    header = "id,state,made,again,fee,warranty"
    assert one(desk, columns, header, rows, "ticket_id, reopen_count, fee_amount::varchar, is_warranty") == [
        ("2", 2, "10.5000", True)
    ]
    ((line, row_json, reasons, kinds, names, key),) = desk.query(
        "select line, row_json, reasons, reason_kinds, column_names, row_key from raw.rejects"
    )
    assert (line, key) == (2, None)
    assert row_json == ('{"id":null,"state":"oddly","made":"31/02/2026","again":"2.5","fee":"ten","warranty":"maybe"}')
    assert names == ["ticket_id", "status", "reopen_count", "fee_amount", "is_warranty", "created_at"]
    assert kinds == ["required", "allowed_values", "cast", "cast", "cast", "cast"]
    assert reasons == [
        "ticket_id: is required, found nothing",
        "status: found 'oddly', allowed are new, open, waiting_customer, waiting_parts, on_hold, resolved, closed, "
        "cancelled, merged, unresolved",
        "reopen_count: found '2.5', expected a whole number",
        "fee_amount: found 'ten', expected a number (decimal(18,4))",
        "is_warranty: found 'maybe', expected true or false",
        "created_at: found '31/02/2026', expected a timestamp as %d/%m/%Y",
    ]


def test_text_is_trimmed_then_null_markers_then_the_value_map(desk: Desk) -> None:
    desk.head = HEAD.replace('/drops"', "/drops\"\n    null_markers: ['', '?', 'n/a']")
    columns = TICKET.replace(
        "status: \"'open'\"",
        "status: {expr: state, values: {O: open, C: closed}}, symptom: seen, "
        "channel: {expr: via, values: {tel: phone, none: }}",
    )
    rows = "1, O ,?,tel,2026-01-01\n2,open,n/a ,none,2026-01-01\n3,C, a  b ,web,2026-01-01"
    found = one(desk, columns, "id,state,seen,via,made", rows, "ticket_id, status, symptom, channel")
    assert found == [("1", "open", None, "phone"), ("2", "open", None, None), ("3", "closed", "a  b", "web")]


def test_identifiers_stand_behind_the_id_space_and_other_columns_do_not(desk: Desk) -> None:
    desk.head = HEAD.replace('/drops"', '/drops"\n    id_space: old')
    columns = TICKET + ", customer_id: who, symptom: id"
    assert one(desk, columns, "id,made,who", "7,2026-01-01,", "ticket_id, customer_id, symptom") == [
        ("old:7", None, "7")
    ]


def test_columns_of_the_same_name_need_no_mapping(desk: Desk) -> None:
    found = one(desk, "", "Ticket_ID,status,created_at,other", "1,open,2026-01-01,x", "ticket_id, status, priority")
    assert found == [("1", "open", None)]


def test_where_filters_and_windows_see_only_what_is_kept(desk: Desk) -> None:
    desk.feeds = """\
  ticket_events:
    - source: drops
      path: in.csv
      where: kind <> 'test'  -- not ours
      windows: {ticket: partition by id order by stamp}
      columns:
        event_id: id || '-' || _line
        ticket_id: id
        event_kind: case when row_number() over ticket = 1 then 'created' else 'updated' end
        note: _file
        occurred_at: stamp
"""
    desk.drop("in.csv", "id,kind,stamp\n1,x,2026-01-03\n1,test,2026-01-01\n1,x,2026-01-02\n")
    result = desk.land("ticket_events")
    assert (result.delivered, result.filtered, result.inserted) == (3, 1, 2)
    assert desk.query("select event_id, event_kind, note from raw.ticket_events order by 1") == [
        ("1-2", "updated", "in.csv"),
        ("1-4", "created", "in.csv"),
    ]


def test_an_expression_that_does_not_fit_is_named_with_its_line(desk: Desk) -> None:
    desk.feeds = """\
  customers:
    - source: drops
      path: in.csv
      columns:
        customer_id: id
        customer_name: nmae
"""
    desk.drop("in.csv", "id,name\n1,Ann\n")
    with pytest.raises(MappingError) as caught:
        desk.land()
    message = str(caught.value)
    assert message.startswith("desk.yml:18: feed customers, source drops, column customer_name: Binder Error:")
    assert '"nmae"' in message
    assert message.endswith("Delivered are id, name, and _file, _line")


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        ("      where: nope = 1\n", "where or windows"),
        ("      columns: {customer_id: id, customer_name: cast(name as integer)}\n", "column customer_name"),
    ],
)
def test_a_condition_and_a_value_that_fail_are_named(desk: Desk, extra: str, what: str) -> None:
    desk.feeds = "  customers:\n    - source: drops\n      path: in.csv\n" + extra
    desk.drop("in.csv", "id,customer_id,name\n1,1,Ann\n")
    with pytest.raises(MappingError, match=f"source drops, {what}: "):
        desk.land()
    assert desk.query("select * from raw.batches") == []


def test_a_required_column_that_nothing_delivers_is_named(desk: Desk) -> None:
    desk.feeds = "  customers:\n    - source: drops\n      path: in.csv\n"
    desk.drop("in.csv", "id,name\n1,Ann\n")
    with pytest.raises(MappingError, match=r"desk\.yml:14: feed customers needs the column customer_id, .* id, name$"):
        desk.land()


@pytest.mark.parametrize("value", ["infinity", "nan", "1e999"])
def test_numbers_that_are_none_are_rejected(desk: Desk, value: str) -> None:
    columns = "site_id: id, latitude: lat"
    assert one(desk, columns, "id,lat", f"1,{value}\n2,1.5", "site_id, latitude", feed="sites") == [("2", 1.5)]
    assert desk.rejects() == [("in.csv", 2, [f"latitude: found '{value}', expected a number (double)"])]


def test_a_date_without_a_limit_is_rejected(desk: Desk) -> None:
    assert one(desk, TICKET, "id,made", "1,infinity", "ticket_id") == []
