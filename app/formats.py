"""The only place that turns numbers, times and days into text."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from app.words import language, t

# Keeps a number and its unit on one line.
_SPACE = "\N{NO-BREAK SPACE}"
MISSING = "–"
# From which size on, divided by what, called what.
_MONEY_STEPS = {
    "en": ((1e9, 1e9, "money.billion"), (1e6, 1e6, "money.million"), (1e4, 1e3, "money.thousand")),
    "zh": ((1e8, 1e8, "money.hundred_million"), (1e4, 1e4, "money.ten_thousand")),
}
# Units of KPIs whose readings cannot lie anywhere; a score has the scale of its survey.
_POSSIBLE = {
    "share": (0.0, 1.0),
    "points": (-100.0, 100.0),
    **dict.fromkeys(
        ("seconds", "rate", "ratio", "per_1000", "currency", "count", "number", "hours", "days"), (0.0, math.inf)
    ),
}
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_missing(value: object) -> bool:
    """Whether `value` is None, NaN or NaT."""
    return bool(pd.isna(value))


def count(value: float | None) -> str:
    """A whole number with thousands separators."""
    if value is None or is_missing(value):
        return MISSING
    return f"{value:,.0f}"


def decimals(value: float | None, places: int = 2) -> str:
    """A number with a fixed number of decimals."""
    if value is None or is_missing(value):
        return MISSING
    return f"{value:,.{places}f}"


def share(value: float | None, places: int = 1) -> str:
    """A share of 1 as a percentage."""
    if value is None or is_missing(value):
        return MISSING
    return f"{value * 100:,.{places}f}{_SPACE}%"


def duration(seconds: float | None) -> str:
    """Seconds as the two largest units that matter: 40 s, 5 min 12 s, 12 min, 5 h 12 min, 3 d 4 h."""
    if seconds is None or is_missing(seconds):
        return MISSING
    sign = "-" if seconds < 0 else ""
    left = abs(seconds)
    if round(left) < 60:
        return f"{sign}{left:.0f}{_SPACE}{t('unit.s')}"
    if left < 600:
        return sign + _two(round(left), 60, "unit.min", "unit.s")
    if round(left / 60) < 60:
        return f"{sign}{left / 60:.0f}{_SPACE}{t('unit.min')}"
    if left < 48 * 3600:
        return sign + _two(round(left / 60), 60, "unit.h", "unit.min")
    return sign + _two(round(left / 3600), 24, "unit.d", "unit.h")


def duration_scale(longest: float | None) -> tuple[float, str]:
    """The unit in which an axis reaching `longest` seconds reads well: seconds per unit, and its name."""
    if longest is None or is_missing(longest) or longest < 2 * 3600:
        return 60.0, "minutes"
    return (3600.0, "hours") if longest < 4 * 86400 else (86400.0, "days")


def _two(small: int, per_large: int, large_unit: str, small_unit: str) -> str:
    large, rest = divmod(small, per_large)
    text = f"{large:,}{_SPACE}{t(large_unit)}"
    return f"{text}{_SPACE}{rest}{_SPACE}{t(small_unit)}" if rest else text


def money(amount: float | None, currency: str) -> str:
    """An amount with its currency code, shortened from ten thousand on (万 and 亿 in Chinese)."""
    if amount is None or is_missing(amount):
        return MISSING
    size = abs(amount)
    for floor, divisor, unit in _MONEY_STEPS[language()]:
        if size >= floor:
            return f"{currency}{_SPACE}{amount / divisor:,.1f}{_SPACE}{t(unit)}"
    return f"{currency}{_SPACE}{amount:,.0f}" if size >= 1000 else f"{currency}{_SPACE}{amount:,.2f}"


def number_steps() -> list[tuple[float, float, str]]:
    """From which size on a number is shortened, divided by what, called what; the largest first."""
    return [(floor, divisor, t(unit)) for floor, divisor, unit in _MONEY_STEPS[language()]]


def signed_money(amount: float | None, currency: str) -> str:
    """A change of an amount with its sign."""
    if amount is None or is_missing(amount):
        return MISSING
    text = money(abs(amount), currency)
    return text if not round(amount, 2) else f"{'-' if amount < 0 else '+'}{text}"


def kpi(value: float | None, unit: str, currency: str) -> str:
    """A KPI's value in `unit` of the registry: share, ratio, rate, seconds, score, points, currency, count or hours."""
    if value is None or is_missing(value):
        return MISSING
    writers: dict[str, Callable[[float], str]] = {
        "share": share,
        "ratio": share,
        "rate": lambda rate: f"{rate * 100:.1f}{_SPACE}{t('unit.per_100')}",
        "seconds": duration,
        "points": lambda points: f"{points:+.0f}" if round(points) else "0",
        "currency": lambda amount: money(amount, currency),
        "hours": lambda hours: f"{hours:,.1f}{_SPACE}{t('unit.h')}",
        "days": lambda days: f"{days:,.1f}{_SPACE}{t('unit.d')}",
        "count": count,
    }
    return writers.get(unit, decimals)(value)


