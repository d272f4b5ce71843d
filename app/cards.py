"""KPI cards: a number with its target, its change and whether that is real, its line, its sample and its trust."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import streamlit as st

from app import cells, charts, formats, trust, url_state
from app.components import not_published
from app.kpis import History, Judgement, Kpi, Reading
from app.scope import Scope
from app.words import feeds, t

_STATUS_BADGES = {
    "on_target": ("green", "check_circle"),
    "near_target": ("orange", "error"),
    "off_target": ("red", "cancel"),
    "no_target": ("gray", "remove"),
    "no_value": ("gray", "pending"),
}
STATUSES = tuple(_STATUS_BADGES)
_VERDICT_COLOURS = {"better": "green", "worse": "red", "changed": "blue"}
# A year and the period that it is compared with.
_LINE_PERIODS = 13


def status_badge(status: str) -> str:
    """A status as a coloured badge with a sign and words, in Markdown."""
    colour, icon = _STATUS_BADGES[status]
    return f":{colour}-badge[:material/{icon}: {t(f'status.{status}')}]"


def verdict_badge(history: History) -> str:
    """Whether a KPI's change is more than chance as a badge in Markdown; nothing where there is no change to judge."""
    if history.judged is None:
        return ""
    colour = _VERDICT_COLOURS.get(history.is_really or "", "gray")
    return f":{colour}-badge[{t(f'verdict.{history.judged.verdict}')}]"


def kpi_cards(scope: Scope, histories: Sequence[History], per_row: int = 4, *, opens: bool = True) -> None:
    """A grid of cards, one per KPI, in the order given; `opens` whether a card has a way to its definition and rows.

    Those that never had a value in this scope are named below, with the feeds that they lack; so are those that have no
    values of the scope's segment at all.
    """
    published = [history for history in histories if history.kpi.is_published_by(scope.segment)]
    shown = [history for history in published if not opens or _has_something(history)]
    for first in range(0, len(shown), per_row):
        columns = st.columns(per_row)
        for column, history in zip(columns, shown[first : first + per_row], strict=False):
            # The key is a handle for app/style.css.
            with column.container(border=True, height="stretch", gap="xsmall", key=f"kpi_card_{history.kpi.kpi_id}"):
                _kpi_card(scope, history)
                if opens and _opening(history.kpi):
                    url_state.go("indicators", kpi=history.kpi.kpi_id)
    _silent([history.kpi for history in published if history not in shown])
    not_published(scope, [history.kpi for history in histories])


def _has_something(history: History) -> bool:
    """Whether there is, or was, anything to say of a KPI: also that a number is withheld, or its cases not ripe yet."""
    return any(
        reading.value is not None
        or reading.trust == trust.WITHHELD
        or reading.eligible_count + reading.immature_count + reading.censored_count > 0
        for reading in history.readings
    )


def _silent(kpis: Sequence[Kpi]) -> None:
    """Name the KPIs that have no card, by what they lack."""
    lacking: dict[tuple[str, ...], list[Kpi]] = {}
    for kpi in kpis:
        lacking.setdefault(kpi.missing_feeds, []).append(kpi)
    lines = []
    for missing, found in sorted(lacking.items()):
        icon, words = ("link_off", t("kpi.lacking", feeds=feeds(missing))) if missing else ("inbox", t("kpi.silent"))
        names = t("list.separator").join(_link(kpi) for kpi in found)
        lines.append(f":gray-badge[:material/{icon}: {formats.plain(words)}] {names}")
    if lines:
        st.markdown("  \n".join(lines))


def _link(kpi: Kpi) -> str:
    return f"[{formats.plain(kpi.name)}]({url_state.link('indicators', kpi=kpi.kpi_id)})"


def _opening(kpi: Kpi) -> bool:
    """Whether the visitor asks for the definition and rows of a card's KPI."""
    label, icon = t("indicators.open"), ":material/manage_search:"
    return st.button(label, key=f"open_{kpi.kpi_id}", type="tertiary", icon=icon)


