"""Every chart of the report, drawn by Altair in one restrained style; callers pass rows that are ready."""

from app.charts.associations import associations, responses
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
from app.charts.before_after import before_after
from app.charts.calibration import calibration
from app.charts.curves import load, survival
from app.charts.drawing import Drawing
from app.charts.forecasts import forecast
from app.charts.grids import matrix, week
from app.charts.palette import SENTIMENT, SEVERITY, STATUS_COLOURS
from app.charts.places import places
from app.charts.plans import frontier, network
from app.charts.signals import control, effects
from app.charts.sparkline import sparkline
from app.charts.steps import hours, ramp, shares, waterfall

__all__ = [
    "SENTIMENT",
    "SEVERITY",
    "STATUS_COLOURS",
    "Drawing",
    "associations",
    "bars",
    "before_after",
    "calibration",
    "control",
    "draw",
    "effects",
    "fan",
    "forecast",
    "frontier",
    "heat",
    "hours",
    "intervals",
    "load",
    "matrix",
    "network",
    "places",
    "ramp",
    "responses",
    "shares",
    "sparkline",
    "stacked",
    "survival",
    "trend",
    "triangle",
    "waterfall",
    "week",
]
