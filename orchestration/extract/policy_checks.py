"""What must hold of a policy file as a whole. A bad row of a feed is one of many; a bad row of a policy decides many.

So a policy file is landed whole or not at all, and every mistake is named with its file and line. What a row says of
another policy table is left to gate 1: that table may not be landed yet.
"""

# ruff: noqa: S608 - conditions are constants, names come from the contract
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration.extract.contract import Feed
from orchestration.extract.errors import FeedStoppedError
from orchestration.extract.sql_text import literal, quote

# The mistakes that one message names; the rest is counted.
_SHOWN = 20


@dataclass(frozen=True)
class _Mistake:
    """A condition on a row, and what it says about the row, both as SQL over the columns of the table."""

    condition: str
    says: str


@dataclass(frozen=True)
class _Overlap:
    """Two rows must not both hold: equal `same` columns, on a day that both are in force, and `condition` if any."""

    same: tuple[str, ...]
    condition: str
    says: str


_WEEKDAY = "not in (1, 2, 3, 4, 5, 6, 7)"
_ENDS_BEFORE = _Mistake(
    "valid_to_date < valid_from_date",
    "'valid_to_date ' || valid_to_date || ' is before valid_from_date ' || valid_from_date",
)

_MISTAKES: Mapping[str, tuple[_Mistake, ...]] = {
    "calendars": (
        _Mistake(
            "time_zone is not null and time_zone not in (select name from pg_timezone_names())",
            "'time_zone: found ''' || time_zone || ''', expected an IANA zone such as Asia/Shanghai'",
        ),
    ),
    "calendar_hours": (
        _Mistake(
            f"iso_weekday {_WEEKDAY}", "'iso_weekday: found ' || iso_weekday || ', expected 1 (Monday) to 7 (Sunday)'"
        ),
        _Mistake(
            "rpad(closes, 8, ':00') <= rpad(opens, 8, ':00')",
            "'closes ' || closes || ' is not after opens ' || opens || '; what goes past midnight is two rows, one to "
            "24:00 and one of the next weekday from 00:00'",
        ),
        _ENDS_BEFORE,
    ),
    "calendar_days": (
        _Mistake(
            f"works_like_weekday {_WEEKDAY}",
            "'works_like_weekday: found ' || works_like_weekday || ', expected 1 (Monday) to 7 (Sunday)'",
        ),
        _Mistake(
            "works_like_weekday is not null and kind <> 'make_up_day'",
            "'works_like_weekday is for a make_up_day, and this is a ' || kind",
        ),
        _Mistake(
            "(opens is not null or closes is not null) and kind not in ('half_day', 'own_hours')",
            "'opens and closes are for a half_day or own_hours, and this is a ' || kind",
        ),
        _Mistake(
            "kind = 'half_day' and opens is null and closes is null",
            "'a half_day needs opens, closes or both'",
        ),
        _Mistake("kind = 'own_hours' and (opens is null or closes is null)", "'own_hours need both opens and closes'"),
        _Mistake(
            "rpad(closes, 8, ':00') <= rpad(opens, 8, ':00')", "'closes ' || closes || ' is not after opens ' || opens"
        ),
    ),
    "calendar_rules": (_ENDS_BEFORE,),
    "improvement_actions": (
        _Mistake(
            "(segment = 'all') <> (member is null)",
            "case when member is null then 'segment is ' || segment || ', and member does not say which' "
            "else 'member is ' || member || ', and segment says all: empty it, or name what it is a member of' end",
        ),
        _Mistake("due_date < raised_date", "'due_date ' || due_date || ' is before raised_date ' || raised_date"),
        _Mistake("done_date < raised_date", "'done_date ' || done_date || ' is before raised_date ' || raised_date"),
        _Mistake(
            "(trigger_from_date is null) <> (trigger_to_date is null)",
            "'trigger_from_date and trigger_to_date stand together: found ' "
            "|| coalesce(trigger_from_date, trigger_to_date) || ' alone'",
        ),
        _Mistake(
            "trigger_to_date < trigger_from_date",
            "'trigger_to_date ' || trigger_to_date || ' is before trigger_from_date ' || trigger_from_date",
        ),
        _Mistake(
            "done_date is not null and (action_en is null or action_zh is null)",
            "'done on ' || done_date || ', but action_en and action_zh do not both say what was done'",
        ),
        _Mistake(
            "(action_en is null) <> (action_zh is null)",
            "'action_en and action_zh stand together: one says what is done, the other is empty'",
        ),
    ),
    "feedback_themes": (
        _ENDS_BEFORE,
        _Mistake("severity not between 0 and 3", "'severity: found ' || severity || ', expected 0 (praise) to 3'"),
        _Mistake(
            "not regexp_matches(word, '[A-Za-z0-9一-鿿]')",
            "'word: found ''' || word || ''', expected letters, digits or Chinese characters'",
        ),
    ),
    "gate_limits": (
        _ENDS_BEFORE,
        _Mistake("lowest > highest", "'lowest ' || lowest || ' is above highest ' || highest"),
        _Mistake(
            "tolerated_share not between 0 and 1 or doubted_share not between 0 and 1",
            "concat_ws(', ', 'tolerated_share: found ' || tolerated_share, 'doubted_share: found ' || doubted_share) "
            "|| ', expected a share from 0 to 1'",
        ),
    ),
}

