"""The calendars that ship, read from their files."""

from __future__ import annotations

import csv
from datetime import date

from orchestration.extract.batch import POLICIES_DIR
from tests.dbt_project.calendars.engine import Calendar, Day, Hours


def read(table: str) -> list[dict[str, str]]:
    with (POLICIES_DIR / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped(calendar_id: str) -> Calendar:
    """A calendar of the shipped files."""
    (row,) = [row for row in read("calendars") if row["calendar_id"] == calendar_id]
    hours = [
        Hours(int(each["iso_weekday"]), each["opens"], each["closes"], date.fromisoformat(each["valid_from_date"]))
        for each in read("calendar_hours")
        if each["calendar_id"] == calendar_id
    ]
    days = [
        Day(date.fromisoformat(each["day_date"]), each["kind"], int(each["works_like_weekday"] or 0) or None)
        for each in read("calendar_days")
        if row["holiday_region"] and each["holiday_region"] == row["holiday_region"]
    ]
    return Calendar(row["time_zone"] or "Asia/Shanghai", tuple(hours), tuple(days))