def _kpi_card(scope: Scope, history: History) -> None:
    kpi, current, currency = history.kpi, history.current, scope.company.currency
    doubts = [] if current is None or current.trust == trust.OK else trust.read_doubts(scope, kpi.kpi_id)
    if current is not None and current.trust == trust.WITHHELD:
        st.metric(formats.plain(kpi.name), t("trust.withheld"), help=_help(scope, kpi, None))
        _footer(trust.badge(current.trust), "", trust.reasons(doubts))
        return
    if current is None or current.value is None:
        st.metric(formats.plain(kpi.name), formats.MISSING, help=_help(scope, kpi, current))
        _line(scope, history)
        last = _last(scope, history)
        if kpi.missing_feeds:
            needs = t("kpi.needs", feeds=feeds(kpi.missing_feeds))
            _footer(f":gray-badge[:material/link_off: {t('kpi.not_available')}]", " · ".join([needs, *last]))
        elif current is not None:
            _footer(status_badge(current.status), " · ".join([*_footnotes(scope, kpi, current), *last]))
        else:
            _footer(f":gray-badge[:material/inbox: {t('nothing.title')}]", " · ".join([t("nothing.period"), *last]))
        return
    change = history.change(currency)
    has_previous = history.previous is not None and history.previous.value is not None
    before = scope.compared_start
    no_change = None if before is None else t("kpi.no_change") if has_previous else t("kpi.no_comparison")
    st.metric(
        formats.plain(kpi.name),
        formats.kpi(current.value, kpi.unit, currency),
        delta=change or no_change,
        delta_arrow="auto" if change else "off",
        delta_color=_change_colour(history, change),
        delta_description=None if before is None else _before(scope.period.grain, before, has_previous),
        help=_help(scope, kpi, current, history.judgement),
    )
    _line(scope, history)
    stamp = f" {trust.badge(current.trust)}" if doubts else ""
    _footer(
        f"{status_badge(current.status)} {verdict_badge(history)}{stamp}",
        " · ".join(_footnotes(scope, kpi, current)),
        trust.reasons(doubts),
    )


def _line(scope: Scope, history: History) -> None:
    """The KPI's last periods as a small line."""
    told = _told(scope, history)[-_LINE_PERIODS:]
    values = [value for value, _ in told]
    shown = [words for _, words in told]
    if picture := charts.sparkline(values, shown, t("kpi.line", first=shown[0], last=shown[-1]) if shown else ""):
        st.html(picture)


def _last(scope: Scope, history: History) -> list[str]:
    """When a KPI that has no value now last had one, and which."""
    return [t("kpi.last", reading=formats.plain(words)) for _, words in _told(scope, history)[-1:]]


def _told(scope: Scope, history: History) -> list[tuple[float, str]]:
    """The readings that have a value: it, and period and value in words."""
    return [
        (
            reading.value,
            t(
                "kpi.reading",
                period=formats.period(scope.period.grain, reading.start),
                value=formats.kpi(reading.value, history.kpi.unit, scope.company.currency),
            ),
        )
        for reading in history.readings
        if reading.value is not None
    ]


def _before(grain: str, start: date, has_value: bool) -> str:
    """What the change is measured against, or where there is nothing to measure against."""
    return t("period.versus" if has_value else "period.within", period=formats.period(grain, start))


def _footer(badge: str, notes: str, tooltip: str = "") -> None:
    st.markdown(f"{badge}  \n:small[:gray[{notes}]]" if notes else badge, help=tooltip or None)


def _change_colour(history: History, change: str | None) -> Literal["normal", "inverse", "off"]:
    """Only what is more than chance, and for better or worse, has a colour."""
    if change is None or history.is_really in (None, "changed"):
        return "off"
    return "normal" if history.kpi.direction == "higher" else "inverse"


def _footnotes(scope: Scope, kpi: Kpi, reading: Reading) -> list[str]:
    currency = scope.company.currency
    notes = []
    if reading.target is not None:
        notes.append(t(f"kpi.target_{kpi.direction}", value=formats.kpi(reading.target, kpi.unit, currency)))
    notes.append(t("kpi.sample", count=formats.count(reading.eligible_count)))
    if not reading.is_complete and scope.period.grain != "all":
        notes.append(t("kpi.in_progress"))
    return notes


def _help(scope: Scope, kpi: Kpi, reading: Reading | None, judgement: Judgement | None = None) -> str:
    currency = scope.company.currency
    lines = [f"**{formats.plain(kpi.name)}** — {formats.plain(kpi.definition)}"]
    lines.append(t("kpi.unit", unit=formats.unit_name(kpi.unit, currency)))
    if reading is not None:
        if reading.interval_low is not None and reading.interval_high is not None:
            ends = formats.kpi_interval(reading.interval_low, reading.interval_high, kpi.unit, currency)
            lines.append(t("kpi.interval", interval=formats.plain(ends)))
        lines.append(
            t(
                "kpi.left_out",
                eligible=formats.count(reading.eligible_count),
                immature=formats.count(reading.immature_count),
                censored=formats.count(reading.censored_count),
                excluded=formats.count(reading.excluded_count),
            )
        )
        if reading.excluded_count and reading.excluded_reason:
            lines.append(t("kpi.reason", reason=formats.plain(cells.excluded(reading.excluded_reason))))
    if judgement is not None:
        for low, high, words, written in (
            (judgement.change_low, judgement.change_high, "verdict.interval", formats.kpi_interval),
            (judgement.limit_low, judgement.limit_high, "verdict.limits", formats.natural_limits),
        ):
            if low is not None and high is not None:
                lines.append(t(words, interval=formats.plain(written(low, high, kpi.unit, currency))))
    lines.append(
        f"{t('kpi.owner', owner=formats.plain(kpi.owner))} · {t('kpi.version', version=kpi.definition_version)}"
    )
    return "\n\n".join(lines)