_OVERLAPS: Mapping[str, _Overlap] = {
    "calendar_hours": _Overlap(
        ("calendar_id", "iso_weekday"),
        # 12:00 and 12:00:00 are the same.
        "rpad(earlier.opens, 8, ':00') < rpad(later.closes, 8, ':00') "
        "and rpad(later.opens, 8, ':00') < rpad(earlier.closes, 8, ':00')",
        "later.opens || '–' || later.closes || ' overlaps ' || earlier.opens || '–' || earlier.closes",
    ),
    "calendar_rules": _Overlap(
        ("site_id", "service_hours", "country"), "true", "'rule ' || later.rule_id || ' overlaps ' || earlier.rule_id"
    ),
}


def check_policy(con: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Look at what was mapped of a policy file (temporary tables incoming and bad): FeedStoppedError names mistakes."""
    queries = [
        "select file, line, unnest(reasons) as mistake from bad",
        _repeated(feed),
        *(
            f"select _file, _line, {mistake.says} from incoming where {mistake.condition}"
            for mistake in _MISTAKES.get(feed.name, ())
        ),
    ]
    if feed.name in _OVERLAPS:
        queries.append(_overlapping(_OVERLAPS[feed.name]))
    found = con.execute(f"select * from ({' union all '.join(queries)}) order by all").fetchall()
    if not found:
        return
    lines = [f"  {file}:{line}: {mistake}" for file, line, mistake in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"  and {len(found) - _SHOWN:,} more")
    count = f"{len(found):,} mistake{'' if len(found) == 1 else 's'}"
    raise FeedStoppedError(f"policy {feed.name} has {count}; nothing of it was changed:\n" + "\n".join(lines))


def _repeated(feed: Feed) -> str:
    """Write the query of rows whose key stands in an earlier line: by itself the later would win silently."""
    keys = ", ".join(quote(name) for name in feed.key)
    said = " || ', ' || ".join(f"cast({quote(name)} as varchar)" for name in feed.key)
    says = f"{literal(', '.join(feed.key) + ' ')} || {said} || ' stands in an earlier line too'"
    return f"""
        select _file, _line, {says}
        from incoming
        qualify row_number() over (partition by _source, {keys} order by _part, _row) > 1
        """


def _overlapping(overlap: _Overlap) -> str:
    same = " and ".join(f"earlier.{quote(name)} is not distinct from later.{quote(name)}" for name in overlap.same)
    return f"""
        select later._file, later._line, {overlap.says} || ' of line ' || earlier._line || ', in force on the same days'
        from incoming as earlier, incoming as later
        where {same}
            and (earlier._part, earlier._row) < (later._part, later._row)
            and earlier.valid_from_date <= coalesce(later.valid_to_date, date '9999-12-31')
            and later.valid_from_date <= coalesce(earlier.valid_to_date, date '9999-12-31')
            and ({overlap.condition})
        """
