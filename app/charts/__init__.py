"""Every chart of the report, drawn by Altair in one restrained style; callers pass rows that are ready."""

from app.charts.basic import (
    bars,
    draw,
    fan,
    heat,
    intervals,
    stacked,
    trend,
    triangle,
)
from app.charts.calibration import calibration
from app.charts.curves import load, survival
from app.charts.drawing import Drawing
from app.charts.grids import matrix, week
from app.charts.palette import STATUS_COLOURS
from app.charts.places import places
from app.charts.sparkline import sparkline
from app.charts.steps import hours, ramp, shares, waterfall

__all__ = [
    "STATUS_COLOURS",
    "Drawing",
    "bars",
    "calibration",
    "draw",
    "fan",
    "heat",
    "hours",
    "intervals",
    "load",
    "matrix",
    "places",
    "ramp",
    "shares",
    "sparkline",
    "stacked",
    "survival",
    "trend",
    "triangle",
    "waterfall",
    "week",
]
