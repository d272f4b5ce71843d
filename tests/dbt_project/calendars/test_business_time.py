"""Business time is exact to the microsecond: its laws on random calendars, and each value beside a brute-force walk."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_project.calendars.engine import Calendar, Day, Hours, connect, make_hours, measure, openings
from tests.dbt_project.calendars.oracle import walk

ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Sao_Paulo",  # put forward at midnight until 2019: days without 00:00
    "Asia/Kathmandu",  # 5:45 ahead
    "UTC",
)
CLOCKS = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(0, 1441, 15)]
US = timedelta(microseconds=1)
NEVER_CLOSED = tuple(Hours(weekday, "00:00", "24:00") for weekday in range(1, 8))
OFFICE = tuple(Hours(weekday, *hours) for weekday in range(1, 6) for hours in (("09:00", "12:00"), ("13:00", "18:00")))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection


def random_calendar(random_: random.Random, name: str, first: date, last: date) -> Calendar:
    """Up to three openings a weekday that may touch, other hours from some day on, and a tenth of special days."""
    hours = []
    change = first + timedelta(days=random_.randrange((last - first).days))
    for weekday in range(1, 8):
        for valid_from, valid_to in ((date(1900, 1, 1), change - timedelta(days=1)), (change, None)):
            clocks = sorted(random_.choices(CLOCKS, k=2 * random_.choice([0, 1, 1, 2, 3])))
            for opens, closes in zip(clocks[::2], clocks[1::2], strict=True):
                if opens < closes:
                    hours.append(Hours(weekday, opens, closes, valid_from, valid_to))
    days = []
    day = first
    while day <= last:
        kind = random_.choice(["as_usual"] * 36 + ["holiday", "make_up_day", "half_day", "own_hours"])
        if kind == "holiday":
            days += [Day(day + timedelta(days=number), kind) for number in range(random_.choice([1, 1, 9]))]
        elif kind == "make_up_day":
            days.append(Day(day, kind, random_.choice([None, 1, 3, 7])))
        elif kind != "as_usual":
            opens, closes = sorted(random_.sample(CLOCKS, 2))
            is_open_ended = kind == "half_day" and random_.random() < 0.5
            days.append(Day(day, kind, None, None if is_open_ended else opens, closes))
        day = (days[-1].day_date if kind == "holiday" else day) + timedelta(days=1)
    return Calendar(random_.choice(ZONES), tuple(hours), tuple(days), name)


def random_instant(random_: random.Random, first: datetime, last: datetime) -> datetime:
    """To the minute, the second or the microsecond, so that many fall on an opening or a closing."""
    step = random_.choice([timedelta(minutes=15), timedelta(seconds=1), US])
    return first + random_.randrange((last - first) // step) * step


@pytest.mark.parametrize("seed", range(12))
def test_every_value_is_that_of_a_walk_over_every_minute(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Zero error: 12 random calendars, 250 tickets each, a quarter of them open for longer than a year."""
    random_ = random.Random(seed)  # noqa: S311 - repeatable, not secret
    first = datetime(random_.choice([1985, 2010, 2017, 2024]), random_.randint(1, 12), 1)
    as_of = first + timedelta(days=500)
    calendar = random_calendar(random_, f"c{seed}", first.date(), (as_of + timedelta(days=730)).date())
    make_hours(con, [calendar], first, as_of)
    clock = walk(calendar, first - timedelta(days=5), as_of + timedelta(days=729))
    if not clock.is_open.any():
        pytest.fail("the calendar is never open; take another seed")

    tickets = []
    for number in range(250):
        start = random_instant(random_, first, as_of)
        end = random_instant(random_, start, as_of) if number % 4 else start + timedelta(days=366, hours=number)
        room = clock.position_us(as_of + timedelta(days=700)) - clock.position_us(start)
        unit = random_.choice([1, 1_000_000, 60_000_000, 3_600_000_000])
        tickets.append((calendar.calendar_id, start, end, random_.randrange(max(room // unit, 1)) * unit))

    for (_, start, end, target_us), found in zip(tickets, measure(con, tickets), strict=True):
        elapsed_us = clock.position_us(end) - clock.position_us(start)
        assert found.elapsed_us == elapsed_us, (start, end)
        assert found.seconds == elapsed_us // 1_000_000
        assert found.due_at == clock.due_at(start, target_us), (start, target_us)


instants = st.datetimes(datetime(2024, 1, 2), datetime(2025, 12, 31))


@given(st.integers(0, 10**9), st.lists(st.tuples(instants, instants, instants), min_size=20, max_size=60))
@settings(max_examples=25, deadline=None)
def test_parts_add_up_and_due_times_invert(seed: int, triples: list[tuple[datetime, datetime, datetime]]) -> None:
    """B(a, c) = B(a, b) + B(b, c), and B(start, due(start, x)) = x, to the microsecond; due is the first such."""
    random_ = random.Random(seed)  # noqa: S311 - repeatable, not secret
    calendar = random_calendar(random_, "any", date(2024, 1, 1), date(2028, 1, 1))
    with connect() as con:
        make_hours(con, [calendar], datetime(2024, 1, 2), datetime(2026, 1, 1))
        inner = []
        for each in triples:
            a, b, c = sorted(each)
            inner += [("any", a, b, 0), ("any", b, c, 0), ("any", a, c, 0)]
        found = measure(con, inner)
        for first, second, whole in zip(found[::3], found[1::3], found[2::3], strict=True):
            assert whole.elapsed_us == first.elapsed_us + second.elapsed_us
            assert first.due_at is not None

        targets = [("any", start, end, random_.randrange(1, 10**13)) for start, end, _ in triples]
        reached = [
            (start, each.due_at, target_us)
            for (_, start, _, target_us), each in zip(targets, measure(con, targets), strict=True)
            if each.due_at
        ]
        at_due = measure(con, [("any", start, due_at, 0) for start, due_at, _ in reached])
        just_before = measure(con, [("any", start, due_at - US, 0) for start, due_at, _ in reached])
        assert [found.elapsed_us for found in at_due] == [target_us for _, _, target_us in reached]
        assert [found.elapsed_us for found in just_before] == [target_us - 1 for _, _, target_us in reached]


@given(st.sampled_from(ZONES), st.lists(st.tuples(instants, st.integers(0, 10**14)), min_size=20, max_size=60))
@settings(max_examples=15, deadline=None)
def test_around_the_clock_is_calendar_time(zone: str, rows: list[tuple[datetime, int]]) -> None:
    """In every zone, across every change of clocks, for tickets of up to three years."""
    with connect() as con:
        make_hours(con, [Calendar(zone, NEVER_CLOSED)], datetime(2024, 1, 2), datetime(2026, 1, 1))
        assert len(openings(con)) == 1
        spans = [("ours", start, min(start + us * US, datetime(2027, 12, 1)), us // 2) for start, us in rows]
        for (_, start, end, target_us), found in zip(spans, measure(con, spans), strict=True):
            assert found.elapsed_us == (end - start) // US
            assert found.due_at == start + target_us * US


# Zone, local day, clock changed from and to; what lies between is skipped or comes twice.
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29), "02:00", 60, datetime(2026, 3, 29, 1, 0)),
    ("America/New_York", date(2026, 3, 8), "02:00", 60, datetime(2026, 3, 8, 7, 0)),
    ("Asia/Shanghai", date(1986, 5, 4), "02:00", 60, datetime(1986, 5, 3, 18, 0)),
    ("Asia/Shanghai", date(1991, 4, 14), "02:00", 60, datetime(1991, 4, 13, 18, 0)),
    ("Australia/Lord_Howe", date(2026, 10, 4), "02:00", 30, datetime(2026, 10, 3, 15, 30)),
    ("Europe/Berlin", date(2026, 10, 25), "03:00", -60, datetime(2026, 10, 25, 1, 0)),
    ("America/New_York", date(2026, 11, 1), "02:00", -60, datetime(2026, 11, 1, 6, 0)),
    ("Asia/Shanghai", date(1986, 9, 14), "02:00", -60, datetime(1986, 9, 13, 17, 0)),
    ("Asia/Shanghai", date(1991, 9, 15), "02:00", -60, datetime(1991, 9, 14, 17, 0)),
]


@pytest.mark.parametrize(("zone", "day", "clock", "minutes", "changed_at"), CHANGES)
def test_a_day_on_which_clocks_change_has_its_real_length(
    con: duckdb.DuckDBPyConnection, zone: str, day: date, clock: str, minutes: int, changed_at: datetime
) -> None:
    """A desk open from midnight to noon works 11 hours on the day the clock is put forward, and 13 when put back."""
    mornings = tuple(Hours(weekday, "00:00", "12:00") for weekday in range(1, 8))
    around = datetime(day.year, day.month, day.day)
    make_hours(con, [Calendar(zone, mornings)], around, around)
    (found,) = measure(con, [("ours", around - timedelta(hours=18), around + timedelta(hours=18), 0)])
    lengths = {closes - opens for opens, closes in openings(con) if closes is not None and opens <= changed_at < closes}
    assert lengths == {timedelta(hours=12, minutes=-minutes)}, clock
    assert found.seconds is not None


@pytest.mark.parametrize(
    ("opens", "closes", "opens_at", "closes_at"),
    [
        # Skipped times are the instant of the change, 03:00 by the new clock.
        ("02:30", "06:00", datetime(2026, 3, 29, 1, 0), datetime(2026, 3, 29, 4, 0)),
        ("00:00", "02:30", datetime(2026, 3, 28, 23, 0), datetime(2026, 3, 29, 1, 0)),
    ],
)
def test_hours_that_do_not_exist_begin_or_end_when_the_clock_is_changed(
    con: duckdb.DuckDBPyConnection, opens: str, closes: str, opens_at: datetime, closes_at: datetime
) -> None:
    make_hours(con, [_sundays("Europe/Berlin", opens, closes)], datetime(2026, 3, 20), datetime(2026, 3, 20))
    assert (opens_at, closes_at) in openings(con)


def test_an_opening_within_the_skipped_hour_has_no_length(con: duckdb.DuckDBPyConnection) -> None:
    make_hours(con, [_sundays("Europe/Berlin", "02:15", "02:45")], datetime(2026, 3, 20), datetime(2026, 3, 20))
    days = {opens.date() for opens, _ in openings(con)}
    assert date(2026, 3, 22) in days
    assert date(2026, 3, 29) not in days
    assert date(2026, 4, 5) in days


@pytest.mark.parametrize(
    ("opens", "closes", "opens_at", "closes_at"),
    [
        # 02:00 to 03:00 comes twice; the first coming decides, and what is open then stays open.
        ("02:30", "06:00", datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 5, 0)),
        ("00:00", "02:30", datetime(2026, 10, 24, 22, 0), datetime(2026, 10, 25, 0, 30)),
        ("00:00", "03:00", datetime(2026, 10, 24, 22, 0), datetime(2026, 10, 25, 2, 0)),
    ],
)
def test_hours_that_come_twice_are_their_first_coming(
    con: duckdb.DuckDBPyConnection, opens: str, closes: str, opens_at: datetime, closes_at: datetime
) -> None:
    make_hours(con, [_sundays("Europe/Berlin", opens, closes)], datetime(2026, 10, 20), datetime(2026, 10, 20))
    assert (opens_at, closes_at) in openings(con)


def test_a_day_that_a_country_skipped_has_no_hours(con: duckdb.DuckDBPyConnection) -> None:
    """Samoa went from Thursday 29 to Saturday 31 December 2011."""
    calendar = Calendar("Pacific/Apia", tuple(Hours(weekday, "09:00", "17:00") for weekday in range(1, 8)))
    make_hours(con, [calendar], datetime(2011, 12, 20), datetime(2011, 12, 20))
    thursday, saturday = datetime(2011, 12, 29, 19), datetime(2011, 12, 30, 19)
    found = [row for row in openings(con) if thursday <= row[0] <= saturday]
    assert found == [(thursday, thursday + timedelta(hours=8)), (saturday, saturday + timedelta(hours=8))]


def _sundays(zone: str, opens: str, closes: str) -> Calendar:
    return Calendar(zone, (Hours(7, opens, closes),))


def test_a_target_used_up_at_closing_time_is_due_then(con: duckdb.DuckDBPyConnection) -> None:
    """Office in UTC. Friday 17:00 + 1 h is due at 18:00, not on Monday; a microsecond more is due on Monday."""
    make_hours(con, [Calendar("UTC", OFFICE)], datetime(2026, 6, 1), datetime(2026, 6, 1))
    friday = datetime(2026, 6, 5, 17)
    hour_us = 3_600_000_000
    spans = [("ours", friday, friday, target_us) for target_us in (hour_us, hour_us + 1, 9 * hour_us)]
    monday = datetime(2026, 6, 8, 9)
    assert [found.due_at for found in measure(con, spans)] == [
        datetime(2026, 6, 5, 18),
        monday + US,
        monday + timedelta(hours=9),  # eight hours of Monday, with an hour of lunch
    ]


def test_raised_outside_hours_starts_at_the_next_opening(con: duckdb.DuckDBPyConnection) -> None:
    """Raised at 20:00, answered at 10:00 the next day: one hour. A target of zero is due at the start itself."""
    make_hours(con, [Calendar("UTC", OFFICE)], datetime(2026, 6, 1), datetime(2026, 6, 1))
    evening, morning = datetime(2026, 6, 2, 20), datetime(2026, 6, 3, 10)
    answered, faulty, at_once = measure(
        con, [("ours", evening, morning, 1), ("ours", evening, evening - US, 0), ("ours", evening, evening, 0)]
    )
    assert answered.seconds == 3600
    assert answered.due_at == datetime(2026, 6, 3, 9) + US
    assert faulty.seconds is None  # before it was raised is a fault, though both instants are outside hours
    assert at_once.seconds == 0
    assert at_once.due_at == evening


def test_what_is_not_known_is_empty_and_never_zero(con: duckdb.DuckDBPyConnection) -> None:
    """An unknown calendar, an instant before or after the horizon, and a due time beyond it."""
    make_hours(con, [Calendar("UTC", OFFICE)], datetime(2026, 6, 1), datetime(2026, 6, 1))
    inside, year_us = datetime(2026, 6, 2, 10), 8760 * 3_600_000_000
    for span in (
        ("none", inside, inside, 1),
        ("ours", datetime(2026, 5, 1), inside, 1),
        ("ours", inside, datetime(2029, 1, 1), year_us),
    ):
        (found,) = measure(con, [span])
        assert (found.seconds, found.due_at) == (None, None)


def test_a_week_of_holidays_and_its_make_up_days(con: duckdb.DuckDBPyConnection) -> None:
    """Spring Festival 2026 (docs/calendars.md): off 15 to 23 February, the Saturdays 14 and 28 worked like Mondays."""
    week = tuple(Day(date(2026, 2, day), "holiday") for day in range(15, 24))
    made_up = (Day(date(2026, 2, 14), "make_up_day", 1), Day(date(2026, 2, 28), "make_up_day"))
    make_hours(
        con,
        [Calendar("Asia/Shanghai", OFFICE, (*week, *made_up))],
        datetime(2026, 2, 1),
        datetime(2026, 3, 1),
    )

    def local(day: int, hour: int, month: int = 2) -> datetime:
        return datetime(2026, month, day, hour) - timedelta(hours=8)

    spans = [
        ("ours", local(13, 17), local(24, 10), 10 * 3_600_000_000),  # Friday to Tuesday after the week
        ("ours", local(14, 9), local(14, 18), 0),
        ("ours", local(15, 0), local(24, 0), 0),
        ("ours", local(27, 18), local(2, 9, 3), 0),
    ]
    hours = [None if found.seconds is None else found.seconds / 3600 for found in measure(con, spans)]
    assert hours == [1 + 8 + 1, 8, 0, 8]
    assert measure(con, spans)[0].due_at == local(24, 10)


def test_new_hours_from_a_day_on_leave_earlier_days_as_they_were(con: duckdb.DuckDBPyConnection) -> None:
    """A change of a calendar is a row: what was measured and due before it stays to the microsecond."""
    random_ = random.Random(7)  # noqa: S311 - repeatable, not secret
    first, change, as_of = datetime(2026, 1, 5), date(2026, 3, 2), datetime(2026, 6, 1)
    before = tuple(Hours(weekday, "09:00", "17:00") for weekday in range(1, 6))
    ended = tuple(
        Hours(row.iso_weekday, row.opens, row.closes, row.valid_from_date, date(2026, 3, 1)) for row in before
    )
    after = tuple(Hours(weekday, "07:00", "22:00", change) for weekday in range(1, 8))
    changed_at = datetime(2026, 3, 2)
    spans = []
    for _ in range(300):
        start = random_instant(random_, first, changed_at)
        spans.append(("ours", start, random_instant(random_, start, changed_at), random_.randrange(10**11)))

    make_hours(con, [Calendar("UTC", before)], first, as_of)
    then = measure(con, spans)
    make_hours(con, [Calendar("UTC", ended + after)], first, as_of)
    now = measure(con, spans)
    decided = [number for number, found in enumerate(then) if found.due_at and found.due_at <= changed_at]
    assert len(decided) > 100
    assert [(found.start_us, found.end_us, found.seconds) for found in then] == [
        (found.start_us, found.end_us, found.seconds) for found in now
    ]
    assert [then[number].due_at for number in decided] == [now[number].due_at for number in decided]
    (sunday,) = measure(con, [("ours", datetime(2026, 3, 8), datetime(2026, 3, 9), 0)])
    assert sunday.seconds == 15 * 3600


def test_a_calendar_that_is_never_open_has_no_time_and_no_due(con: duckdb.DuckDBPyConnection) -> None:
    make_hours(con, [Calendar("UTC", ())], datetime(2026, 6, 1), datetime(2026, 6, 1))
    (found,) = measure(con, [("ours", datetime(2026, 6, 2), datetime(2026, 9, 2), 1)])
    assert (found.seconds, found.due_at) == (0, None)
