"""The first screen: are we well, what changed and why, what needs a decision, what is about to be late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app import components, formats, queries, trust, url_state, why
from app.kpis import EXECUTIVE, History, Judgement, Reading
from app.scope import ALL, Scope
from app.words import named, t

_FEEDS = ("tickets",)
_MOST_CHANGES = 3
_MOST_DECISIONS = 4
_MOST_LEVELS = 2
# Signals of agg_kpi_changes that speak of the level, not of this change; the sooner noticed first.
_LEVEL_SIGNALS = ("near_limit", "run")
# To compare two differences by their words.
_NO_CURRENCY = ""
_SIGNS = {"better": "green", "worse": "red", "changed": "blue"}


@dataclass(frozen=True)
class _Standing:
    """An executive KPI with a value that was judged."""

    history: History
    current: Reading
    judgement: Judgement

    @property
    def name(self) -> str:
        return formats.plain(self.history.kpi.name)

    @property
    def is_worse(self) -> bool:
        return self.history.is_really == "worse"


def show(scope: Scope, histories: Sequence[History]) -> None:
    """Draw it above everything else, about the executive KPIs among `histories`."""
    executive = [history for history in histories if history.kpi.audience == EXECUTIVE]
    judged = [
        _Standing(history, history.current, history.judgement)
        for history in executive
        if history.current is not None and history.current.value is not None and history.judgement is not None
    ]
    _headline(scope, executive, judged)
    # The keys are handles for app/style.css.
    changed, decide, late = st.columns(3)
    with changed.container(border=True, height="stretch", key="standing_changed"):
        st.subheader(t("standing.changed"), anchor=False)
        _changed(scope, judged)
    with decide.container(border=True, height="stretch", key="standing_decide"):
        st.subheader(t("standing.decide"), anchor=False)
        _decide(scope, judged)
    with late.container(border=True, height="stretch", key="standing_late"):
        st.subheader(t("standing.late"), anchor=False)
        _late(scope)


def _headline(scope: Scope, executive: Sequence[History], judged: Sequence[_Standing]) -> None:
    found = [history.current.status for history in executive if history.current is not None]
    counts = {status: found.count(status) for status in ("on_target", "near_target", "off_target")}
    total = sum(counts.values())
    if not total:
        st.header(t("standing.no_headline", period=scope.period.name), anchor=False)
        return
    words = t(
        "standing.headline",
        total=total,
        on=counts["on_target"],
        near=counts["near_target"],
        off=counts["off_target"],
    )
    st.header(words, anchor=False)
    before = scope.compared_start
    if before is None or all(each.judgement.verdict == "unknown" for each in judged):
        return
    really = [each.history.is_really for each in judged]
    name = formats.period(scope.period.grain, before)
    moved = t("standing.moved", period=name, better=really.count("better"), worse=really.count("worse"))
    st.caption(formats.plain(moved))


def _changed(scope: Scope, judged: Sequence[_Standing]) -> None:
    real = _distinct([each for each in judged if each.judgement.is_real])
    if not real:
        known = any(each.judgement.verdict != "unknown" for each in judged)
        st.caption(t("standing.nothing_changed" if known else "standing.not_judged"))
        _levels(scope, judged)
        return
    causes = _read_causes(scope)
    for each in real[:_MOST_CHANGES]:
        lines = [f"{each.name} {trust.badge(each.current.trust)}".rstrip(), _movement(scope, each)]
        if each.history.kpi.kpi_id in causes:
            cause = why.cause_words(scope, each.history.kpi, causes[each.history.kpi.kpi_id])
            lines.append(f":small[:gray[{formats.plain(cause)}]]")
        st.markdown("  \n".join(lines))
    if len(real) > _MOST_CHANGES:
        st.caption(t("standing.other_changes", count=len(real) - _MOST_CHANGES))
    _levels(scope, [each for each in judged if not each.judgement.is_real])


def _levels(scope: Scope, judged: Sequence[_Standing]) -> None:
    """KPIs whose level has moved though this change alone is no more than chance: two readings near a limit, a run."""
    moved = [each for each in judged if each.judgement.signal in _LEVEL_SIGNALS]
    moved.sort(key=lambda each: (_LEVEL_SIGNALS.index(each.judgement.signal or ""), each.history.kpi.kpi_id))
    for each in moved[:_MOST_LEVELS]:
        kpi, currency = each.history.kpi, scope.company.currency
        center = each.judgement.limit_center or 0.0
        side = "high" if (each.current.value or 0.0) > center else "low"
        words = t(
            f"standing.{each.judgement.signal}_{side}",
            center=formats.kpi(center, kpi.unit, currency),
            periods=t(f"standing.run_of_{scope.period.grain}"),
        )
        value = formats.kpi(each.current.value, kpi.unit, currency)
        st.markdown(f"{each.name} **{value}**  \n:small[:gray[{formats.plain(words)}]]")
    if len(moved) > _MOST_LEVELS:
        st.caption(t("standing.other_levels", count=len(moved) - _MOST_LEVELS))


def _distinct(real: Sequence[_Standing]) -> list[_Standing]:
    """Those that stand out most first; of KPIs that are each other's mirror, such as retention and churn, one."""
    found: dict[tuple[float, str], _Standing] = {}
    for each in sorted(real, key=lambda each: (-(each.judgement.strength or 0), each.history.kpi.kpi_id)):
        moved = (each.history.change(_NO_CURRENCY) or "").lstrip("+-")
        found.setdefault((round(each.judgement.strength or 0, 6), moved), each)
    return list(found.values())


