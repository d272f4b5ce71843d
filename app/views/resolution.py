"""Resolution and repeats: is it solved at the first contact, who comes back after what, and what was not fixed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, queries, trust
from app.kpis import History
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = ("tickets",)
VISIT_FEEDS = ("visits",)
# The variants of first-contact resolution in the order in which they demand more, and the KPI of each.
VARIANTS = {
    "touch": "fcr_touch_rate",
    "event": "fcr_event_rate",
    "1d": "fcr_window_1d",
    "3d": "fcr_window_3d",
    "7d": "first_contact_resolution_rate",
    "14d": "fcr_window_14d",
    "30d": "fcr_window_30d",
    "survey": "fcr_survey_rate",
}
_MOST_ROWS = 12
# Fewer requests say more about chance than about the issue.
_FEWEST = 5


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.resolution"))
    histories = kpis.read_histories(scope)
    cards.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.RESOLUTION_CARDS if kpi_id in histories])
    if scope.connected_feeds.isdisjoint(FEEDS):
        components.nothing(scope, FEEDS)
        return
    months = kpis.read_months(scope)
    left, right = st.columns(2, gap="large")
    with left:
        _variants(scope, histories)
    with right:
        _disagreement(scope)
    st.divider()
    _repeats(scope, months)
    st.divider()
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("resolution.fixed"), t("resolution.fixed_grain"))
        components.kpi_trend(scope, months, kpis.FIRST_TIME_FIX, t("resolution.fixed"), VISIT_FEEDS)
    with right:
        _reasons(scope, "non_fix", kpis.FIRST_TIME_FIX[:1], VISIT_FEEDS)
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("resolution.kept"), t("resolution.kept_grain"))
        components.kpi_trend(scope, months, kpis.RESOLVED, t("resolution.kept"), FEEDS)
    with right:
        _reasons(scope, "unresolved", kpis.RESOLVED[:1], FEEDS)
    st.divider()
    components.kpi_by_site_choice(scope, histories, kpis.RESOLUTION_BY_SITE)
    st.divider()
    _chains(scope)


def _variants(scope: Scope, histories: Mapping[str, History]) -> None:
    """The variants side by side in the period."""
    components.section(t("resolution.variants"), t("resolution.variants_grain", period=scope.period.name))
    found = [
        (variant, histories[kpi_id])
        for variant, kpi_id in VARIANTS.items()
        if kpi_id in histories and histories[kpi_id].current is not None
    ]
    if not trust.show(scope, [(history.kpi.kpi_id, history.kpi.name) for _, history in found]):
        return
    rows = components.reading_rows([(t(f"variant.{variant}"), history) for variant, history in found])
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    # Each variant has a target of its own: no one line would be right.
    components.kpi_intervals(scope, histories[VARIANTS["7d"]].kpi, rows.assign(target=float("nan")))


def _disagreement(scope: Scope) -> None:
    """Where two variants say different things of the same requests."""
    grain = "month" if scope.period.grain == "month" else ALL
    period = scope.period.name if grain == "month" else formats.period(ALL, scope.period.start)
    components.section(
        t("resolution.disagreement"),
        t("resolution.disagreement_grain", period=period),
        scope,
        (*components.BY_SITE, "channel"),
    )
    if ALL not in (scope.site_id, scope.family):
        st.caption(t("resolution.disagreement_narrow"))
        return
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), VARIANTS.values())):
        return
    segment = scope.segment if scope.segment in ("site", "product_family", "channel") else ALL
    rows = scope.read(
        queries.resolution.FCR_DISAGREEMENT, (grain, scope.period.start, segment, *scope.ticket_segment[:3])
    )
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    cells = pd.DataFrame(
        {
            "row": [t(f"variant.{variant}") for variant in rows["variant_b"]],
            "column": [t(f"variant.{variant}") for variant in rows["variant_a"]],
            # Where all agree there is nothing to look at: dark is where they differ.
            "value": 1 - rows["agreement_share"],
            "cell": [f"{share * 100:.0f}" for share in rows["agreement_share"]],
            "shown": [
                t(
                    "resolution.agree",
                    share=formats.share(row.agreement_share),
                    a=formats.count(row.only_a_count),
                    b=formats.count(row.only_b_count),
                    kappa=formats.decimals(row.kappa),
                )
                for row in rows.itertuples()
            ],
            "sample": rows["ticket_count"].map(formats.count),
            "is_enough": rows["ticket_count"] >= _FEWEST,
        }
    )
    names = [t(f"variant.{variant}") for variant in VARIANTS]
    charts.draw(charts.matrix(cells, names, names, (0.0, 0.5)), t("resolution.disagreement"))


def _repeats(scope: Scope, months: Mapping[str, History]) -> None:
    """After which issues customers come back."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        components.section(
            t("resolution.repeats"), t("resolution.repeats_grain", period=scope.period.name), scope, components.BY_SITE
        )
        if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.REPEATS)):
            return
        rows = scope.read(
            queries.resolution.REPEATS_BY_ISSUE,
            (scope.period.grain, scope.period.start, scope.site_id, scope.family, scope.family),
        )
        if rows.empty:
            components.nothing(scope, FEEDS)
        else:
            _repeat_matrix(rows)
    with right:
        components.section(t("resolution.repeat_trend"), t("resolution.repeat_trend_grain"))
        components.kpi_trend(scope, months, kpis.REPEATS, t("resolution.repeat_trend"), FEEDS)
    if len(rows):
        _repeat_table(rows[rows["repeated_count"] > 0].head(_MOST_ROWS))


