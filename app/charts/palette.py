"""The colours of charts, and what stands for each of them on a dark page.

Charts are made in the colours of a white page, as their pictures and the board pack show them. On a dark page each
colour is replaced by its partner: what is dark on white is bright on dark, what is pale is dim.
"""

from __future__ import annotations

from typing import Any, Final

import altair as alt

ACCENT: Final = "#1F5FA8"
PALE: Final = "#A9C3E1"
WARM: Final = "#E08E0B"
VIOLET: Final = "#8C5AA8"
RULE: Final = "#4A5763"
PAPER: Final = "white"
INK: Final = "#1B2733"
# The ends of shades: nothing and, where there is too little to judge, grey with a light number.
LOWEST: Final = "#F1F5FA"
GREY_CELL: Final = "#E6E9EC"
GREY_INK: Final = "#6B7682"
GRID: Final = "#EDF0F3"
AXIS: Final = "#C9D1D9"
REST: Final = "#D5DAE0"
# On a coloured part, whatever the page: see `ink_on`.
_BLACK, _WHITE = "#10161C", "#FFFFFF"
# After Okabe and Ito: told apart with any colour vision.
SERIES: Final = (
    ACCENT, WARM, "#00795C", "#8C5AA8", "#C04A00", "#56A3D9",
    "#7A7A7A", "#B58900", "#2F4B6E", "#D979A8", "#9FB7CC",
)  # fmt: skip
STATUS_COLOURS: Final = {
    "on_target": "#00795C",
    "near_target": WARM,
    "off_target": "#C04A00",
    "no_target": ACCENT,
}
# How comments sound, and how bad what they complain of is.
SENTIMENT: Final = {
    "positive": STATUS_COLOURS["on_target"], "neutral": REST, "negative": STATUS_COLOURS["off_target"],
}  # fmt: skip
SEVERITY: Final = (PALE, WARM, STATUS_COLOURS["off_target"])
# The points of a scale from bad to good.
RAMP: Final = (
    "#A33B00", "#C96A1E", "#E0A35C", "#B9AE9F", "#8FA9C6", "#7FA3CF", "#4F86C2", "#3774B5", ACCENT, "#174A85",
)  # fmt: skip
ON_DARK: Final = {
    ACCENT: "#6CA9E8",
    PALE: "#34557A",
    WARM: "#F0A63A",
    RULE: "#B9C4CF",
    PAPER: "#10171F",
    INK: "#E4EAF0",
    LOWEST: "#1B2835",
    GREY_CELL: "#2A343E",
    GREY_INK: "#A4B0BC",
    GRID: "#232E39",
    AXIS: "#3B4855",
    REST: "#3B4855",
    "#00795C": "#3DBE98",
    "#8C5AA8": "#BE93D8",
    "#C04A00": "#EE7F45",
    "#56A3D9": "#3E7FAF",
    "#7A7A7A": "#A3A3A3",
    "#B58900": "#D8B23C",
    "#2F4B6E": "#A9BFDB",
    "#D979A8": "#D06B9C",
    "#9FB7CC": "#5E7A93",
    "#A33B00": "#F8A274",
    "#C96A1E": "#D97A36",
    "#E0A35C": "#9A672A",
    "#B9AE9F": "#625C53",
    "#8FA9C6": "#3F5771",
    "#7FA3CF": "#436A98",
    "#4F86C2": "#5089C6",
    "#3774B5": "#5E9AD8",
    "#174A85": "#A3CCF6",
}


def on_dark(part: Any) -> Any:  # noqa: ANN401 - charts nest, and altair types few of them
    """A copy of a chart, or of a part of one, in the colours of a dark page; its rows are shared."""
    if isinstance(part, str):
        return ON_DARK.get(part, part)
    if isinstance(part, list | tuple):
        return [on_dark(one) for one in part]
    if isinstance(part, dict):
        return {key: on_dark(one) for key, one in part.items()}
    if not isinstance(part, alt.SchemaBase):
        return part
    copy = part.copy(deep=False)
    for name, one in part._kwds.items():
        copy._kwds[name] = one if name == "data" else on_dark(one)
    return copy


def ink_on(colour: str, first: Any = None) -> Any:  # noqa: ANN401 - conditions have no name among altair's types
    """The colour of a text on a part whose colour the expression `colour` says: what is read there on any page.

    first: a condition that comes first, such as that of a grey part.
    """
    test = f"luminance({colour}) < 0.25"
    chosen = alt.when(test) if first is None else first.when(test)
    return chosen.then(alt.value(_WHITE)).otherwise(alt.value(_BLACK))
