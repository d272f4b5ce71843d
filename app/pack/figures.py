"""The charts of a pack: those of the report's views, drawn for print, or the words said instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd

from app import charts, components, formats, pictures, trust
from app.charts import Drawing
from app.kpis import History
from app.pack.parts import Figure
from app.pack.reading import Reading
from app.scope import Scope
from app.words import feeds, t

# Plots of half a page's width and of a whole one, in pixels.
_HALF, _WHOLE = 430, 960
# With these heights of curves and of lists, a table and three rows of figures share a page.
_CURVE: Final = 200
LIST: Final = 360
# Sites that can be read in print beside each other.
_SITES: Final = 9


def figure_of(
    reading: Reading,
    title: str,
    caption: str,
    kpi_ids: Sequence[str],
    draw: Callable[[], Drawing | None],
    *split_by: str,
    sufficient_feeds: Sequence[str] = (),
    is_wide: bool = False,
    most: int = _CURVE,
) -> Figure:
    """A chart of numbers that depend on `kpi_ids`, unless one of these is withheld or there is nothing to draw.

    most: height of its plot at most.
    """
    doubts = [doubt for kpi_id in kpi_ids for doubt in trust.read_doubts(reading.scope, kpi_id, *split_by)]
    if trust.of(doubts) == trust.WITHHELD:
        return Figure(title, note=t("pack.withheld"), is_wide=is_wide)
    chart = draw()
    if chart is None:
        absent = reading.scope.connected_feeds.isdisjoint(sufficient_feeds) if sufficient_feeds else False
        words = t("nothing.feeds", feeds=feeds(["|".join(sufficient_feeds)])) if absent else t("nothing.title")
        return Figure(title, note=words, is_wide=is_wide)
    svg = pictures.write_svg(chart.chart(), width=_WHOLE if is_wide else _HALF, most=most).decode("utf-8")
    care = f"{caption} † {t('pack.care')}" if doubts else caption
    return Figure(title, caption=care, svg=svg, is_wide=is_wide)


def trend(reading: Reading, title: str, *kpi_ids: str) -> Figure:
    """KPIs of one unit, month by month."""
    needed = [reading.monthly[kpi_id] for kpi_id in kpi_ids if kpi_id in reading.monthly]
    first, last = reading.scope.trend_range
    # What a KPI was before the trend begins is no line in it.
    chosen = [
        history
        for history in needed
        if any(each.value is not None and first <= each.start <= last for each in history.readings)
    ]
    missing = [name for history in needed for name in history.kpi.missing_feeds]

    def draw() -> Drawing | None:
        return _chart_of(reading.scope, chosen) if chosen else None

    figure = figure_of(reading, title, t("pack.trend_grain"), [history.kpi.kpi_id for history in needed], draw)
    if not chosen and missing:
        return Figure(title, note=t("nothing.feeds", feeds=feeds(dict.fromkeys(missing))))
    return figure


def _chart_of(scope: Scope, chosen: Sequence[History]) -> Drawing:
    unit, names = chosen[0].kpi.unit, [history.kpi.name for history in chosen]
    rows = pd.concat([components.trend_rows(scope, history) for history in chosen], ignore_index=True)
    targets = {history.kpi.name: target for history in chosen if (target := history.readings[-1].target) is not None}
    if unit == "seconds":
        # An interval may reach 0, where a logarithmic axis has no place for it.
        return charts.trend(
            rows.drop(columns=["low", "high"]), t("column.time"), names, targets=targets, is_duration=True
        )
    divisor = 0.01 if unit == "rate" else 1.0
    rows[["value", "low", "high"]] = rows[["value", "low", "high"]].astype(float) / divisor
    return charts.trend(
        rows.dropna(axis="columns", how="all"),
        t("column.share") if formats.is_percentage(unit) else formats.unit_name(unit, scope.company.currency),
        names,
        targets={name: target / divisor for name, target in targets.items()},
        is_share=formats.is_percentage(unit),
    )


def by_site(reading: Reading, kpi_id: str) -> Figure | None:
    """A KPI's sites; None where the registry lacks the KPI."""
    history = reading.current.get(kpi_id)
    if history is None:
        return None
    scope, kpi = reading.scope, history.kpi
    rows = components.site_rows(scope, kpi)
    caption = t("pack.by_site_grain", period=scope.period.name)
    if len(rows) > _SITES:
        caption = t("pack.worst", period=scope.period.name, shown=_SITES, total=formats.count(len(rows)))
    worst = rows.tail(_SITES)

    def draw() -> Drawing | None:
        return None if worst.empty else components.interval_chart(scope, kpi, worst)

    return figure_of(reading, t("pack.by_site", kpi=kpi.name), caption, [kpi_id], draw, "site_id", most=LIST)
