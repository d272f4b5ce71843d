"""Charts on a white and on a dark page: every colour has its partner, and what is to be read can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from app.charts import palette, shares

APP = Path(palette.__file__).parents[1]
THEME = tomllib.loads((APP / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b")
_READABLE, _VISIBLE = 4.5, 3.0
PAGES = {"light": THEME["light"]["backgroundColor"], "dark": THEME["dark"]["backgroundColor"]}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """How far two colours stand apart, from 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def drawn_colours(chart: alt.LayerChart) -> set[str]:
    """All colours that a chart names, without its rows."""
    spec = chart.to_dict()
    return set(_COLOUR.findall(str({key: part for key, part in spec.items() if key != "datasets"})))


def shares_chart() -> alt.LayerChart:
    """One bar in three parts, the last of them a rest."""
    rows = pd.DataFrame({"name": "Jan", "series": ["a", "b", "c"], "value": [0.5, 0.3, 0.2]})
    chart = shares(rows.assign(label="x", shown="x", sample="1"), ["a", "b", "c"], last_is_rest=True).chart()
    assert isinstance(chart, alt.LayerChart)
    return chart


def test_charts_name_colours_of_the_palette_only() -> None:
    named = {path.name for path in (APP / "charts").glob("*.py") if _COLOUR.search(path.read_text(encoding="utf-8"))}
    assert named == {"palette.py"}


def test_every_colour_has_a_partner_on_a_dark_page() -> None:
    own = {*palette.SERIES, *palette.RAMP, *palette.STATUS_COLOURS.values()}
    own |= {palette.PALE, palette.RULE, palette.PAPER, palette.INK, palette.LOWEST, palette.GREY_CELL}
    own |= {palette.GREY_INK, palette.GRID, palette.AXIS, palette.REST}
    assert own == set(palette.ON_DARK)
    assert len({palette.ON_DARK[colour] for colour in palette.SERIES}) == len(palette.SERIES)


def test_a_dark_chart_is_a_copy_in_the_partners_colours() -> None:
    chart = shares_chart()
    before = chart.to_dict()
    dark = palette.on_dark(chart)
    assert chart.to_dict() == before
    light_colours, dark_colours = drawn_colours(chart), drawn_colours(dark)
    own = light_colours & set(palette.ON_DARK)
    assert palette.ACCENT in own
    # The page's own colour has a name, not a number, where it is white.
    page = {palette.ON_DARK[palette.PAPER]}
    assert dark_colours == page | {palette.ON_DARK.get(colour, colour) for colour in light_colours}
    # Rows are shared, not copied.
    assert dark.layer[0].data is chart.layer[0].data


def test_the_theme_and_the_charts_have_the_same_colours() -> None:
    assert THEME["light"]["chartCategoricalColors"] == list(palette.SERIES)
    assert THEME["dark"]["chartCategoricalColors"] == [palette.ON_DARK[colour] for colour in palette.SERIES]
    assert THEME["dark"]["backgroundColor"] == palette.ON_DARK[palette.PAPER]
    assert set(THEME["light"]) == set(THEME["dark"])


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_words_and_states_are_read_on_both_pages(kind: str) -> None:
    colours, page = THEME[kind], PAGES[kind]
    assert contrast(colours["textColor"], page) > _READABLE
    for state in ("green", "orange", "red", "gray"):
        text = colours[f"{state}TextColor"]
        assert contrast(text, page) > _READABLE
        assert contrast(text, colours[f"{state}BackgroundColor"]) > _READABLE
    for words in (palette.INK, palette.RULE):
        assert contrast(words if kind == "light" else palette.ON_DARK[words], page) > _READABLE


def test_series_are_seen_on_a_dark_page() -> None:
    for colour in palette.SERIES:
        assert contrast(palette.ON_DARK[colour], PAGES["dark"]) > _VISIBLE
