"""The days of policy table calendar_days, by country, from libraries that know public holidays.

China's come from chinesecalendar, which follows the notices of the State Council and knows the make-up working days
(调休); it ends with the last notice. Those of other countries come from holidays, which follows the law.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date

import chinese_calendar
import holidays
from chinese_calendar.constants import holidays as chinese_holidays
from chinese_calendar.constants import workdays as chinese_workdays

CHINA = "CN"


class UnknownRegionError(ValueError):
    """No library knows the holidays of the region."""


@dataclass(frozen=True, order=True)
class SpecialDay:
    """One row of calendar_days, its columns in the order of the file."""

    holiday_region: str
    day_date: date
    kind: str
    works_like_weekday: str
    opens: str
    closes: str
    name_en: str
    name_zh: str


@dataclass(frozen=True)
class Holidays:
    """The days of a region, and the years asked for that its library does not know."""

    days: tuple[SpecialDay, ...]
    unknown_years: tuple[int, ...]
    source: str


def holidays_of(region: str, first_year: int, last_year: int) -> Holidays:
    """Find the special days of `region`: a country such as DE, or a part of one such as DE-BY.

    Years that the library does not know have no days, and are named. UnknownRegionError says that there is none.
    """
    years = range(first_year, last_year + 1)
    return _chinese(years) if region == CHINA else _by_law(region, years)


def write_days(days: Sequence[SpecialDay]) -> str:
    """Write the rows as the text of calendar_days.csv."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(SpecialDay))
    writer.writerows(astuple(day) for day in sorted(days))
    return text.getvalue()


def _chinese(years: range) -> Holidays:
    days = (*_chinese_days(chinese_holidays, "holiday"), *_chinese_days(chinese_workdays, "make_up_day"))
    known = {day.day_date.year for day in days}
    return Holidays(
        days=tuple(sorted(day for day in days if day.day_date.year in years)),
        unknown_years=tuple(year for year in years if year not in known),
        source=f"chinesecalendar, the State Council's notices of {min(known)} to {max(known)}",
    )


def _chinese_days(named: dict[date, str], kind: str) -> Iterator[SpecialDay]:
    for day, name in named.items():
        chinese = chinese_calendar.Holiday(name).chinese
        is_work = kind == "make_up_day"
        english_name, chinese_name = (f"Make-up day, {name}", f"{chinese}调休") if is_work else (name, chinese)
        yield SpecialDay(CHINA, day, kind, "1" if is_work else "", "", "", english_name, chinese_name)


def _by_law(region: str, years: range) -> Holidays:
    country, _, part = region.partition("-")
    try:
        calendar = holidays.country_holidays(country, subdiv=part or None, language="en_US")
    except NotImplementedError as error:
        raise UnknownRegionError(f"no library knows the holidays of {region!r}: {error}") from error
    known = [year for year in years if calendar.start_year <= year <= calendar.end_year]
    named = holidays.country_holidays(country, subdiv=part or None, years=known, language="en_US") if known else {}
    days = (SpecialDay(region, day, "holiday", "", "", "", name, _chinese_name(name)) for day, name in named.items())
    return Holidays(tuple(sorted(days)), tuple(year for year in years if year not in known), "holidays")


def _chinese_name(name: str) -> str:
    """Translate the names of a day, separated like the English ones; empty where one of them is not known."""
    names = [_CHINESE.get(each.removesuffix(" (observed)"), "") for each in name.split("; ")]
    return "; ".join(names) if all(names) else ""


# Chinese names of the holidays that ship; the library has none.
_CHINESE = {
    "Ascension Day": "耶稣升天节",
    "Christmas Day": "圣诞节",
    "Columbus Day": "哥伦布日",
    "Easter Monday": "复活节星期一",
    "German Unity Day": "德国统一日",
    "Good Friday": "耶稣受难日",
    "Independence Day": "独立日",
    "Juneteenth National Independence Day": "六月节",
    "Labor Day": "劳动节",
    "Martin Luther King Jr. Day": "马丁·路德·金纪念日",
    "Memorial Day": "阵亡将士纪念日",
    "New Year's Day": "元旦",
    "Pentecost Monday": "圣灵降临节星期一",
    "Reformation Day": "宗教改革日",
    "Second Day of Christmas": "圣诞节次日",
    "Thanksgiving Day": "感恩节",
    "Veterans Day": "退伍军人节",
    "Washington's Birthday": "华盛顿诞辰日",
}
