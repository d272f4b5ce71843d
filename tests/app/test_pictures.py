"""A chart saved as a picture says what it shows, with every sign drawn, whatever fonts the machine has."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from app import charts, pictures
from app.charts import Drawing
from tests.app.conftest import OpenView

MONTHS = pd.date_range("2025-01-01", periods=6, freq="MS")


def trend() -> Drawing:
    rows = pd.DataFrame(
        {
            "when": MONTHS, "value": [0.5, 0.6, 0.7, None, 0.8, 0.9], "low": 0.4, "high": 0.95, "series": "满意度 <b>&",
            "shown": "x", "sample": "9", "is_complete": [True] * 5 + [False],
        }
    )  # fmt: skip
    return charts.trend(rows, "占比（%）", ["满意度 <b>&"], targets={"满意度 <b>&": 0.85}, is_share=True)


def stacked() -> Drawing:
    rows = pd.DataFrame({"when": MONTHS, "value": 3.0, "series": "已解决", "is_complete": True})
    return charts.stacked(rows, "工单数", ["已解决"])


def bars() -> Drawing:
    return charts.bars(pd.DataFrame({"name": ["上海 <Gaoxin> & Co"], "value": [3.0], "shown": ["三"]}), "数量")


def heat() -> Drawing:
    rows = pd.DataFrame({"name": "上海", "when": MONTHS, "value": [1, 2, 3, 4, 5, 6], "shown": "x", "sample": "9"})
    return charts.heat(rows)


@pytest.mark.parametrize("make", [trend, stacked, bars, heat])
def test_every_kind_is_drawn_with_its_title_and_facts(make: Callable[[], Drawing]) -> None:
    chart = make().chart()
    drawn = pictures.write_svg(chart, "标题 & <title>", "测试公司 · 2026年6月").decode()
    assert drawn.startswith("<svg")
    assert "标题 &amp; &lt;title&gt;" in drawn
    assert "测试公司 · 2026年6月" in drawn
    assert "Noto Sans SC" in drawn
    assert "<b>" not in drawn
    width, height = (float(size) for size in re.findall(r'(?:width|height)="([\d.]+)"', drawn)[:2])
    png = Image.open(io.BytesIO(pictures.write_png(chart, "标题", "测试")))
    assert png.format == "PNG"
    assert png.width > 1.8 * width * 0.9
    assert len(png.convert("L").getcolors() or [1] * 256) > 10
    assert height > 100


def test_a_picture_is_the_same_each_time() -> None:
    chart = trend().chart()
    assert pictures.write_svg(chart, "a", "b") == pictures.write_svg(chart, "a", "b")


def ink(png: bytes) -> float:
    shades = Image.open(io.BytesIO(png)).convert("L").histogram()
    return sum((255 - shade) * count for shade, count in enumerate(shades))


def test_chinese_signs_differ_from_each_other() -> None:
    """A sign that no font has is drawn as the same box each time."""
    chart = bars().chart()
    assert len({ink(pictures.write_png(chart, sign * 20, "")) for sign in "一龘国售后服"}) == 6


def test_the_chart_that_is_drawn_stays_as_it_was() -> None:
    chart = trend().chart()
    before = chart.to_json()
    pictures.write_svg(chart, "a", "b")
    assert chart.to_json() == before


def test_every_chart_has_its_buttons(full_file: Path, open_view: OpenView) -> None:
    test = open_view("response", full_file, "zh")
    names = [button.proto.label for button in test.get("download_button")]
    drawn = len(test.get("vega_lite_chart"))
    assert drawn > 4
    assert names.count("图片（PNG）") == names.count("图片（SVG）") == drawn
