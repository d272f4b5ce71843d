"""Where an incremental read of a service begins, as its parameter wants it written, and how far the read came."""

# ruff: noqa: S608 - names go through sql_text
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from orchestration.extract.connectors.delivery import CursorState, Part, Request
from orchestration.extract.connectors.positions import reached
from orchestration.extract.profile_model import Cursor
from orchestration.extract.sql_text import quote

# Seconds, and milliseconds, since 1970, as `format` writes them.
_EPOCHS = {"%s": timedelta(seconds=1), "%s000": timedelta(milliseconds=1)}
_START = datetime(1970, 1, 1, tzinfo=UTC)


def parameters(cursor: Cursor, state: CursorState | None, request: Request) -> dict[str, str]:
    """Return what to ask for: from the `state` on less the lookback, or a window; nothing where all is to be read.

    ValueError where the cursor is no date and a date is needed.
    """
    begin, end = cursor.parameter, cursor.until_parameter
    if request.window:
        like = state.value if state else ""
        limits = ((begin, request.window.start), (end, request.window.end))
        return {name: _written(instant, cursor, request.zone, like) for name, instant in limits if name}
    if state is None or begin is None:
        return {}
    if not cursor.lookback_days and not cursor.format:
        return {begin: state.value}
    instant = _instant(state) - timedelta(days=cursor.lookback_days)
    return {begin: _written(instant, cursor, request.zone, state.value)}


def position(con: duckdb.DuckDBPyConnection, part: Part, request: Request, fingerprint: str) -> CursorState | None:
    """Find how far `part` reached, not beyond the present; None where no record has the cursor's column.

    LookupError where there is no such column, ValueError where a lookback is asked of what is no date.
    """
    cursor = part.binding.cursor
    assert cursor is not None  # asked only of bindings with a cursor
    if cursor.column not in part.columns:
        raise LookupError(f"there is no cursor column {cursor.column}; there are {', '.join(part.columns)}")
    column = quote(cursor.column)
    row = con.execute(
        f"""
        select
            max(try_cast({column} as bigint)) filter (where is_whole),
            arg_max({column}, try_cast({column} as timestamptz)),
            max({column}),
            coalesce(bool_and(is_whole), false)
        from (
            select {column}, regexp_full_match({column}, '-?[0-9]{{1,18}}') as is_whole from {quote(part.relation)}
        )
        """
    ).fetchone()
    assert row is not None  # an aggregate without grouping always returns one row
    whole, latest, text, are_whole = row
    if text is None:
        return None
    unit = _EPOCHS.get(cursor.format or "")
    if not are_whole:
        state = CursorState(fingerprint, latest or text, "VARCHAR")
    elif unit:
        state = CursorState(fingerprint, (_START + whole * unit).isoformat(), "VARCHAR")
    else:
        state = CursorState(fingerprint, str(whole), "BIGINT")
    return reached(state, request.landed_at, request.zone, cursor.lookback_days)


def _instant(state: CursorState) -> datetime:
    try:
        if state.value_type == "VARCHAR":
            return datetime.fromisoformat(state.value)
    except ValueError:
        pass
    raise ValueError(
        f"the cursor holds {state.value!r}; `lookback_days` and `format` need ISO dates (or seconds since 1970, with "
        'format "%s"): leave them out, or take a column of dates'
    )


def _written(instant: datetime, cursor: Cursor, zone: str, like: str) -> str:
    """Write `instant` as `format` says, or else `like` the service writes its own dates (by itself: ISO in UTC).

    A format that ends in Z means UTC, any other the source's zone. Naive instants are in the source's zone.
    """
    local = instant.replace(tzinfo=ZoneInfo(zone)) if instant.tzinfo is None else instant.astimezone(ZoneInfo(zone))
    utc = local.astimezone(UTC)
    if cursor.format:
        written = cursor.format.replace("%s", str(int(local.timestamp())))
        return (utc if written.endswith("Z") else local).strftime(written)
    if not like or like.endswith("Z"):
        return utc.replace(tzinfo=None).isoformat() + "Z"
    if _is_date(like):
        return local.date().isoformat()
    found = datetime.fromisoformat(like)
    moved = local.astimezone(found.tzinfo) if found.tzinfo else local.replace(tzinfo=None)
    return moved.isoformat(sep=like[10])


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
