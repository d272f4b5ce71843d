"""A chart that is asked for, not made yet: Altair takes its time, and most of what a page shows it has shown before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from app.charts.palette import AXIS, GRID
from app.pictures import Chart
from app.words import language, speaking

_P = ParamSpec("_P")


@dataclass(frozen=True)
class Drawing:
    """What a chart is made of: one of the report's kinds, with what it was called with, in a language."""

    kind: Callable[..., Chart]
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    language: str

    def chart(self) -> Chart:
        """The chart itself, in the report's style, in the colours of a white page."""
        with speaking(self.language):
            made = self.kind(*self.arguments, **self.named)
        chart: Chart = (
            made.configure_view(stroke=None)
            .configure_axis(gridColor=GRID, domainColor=AXIS, tickColor=AXIS, titlePadding=10, labelPadding=6)
            .configure_legend(
                orient="top",
                title=None,
                symbolType="circle",
                symbolOpacity=1,
                symbolSize=90,
                symbolStrokeWidth=0,
                labelLimit=260,
                padding=0,
                offset=8,
            )
        )
        return chart


def drawing(kind: Callable[_P, Chart]) -> Callable[_P, Drawing]:
    """A kind of chart: called as before, it gives what the chart will be made of."""

    @wraps(kind)
    def asked(*arguments: _P.args, **named: _P.kwargs) -> Drawing:
        return Drawing(kind, arguments, named, language())

    return asked
