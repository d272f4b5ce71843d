"""How far an incremental read came: the cursor's next value, where the next read begins, and the bounds of a window."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from orchestration.extract.connectors.delivery import CursorState, Window

Position = str | int | Decimal | date


def since(state: CursorState, lookback_days: int) -> Position:
    """Return the value from which to read on, in the type of the database's column; ValueError if it is no cursor."""
    value, back = state.value, timedelta(days=lookback_days)
    if state.value_type == "DATE":
        return date.fromisoformat(value) - back
    if state.value_type.startswith("TIMESTAMP"):
        return datetime.fromisoformat(value) - back
    if lookback_days:
        # The day alone sorts before each of its instants, however the source writes the time of day.
        return (_instant(state) - back).date().isoformat()
    if state.value_type == "VARCHAR":
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(
            f"the cursor holds {value!r} ({state.value_type.lower()}); take a column of dates, numbers or text"
        ) from None
    return int(number) if number == number.to_integral_value() else number


def reached(state: CursorState, landed_at: datetime, zone: str, lookback_days: int) -> CursorState:
    """Return `state`, not later than `landed_at` (aware) where it holds dates: else a row from the future hides others.

    `zone` is that of dates without offset. ValueError if a lookback is asked of a cursor that does not hold ISO dates.
    """
    try:
        instant = _instant(state)
    except ValueError:
        if lookback_days:
            raise
        return state
    now = landed_at if instant.tzinfo else landed_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if instant <= now:
        return state
    value = str(now) if state.value_type.startswith("TIMESTAMP") else now.date().isoformat()
    return CursorState(state.fingerprint, value, state.value_type)


def between(window: Window, value_type: str, zone: str) -> tuple[Position, Position]:
    """Return from which value until before which to read `window` of a column of `value_type`.

    `zone` is that of values without offset. Days are taken whole; of texts, which may have an offset or not, the days
    around the window too. ValueError for a column that is no date.
    """
    if value_type == "TIMESTAMP WITH TIME ZONE":
        return window.start, window.end
    start, end = (each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for each in (window.start, window.end))
    if value_type.startswith("TIMESTAMP"):
        return start, end
    last = end.date() if end.time() == time() else end.date() + timedelta(days=1)
    if value_type == "DATE":
        return start.date(), last
    if value_type == "VARCHAR":
        around = timedelta(days=1)
        return (start.date() - around).isoformat(), (last + around).isoformat()
    raise ValueError(f"the cursor holds {value_type.lower()}; a window needs a column of dates")


def _instant(state: CursorState) -> datetime:
    if state.value_type in {"VARCHAR", "DATE"} or state.value_type.startswith("TIMESTAMP"):
        try:
            return datetime.fromisoformat(state.value)
        except ValueError:
            pass
    raise ValueError(
        f"the cursor holds {state.value!r} ({state.value_type.lower()}); lookback_days needs ISO dates: "
        "leave it out, or take a column of dates"
    )
