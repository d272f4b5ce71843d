"""A policy file is landed whole or not at all, and every mistake in it is named with its file and line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.extract.contract import read_contract
from orchestration.extract.errors import FeedStoppedError
from orchestration.extract.preview import look
from tests.orchestration.extract.conftest import CUSTOMERS, Desk

HEADS = {
    "calendars": "calendar_id,name_en,name_zh,time_zone,holiday_region,reason",
    "calendar_hours": "calendar_id,iso_weekday,opens,closes,valid_from_date,valid_to_date,reason",
    "calendar_days": "holiday_region,day_date,kind,works_like_weekday,opens,closes,name_en,name_zh",
    "calendar_rules": "rule_id,site_id,service_hours,country,calendar_id,valid_from_date,valid_to_date,reason",
    "improvement_actions": (
        "action_id,raised_date,complaint_id,finding_en,finding_zh,cause,action_en,action_zh,owner_role,kpi_id,segment,"
        "member,trigger_from_date,trigger_to_date,due_date,done_date"
    ),
    "sla_policies": "policy_id,metric,priority,calendar_id,target_minutes,valid_from_date,valid_to_date,reason",
}
SHIPPED = sorted(name for name, feed in read_contract().items() if feed.schema == "policy")


def write(desk: Desk, table: str, *rows: str) -> Path:
    path = desk.root / f"{table}.csv"
    path.write_text("\n".join([HEADS[table], *rows]) + "\n", encoding="utf-8")
    desk.feeds = CUSTOMERS + f'policies: {{{table}: "${{PROFILE_DATA}}/{table}.csv"}}\n'
    return path


@pytest.mark.parametrize("table", SHIPPED)
def test_what_ships_has_no_mistake(desk: Desk, table: str) -> None:
    result = desk.land(table)
    assert (result.rejected, result.superseded) == (0, 0)
    assert result.inserted == result.row_count
    assert (result.row_count == 0) == read_contract()[table].ships_empty


@pytest.mark.parametrize(
    ("table", "rows", "line", "says"),
    [
        ("calendars", ["a,A,甲,Asia/Peking,,"], 2, "time_zone: found 'Asia/Peking', expected an IANA zone"),
        ("calendars", ["a,A,甲,,,", "a,B,乙,,,"], 3, "calendar_id a stands in an earlier line too"),
        ("calendar_hours", ["a,1,9:00,18:00,2020-01-01,,"], 2, "opens: found '9:00', expected a clock time"),
        ("calendar_hours", ["a,1,09:00,24:30,2020-01-01,,"], 2, "closes: found '24:30', expected a clock time"),
        ("calendar_hours", ["a,1,09:00,18:60,2020-01-01,,"], 2, "closes: found '18:60', expected a clock time"),
        ("calendar_hours", ["a,8,09:00,18:00,2020-01-01,,"], 2, "iso_weekday: found 8, expected 1 (Monday) to 7"),
        ("calendar_hours", ["a,Mon,09:00,18:00,2020-01-01,,"], 2, "iso_weekday: found 'Mon', expected a whole number"),
        ("calendar_hours", ["a,1,22:00,06:00,2020-01-01,,"], 2, "closes 06:00 is not after opens 22:00"),
        ("calendar_hours", ["a,1,09:00,09:00:00,2020-01-01,,"], 2, "closes 09:00:00 is not after opens 09:00"),
        ("calendar_hours", ["a,1,09:00,18:00,2020-01-02,2020-01-01,"], 2, "valid_to_date 2020-01-01 is before"),
        (
            "calendar_hours",
            ["a,1,09:00,12:00,2020-01-01,,", "a,2,11:00,18:00,2020-01-01,,", "a,1,11:59,18:00,2020-01-01,,"],
            4,
            "11:59–18:00 overlaps 09:00–12:00 of line 2, in force on the same days",
        ),
        (
            "calendar_hours",
            ["a,1,09:00,18:00,2020-01-01,2020-06-30,", "a,1,08:00,17:00,2020-06-30,,"],
            3,
            "08:00–17:00 overlaps 09:00–18:00 of line 2",
        ),
        ("calendar_days", ["CN,2026-02-14,work,,,,,"], 2, "kind: found 'work', allowed are holiday, make_up_day"),
        ("calendar_days", ["CN,2026-02-14,make_up_day,0,,,,"], 2, "works_like_weekday: found 0"),
        ("calendar_days", ["CN,2026-02-14,holiday,1,,,,"], 2, "works_like_weekday is for a make_up_day"),
        ("calendar_days", ["CN,2026-02-14,holiday,,09:00,,,"], 2, "opens and closes are for a half_day or own_hours"),
        ("calendar_days", ["CN,2026-02-14,half_day,,,,,"], 2, "a half_day needs opens, closes or both"),
        ("calendar_days", ["CN,2026-02-14,own_hours,,09:00,,,"], 2, "own_hours need both opens and closes"),
        ("calendar_days", ["CN,2026-02-14,own_hours,,12:00,09:00,,"], 2, "closes 09:00 is not after opens 12:00"),
        (
            "calendar_days",
            ["CN,2026-02-14,holiday,,,,,", "CN,2026-02-14,make_up_day,,,,,"],
            3,
            "holiday_region, day_date CN, 2026-02-14 stands in an earlier line too",
        ),
        (
            "calendar_rules",
            ["r1,,standard,,a,2020-01-01,,", "r2,s1,standard,,b,2020-01-01,,", "r3,,standard,,c,2025-01-01,,"],
            4,
            "rule r3 overlaps r1 of line 2",
        ),
        ("calendar_rules", ["r1,,always,,a,2020-01-01,,"], 2, "service_hours: found 'always', allowed are standard"),
        (
            "improvement_actions",
            ["m,2026-01-01,,f,问,,a,措,lead,nps,site,,,,2026-02-01,"],
            2,
            "segment is site, and member does not say which",
        ),
        (
            "improvement_actions",
            ["m,2026-01-01,,f,问,,a,措,lead,nps,all,BJ01,,,2026-02-01,"],
            2,
            "member is BJ01, and segment says all",
        ),
        (
            "improvement_actions",
            ["m,2026-01-01,,f,问,,a,措,lead,nps,all,,,,2025-12-31,"],
            2,
            "due_date 2025-12-31 is before raised_date 2026-01-01",
        ),
        (
            "improvement_actions",
            ["m,2026-01-01,,f,问,,a,措,lead,nps,all,,,,2026-02-01,2025-12-31"],
            2,
            "done_date 2025-12-31 is before raised_date 2026-01-01",
        ),
        (
            "improvement_actions",
            ["m,2026-01-01,,f,问,,a,措,lead,nps,all,,2025-11-01,,2026-02-01,"],
            2,
            "trigger_from_date and trigger_to_date stand together: found 2025-11-01 alone",
        ),
        (
            "improvement_actions",
            ["m,2026-01-01,,f,问,,a,措,lead,nps,all,,2025-11-01,2025-10-01,2026-02-01,"],
            2,
            "trigger_to_date 2025-10-01 is before trigger_from_date 2025-11-01",
        ),
        (
            "improvement_actions",
            ["m,2026-01-01,,f,问,,,,lead,nps,all,,,,2026-02-01,2026-01-20"],
            2,
            "done on 2026-01-20, but action_en and action_zh do not both say what was done",
        ),
        (
            "improvement_actions",
            ["m,2026-01-01,,f,问,,a,,lead,nps,all,,,,2026-02-01,"],
            2,
            "action_en and action_zh stand together",
        ),
        ("sla_policies", ["p,first_response,urgent,24x7,soon,2020-01-01,,"], 2, "target_minutes: found 'soon'"),
    ],
)
def test_a_mistake_is_named_with_its_line(desk: Desk, table: str, rows: list[str], line: int, says: str) -> None:
    path = write(desk, table, *rows)
    with pytest.raises(FeedStoppedError) as stopped:
        desk.land(table)
    assert f"policy {table} has 1 mistake; nothing of it was changed" in str(stopped.value)
    assert f"{path.name}:{line}: {says}" in str(stopped.value)


def test_rows_that_only_touch_or_follow_each_other_are_right(desk: Desk) -> None:
    write(
        desk,
        "calendar_hours",
        "a,1,00:00,12:00,2020-01-01,2020-06-30,",
        "a,1,12:00:00,24:00:00,2020-01-01,2020-06-30,",
        "a,2,00:00:00,12:00:00,2020-01-01,,",
        "a,2,12:00,24:00,2020-01-01,,",
        "a,1,09:00:30,18:00,2020-07-01,,",
        "b,1,09:00,18:00,2020-07-01,,",
        "b,1,09:00,18:00,2020-01-01,2020-06-30,",
    )
    assert desk.land("calendar_hours").inserted == 7


def test_all_mistakes_are_told_at_once_and_what_was_landed_stays(desk: Desk) -> None:
    """One bad row in ten thousand is tolerated in a feed; in a policy it would silently be another policy."""
    shipped = desk.land("calendar_hours").row_count
    write(desk, "calendar_hours", *(f"a,1,{hour}:00,18:00,2020-01-01,," for hour in range(30)))
    with pytest.raises(FeedStoppedError, match=r"has \d+ mistakes(?s:.*)and \d+ more"):
        desk.land("calendar_hours")
    assert desk.query("select count(*) from policy.calendar_hours") == [(shipped,)]


def test_the_profile_check_tells_them_too(desk: Desk) -> None:
    write(desk, "calendar_hours", "a,1,22:00,06:00,2020-01-01,,")
    (desk.root / "drops" / "customers.csv").write_text("id,name,changed\n")
    contract = read_contract()
    (seen,) = look(desk.profile, contract, now=datetime(2026, 7, 1, tzinfo=UTC), feed="calendar_hours")
    assert "calendar_hours.csv:2: closes 06:00 is not after opens 22:00" in str(seen.error)
