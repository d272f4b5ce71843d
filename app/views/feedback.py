"""Feedback: what customers write about, how bad and how often, what rises, and the words in their context."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import charts, components, formats, queries, url_state
from app.scope import Scope
from app.words import named, t

FEEDS = ("survey_answers", "reviews", "complaints", "audits")
SENTIMENTS = tuple(charts.SENTIMENT)
# Fewer comments than these are anecdotes: their themes are listed, and nothing is concluded.
_FEWEST_COMMENTS = 10
# Characters of a comment on either side of a keyword.
_CONTEXT = 28
_MOST_TREND_THEMES = 10


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.feedback"))
    chosen = (scope.period.grain, scope.period.start, scope.site_id, scope.family)
    sentiment = scope.read(queries.feedback.SENTIMENT, chosen)
    themes = scope.read(queries.feedback.THEMES, chosen)
    rising = scope.read(queries.feedback.RISING, (scope.last_month.start, scope.site_id, scope.family))
    of_all = sentiment[sentiment["feedback_kind"] == "all"]
    components.not_narrowed(scope, components.BY_SITE)
    if of_all.empty:
        components.nothing(scope, FEEDS)
        return
    complaints = themes[themes["polarity"] == "complaint"]
    _headline(of_all.iloc[0], complaints, rising, scope.last_month.name)
    _pareto(scope, complaints)
    _rising(scope, rising)
    left, right = st.columns(2, gap="large")
    with left:
        _theme_months(scope)
    with right:
        _sentiment_months(scope)
        _kinds(scope, sentiment[sentiment["feedback_kind"] != "all"])
    _praise(scope, themes[themes["polarity"] == "praise"])
    _contexts(scope, list(themes["theme"]))


def _headline(row: pd.Series, complaints: pd.DataFrame, rising: pd.DataFrame, month: str) -> None:
    """One sentence of what is found, and one of what is new."""
    count = formats.count(row["read_count"])
    if row["read_count"] < _FEWEST_COMMENTS:
        st.header(t("feedback.few", count=count, fewest=_FEWEST_COMMENTS), anchor=False)
    elif complaints.empty:
        st.header(
            t("feedback.headline_no_theme", count=count, share=formats.share(row["negative_share"], 0)), anchor=False
        )
    else:
        first = complaints.iloc[0]
        words = t(
            "feedback.headline",
            count=count,
            share=formats.share(row["negative_share"], 0),
            theme=named("theme", first["theme"]),
            weight=formats.share(first["weight_share"], 0),
        )
        st.header(formats.plain(words), anchor=False)
    names = [named("theme", theme) for theme in rising.loc[rising["is_rising"], "theme"]]
    if names:
        words = t("feedback.new", month=month, themes=t("list.separator").join(names))
        st.warning(formats.plain(words), icon=":material/trending_up:")
    elif len(rising):
        st.caption(t("feedback.nothing_new", month=month))
    if unread := int(row["comment_count"] - row["read_count"]):
        st.caption(t("feedback.unread", count=formats.count(unread)))


def _pareto(scope: Scope, rows: pd.DataFrame) -> None:
    """Themes of complaints by weight, with what the heaviest make together."""
    components.section(t("feedback.pareto"), t("feedback.pareto_grain", period=scope.period.name))
    if rows.empty:
        st.caption(t("feedback.no_complaints"))
        return
    severities = [t(f"feedback.severity_{level}") for level in (1, 2, 3)]
    bars = pd.DataFrame(
        {
            "name": [named("theme", theme) for theme in rows["theme"]],
            "value": rows["weight_share"] * 100,
            "series": [severities[min(2, max(0, round(mean) - 1))] for mean in rows["severity_mean"]],
            "shown": [
                t(
                    "feedback.of_weight",
                    share=formats.share(share, 0),
                    count=formats.count(count),
                    cumulated=formats.share(cumulated, 0),
                )
                for share, count, cumulated in zip(
                    rows["weight_share"], rows["comment_count"], rows["cumulated_share"], strict=True
                )
            ],
        }
    )
    charts.draw(
        charts.bars(bars, t("feedback.weight_share"), series=severities, colours=charts.SEVERITY), t("feedback.pareto")
    )
    shown = pd.DataFrame(
        {
            "theme": bars["name"],
            "count": rows["comment_count"],
            "share": rows["comment_share"].map(formats.share),
            "interval": [
                f"{formats.share(low)} … {formats.share(high)}"
                for low, high in zip(rows["comment_low"], rows["comment_high"], strict=True)
            ],
            "severity": rows["severity_mean"].map(lambda mean: formats.decimals(mean, 1)),
            "intensity": rows["intensity_mean"].map(formats.decimals),
            "weight": rows["weight_share"].map(formats.share),
            "cumulated": rows["cumulated_share"].map(formats.share),
        }
    )
    shown.attrs = rows.attrs
    columns = {
        "theme": t("column.theme"),
        "count": t("column.comments"),
        "share": t("column.mentioned"),
        "interval": t("column.interval"),
        "severity": t("column.severity"),
        "intensity": t("column.intensity"),
        "weight": t("column.weight_share"),
        "cumulated": t("column.cumulated"),
    }
    components.table("feedback_themes", shown, columns)


def _rising(scope: Scope, rows: pd.DataFrame) -> None:
    """What was tested for having risen, the least likely by chance first."""
    components.section(t("feedback.rising"), t("feedback.rising_grain", month=scope.last_month.name))
    if rows.empty:
        st.caption(t("feedback.not_tested", month=scope.last_month.name))
        return
    shown = pd.DataFrame(
        {
            "theme": [named("theme", theme) for theme in rows["theme"]],
            "verdict": [t("feedback.risen") if risen else t("feedback.chance") for risen in rows["is_rising"]],
            "count": rows["comment_count"],
            "share": rows["comment_share"].map(formats.share),
            "before_count": rows["baseline_count"],
            "before": rows["baseline_share"].map(formats.share),
            "ratio": [
                formats.MISSING
                if formats.is_missing(ratio) or ratio == float("inf")
                else f"× {formats.decimals(ratio, 1)}"
                for ratio in rows["share_ratio"]
            ],
            "chance": [
                t("feedback.least") if chance < 0.001 else formats.decimals(chance, 3)
                for chance in rows["adjusted_p_value"]
            ],
        }
    )
    shown.attrs = rows.attrs
    columns = {
        "theme": t("column.theme"),
        "verdict": t("column.verdict"),
        "count": t("column.comments"),
        "share": t("column.mentioned"),
        "before_count": t("column.comments_before"),
        "before": t("column.mentioned_before"),
        "ratio": t("column.ratio"),
        "chance": t("column.chance_alone"),
    }
    components.table("feedback_rising", shown, columns)


def _theme_months(scope: Scope) -> None:
    components.section(t("feedback.theme_months"), t("feedback.theme_months_grain"))
    rows = scope.read(queries.feedback.THEME_MONTHS, (scope.site_id, scope.family, *scope.trend_range))
    rows = rows[rows["polarity"] == "complaint"]
    if rows.empty:
        st.caption(t("feedback.no_complaints"))
        return
    order = rows.groupby("theme")["comment_count"].sum().sort_values(ascending=False, kind="stable").index
    rank = {theme: number for number, theme in enumerate(order[:_MOST_TREND_THEMES])}
    rows = rows[rows["theme"].isin(list(rank))]
    rows = rows.iloc[rows["theme"].map(rank).argsort(kind="stable")]
    cells = pd.DataFrame(
        {
            "name": [named("theme", theme) for theme in rows["theme"]],
            "when": rows["month_start_date"],
            "value": rows["comment_share"],
            "shown": rows["comment_share"].map(formats.share),
            "sample": [
                t("feedback.of_read", count=formats.count(count), all=formats.count(read))
                for count, read in zip(rows["comment_count"], rows["read_count"], strict=True)
            ],
        }
    )
    charts.draw(charts.heat(cells, 26), t("feedback.theme_months"))


def _sentiment_months(scope: Scope) -> None:
    components.section(t("feedback.sentiment_months"), t("feedback.sentiment_months_grain"))
    rows = scope.read(queries.feedback.SENTIMENT_MONTHS, (scope.site_id, scope.family, *scope.trend_range))
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    bars = pd.concat(
        pd.DataFrame(
            {
                "when": rows["month_start_date"],
                "value": rows[f"{sentiment}_count"],
                "series": t(f"sentiment.{sentiment}"),
                "is_complete": ~rows["month_start_date"].dt.date.isin(scope.incomplete_months),
            }
        )
        for sentiment in SENTIMENTS
    )
    series = [t(f"sentiment.{sentiment}") for sentiment in SENTIMENTS]
    colours = [charts.SENTIMENT[sentiment] for sentiment in SENTIMENTS]
    chart = charts.stacked(bars, t("column.comments"), series, height=240, colours=colours)
    charts.draw(chart, t("feedback.sentiment_months"))


def _kinds(scope: Scope, rows: pd.DataFrame) -> None:
    """How the comments of surveys, reviews, complaints and audits sound, one row each."""
    st.caption(formats.plain(t("feedback.kinds_grain", period=scope.period.name)))
    shown = pd.DataFrame(
        {
            "kind": [named("feedback_kind", kind) for kind in rows["feedback_kind"]],
            "count": rows["comment_count"],
            **{sentiment: rows[f"{sentiment}_count"] for sentiment in SENTIMENTS},
            "share": rows["negative_share"].map(formats.share),
        }
    )
    shown.attrs = rows.attrs
    columns = {
        "kind": t("column.feedback_kind"),
        "count": t("column.comments"),
        **{sentiment: t(f"sentiment.{sentiment}") for sentiment in SENTIMENTS},
        "share": t("column.negative_share"),
    }
    components.table("feedback_kinds", shown, columns)


def _praise(scope: Scope, rows: pd.DataFrame) -> None:
    components.section(t("feedback.praise"), t("feedback.praise_grain", period=scope.period.name))
    if rows.empty:
        st.caption(t("feedback.no_praise"))
        return
    bars = pd.DataFrame(
        {
            "name": [named("theme", theme) for theme in rows["theme"]],
            "value": rows["comment_count"],
            "shown": [
                t("resolution.of_reasons", count=formats.count(count), share=formats.share(share))
                for count, share in zip(rows["comment_count"], rows["comment_share"], strict=True)
            ],
        }
    )
    charts.draw(charts.bars(bars, t("column.comments")), t("feedback.praise"))


def _contexts(scope: Scope, themes: list[str]) -> None:
    """The words by which a theme was found, with what stands around them."""
    components.section(t("feedback.contexts"), t("feedback.contexts_grain", period=scope.period.name))
    if not themes:
        st.caption(t("feedback.no_complaints"))
        return
    theme = url_state.pick("theme", t("column.theme"), themes, themes[0], lambda option: named("theme", option))
    rows = scope.read(
        queries.feedback.CONTEXTS,
        (theme, scope.site_id, scope.site_id, scope.family, scope.family, scope.period.start, scope.period.end),
    )
    if rows.empty:
        st.caption(t("nothing.rows"))
        return
    if rows["comment"].isna().all():
        st.caption(f":material/lock: {t('feedback.no_texts')}")
    contexts = [
        _around(comment, word, position)
        for comment, word, position in zip(rows["comment"], rows["word"], rows["word_position"], strict=True)
    ]
    shown = pd.DataFrame(
        {
            "written": rows["written_date"].map(formats.day),
            "before": [before for before, _, _ in contexts],
            "word": [word for _, word, _ in contexts],
            "after": [after for _, _, after in contexts],
            "kind": [named("feedback_kind", kind) for kind in rows["feedback_kind"]],
            "site": [named("site", site) for site in rows["site_name"]],
            "family": [named("family", family) for family in rows["product_family"]],
        }
    )
    shown.attrs = rows.attrs
    columns = {
        "before": t("column.before_word"),
        "word": t("column.word"),
        "after": t("column.after_word"),
        "written": t("column.written"),
        "kind": t("column.feedback_kind"),
        "site": t("column.site"),
        "family": t("column.family"),
    }
    components.table("feedback_contexts", shown, columns, height=420)


def _around(comment: object, word: str, position: object) -> tuple[str, str, str]:
    """What stands before a word in a comment, the word as written there, and what stands after it."""
    if formats.is_missing(comment):
        return "", word, ""
    text, sought = str(comment), word.rstrip("*")
    start = int(str(position)) - 1
    if start < 0:
        # Written with a dash or an apostrophe in it: the comment as a whole.
        return "", word, _cut(text, 2 * _CONTEXT)
    before, after = text[:start], text[start + len(sought) :]
    if len(before) > _CONTEXT:
        before = "…" + before[-_CONTEXT:]
    return before, text[start : start + len(sought)], _cut(after, _CONTEXT)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"
