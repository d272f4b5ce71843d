"""Overview: where we stand, and the KPIs of the registry by class, against their targets and the period before."""

from __future__ import annotations

import streamlit as st

from app import cards, components, findings, formats, queries, standing, url_state
from app.kpis import CLASSES, EXECUTIVE, FRONT_LINE, History, read_histories
from app.scope import Scope
from app.words import t

_ALL, _OWN = "all", "own"
# As many as a page shows at a glance or two, and a link can name.
_MOST_OWN = 24


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.overview"))
    histories = list(read_histories(scope).values())
    if not histories:
        st.info(t("app.empty_title"), icon=":material/inbox:")
        return
    standing.show(scope, histories)
    findings.show(scope)
    words, choice = st.columns([5, 3], vertical_alignment="bottom")
    with choice:
        audience = url_state.pick(
            "audience",
            t("overview.audience"),
            (EXECUTIVE, FRONT_LINE, _ALL, _OWN),
            EXECUTIVE,
            lambda option: t(f"overview.{option}"),
            "segments",
        )
    notes = [t("overview.grain", period=scope.period.name, scope=scope.words)]
    if audience == _OWN:
        words.caption(formats.plain(notes[0]))
        _own(scope, histories)
    else:
        shown = [history for history in histories if audience in (_ALL, history.kpi.audience)]
        if len(shown) < len(histories):
            notes.append(t("overview.hidden", shown=len(shown), total=len(histories)))
        words.caption(formats.plain(" ".join(notes)))
        scores = _class_scores(scope)
        for kpi_class in CLASSES:
            of_class = [history for history in shown if history.kpi.kpi_class == kpi_class]
            if of_class:
                _class(scope, kpi_class, of_class, scores.get(kpi_class, ""))
    components.board_pack(scope)


def _own(scope: Scope, histories: list[History]) -> None:
    """What the reader puts together; the link and a saved view keep it."""
    by_id = {history.kpi.kpi_id: history for history in histories}
    chosen = url_state.pick_several(
        "kpis",
        t("overview.own_kpis"),
        sorted(by_id, key=lambda kpi_id: by_id[kpi_id].kpi.name.casefold()),
        lambda kpi_id: by_id[kpi_id].kpi.name,
        empty=t("overview.own_choose"),
        at_most=_MOST_OWN,
    )
    if chosen:
        cards.kpi_cards(scope, [by_id[kpi_id] for kpi_id in chosen])
    else:
        st.info(t("overview.own_empty"), icon=":material/dashboard_customize:")


def _class_scores(scope: Scope) -> dict[str, str]:
    """The score of each class in words; none in a scope that the scorecard does not know."""
    if set(scope.choices) - {"site", "region"}:
        return {}
    start = scope.period.start
    before = scope.compared_start
    rows = scope.read(
        queries.kpis.CLASS_SCORES, (scope.period.grain, scope.site_id, scope.region, start, before or start)
    )
    is_now = rows["period_start_date"].dt.date == start
    earlier = rows[~is_now].set_index("kpi_class")["class_score"]
    told = {}
    for row in rows[is_now].itertuples():
        weight = formats.share(row.scored_weight / 100, 0)
        if formats.is_missing(row.class_score):
            told[row.kpi_class] = t("overview.no_score", weight=weight)
            continue
        was = earlier.get(row.kpi_class)
        compared = (
            ""
            if before is None or formats.is_missing(was)
            else t(
                "overview.score_before",
                period=formats.period(scope.period.grain, before),
                score=formats.count(round(was)),
            )
        )
        told[row.kpi_class] = t(
            "overview.score",
            score=formats.count(round(row.class_score)),
            compared=compared,
            count=formats.count(row.scored_kpi_count),
            weight=weight,
        )
    return told


def _class(scope: Scope, kpi_class: str, histories: list[History], score: str) -> None:
    st.header(t(f"class.{kpi_class}"), anchor=False)
    if score:
        st.caption(formats.plain(score), help=t("overview.score_help"))
    statuses = [
        history.current.status for history in histories if history.current and history.current.value is not None
    ]
    counts = [
        f"{cards.status_badge(status)} {statuses.count(status)}" for status in cards.STATUSES if status in statuses
    ]
    if counts:
        st.markdown("&emsp;".join(counts))
    # Cards that say nothing stand behind those that do.
    cards.kpi_cards(scope, sorted(histories, key=_order))


def _order(history: History) -> tuple[bool, bool]:
    has_value = history.current is not None and history.current.value is not None
    return not has_value, history.kpi.audience != EXECUTIVE
