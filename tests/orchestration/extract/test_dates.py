"""Dates: never guessed, only in plausible years, and local times as their zone's clock showed them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.extract.dates import is_skipped, is_twofold, to_utc, transitions
from orchestration.extract.errors import FeedStoppedError
from tests.orchestration.extract.conftest import HEAD, Desk

TICKETS = """\
  tickets:
    - source: drops
      path: in.csv
      columns:
        ticket_id: id
        status: "'open'"
        created_at: made
"""
LONDON = HEAD.replace('/drops"', '/drops"\n    time_zone: Europe/London')


def land(desk: Desk, *made: str, feeds: str = TICKETS) -> list[tuple[str, str]]:
    """Land tickets 1, 2, … that were made then; return what stands in the table."""
    desk.feeds = feeds
    desk.drop("in.csv", "id,made\n" + "".join(f"{number},{text}\n" for number, text in enumerate(made, 1)))
    desk.land("tickets")
    return desk.query("select ticket_id, cast(created_at as varchar) from raw.tickets order by 1")


@pytest.mark.parametrize(
    ("made", "stored"),
    [
        ("2026-07-01", "2026-06-30 16:00:00"),
        ("2026-07-01 09:30", "2026-07-01 01:30:00"),
        ("2026-07-01T09:30:00.123456", "2026-07-01 01:30:00.123456"),
        ("2026-07-01T09:30:00Z", "2026-07-01 09:30:00"),
        ("2026-07-01 09:30:00+08", "2026-07-01 01:30:00"),
        ("2026-07-01T09:30Z", "2026-07-01 09:30:00"),
        ("2026-07-01 09:30+08", "2026-07-01 01:30:00"),
        ("2026-07-01 09:30 +0800", "2026-07-01 01:30:00"),
        ("2026/07/01 09:30", "2026-07-01 01:30:00"),  # not ISO, but the year is first: nothing to guess
        ("2026-7-1 9:30", "2026-07-01 01:30:00"),
    ],
)
def test_a_column_without_a_format_is_iso(desk: Desk, made: str, stored: str) -> None:
    assert land(desk, made) == [("1", stored)]


def test_dates_that_could_be_read_in_two_ways_stop_the_feed(desk: Desk) -> None:
    with pytest.raises(FeedStoppedError) as caught:
        land(desk, "03/04/2026 10:00", "05/05/2026 11:00", "2026-04-03 10:00")
    assert str(caught.value) == (
        "desk.yml:19: feed tickets, source drops, created_at: found '03/04/2026 10:00' in 2 of 3 rows; it is "
        "3 April 2026 as %d/%m/%Y %H:%M, or 4 March 2026 as %m/%d/%Y %H:%M; write format: in the profile"
    )
    assert desk.query("select * from raw.tickets union all by name select * from raw.batches") == []
    assert land(desk, "03/04/2026 10:00", feeds=declared("%d/%m/%Y %H:%M")) == [("1", "2026-04-03 02:00:00")]


def declared(format_: str) -> str:
    return TICKETS.replace("created_at: made", f'created_at: {{expr: made, format: "{format_}"}}')


def test_other_values_that_decide_are_a_hint_and_no_guess(desk: Desk) -> None:
    with pytest.raises(FeedStoppedError) as caught:
        land(desk, "27/04/2026", "03/04/2026")
    assert str(caught.value).endswith(
        "it is 3 April 2026 as %d/%m/%Y, or 4 March 2026 as %m/%d/%Y; write format: in the profile "
        "(only %d/%m/%Y reads all of them: '27/04/2026' is none as %m/%d/%Y)"
    )


@pytest.mark.parametrize(
    ("made", "readings"),
    [
        ("26-07-01", "26 July 2001 as %d-%m-%y, or 1 July 2026 as %y-%m-%d"),
        ("03.04.05", "3 April 2005 as %d.%m.%y, or 4 March 2005 as %m.%d.%y, or 5 April 2003 as %y.%m.%d"),
        ("27/04/2026 1:05 PM", "27 April 2026 as %d/%m/%Y %I:%M %p"),
    ],
)
def test_two_digit_years_and_other_shapes_are_shown_with_each_reading(desk: Desk, made: str, readings: str) -> None:
    with pytest.raises(FeedStoppedError) as caught:
        land(desk, made)
    assert f"created_at: found '{made}' in 1 of 1 rows; it is {readings}; write format:" in str(caught.value)


def test_every_column_in_doubt_is_named(desk: Desk) -> None:
    with pytest.raises(FeedStoppedError) as caught:
        land(desk, "03/04/2026", feeds=TICKETS + "        closed_at: made\n")
    assert [line.split(": found")[0] for line in str(caught.value).splitlines()] == [
        "desk.yml:19: feed tickets, source drops, created_at",
        "desk.yml:20: feed tickets, source drops, closed_at",
    ]


def test_one_bad_date_among_many_is_a_reject(desk: Desk) -> None:
    assert len(land(desk, *["2026-07-01"] * 30, "03/04/2026")) == 30
    assert desk.rejects() == [
        ("in.csv", 32, ["created_at: found '03/04/2026', expected an ISO timestamp such as 2026-07-01 09:30:00"])
    ]


def test_a_declared_two_digit_year_turns_at_69(desk: Desk) -> None:
    found = land(desk, "01/02/68", "01/02/69", "01/02/2026", feeds=declared("%d/%m/%y"))
    assert found == [("1", "2068-01-31 16:00:00"), ("2", "1969-01-31 16:00:00")]
    assert desk.rejects() == [("in.csv", 4, ["created_at: found '01/02/2026', expected a timestamp as %d/%m/%y"])]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ("infinity", "range"),
        ("0001-01-01", "range"),
        ("9999-12-31 23:59:59", "range"),
        ("0000-00-00 00:00:00", "range"),
        ("1899-12-31", "range"),
        ("2201-01-01", "range"),
        ("2026-02-31", "cast"),
        ("2026-07-01 25:00", "cast"),
    ],
)
def test_a_date_that_cannot_be_is_rejected(desk: Desk, made: str, reason: str) -> None:
    assert land(desk, made, "1900-01-01", "2200-12-31 23:59:59") == [
        ("2", "1899-12-31 15:54:17"),
        ("3", "2200-12-31 15:59:59"),
    ]
    assert desk.query("select reason_kinds from raw.rejects") == [([reason],)]
    ((_, _, (told,)),) = desk.rejects()
    if reason == "range":
        assert told == (
            f"created_at: found '{made}', which is outside the years 1900 to 2200; if it stands for none, name it in "
            "the source's null_markers"
        )


def test_a_sentinel_can_be_named_as_nothing(desk: Desk) -> None:
    desk.head = HEAD.replace('/drops"', "/drops\"\n    null_markers: ['', '9999-12-31']")
    feeds = TICKETS.replace("created_at: made", "created_at: \"'2026-01-01'\"\n        closed_at: made")
    land(desk, "9999-12-31", feeds=feeds)
    assert desk.query("select ticket_id, closed_at from raw.tickets") == [("1", None)]


@pytest.mark.parametrize(
    ("sold", "stored"),
    [("2026-07-01", "2026-07-01"), ("2026-07-01 23:30:00+08:00", "2026-07-01"), ("2026-07-01x", None)],
)
def test_a_date_is_the_day_as_written(desk: Desk, sold: str, stored: str | None) -> None:
    desk.feeds = (
        "  assets:\n    - {source: drops, path: in.csv, columns: {asset_id: id, product_id: id, sold_date: s}}\n"
    )
    desk.drop("in.csv", f"id,s\n1,{sold}\n")
    desk.land("assets")
    assert desk.query("select cast(sold_date as varchar) from raw.assets") == ([(stored,)] if stored else [])


def test_a_time_that_the_clock_skipped_is_rejected_and_one_that_came_twice_is_the_first(desk: Desk) -> None:
    desk.head = LONDON
    found = land(
        desk,
        "2026-03-29 00:59:59",
        "2026-03-29 01:30:00",  # the clock went from 01:00 to 02:00
        "2026-03-29 02:00:00",
        "2026-10-25 00:59:59",
        "2026-10-25 01:30:00",  # the clock went from 02:00 back to 01:00
        "2026-10-25 02:00:00",
        "2026-10-25 01:30:00+00:00",  # says which of both
    )
    assert found == [
        ("1", "2026-03-29 00:59:59"),
        ("3", "2026-03-29 01:00:00"),
        ("4", "2026-10-24 23:59:59"),
        ("5", "2026-10-25 00:30:00"),
        ("6", "2026-10-25 02:00:00"),
        ("7", "2026-10-25 01:30:00"),
    ]
    assert desk.query("select reason_kinds from raw.rejects") == [(["skipped_time"],)]
    assert desk.rejects() == [
        (
            "in.csv",
            3,
            [
                "created_at: found 2026-03-29 01:30:00, a local time that Europe/London never had: its clock was put "
                "forward past it"
            ],
        )
    ]
    assert desk.query("select kind, place, column_name, message from raw.notices") == [
        (
            "ambiguous_time",
            "in.csv",
            "created_at",
            "in.csv: created_at: 1 local times came twice in Europe/London, when its clock was put back, such as "
            "2026-10-25 01:30:00; the first of both is taken",
        )
    ]


def test_offsets_and_local_times_may_mix_in_a_column(desk: Desk) -> None:
    desk.head = LONDON
    assert land(desk, "2026-07-01 12:00", "2026-07-01 12:00+08:00", "2026-07-01 12:00 -0500", "2026-01-01T12:00Z") == [
        ("1", "2026-07-01 11:00:00"),
        ("2", "2026-07-01 04:00:00"),
        ("3", "2026-07-01 17:00:00"),
        ("4", "2026-01-01 12:00:00"),
    ]


def test_a_column_may_have_a_zone_of_its_own(desk: Desk) -> None:
    feeds = TICKETS.replace("created_at: made", "created_at: {expr: made, time_zone: America/New_York}")
    feeds += "        closed_at: made\n"
    assert land(desk, "2026-07-01 12:00", feeds=feeds) == [("1", "2026-07-01 16:00:00")]
    assert desk.query("select cast(closed_at as varchar) from raw.tickets") == [("2026-07-01 04:00:00",)]


def test_a_day_whose_midnight_was_skipped_begins_with_its_first_instant(desk: Desk) -> None:
    desk.head = HEAD.replace('/drops"', '/drops"\n    time_zone: America/Sao_Paulo')
    # On that day the clock went from 00:00 to 01:00.
    assert land(desk, "2018-11-04", "2018-11-04 00:10", "2018-11-04 01:00") == [
        ("1", "2018-11-04 03:00:00"),
        ("3", "2018-11-04 03:00:00"),
    ]


ZONES = ["Europe/London", "America/Sao_Paulo", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    local=st.lists(
        st.datetimes(datetime(1950, 1, 1), datetime(2199, 12, 31)).map(lambda moment: moment.replace(microsecond=0)),
        min_size=1,
        max_size=3,
    ),
)
def test_local_times_are_those_of_the_zone(zone: str, local: list[datetime]) -> None:
    """Beside every moment, look at those around the zone's changes, where the rules differ."""
    entered, changes = transitions(zone, min(local), max(local))
    near = [
        change.until + timedelta(minutes=minutes)
        for change in changes[:3] + changes[-3:]
        for minutes in (-61, -30, -1, 0, 1, 30, 61)
    ]
    moments = [*local, *(moment for moment in near if min(local) <= moment <= max(local))]
    with duckdb.connect() as con:
        found = con.execute(
            f"select l, {to_utc('l', entered, changes)}, {is_skipped('l', changes)}, {is_twofold('l', changes)} "
            "from (select unnest(cast(? as timestamp[])) as l)",
            [moments],
        ).fetchall()
    for moment, utc, skipped, twofold in found:
        info = ZoneInfo(zone)
        first, second = (moment.replace(tzinfo=info, fold=fold).astimezone(UTC) for fold in (0, 1))
        is_shown = first.astimezone(info).replace(tzinfo=None) == moment
        is_day_start = moment.time() == datetime.min.time()
        assert skipped == (not is_shown and not is_day_start)
        assert twofold == (is_shown and first < second)
        if is_shown or is_day_start:
            assert utc == first.replace(tzinfo=None)
