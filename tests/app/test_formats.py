"""Numbers as people read them, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pandas as pd
import pytest
import streamlit as st

from app import formats
from app.settings import SettingsError, read_settings
from app.words import use_language


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    st.session_state.clear()


def plain(text: str | None) -> str | None:
    return text if text is None else text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (312, "5 min 12 s"),
        (599.9, "10 min"),
        (754, "13 min"),
        (3540, "59 min"),
        (3599, "1 h"),
        (18720, "5 h 12 min"),
        (7200, "2 h"),
        (48 * 3600 - 10, "48 h"),
        (48 * 3600, "2 d"),
        (100 * 3600, "4 d 4 h"),
        (-18720, "-5 h 12 min"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_duration(seconds: float | None, text: str) -> None:
    assert plain(formats.duration(seconds)) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.7825, "share", "78.2 %"),
        (1.0, "share", "100.0 %"),
        (0.0182, "rate", "1.8 per 100"),
        (1.034, "ratio", "103.4 %"),
        (18720.0, "seconds", "5 h 12 min"),
        (4.314, "score", "4.31"),
        (42.4, "points", "+42"),
        (-0.3, "points", "0"),
        (-12.0, "points", "-12"),
        (312.4, "currency", "CNY 312.40"),
        (1243.2, "currency", "CNY 1,243"),
        (12432.0, "currency", "CNY 12.4 K"),
        (1_240_000.0, "currency", "CNY 1.2 M"),
        (1234.0, "count", "1,234"),
        (3.25, "hours", "3.2 h"),
        (None, "share", "–"),
        (float("nan"), "currency", "–"),
    ],
)
def test_a_kpi_in_its_unit(value: float | None, unit: str, text: str) -> None:
    assert plain(formats.kpi(value, unit, "CNY")) == text


@pytest.mark.parametrize(
    ("change", "unit", "text"),
    [
        (0.0321, "share", "+3.2 pp"),
        (-0.0321, "share", "-3.2 pp"),
        (0.0001, "share", None),
        (0.004, "rate", "+0.4 per 100"),
        (0.0001, "rate", None),
        (0.034, "ratio", "+3.4 pp"),
        (0.0001, "ratio", None),
        (0.0, "seconds", None),
        (-4000.0, "seconds", "-1 h 7 min"),
        (2.6, "points", "+3 points"),
        (-0.001, "score", None),
    ],
)
def test_a_change_has_a_sign_or_is_none(change: float, unit: str, text: str | None) -> None:
    assert plain(formats.kpi_change(change, unit, "CNY")) == text


def test_chinese() -> None:
    use_language("zh")
    assert plain(formats.duration(18720)) == "5 小时 12 分"
    assert plain(formats.money(1_240_000, "CNY")) == "CNY 124.0 万"
    assert plain(formats.kpi_change(0.01, "share", "CNY")) == "+1.0 个百分点"
    assert formats.period("month", date(2026, 6, 1)) == "2026年6月"
    assert formats.period("quarter", date(2026, 4, 1)) == "2026年第2季度"


def test_times_are_the_companys() -> None:
    assert formats.moment(datetime(2026, 6, 20, 16, 0), "Asia/Shanghai") == "2026-06-21 00:00"
    assert formats.moment(pd.NaT, "Asia/Shanghai") == "–"
    assert formats.period("month", date(2026, 6, 1)) == "Jun 2026"
    assert formats.period("year", date(2026, 1, 1)) == "2026"


def test_text_of_the_data_is_not_obeyed() -> None:
    assert formats.plain("*b* $x$ [a](b) <i>") == r"\*b\* \$x\$ \[a\]\(b\) \<i\>"


def test_a_language_that_is_not_spoken_is_named() -> None:
    with pytest.raises(SettingsError, match="AFTERSALES_LANGUAGE is 'fr', expected one of en, zh"):
        read_settings({"AFTERSALES_LANGUAGE": "fr"})
    assert read_settings({}).language is None
    assert str(read_settings({}).warehouse) == "data/sample/published/current.duckdb"


def test_axes_shorten_numbers_as_amounts_are_shortened() -> None:
    assert formats.number_steps()[-1] == (1e4, 1e3, "K")
    use_language("zh")
    assert formats.number_steps() == [(1e8, 1e8, "亿"), (1e4, 1e4, "万")]


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (-0.2, 1.3, "share", "0.0 % … 100.0 %"),
        (0.6, 0.9, "share", "60.0 % … 90.0 %"),
        (-3600.0, 7200.0, "seconds", "0 s … 2 h"),
        (-140.0, 80.0, "points", "-100 … +80"),
        (0.8, 1.2, "ratio", "80.0 % … 120.0 %"),
        (-0.5, 5.5, "score", "-0.50 … 5.50"),
    ],
)
def test_natural_limits_end_where_readings_do(low: float, high: float, unit: str, text: str) -> None:
    assert plain(formats.natural_limits(low, high, unit, "CNY")) == text
