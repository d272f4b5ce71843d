"""Complaints and feedback: how many, about what, how they were dealt with; what audits and public reviews say."""

from __future__ import annotations

import html
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, queries, trust, url_state
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = ("complaints",)
AUDIT_FEEDS = ("audits",)
REVIEW_FEEDS = ("reviews",)
# By what complaints may be told apart, and where a year of months is told apart likewise.
KINDS = ("complaint_kind", "severity", "outcome")
SEVERITIES = ("critical", "high", "medium", "low", "unknown")
# Fewer scores say more about the day than about the service.
_FEWEST_SCORES = 10
_MOST_KINDS = 8
# In the order in which a request meets them.
CIRCUMSTANCES = (
    "late_first_response", "late_visit", "lost_visit", "late_part", "late_resolution", "reopened", "repeat",
)  # fmt: skip
_TOLD = "association"
# Most findings that are said in words; the others are in the grid.
_MOST_SAID = 3


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.complaints"))
    histories = kpis.read_histories(scope)
    cards.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.COMPLAINT_CARDS if kpi_id in histories])
    months = kpis.read_months(scope)
    if scope.connected_feeds.isdisjoint(FEEDS):
        components.nothing(scope, FEEDS)
    else:
        _complaints(scope, histories, months)
    st.divider()
    _audits(scope, months)
    st.divider()
    _reviews(scope, months)


def _complaints(scope: Scope, histories: Mapping[str, kpis.History], months: Mapping[str, kpis.History]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("complaints.rate"), t("complaints.rate_grain"))
        components.kpi_trend(scope, months, kpis.COMPLAINT_RATE, t("complaints.rate"), FEEDS)
    with right:
        components.section(t("complaints.times"), t("complaints.times_grain"))
        components.kpi_trend(scope, months, kpis.COMPLAINT_TIMES, t("complaints.times"), FEEDS)
    kind_of = url_state.pick(
        "kind", t("complaints.kind_of"), KINDS, KINDS[0], lambda option: t(f"complaints.{option}"), "segments"
    )
    left, right = st.columns(2, gap="large")
    with left:
        _over_time(scope, kind_of)
    rows = scope.read(
        queries.complaints.COMPLAINT_KINDS, (scope.period.grain, scope.period.start, scope.site_id, scope.family)
    )
    with right:
        _kinds(scope, rows[rows["kind_of"] == kind_of], kind_of)
    _causes(scope, rows[rows["kind_of"] == "cause"])
    _circumstances(scope)
    components.kpi_by_site_choice(scope, histories, kpis.COMPLAINTS_BY_SITE)
    _list(scope)


def _over_time(scope: Scope, kind_of: str) -> None:
    components.section(t("complaints.over_time"), t("complaints.over_time_grain"), scope, components.BY_SITE)
    rows = scope.read(queries.complaints.COMPLAINT_MONTHS, (scope.site_id, scope.family, *scope.trend_range))
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    codes = rows.groupby(kind_of)["complaint_count"].sum().sort_values(ascending=False, kind="stable").index
    order = [code for code in SEVERITIES if code in codes] if kind_of == "severity" else list(codes)
    names = {code: named(kind_of, code) for code in order[:_MOST_KINDS]}
    bars = pd.DataFrame(
        {
            "when": rows["month_start_date"],
            "value": rows["complaint_count"],
            "series": [names.get(code, t("complaints.others")) for code in rows[kind_of]],
            "is_complete": ~rows["month_start_date"].dt.date.isin(scope.incomplete_months),
        }
    )
    series = [*names.values(), *([t("complaints.others")] if len(order) > _MOST_KINDS else [])]
    charts.draw(charts.stacked(bars, t("column.complaints"), series, height=300), t("complaints.over_time"))


def _kinds(scope: Scope, rows: pd.DataFrame, kind_of: str) -> None:
    components.section(
        t("complaints.kinds"), t("complaints.kinds_grain", period=scope.period.name), scope, components.BY_SITE
    )
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    bars = pd.DataFrame(
        {
            "name": [named(kind_of, kind) for kind in rows["kind"]],
            "value": rows["complaint_count"],
            "shown": [
                t("resolution.of_reasons", count=formats.count(count), share=formats.share(share))
                for count, share in zip(rows["complaint_count"], rows["complaint_share"], strict=True)
            ],
        }
    ).head(_MOST_KINDS)
    charts.draw(charts.bars(bars, t("column.complaints")), t("complaints.kinds"))


