"""Where incremental reads begin and end, and where windows do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from orchestration.extract.connectors.delivery import CursorState, Window
from orchestration.extract.connectors.positions import between, reached, since


@pytest.mark.parametrize(
    ("state", "days", "expected"),
    [
        (("2026-01-10T09:00:00Z", "VARCHAR"), 3, "2026-01-07"),
        (("2026-01-10T09:00:00Z", "VARCHAR"), 0, "2026-01-10T09:00:00Z"),
        (("2026-01-10", "DATE"), 3, date(2026, 1, 7)),
        (("2026-01-10 09:00:00.5", "TIMESTAMP"), 1, datetime(2026, 1, 9, 9, 0, 0, 500000)),
        (("2026-01-10 09:00:00+00", "TIMESTAMP WITH TIME ZONE"), 1, datetime(2026, 1, 9, 9, tzinfo=UTC)),
        (("42", "BIGINT"), 0, 42),
        (("42.50", "DECIMAL(9,2)"), 0, Decimal("42.5")),
    ],
)
def test_reading_on_begins_where_the_cursor_says(state: tuple[str, str], days: int, expected: object) -> None:
    assert since(CursorState("f", *state), days) == expected


def test_a_cursor_must_have_an_order() -> None:
    with pytest.raises(ValueError, match=r"\(blob\); take a column of dates, numbers or text"):
        since(CursorState("f", "\\x00", "BLOB"), 0)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (("2036-01-10T09:00:00Z", "VARCHAR"), "2026-06-30"),
        (("2026-07-01 07:00:00", "VARCHAR"), "2026-07-01 07:00:00"),
        (("2026-07-01 09:00:00", "VARCHAR"), "2026-07-01"),
        (("2036-01-10", "DATE"), "2026-07-01"),
        (("2036-01-10 09:00:00", "TIMESTAMP"), "2026-07-01 07:30:00"),
        (("7", "BIGINT"), "7"),
        (("v7", "VARCHAR"), "v7"),
    ],
)
def test_a_cursor_does_not_pass_the_present(state: tuple[str, str], expected: str) -> None:
    landed_at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 07:30 of the next day in Shanghai
    assert reached(CursorState("f", *state), landed_at, "Asia/Shanghai", 0).value == expected


MARCH = Window(datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC))  # as Shanghai counts it


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("TIMESTAMP WITH TIME ZONE", (MARCH.start, MARCH.end)),
        ("TIMESTAMP", (datetime(2026, 3, 1), datetime(2026, 4, 1))),
        ("DATE", (date(2026, 3, 1), date(2026, 4, 1))),
        ("VARCHAR", ("2026-02-28", "2026-04-02")),
    ],
)
def test_a_window_is_in_the_words_of_the_column(kind: str, expected: tuple[object, object]) -> None:
    assert between(MARCH, kind, "Asia/Shanghai") == expected


def test_a_window_takes_begun_days_whole_and_no_numbers() -> None:
    noon = Window(datetime(2026, 3, 1, 4, tzinfo=UTC), datetime(2026, 3, 2, 4, tzinfo=UTC))
    assert between(noon, "DATE", "Asia/Shanghai") == (date(2026, 3, 1), date(2026, 3, 3))
    with pytest.raises(ValueError, match="the cursor holds bigint; a window needs a column of dates"):
        between(noon, "BIGINT", "UTC")
