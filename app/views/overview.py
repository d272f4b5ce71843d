"""Overview: where we stand, and the KPIs of the registry by class, against their targets and the period before."""

from __future__ import annotations

import streamlit as st

from app import cards, components, findings, formats, standing, url_state
from app.kpis import CLASSES, EXECUTIVE, History, read_histories
from app.scope import Scope
from app.words import t


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.overview"))
    histories = list(read_histories(scope).values())
    if not histories:
        st.info(t("app.empty_title"), icon=":material/inbox:")
        return
    standing.show(scope, histories)
    findings.show(scope)
    words, choice = st.columns([3, 1], vertical_alignment="bottom")
    with choice:
        audience = url_state.pick(
            "audience",
            t("overview.audience"),
            (EXECUTIVE, "all"),
            EXECUTIVE,
            lambda option: t(f"overview.{option}"),
            "segments",
        )
    shown = [history for history in histories if audience == "all" or history.kpi.audience == EXECUTIVE]
    notes = [t("overview.grain", period=scope.period.name, scope=scope.words)]
    if len(shown) < len(histories):
        notes.append(t("overview.hidden", shown=len(shown), total=len(histories)))
    words.caption(formats.plain(" ".join(notes)))
    for kpi_class in CLASSES:
        of_class = [history for history in shown if history.kpi.kpi_class == kpi_class]
        if of_class:
            _class(scope, kpi_class, of_class)
    components.board_pack(scope)


def _class(scope: Scope, kpi_class: str, histories: list[History]) -> None:
    st.header(t(f"class.{kpi_class}"), anchor=False)
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