def _causes(scope: Scope, rows: pd.DataFrame) -> None:
    """Causes with how often they come back and how long they take."""
    components.section(
        t("complaints.causes"), t("complaints.causes_grain", period=scope.period.name), scope, components.BY_SITE
    )
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    shown = pd.DataFrame(
        {
            "cause": [named("cause", cause) for cause in rows["kind"]],
            "count": rows["complaint_count"],
            "share": rows["complaint_share"].map(formats.share),
            "open": rows["open_count"],
            "recurrent": rows["recurrent_count"],
            "acknowledged": rows["acknowledge_mean_seconds"].map(formats.duration),
            "closed": rows["handling_mean_seconds"].map(formats.duration),
        }
    )
    columns = {
        "cause": t("column.cause"),
        "count": t("column.complaints"),
        "share": t("column.share_of_all"),
        "open": t("column.open"),
        "recurrent": t("column.recurrent"),
        "acknowledged": t("column.acknowledge_mean"),
        "closed": t("column.close_mean"),
    }
    shown.attrs = rows.attrs
    components.table("complaint_causes", shown, columns)


def _circumstances(scope: Scope) -> None:
    """What the records say of the requests behind each cause."""
    components.section(t("complaints.circumstances"), t("complaints.circumstances_grain"), scope)
    if not scope.is_whole_company:
        components.withheld("door.no_site_causes")
        return
    rows = scope.read(queries.complaints.CAUSE_CIRCUMSTANCES)
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    told = rows[(rows["verdict"] == _TOLD) & (rows["segment"] == "cause")]
    for row in told.head(_MOST_SAID).itertuples():
        words = t(
            "complaints.circumstance_found",
            cause=named("cause", row.cause),
            circumstance=t(f"circumstance.{row.circumstance}"),
            share=formats.share(row.present_share),
            expected=formats.share(row.expected_share),
        )
        st.markdown(f"**{formats.plain(words)}**")
    if told.empty:
        is_tested = (rows["verdict"] != "too_few").any()
        st.markdown(formats.plain(t("complaints.circumstances_silent" if is_tested else "drivers.all_too_few")))
    charts.draw(circumstance_grid(rows), t("complaints.circumstances"))


def circumstance_grid(rows: pd.DataFrame) -> charts.Drawing:
    """Causes against circumstances: the share of requests with it, in colour where it is told from chance."""
    counts = rows.groupby(["segment", "cause"])["ticket_count"].max().reset_index()
    counts = counts.sort_values(["segment", "ticket_count", "cause"], ascending=[True, False, True], kind="stable")
    names = {
        (row.segment, row.cause): t("complaints.all_causes") if row.segment == ALL else named("cause", row.cause)
        for row in counts.itertuples()
    }
    cells = pd.DataFrame(
        {
            "row": [names[key] for key in zip(rows["segment"], rows["cause"], strict=True)],
            "column": [t(f"circumstance.{circumstance}") for circumstance in rows["circumstance"]],
            "value": rows["present_share"],
            "cell": rows["present_share"].map(formats.share),
            "shown": [
                t("complaints.circumstance_cell", share=formats.share(share), expected=formats.share(expected))
                for share, expected in zip(rows["present_share"], rows["expected_share"], strict=True)
            ],
            "sample": [
                t("kpi.fraction", numerator=formats.count(present), denominator=formats.count(tickets))
                for present, tickets in zip(rows["present_count"], rows["ticket_count"], strict=True)
            ],
            "is_enough": rows["verdict"] == _TOLD,
        }
    )
    known = set(rows["circumstance"])
    columns = [t(f"circumstance.{circumstance}") for circumstance in CIRCUMSTANCES if circumstance in known]
    return charts.matrix(cells, list(names.values()), columns, (0.0, max(0.5, float(rows["present_share"].max()))))


