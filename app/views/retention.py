"""Retention: cohorts of customers by month of first activity, as a triangle and as curves."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, queries, url_state
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = {"purchase": ("purchases",), "service": ("tickets",)}
_FORMS = ("exact", "unbounded")
_PUBLISHED_FORMS = {"exact": "n_period", "unbounded": "unbounded"}
_MILESTONES = (1, 3, 6, 12)
_MOST_COHORTS = 24
_MOST_MONTHS = 24
# What makes a customer active, in the flows.
_FLOW_ACTIVITIES = ("product_use", "purchase", "service")


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.retention"))
    histories = kpis.read_histories(scope)
    choices = scope.read(queries.retention.COHORT_CHOICES)
    chosen = [histories[kpi_id] for kpi_id in kpis.RETENTION_CARDS if kpi_id in histories]
    cards.kpi_cards(scope, chosen)
    if not scope.is_whole_company:
        components.withheld("door.no_site_cohorts")
        return
    if choices.empty:
        components.nothing(scope, FEEDS["purchase"])
        return
    activity, source, form = _choose(choices)
    st.caption(formats.plain(f"{t('retention.note')} {components.left_out(scope)}"))
    rows = cohort_rows(scope, activity, source, form)
    recent = latest_cohorts(rows, _MOST_COHORTS)
    grain = t("retention.triangle_grain", form=t(f"retention.{form}"))
    if rows["period_number"].max() > _MOST_MONTHS:
        grain = f"{grain} {t('retention.first_months', months=_MOST_MONTHS)}"
    components.section(t("retention.triangle"), grain)
    charts.draw(charts.triangle(recent), t("retention.triangle"))
    left, right = st.columns(2, gap="large")
    with left:
        _milestones(scope, rows)
    with right:
        components.section(t("retention.decay"), t("retention.decay_grain"))
        curves = recent[recent["is_complete"] & (recent["period_number"] > 0)]
        if curves.empty:
            components.nothing(scope, FEEDS[activity])
        else:
            charts.draw(charts.fan(curves, t("column.share_active"), _set_off(curves)), t("retention.decay"))
    st.divider()
    _flows(scope)


def cohort_rows(scope: Scope, activity: str, source: str, form: str) -> pd.DataFrame:
    """Cohorts of an activity over the months since, as rows for charts.triangle and charts.fan."""
    rows = scope.read(queries.retention.COHORTS, (activity, source, _PUBLISHED_FORMS[form]))
    rows["cohort"] = rows["cohort_month_date"].dt.strftime("%Y-%m")
    rows["value"] = rows["retention_share"]
    rows["shown"] = rows["value"].map(formats.share)
    rows["cell"] = [f"{value * 100:.0f}" for value in rows["value"]]
    rows["sample"] = [
        t("kpi.fraction", numerator=formats.count(active), denominator=formats.count(size))
        for active, size in zip(rows["active_count"], rows["cohort_size"], strict=True)
    ]
    return rows


def latest_cohorts(rows: pd.DataFrame, count: int) -> pd.DataFrame:
    """The rows of the last `count` cohorts, as many months after the first activity as can be read side by side."""
    return rows[rows["cohort"].isin(sorted(rows["cohort"].unique())[-count:]) & (rows["period_number"] <= _MOST_MONTHS)]


def _choose(choices: pd.DataFrame) -> tuple[str, str, str]:
    """Activity, source and form, as the visitor chose them."""
    columns = st.columns([2, 2, 3])
    activities = list(dict.fromkeys(choices["activity"]))
    with columns[0]:
        activity = url_state.pick(
            "activity",
            t("retention.activity"),
            activities,
            activities[0],
            lambda option: t(f"activity.{option}"),
            "segments",
        )
    sources = list(choices.loc[choices["activity"] == activity, "source"])
    if len(sources) == 2 and ALL in sources:
        # One source alone is the whole company.
        sources = [ALL]
    with columns[1]:
        source = url_state.pick(
            "source",
            t("retention.source"),
            sources,
            ALL if ALL in sources else sources[0],
            lambda option: named("source", option),
        )
    with columns[2]:
        form = url_state.pick(
            "form", t("retention.form"), _FORMS, _FORMS[0], lambda option: t(f"retention.{option}"), "segments"
        )
    return activity, source, form


def _set_off(curves: pd.DataFrame) -> list[str]:
    """The first cohort, and the latest one that has been followed for half a year."""
    followed = sorted(curves.loc[curves["period_number"] >= _MILESTONES[2], "cohort"].unique())
    return list(dict.fromkeys([str(curves["cohort"].min()), *followed[-1:]]))


def _milestones(scope: Scope, rows: pd.DataFrame) -> None:
    components.section(t("retention.curves"), t("retention.curves_grain"))
    chart = milestones(rows)
    if chart is None:
        components.nothing(scope, ())
    else:
        charts.draw(chart, t("retention.curves"))


def milestones(rows: pd.DataFrame) -> charts.Drawing | None:
    """The share active after 1, 3, 6 and 12 months, cohort by cohort."""
    points = rows[rows["is_complete"] & rows["period_number"].isin(_MILESTONES)]
    if points.empty:
        return None
    names = {
        number: t("retention.after_months", count=number)
        for number in _MILESTONES
        if (points["period_number"] == number).any()
    }
    lines = pd.DataFrame(
        {
            "when": points["cohort_month_date"],
            "value": points["value"],
            "series": points["period_number"].map(names),
            "shown": points["shown"],
            "sample": points["sample"],
            "is_complete": True,
        }
    )
    return charts.trend(lines, t("column.share_active"), list(names.values()), is_share=True, height=300)


def _flows(scope: Scope) -> None:
    """From the customers at the start of the period to those at its end."""
    components.section(t("retention.flows"), t("retention.flows_grain", period=scope.period.name), scope)
    activity = url_state.pick(
        "active",
        t("retention.activity"),
        _FLOW_ACTIVITIES,
        _FLOW_ACTIVITIES[0],
        lambda option: t(f"activity.{option}"),
        "segments",
    )
    rows = scope.read(queries.retention.FLOWS, (scope.period.grain, scope.period.start, activity))
    if rows.empty:
        components.nothing(scope, FEEDS["purchase"])
        return
    row = rows.iloc[0]
    if not row["is_mature"]:
        st.caption(t("retention.immature"))
    steps, level = [_whole(t("retention.start"), row["start_count"])], float(row["start_count"])
    for flow, sign in (("new", 1), ("returning", 1), ("churned", -1)):
        change = sign * float(row[f"{flow}_count"])
        steps.append(
            {
                "name": t(f"retention.{flow}"),
                "start": level,
                "end": level + change,
                "kind": "better" if sign > 0 else "worse",
                "shown": f"{'+' if sign > 0 else '-'}{formats.count(abs(change))}",
            }
        )
        level += change
    steps.append(_whole(t("retention.end"), row["end_count"]))
    left, right = st.columns([3, 2], gap="large")
    with left:
        charts.draw(charts.waterfall(pd.DataFrame(steps), t("column.customers")), t("retention.flows"))
    with right:
        _flow_money(scope, row)


def _whole(name: str, count: float) -> dict[str, object]:
    return {"name": name, "start": 0.0, "end": float(count), "kind": "whole", "shown": formats.count(count)}


def _flow_money(scope: Scope, row: pd.Series) -> None:
    """What each flow bought, and what those who left had bought before."""
    currency = scope.company.currency
    amounts = {
        flow: row[f"{flow}_amount"]
        for flow in ("retained", "new", "returning", "lost")
        if not formats.is_missing(row[f"{flow}_amount"])
    }
    if not amounts:
        st.caption(t("retention.no_money"))
        return
    bars = pd.DataFrame(
        {
            "name": [t(f"retention.{flow}_money") for flow in amounts],
            "value": [float(amount) for amount in amounts.values()],
            "shown": [formats.money(float(amount), currency) for amount in amounts.values()],
        }
    )
    charts.draw(charts.bars(bars, t("column.amount", currency=currency)), t("retention.flow_money"))
    st.caption(t("retention.flow_money"))
