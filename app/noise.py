"""Signal or noise: a KPI's months against their natural limits, and the declared events at which these begin anew."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from app import charts, components, formats, queries, trust
from app.charts.signals import SIGNALS
from app.kpis import History, Kpi
from app.scope import Scope
from app.words import language, t


def show(scope: Scope, history: History) -> None:
    """Draw the individuals chart of a KPI's complete months in the scope."""
    kpi = history.kpi
    components.section(t("noise.title"), t("noise.grain", scope=scope.words))
    components.not_published(scope, [kpi])
    if not trust.show(scope, [(kpi.kpi_id, kpi.name)]):
        return
    rows = scope.read(queries.signals.KPI_CHART, (kpi.kpi_id, *scope.members, *scope.trend_range))
    rows = rows[rows["is_complete"]]
    if len(rows) < 2:
        components.nothing(scope)
        return
    judged = rows[rows["limit_center"].notna()]
    st.markdown(formats.plain(_sentence(judged)))
    first, last = rows["period_start_date"].min(), rows["period_start_date"].max()
    events = _events(scope, kpi)
    within = events[(events["when"] >= first) & (events["when"] <= last + pd.offsets.MonthEnd())]
    charts.draw(chart(scope, kpi, rows, within), t("noise.title"))
    if len(judged):
        st.caption(t("noise.how"))


def _sentence(judged: pd.DataFrame) -> str:
    """How many of the judged months are signals, and the newest of them."""
    if judged.empty:
        return t("noise.too_few")
    told = judged[judged["signal"].isin(SIGNALS)]
    if told.empty:
        return t("noise.none", count=len(judged))
    newest = told.iloc[-1]
    return t(
        "noise.some",
        count=len(told),
        total=len(judged),
        month=formats.period("month", newest["period_start_date"].date()),
        signal=t(f"signal.{newest['signal']}"),
    )


def _events(scope: Scope, kpi: Kpi) -> pd.DataFrame:
    rows = scope.read(queries.signals.KPI_EVENTS, (kpi.kpi_id, scope.site_id))
    return pd.DataFrame({"when": pd.to_datetime(rows["event_date"]), "name": rows[f"name_{language()}"]})


def chart(scope: Scope, kpi: Kpi, rows: pd.DataFrame, events: pd.DataFrame) -> charts.Drawing:
    """The months of `rows` with limits, center and signals."""
    currency, unit = scope.company.currency, kpi.unit
    factor = 100 if unit == "rate" else 1
    points = pd.DataFrame(
        {
            "when": rows["period_start_date"],
            "value": rows["value"] * factor,
            "low": rows["limit_low"].map(partial(formats.possible, unit=unit), na_action="ignore") * factor,
            "center": rows["limit_center"] * factor,
            "high": rows["limit_high"].map(partial(formats.possible, unit=unit), na_action="ignore") * factor,
            "signal": rows["signal"].fillna(""),
            "said": [t(f"signal.{signal}") if signal in SIGNALS else formats.MISSING for signal in rows["signal"]],
            "shown": [formats.kpi(value, unit, currency) for value in rows["value"]],
            "limits": [
                formats.MISSING if formats.is_missing(low) else formats.natural_limits(low, high, unit, currency)
                for low, high in zip(rows["limit_low"], rows["limit_high"], strict=True)
            ],
        }
    )
    titles = {"seconds": t("column.time"), "share": t("column.share"), "ratio": t("column.share")}
    return charts.control(
        points,
        events,
        titles.get(unit) or formats.unit_name(unit, currency),
        is_share=formats.is_percentage(unit),
        is_duration=unit == "seconds",
    )
