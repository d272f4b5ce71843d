"""How far an incremental read came: the cursor's next value, and where the next read begins."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.extract.connectors.delivery import CursorState


def since(state: CursorState, lookback_days: int) -> str | int | date:
    """Return the value from which to read on, in the type of the database's column; ValueError if it is no cursor."""
    value, back = state.value, timedelta(days=lookback_days)
    if state.value_type == "DATE":
        return date.fromisoformat(value) - back
    if state.value_type.startswith("TIMESTAMP"):
        return datetime.fromisoformat(value) - back
    if not lookback_days:
        return value if state.value_type == "VARCHAR" else int(value)
    # The day alone sorts before each of its instants, however the source writes the time of day.
    return (_instant(state) - back).date().isoformat()


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
