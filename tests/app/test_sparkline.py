"""The small line of a card."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.charts import sparkline

_POINT = re.compile(r"(-?[\d.]+),(-?[\d.]+)")


def drawn(html: str) -> list[tuple[float, float]]:
    """The points of the line, as it is drawn."""
    picture = unquote(html.partition("data:image/svg+xml,")[2].partition("'")[0])
    path = picture.partition('<path d="M')[2].partition('"')[0]
    return [(float(x), float(y)) for x, y in _POINT.findall(path)]


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=40))
def test_a_line_goes_up_where_its_values_do_and_stays_in_its_box(values: list[float]) -> None:
    points = drawn(sparkline(values, [str(value) for value in values], "line"))
    assert len(points) == len(values)
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert all(0 <= x <= 100 and 0 <= y <= 30 for x, y in points)
    for (_, y1), (_, y2), before, after in zip(points, points[1:], values, values[1:], strict=False):
        # Downwards is more, in a picture.
        assert (y2 <= y1) if after > before else (y2 >= y1)


def test_equal_values_are_a_line_in_the_middle() -> None:
    assert {y for _, y in drawn(sparkline([3.0] * 5, ["3"] * 5, "line"))} == {15.0}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_points_are_no_line(count: int) -> None:
    assert sparkline([1.0] * count, ["1"] * count, "line") == ""


def test_every_point_says_what_it_is_and_no_name_is_markup() -> None:
    html = sparkline([1, 2, 3], ['<b> & "', "two", "three"], "from <i> to 3")
    assert re.findall(r'<span title="([^"]*)">', html) == ["&lt;b&gt; &amp; &quot;", "two", "three"]
    assert 'aria-label="from &lt;i&gt; to 3"' in html
    assert 'role="img"' in html
