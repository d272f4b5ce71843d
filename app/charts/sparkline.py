"""A small line without axes, as HTML: dozens stand on one page, where Altair's take half a second to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

_WIDTH, _HEIGHT = 100.0, 30.0
# Room for the last point, in the units of both.
_MARGIN = 3.0


def sparkline(values: Sequence[float], shown: Sequence[str], description: str) -> str:
    """A line through `values`, evenly spaced, its last point marked; empty for fewer than three.

    shown: what each point says under the pointer, as plain text; description: what the line says to who cannot see it.
    app/style.css gives it its size and the colour of the text around it.
    """
    if len(values) < 3:
        return ""
    low, high = min(values), max(values)
    step = (_WIDTH - _MARGIN) / (len(values) - 1)
    inner = _HEIGHT - 2 * _MARGIN
    points = [
        (_MARGIN / 2 + step * place, _HEIGHT / 2 if high == low else _MARGIN + inner * (high - value) / (high - low))
        for place, value in enumerate(values)
    ]
    x, y = points[-1]
    # A stroke of no length with round ends is a dot that stays round however wide the line is drawn.
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" preserveAspectRatio="none" '
        'fill="none" stroke="black" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="M{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" stroke-width="1.6" '
        'vector-effect="non-scaling-stroke"/>'
        f'<path d="M{x:.1f},{y:.1f}h0" stroke-width="5" vector-effect="non-scaling-stroke"/></svg>'
    )
    places = "".join(f'<span title="{escape(words)}"></span>' for words in shown)
    # Streamlit takes SVG out of HTML; as the mask of a coloured box it follows the theme, light or dark.
    return (
        f'<div class="sparkline" role="img" aria-label="{escape(description)}" '
        f"style=\"--line: url('data:image/svg+xml,{quote(picture)}')\">{places}</div>"
    )
