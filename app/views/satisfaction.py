"""Satisfaction: CSAT, NPS and effort with their intervals, the aspects behind them, and what customers wrote."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, queries, trust
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = ("survey_answers",)
# Below this a monthly share says more about chance than about service.
_FEWEST_ANSWERS = 10


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.satisfaction"))
    histories = kpis.read_histories(scope)
    cards.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.SATISFACTION_CARDS if kpi_id in histories])
    months = scope.read(queries.satisfaction.SATISFACTION_MONTHS, (scope.site_id, scope.family, *scope.trend_range))
    if months.empty:
        components.nothing(scope, FEEDS)
        return
    left, right = st.columns(2, gap="large")
    with left:
        reading = histories[kpis.CSAT].current if kpis.CSAT in histories else None
        _share_trend(scope, months, "csat", reading.target if reading else None)
    with right:
        _nps_trend(scope, months)
    aspects = aspects_of(months)
    if not aspects.empty:
        st.divider()
        left, right = st.columns(2, gap="large")
        with left:
            _aspects(scope, aspects)
        with right:
            _aspect_months(scope, aspects)
    if (months["question_kind"] == "ces").any():
        st.divider()
        _share_trend(scope, months, "ces")
    st.divider()
    left, right = st.columns(2, gap="large")
    with left:
        _funnel(scope)
    with right:
        _scores(scope)
    st.divider()
    _comments(scope)


def aspects_of(months: pd.DataFrame) -> pd.DataFrame:
    """The rows of single aspects, of the kind of survey and the scale with most answers."""
    return _most_answered(months[months["question_kind"].isin(["csat", "aspect"]) & (months["aspect"] != "overall")])


def _most_answered(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the survey kind and scale with most answers: kinds and scales are never mixed."""
    if rows.empty:
        return rows
    answers = rows.groupby(["survey_kind", "scale_max"])["answer_count"].sum()
    survey_kind, scale_max = answers.idxmax()
    return rows[(rows["survey_kind"] == survey_kind) & (rows["scale_max"] == scale_max)]


def _lines(scope: Scope, rows: pd.DataFrame, value: str, low: str, high: str, name: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "when": rows["month_start_date"],
            "value": rows[value],
            "low": rows[low],
            "high": rows[high],
            "series": name,
            "sample": rows["answer_count"].map(formats.count),
            "is_complete": ~rows["month_start_date"].dt.date.isin(scope.incomplete_months),
        }
    )


def _share_trend(scope: Scope, months: pd.DataFrame, question: str, target: float | None = None) -> None:
    rows = _most_answered(months[(months["question_kind"] == question) & (months["aspect"] == "overall")])
    if rows.empty:
        st.header(t(f"satisfaction.{question}"), anchor=False)
        components.nothing(scope, FEEDS)
        return
    survey, scale = named("survey", rows["survey_kind"].iloc[0]), f"{float(rows['scale_max'].iloc[0]):g}"
    components.section(
        t(f"satisfaction.{question}"),
        t("satisfaction.csat_grain", survey=survey, scale=scale),
        scope,
        components.BY_SITE,
    )
    kpi_ids = [kpis.CSAT if question == "csat" else kpis.CES]
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpi_ids)):
        return
    lines = _lines(scope, rows, "top_box_share", "top_box_low", "top_box_high", t(f"question.{question}"))
    lines["shown"] = rows["top_box_share"].map(formats.share)
    charts.draw(
        charts.trend(
            lines,
            t("column.share"),
            [t(f"question.{question}")],
            targets=None if target is None else {t(f"question.{question}"): target},
            is_share=True,
        ),
        t(f"satisfaction.{question}"),
    )


def _nps_trend(scope: Scope, months: pd.DataFrame) -> None:
    rows = _most_answered(months[(months["question_kind"] == "nps") & months["nps"].notna()])
    if rows.empty:
        st.header(t("satisfaction.nps"), anchor=False)
        components.nothing(scope, FEEDS)
        return
    survey = named("survey", rows["survey_kind"].iloc[0])
    components.section(t("satisfaction.nps"), t("satisfaction.nps_grain", survey=survey), scope, components.BY_SITE)
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), [kpis.NPS])):
        return
    lines = _lines(scope, rows, "nps", "nps_low", "nps_high", t("question.nps"))
    lines["shown"] = [formats.kpi(value, "points", scope.company.currency) for value in rows["nps"]]
    charts.draw(charts.trend(lines, t("column.points"), [t("question.nps")]), t("satisfaction.nps"))


def _aspects(scope: Scope, aspects: pd.DataFrame) -> None:
    """The aspects in one month, best first."""
    month = scope.last_month
    scale = f"{float(aspects['scale_max'].iloc[0]):g}"
    components.section(
        t("satisfaction.aspects"),
        t("satisfaction.aspects_grain", month=month.name, scale=scale),
        scope,
        components.BY_SITE,
    )
    chart = aspect_intervals(scope, aspects)
    if chart is None:
        components.nothing(scope, FEEDS)
    else:
        charts.draw(chart, t("satisfaction.aspects"))


def aspect_intervals(scope: Scope, aspects: pd.DataFrame) -> charts.Drawing | None:
    """The shares of top answers for aspects in the latest complete month, best first."""
    month = scope.last_month
    rows = aspects[aspects["month_start_date"].dt.date == month.start].sort_values("top_box_share", ascending=False)
    if rows.empty:
        return None
    points = pd.DataFrame(
        {
            "name": [named("aspect", aspect) for aspect in rows["aspect"]],
            "value": rows["top_box_share"],
            "low": rows["top_box_low"],
            "high": rows["top_box_high"],
            "shown": rows["top_box_share"].map(formats.share),
            "interval": [
                formats.kpi_interval(low, high, "share", scope.company.currency)
                for low, high in zip(rows["top_box_low"], rows["top_box_high"], strict=True)
            ],
            "sample": rows["answer_count"].map(formats.count),
            "status": "no_target",
            "is_enough": rows["answer_count"] >= _FEWEST_ANSWERS,
        }
    )
    return charts.intervals(points, t("column.share"), is_share=True)