def _movement(scope: Scope, each: _Standing) -> str:
    """From what to what, and a badge with the difference and whether that is better."""
    kpi, currency = each.history.kpi, scope.company.currency
    before = None if each.history.previous is None else each.history.previous.value
    really = each.history.is_really or "changed"
    difference = each.history.change(currency) or ""
    sign = "trending_down" if difference.startswith("-") else "trending_up"
    told = (
        formats.plain(difference) if really == "changed" else f"{formats.plain(difference)} · {t(f'standing.{really}')}"
    )
    ends = f"{formats.kpi(before, kpi.unit, currency)} → **{formats.kpi(each.current.value, kpi.unit, currency)}**"
    return f"{ends} :{_SIGNS[really]}-badge[:material/{sign}: {told}]"


def _read_causes(scope: Scope) -> dict[str, dict[str, Any]]:
    """By KPI the row that says who made its change; only the whole company's are split."""
    if scope.segment != ALL:
        return {}
    rows = scope.read(queries.changes.KPI_CAUSES, (scope.period.grain, scope.period.start, scope.comparison))
    return {row["kpi_id"]: row for row in rows.to_dict("records")}


def _decide(scope: Scope, judged: Sequence[_Standing]) -> None:
    missed = [each for each in judged if each.current.status == "off_target"]
    off = [each for each in missed if each.judgement.off_target_count > 1 or each.is_worse]
    if not off:
        st.caption(t("standing.nothing_to_decide"))
    off.sort(key=lambda each: (not each.is_worse, -each.judgement.off_target_count, each.history.kpi.kpi_id))
    for each in off[:_MOST_DECISIONS]:
        kpi, currency, count = each.history.kpi, scope.company.currency, each.judgement.off_target_count
        value = formats.kpi(each.current.value, kpi.unit, currency)
        target = t(f"kpi.target_{kpi.direction}", value=formats.kpi(each.current.target, kpi.unit, currency))
        since = t(f"standing.off_{scope.period.grain}", count=count) if count > 1 else t("standing.off_first")
        badges = [f":orange-badge[:material/schedule: {since}]"]
        if each.is_worse:
            badges.insert(0, f":red-badge[:material/priority_high: {t('standing.really_worse')}]")
        st.markdown(
            f"{each.name} {trust.badge(each.current.trust)}".rstrip()
            + f"  \n**{value}** :small[:gray[{target}]] {' '.join(badges)}"
        )
    if len(missed) > len(off[:_MOST_DECISIONS]):
        st.caption(t("standing.more", count=len(missed) - len(off[:_MOST_DECISIONS])))


def _late(scope: Scope) -> None:
    if scope.connected_feeds.isdisjoint(_FEEDS):
        components.nothing(scope, _FEEDS)
        return
    components.not_narrowed(scope, components.BY_TICKET)
    scoped = scope.ticket_members
    rows = scope.read(queries.changes.RISK_COUNTS, scoped)
    counts = {row.due_band: int(row.promise_count) for row in rows.itertuples()}
    if not counts:
        st.caption(t("standing.none_late"))
        return
    soon = counts.get("within_1h", 0) + counts.get("within_4h", 0)
    badges = [
        f":{colour}-badge[{t(f'standing.{band}', count=formats.count(count))}]"
        for band, colour, count in (
            ("overdue", "red", counts.get("overdue", 0)),
            ("within_4h", "orange", soon),
            ("today", "gray", counts.get("today", 0)),
        )
        if count
    ]
    st.markdown(" ".join(badges))
    for row in scope.read(queries.changes.RISK_FIRST, scoped).to_dict("records"):
        left = formats.duration(abs(row["margin_seconds"]))
        when = t("standing.late_by" if row["margin_seconds"] < 0 else "standing.left", time=left)
        # A visit or a part may belong to no ticket, and then has no priority either.
        subject = row["subject_id"] if formats.is_missing(row["ticket_id"]) else row["ticket_id"]
        what = [named("metric", row["metric"])]
        if row["priority"] != "unknown":
            what.append(named("priority", row["priority"]))
        st.markdown(f"**{formats.plain(subject)}** {when}  \n:small[:gray[{formats.plain(' · '.join(what))}]]")
    st.markdown(f"[{t('standing.all_late')}]({url_state.link('response')})")