def _list(scope: Scope) -> None:
    components.section(
        t("complaints.list"), t("complaints.list_grain", period=scope.period.name), scope, components.BY_SITE
    )
    rows = scope.read(
        queries.complaints.COMPLAINTS,
        (scope.site_id, scope.site_id, scope.family, scope.family, scope.period.start, scope.period.end),
    )
    if rows.empty:
        st.caption(t("complaints.none"))
        return
    shown = pd.DataFrame(
        {
            "raised": rows["raised_date"].map(formats.day),
            "complaint": rows["complaint_id"],
            "ticket": rows["ticket_id"],
            "site": [named("site", site) for site in rows["site_name"]],
            "family": [named("family", family) for family in rows["product_family"]],
            "technician": [named("technician", name) for name in rows["technician_name"]],
            "kind": [named("complaint_kind", kind) for kind in rows["complaint_kind"]],
            "severity": [named("severity", severity) for severity in rows["severity"]],
            "cause": [named("cause", cause) for cause in rows["cause"]],
            "outcome": [
                t("outcome.open") if is_open else named("outcome", outcome)
                for is_open, outcome in zip(rows["is_open"], rows["outcome"], strict=True)
            ],
            "acknowledged": rows["acknowledge_seconds"].map(formats.duration),
            "closed": rows["handling_seconds"].map(formats.duration),
            "recurrent": [
                formats.MISSING if formats.is_missing(again) else t("yes") if again else t("no")
                for again in rows["is_recurrent"]
            ],
        }
    )
    columns = {
        "raised": t("column.raised"),
        "complaint": t("column.complaint"),
        "kind": t("complaints.complaint_kind"),
        "severity": t("complaints.severity"),
        "cause": t("column.cause"),
        "outcome": t("complaints.outcome"),
        "acknowledged": t("column.acknowledged_after"),
        "closed": t("column.closed_after"),
        "recurrent": t("column.again"),
        "site": t("column.site"),
        "technician": t("column.technician"),
        "family": t("column.family"),
        "ticket": t("column.ticket"),
    }
    if not scope.sees_people:
        del columns["technician"]
    if scope.site_id != ALL:
        del columns["site"]
    shown.attrs = rows.attrs
    components.table("complaints", shown, columns)


def _audits(scope: Scope, months: Mapping[str, kpis.History]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("complaints.audit_trend"), t("complaints.audit_trend_grain"))
        components.kpi_trend(scope, months, kpis.AUDITS, t("complaints.audit_trend"), AUDIT_FEEDS)
    with right:
        components.section(
            t("complaints.audits"), t("complaints.audits_grain", period=scope.period.name), scope, components.BY_SITE
        )
        if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.AUDITS)):
            return
        rows = scope.read(
            queries.complaints.AUDIT_SCORES, (scope.period.grain, scope.period.start, scope.site_id, scope.family)
        )
        if rows.empty:
            components.nothing(scope, AUDIT_FEEDS)
            return
        points = pd.DataFrame(
            {
                "name": [
                    t("complaints.audited", audit=named("audit", audit), aspect=named("aspect", aspect))
                    for audit, aspect in zip(rows["audit_kind"], rows["aspect"], strict=True)
                ],
                "value": rows["mean_points"],
                "low": rows["mean_low"],
                "high": rows["mean_high"],
                "shown": [formats.decimals(mean, 1) for mean in rows["mean_points"]],
                "interval": [
                    formats.MISSING
                    if formats.is_missing(low)
                    else f"{formats.decimals(low, 1)} … {formats.decimals(high, 1)}"
                    for low, high in zip(rows["mean_low"], rows["mean_high"], strict=True)
                ],
                "sample": rows["score_count"].map(formats.count),
                "status": "no_target",
                "is_enough": rows["score_count"] >= _FEWEST_SCORES,
            }
        )
        charts.draw(charts.intervals(points, t("column.of_100")), t("complaints.audits"))


def _reviews(scope: Scope, months: Mapping[str, kpis.History]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("complaints.review_trend"), t("complaints.review_trend_grain"))
        components.kpi_trend(scope, months, kpis.REVIEWS, t("complaints.review_trend"), REVIEW_FEEDS)
    with right:
        components.section(
            t("complaints.reviews"), t("complaints.reviews_grain", period=scope.period.name), scope, components.BY_SITE
        )
        rows = scope.read(
            queries.complaints.REVIEWS,
            (scope.site_id, scope.site_id, scope.family, scope.family, scope.period.start, scope.period.end),
        )
        if rows.empty:
            components.nothing(scope, REVIEW_FEEDS)
            return
        with st.container(height=340, border=False):
            for row in rows.to_dict("records"):
                with st.container(border=True):
                    _review(row)


def _review(row: dict[str, object]) -> None:
    facts = [named("platform", row["platform"]), formats.day(pd.Timestamp(str(row["reviewed_date"])))]
    if not formats.is_missing(row["rating"]):
        facts.insert(0, f"{float(str(row['rating'])):g} / {float(str(row['scale_max'])):g}")
    facts += [named("family", row["product_family"]), named("site", row["site_name"])]
    if not formats.is_missing(row["comment"]):
        # Free text of strangers: shown as text, never read as Markdown.
        st.html(f"<div style='line-height:1.5'>{html.escape(str(row['comment']))}</div>")
    st.caption(" · ".join(formats.plain(fact) for fact in facts))