def _aspect_months(scope: Scope, aspects: pd.DataFrame) -> None:
    components.section(
        t("satisfaction.aspect_months"), t("satisfaction.aspect_months_grain"), scope, components.BY_SITE
    )
    rows = aspects[aspects["answer_count"] >= _FEWEST_ANSWERS].sort_values(["aspect", "month_start_date"])
    if rows.empty:
        st.caption(t("nothing.rows"))
        return
    cells = pd.DataFrame(
        {
            "name": [named("aspect", aspect) for aspect in rows["aspect"]],
            "when": rows["month_start_date"],
            "value": rows["top_box_share"],
            "shown": rows["top_box_share"].map(formats.share),
            "sample": rows["answer_count"].map(formats.count),
        }
    )
    charts.draw(charts.heat(cells), t("satisfaction.aspect_months"))


def _funnel(scope: Scope) -> None:
    """From invitation to satisfied answer, with what the silent leave open."""
    components.section(
        t("satisfaction.funnel"), t("satisfaction.funnel_grain", period=scope.period.name), scope, components.BY_SITE
    )
    rows = scope.read(
        queries.satisfaction.FUNNEL, (scope.period.grain, scope.period.start, scope.site_id, scope.family)
    )
    if rows.empty:
        components.nothing(scope, ("survey_invitations",))
        return
    for row in rows.to_dict("records"):
        name = named("survey", row["survey_kind"])
        st.subheader(formats.plain(name), anchor=False)
        stages = {
            "invited": (row["invited_count"], None),
            "answered": (row["answered_count"], row["response_share"]),
            "valid": (row["valid_count"], None),
            "satisfied": (row["top_box_count"], row["satisfied_share"]),
        }
        bars = pd.DataFrame(
            {
                "name": [t(f"satisfaction.{stage}") for stage in stages],
                "value": [count for count, _ in stages.values()],
                "shown": [
                    formats.count(count)
                    if formats.is_missing(share)
                    else t("resolution.of_reasons", count=formats.count(count), share=formats.share(share))
                    for count, share in stages.values()
                ],
            }
        )
        charts.draw(charts.bars(bars, t("column.count")), f"{t('satisfaction.funnel')}: {name}")
        notes = []
        if row["immature_count"]:
            notes.append(t("satisfaction.too_young", count=formats.count(row["immature_count"])))
        if not formats.is_missing(row["satisfied_if_others_unhappy"]):
            notes.append(
                t(
                    "satisfaction.silent",
                    low=formats.share(row["satisfied_if_others_unhappy"]),
                    high=formats.share(row["satisfied_if_others_happy"]),
                )
            )
        st.caption(formats.plain(" ".join(notes)))


def _scores(scope: Scope) -> None:
    """How many chose each point of the scale, aspect by aspect."""
    month = scope.last_month
    components.section(
        t("satisfaction.scores"), t("satisfaction.scores_grain", month=month.name), scope, components.BY_SITE
    )
    if ALL not in (scope.site_id, scope.family):
        st.caption(t("satisfaction.scores_narrow"))
        return
    rows = _most_answered(
        scope.read(queries.satisfaction.SCORES, (month.start, scope.site_id, scope.family)).dropna(
            subset=["answer_share"]
        )
    )
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    points = sorted(rows["score_point"].astype(float).unique())
    bars = pd.DataFrame(
        {
            "name": [named("aspect", aspect) for aspect in rows["aspect"]],
            "series": [f"{point:g}" for point in rows["score_point"].astype(float)],
            "value": rows["answer_share"],
            "label": rows["answer_share"].map(lambda share: formats.share(share, 0)),
            "shown": rows["answer_count"].map(formats.count),
            "sample": rows["answer_count"].map(formats.count),
        }
    )
    series = [f"{point:g}" for point in points]
    charts.draw(charts.shares(bars, series, charts.ramp(len(series))), t("satisfaction.scores"))


def _comments(scope: Scope) -> None:
    components.section(
        t("satisfaction.comments"),
        t("satisfaction.comments_grain", period=scope.period.name),
        scope,
        components.BY_TICKET,
    )
    rows = scope.read(
        queries.satisfaction.COMMENTS,
        (*scope.ticket_members, scope.period.start, scope.period.end),
    )
    if rows.empty:
        st.caption(t("satisfaction.no_comments"))
        return
    with st.container(height=420, border=False):
        for first in range(0, len(rows), 3):
            for column, row in zip(st.columns(3), rows.iloc[first : first + 3].to_dict("records"), strict=False):
                with column.container(border=True, height="stretch"):
                    _comment(row)


def _comment(row: dict[str, object]) -> None:
    # Free text of strangers: shown as text, never read as Markdown.
    st.html(f"<div style='line-height:1.5'>{html.escape(str(row['comment']))}</div>")
    facts = []
    if not formats.is_missing(row["raw_score"]):
        facts.append(f"{float(str(row['raw_score'])):g} / {float(str(row['scale_max'])):g}")
    facts += [formats.day(pd.Timestamp(str(row["answered_date"]))), named("site", row["site_name"])]
    facts.append(named("family", row["product_family"]))
    st.caption(" · ".join(formats.plain(fact) for fact in facts))