def is_percentage(unit: str) -> bool:
    """Whether a KPI's unit reads in per cent: shares, and ratios, which may exceed 100 %."""
    return unit in ("share", "ratio")


def kpi_change(change: float, unit: str, currency: str) -> str | None:
    """A difference of two values of a KPI with its sign; None where it would read as zero."""
    if is_percentage(unit):
        text = f"{abs(change) * 100:.1f}{_SPACE}{t('unit.percentage_points')}"
    elif unit == "points":
        text = f"{abs(change):.0f}{_SPACE}{t('unit.points')}"
    else:
        text = kpi(abs(change), unit, currency)
    if not any(sign in "123456789" for sign in text.removesuffix(t("unit.per_100"))):
        return None
    return f"-{text}" if change < 0 else f"+{text}"


def kpi_interval(low: float | None, high: float | None, unit: str, currency: str) -> str:
    """The two ends of an interval in the KPI's unit."""
    return f"{kpi(low, unit, currency)} … {kpi(high, unit, currency)}"


def possible(value: float, unit: str) -> float:
    """The value itself, or the end of what its unit can be: a natural limit may lie where no reading can."""
    low, high = _POSSIBLE.get(unit, (-math.inf, math.inf))
    return min(max(value, low), high)


def natural_limits(low: float, high: float, unit: str, currency: str) -> str:
    """The two natural limits in the KPI's unit, as far as readings can reach."""
    return kpi_interval(possible(low, unit), possible(high, unit), unit, currency)


def unit_name(unit: str, currency: str) -> str:
    """The unit of a KPI in words; the currency's own code for amounts."""
    return currency if unit == "currency" else t(f"kpi_unit.{unit}")


def period(grain: str, start: date) -> str:
    """The name of a period: Jun 2026, 2026 Q2, 2026, all time."""
    if grain == "month":
        return t("period.month_name", year=start.year, month=MONTH_NAMES[start.month - 1], number=start.month)
    if grain == "quarter":
        return t("period.quarter_name", year=start.year, number=(start.month + 2) // 3)
    if grain == "year":
        return t("period.year_name", year=start.year)
    return t("period.all_name")


def moment(instant: datetime | None, time_zone: str) -> str:
    """An instant (UTC, naive as DuckDB gives it) in the company's local time, to the minute."""
    if instant is None or is_missing(instant):
        return MISSING
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")


def day(value: date | None) -> str:
    """A calendar day."""
    if value is None or is_missing(value):
        return MISSING
    return value.strftime("%Y-%m-%d")


def plain(text: object) -> str:
    """Text of the data made safe for Markdown: its signs are shown, not obeyed."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|~$<>:" else sign for sign in str(text))