def _repeat_matrix(rows: pd.DataFrame) -> None:
    families = list(dict.fromkeys(named("family", family) for family in rows["product_family"]))
    issues = list(dict.fromkeys(named("issue", issue) for issue in rows["issue_family"]))
    cells = pd.DataFrame(
        {
            "row": [named("issue", issue) for issue in rows["issue_family"]],
            "column": [named("family", family) for family in rows["product_family"]],
            "value": rows["repeat_share"],
            "cell": [f"{share * 100:.0f}" for share in rows["repeat_share"]],
            "shown": [
                f"{formats.share(share)} ({formats.share(low)} … {formats.share(high)})"
                for share, low, high in zip(rows["repeat_share"], rows["repeat_low"], rows["repeat_high"], strict=True)
            ],
            "sample": [
                t("kpi.fraction", numerator=formats.count(repeated), denominator=formats.count(judged))
                for repeated, judged in zip(rows["repeated_count"], rows["judged_count"], strict=True)
            ],
            "is_enough": rows["judged_count"] >= _FEWEST,
        }
    )
    enough = rows.loc[rows["judged_count"] >= _FEWEST, "repeat_share"]
    top = max(float(enough.max()) if len(enough) else 0.0, 0.2)
    charts.draw(charts.matrix(cells, issues, families, (0.0, top)), t("resolution.repeats"))


def _repeat_table(rows: pd.DataFrame) -> None:
    """The issues with most repeats, and how much of all repeats they are."""
    st.subheader(t("resolution.most_repeats"), anchor=False)
    shown = pd.DataFrame(
        {
            "family": [named("family", family) for family in rows["product_family"]],
            "issue": [named("issue", issue) for issue in rows["issue_family"]],
            "repeated": rows["repeated_count"],
            "judged": rows["judged_count"],
            "share": rows["repeat_share"].map(formats.share),
            "interval": [
                f"{formats.share(low)} … {formats.share(high)}"
                for low, high in zip(rows["repeat_low"], rows["repeat_high"], strict=True)
            ],
            "of_all": rows["share_of_repeats"].map(formats.share),
        }
    )
    columns = {
        "family": t("column.family"),
        "issue": t("column.issue"),
        "repeated": t("column.repeated"),
        "judged": t("column.judged"),
        "share": t("column.repeat_share"),
        "interval": t("column.interval"),
        "of_all": t("column.share_of_repeats"),
    }
    shown.attrs = rows.attrs
    components.table("repeats_by_issue", shown, columns)


def _reasons(scope: Scope, kind: str, kpi_ids: tuple[str, ...], feeds: tuple[str, ...]) -> None:
    """Why it was not fixed, or not resolved: one bar per reason in the period."""
    components.section(
        t(f"resolution.{kind}"), t(f"resolution.{kind}_grain", period=scope.period.name), scope, components.BY_SITE
    )
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpi_ids)):
        return
    rows = scope.read(
        queries.resolution.REASONS, (scope.period.grain, scope.period.start, kind, scope.site_id, scope.family)
    ).head(_MOST_ROWS)
    if rows.empty:
        components.nothing(scope, feeds)
        return
    bars = pd.DataFrame(
        {
            "name": [named("why", reason) for reason in rows["reason"]],
            "value": rows["item_count"],
            "shown": [
                t("resolution.of_reasons", count=formats.count(count), share=formats.share(share))
                for count, share in zip(rows["item_count"], rows["reason_share"], strict=True)
            ],
        }
    )
    charts.draw(charts.bars(bars, t(f"column.{kind}")), t(f"resolution.{kind}"))


def _chains(scope: Scope) -> None:
    """The issues with most repeats, one row each."""
    components.section(
        t("resolution.chains"), t("resolution.chains_grain", period=scope.period.name), scope, components.BY_TICKET
    )
    rows = scope.read(
        queries.resolution.CHAINS,
        (*scope.ticket_members, scope.period.start, scope.period.end),
    )
    if rows.empty:
        st.caption(t("resolution.no_chains"))
        return
    shown = pd.DataFrame(
        {
            "first": rows["first_contact_date"].map(formats.day),
            "last": [formats.moment(last, scope.company.time_zone) for last in rows["last_contact_at"]],
            "issue_id": rows["episode_id"],
            "site": [named("site", site) for site in rows["site_name"]],
            "family": [named("family", family) for family in rows["product_family"]],
            "issue": [named("issue", issue) for issue in rows["issue_family"]],
            "repeats": rows["repeat_count"],
            "contacts": rows["contact_count"],
            "reopenings": rows["reopening_count"],
            "calls": rows["call_count"],
            "visits": rows["visit_count"],
            "effort": (rows["effort_minutes"].astype(float) * 60).map(formats.duration),
            "state": [t("resolution.still_open") if is_open else t("resolution.ended") for is_open in rows["is_open"]],
        }
    )
    columns = {
        "first": t("column.first_contact"),
        "last": t("column.last_contact"),
        "repeats": t("column.repeats"),
        "contacts": t("column.contacts"),
        "reopenings": t("column.reopenings"),
        "calls": t("column.calls"),
        "visits": t("column.visits"),
        "effort": t("column.effort"),
        "family": t("column.family"),
        "issue": t("column.issue"),
        "site": t("column.site"),
        "state": t("column.status"),
        "issue_id": t("column.chain"),
    }
    if scope.site_id != ALL:
        del columns["site"]
    shown.attrs = rows.attrs
    components.table("repeat_chains", shown, columns)
