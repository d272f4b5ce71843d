"""Charts as pictures that say what they show: PNG for slides, SVG for print. Drawn here, without a browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import altair as alt
import pandas as pd
import vl_convert
from altair.utils.data import to_values

from app import fonts

Chart = alt.Chart | alt.LayerChart | alt.FacetChart
WIDTH: Final = 860
# Twice the pixels of a screen: sharp on a slide.
_SCALE = 2.0
_INK, _PALE_INK = "#1B2733", "#5B6875"
# A vector picture names fonts, and whoever opens it has one of them.
_FONTS = f"{fonts.FAMILY}, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
# As the theme in .streamlit/config.toml has it on the page.
_CONFIG: Final[Mapping[str, Any]] = {
    "font": _FONTS,
    "background": "white",
    "padding": 16,
    "axis": {
        "labelColor": _PALE_INK, "titleColor": _PALE_INK, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": _INK, "labelFontSize": 12},
    "title": {
        "anchor": "start", "frame": "group", "color": _INK, "fontSize": 16, "fontWeight": "normal",
        "subtitleColor": _PALE_INK, "subtitleFontSize": 12, "subtitlePadding": 6, "offset": 14,
    },
}  # fmt: skip
# No address may be read while a picture is drawn.
_NO_ADDRESSES: Final = ["https://nowhere.invalid/"]
# Where an SVG names a mark of its own, such as a clip path: id="clip12", url(#clip12).
_MARKS: Final = re.compile(r"""((?:id="|url\(#|href="#)[a-z_]+)(\d+)""")
_PARTS = ("layer", "hconcat", "vconcat", "concat")


def write_png(chart: Chart, title: str, subtitle: str) -> bytes:
    """The chart as PNG under a title and a line that says whose, of what and as of when."""
    picture: bytes = _ready().vegalite_to_png(
        _spec(chart, WIDTH, title, subtitle), scale=_SCALE, allowed_base_urls=_NO_ADDRESSES
    )
    return picture


def write_svg(chart: Chart, title: str = "", subtitle: str = "", width: int = WIDTH, most: int = 1000) -> bytes:
    """The chart as SVG, likewise; its words are text, not outlines. No title: the chart alone, to stand on paper.

    width, most: of the plot, in pixels: how wide it is, and how high at most.
    """
    spec = _spec(chart, width, title, subtitle)
    if isinstance(spec.get("height"), int | float):
        spec["height"] = min(spec["height"], most)
    if not title:
        spec["config"]["padding"] = 0
    picture: str = _ready().vegalite_to_svg(spec, allowed_base_urls=_NO_ADDRESSES)
    return _renumbered(picture).encode("utf-8")


def _renumbered(picture: str) -> str:
    """The SVG with the numbers of its marks from 0 on: the library counts on from picture to picture."""
    numbers: dict[str, int] = {}
    return _MARKS.sub(lambda mark: f"{mark[1]}{numbers.setdefault(mark[2], len(numbers))}", picture)


@cache
def _ready() -> Any:  # noqa: ANN401 - a module
    vl_convert.register_font_directory(str(fonts.folder()))
    return vl_convert


def _spec(chart: Chart, width: int, title: str, subtitle: str) -> dict[str, Any]:
    spec: dict[str, Any] = _with_its_rows(chart).to_dict()
    own = spec.get("config", {})
    spec["config"] = own | {
        key: {**setting, **own.get(key, {})} if isinstance(setting, dict) else setting
        for key, setting in _CONFIG.items()
    }
    if "layer" in spec or "mark" in spec:
        spec["width"] = width
    if title:
        spec["title"] = {"text": title, "subtitle": subtitle} if subtitle else title
    return spec


def _with_its_rows(chart: Any) -> Any:  # noqa: ANN401 - charts nest, and altair types few of them
    """A copy that holds its rows itself: how frames become rows is one setting for all of altair's threads."""
    copy = chart.copy(deep=False)
    if isinstance(getattr(copy, "data", None), pd.DataFrame):
        copy.data = alt.Data(**to_values(copy.data))  # type: ignore[no-untyped-call]
    for part in _PARTS:
        inner: Any = getattr(copy, part, alt.Undefined)
        if inner is not alt.Undefined:
            setattr(copy, part, [_with_its_rows(one) for one in inner])
    return copy
