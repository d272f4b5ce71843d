"""Technicians: scorecards with weights, bands, what the case mix lets expect, and what small samples cannot say."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app import charts, components, formats, kpis, queries, trust, url_state
from app.kpis import Kpi
from app.scope import ALL, Period, Scope
from app.words import named, t

FEEDS = ("tickets", "visits", "survey_answers")
ROLES = ("technician", "agent")
BANDS = ("95", "90", "80", "70", "below_70", "none")


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.technicians"))
    if not scope.sees_people:
        components.withheld("door.no_people")
        return
    period = _card_period(scope)
    rows = scope.read(queries.technicians.SCORECARDS, (period.grain, period.start, scope.site_id, scope.site_id))
    registry = kpis.read_kpis(scope)
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    notes = []
    if period != scope.period:
        notes.append(t("technicians.year", year=period.name, period=scope.period.name))
    if period.grain == "month":
        notes.append(t("technicians.month_is_short"))
    if not scope.is_whole_company:
        notes.append(t("door.ranks_of_company"))
    if words := components.left_out(scope, ("site",)):
        notes.append(words)
    if notes:
        st.caption(formats.plain(" ".join(notes)))
    roles = [role for role in ROLES if role in set(rows["work_role"])]
    role = url_state.pick(
        "role", t("technicians.role"), roles, roles[0], lambda option: t(f"work_role.{option}"), "segments"
    )
    rows = rows[rows["work_role"] == role]
    people = rows.drop_duplicates("technician_id")
    left, right = st.columns(2, gap="large")
    with left:
        _bands(period, people)
    with right:
        _weights(scope, period, role, registry)
    st.divider()
    _cards(scope, period, rows, people, registry)
    st.divider()
    _person(scope, period, rows, people, registry)
    st.divider()
    _intervals(scope, period, rows, registry)


def _card_period(scope: Scope) -> Period:
    """The chosen period, quarter or year; for all time the last year that has begun."""
    if scope.period.grain != ALL:
        return scope.period
    year = scope.last_month.start.year
    return Period("year", date(year, 1, 1), date(year, 12, 31), is_complete=False)


def _kpi_name(registry: dict[str, Kpi], kpi_id: str) -> str:
    return registry[kpi_id].name


def _bands(period: Period, people: pd.DataFrame) -> None:
    components.section(t("technicians.bands"), t("technicians.bands_grain", period=period.name))
    counts = people["band"].fillna("none").value_counts()
    bars = pd.DataFrame({"band": [band for band in BANDS if band != "none" or band in counts.index]})
    bars["name"] = [t(f"band.{band}") for band in bars["band"]]
    bars["value"] = [int(counts.get(band, 0)) for band in bars["band"]]
    bars["shown"] = bars["value"].map(formats.count)
    charts.draw(charts.bars(bars, t("column.people")), t("technicians.bands"))


def _weights(scope: Scope, period: Period, role: str, registry: dict[str, Kpi]) -> None:
    components.section(t("technicians.weights"), t("technicians.weights_grain", period=period.name))
    last_day = min(period.end, scope.company.last_day)
    weights = scope.read(queries.technicians.SCORECARD_WEIGHTS, (role, last_day, last_day))
    if weights.empty:
        st.caption(t("nothing.rows"))
        return
    bars = pd.DataFrame(
        {
            "name": [_kpi_name(registry, kpi_id) for kpi_id in weights["kpi_id"]],
            "value": weights["weight"],
            "shown": [f"{weight:g}" for weight in weights["weight"]],
        }
    )
    charts.draw(charts.bars(bars, t("column.weight")), t("technicians.weights"))


def _cards(scope: Scope, period: Period, rows: pd.DataFrame, people: pd.DataFrame, registry: dict[str, Kpi]) -> None:
    components.section(t("technicians.card"), t("technicians.card_grain", period=period.name))
    without = int(people["total_score"].isna().sum())
    if without:
        st.caption(formats.plain(t("technicians.too_small", count=without, period=period.name)))
    kpi_ids = rows.drop_duplicates("kpi_id").sort_values("weight", ascending=False)["kpi_id"]
    trust.show(scope, kpis.names_of(registry, kpi_ids))
    cards = people[["technician_id", "technician_name", "site_name", "total_score", "band"]].copy()
    cards["site_name"] = [named("site", name) for name in cards["site_name"]]
    cards["band"] = [t(f"band.{'none' if formats.is_missing(band) else band}") for band in cards["band"]]
    cards["rank"] = _ranks(people, "total_rank_low", "total_rank_high", "total_ranked_count")
    heads = {
        "technician_name": t("column.technician"),
        "site_name": t("column.site"),
        "total_score": t("column.total"),
        "band": t("column.band"),
        "rank": t("column.rank"),
    }
    for kpi_id in kpi_ids:
        kpi = registry[kpi_id]
        values = rows[rows["kpi_id"] == kpi_id].set_index("technician_id")
        texts = {
            person: formats.MISSING
            if formats.is_missing(value)
            else f"{formats.kpi(value, kpi.unit, scope.company.currency)}  (n={formats.count(sample)})"
            for person, value, sample in zip(values.index, values["value"], values["eligible_count"], strict=True)
        }
        cards[kpi_id] = [texts.get(person, formats.MISSING) for person in cards["technician_id"]]
        heads[kpi_id] = kpi.name
    shown = cards[list(heads)].rename(columns=heads)
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height=components.table_height(len(cards), 420),
        column_config={
            heads["total_score"]: st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.0f", color="primary"
            )
        },
    )
    components.download("scorecards", shown)


def _ranks(rows: pd.DataFrame, low: str, high: str, count: str) -> list[str]:
    """Rank intervals in words: 3–9 of 26."""
    return [
        formats.MISSING
        if formats.is_missing(first)
        else t("technicians.rank", low=formats.count(first), high=formats.count(last), count=formats.count(of))
        for first, last, of in zip(rows[low], rows[high], rows[count], strict=True)
    ]


def _intervals(scope: Scope, period: Period, rows: pd.DataFrame, registry: dict[str, Kpi]) -> None:
    st.header(t("technicians.interval"), anchor=False)
    choices = list(rows.drop_duplicates("kpi_id").sort_values("weight", ascending=False)["kpi_id"])
    # The weightiest that says something about somebody.
    telling = set(rows.loc[rows["is_enough_data"], "kpi_id"])
    default = next((choice for choice in choices if choice in telling), choices[0])
    kpi_id = url_state.pick("kpi", t("column.kpi"), choices, default, lambda option: _kpi_name(registry, option))
    kpi = registry[kpi_id]
    st.caption(formats.plain(t("technicians.interval_grain", kpi=kpi.name, period=period.name)))
    trust.show(scope, [(kpi.kpi_id, kpi.name)])
    chosen = rows[(rows["kpi_id"] == kpi_id) & rows["value"].notna()].sort_values(
        ["is_enough_data", "value", "technician_id"], ascending=[False, kpi.direction == "lower", True]
    )
    names = chosen["technician_name"]
    # Namesakes are two people: their numbers tell them apart.
    names = names.where(~names.duplicated(keep=False), names + " " + chosen["technician_id"])
    components.kpi_intervals(scope, kpi, chosen.assign(name=names, status="no_target"))


def _person(scope: Scope, period: Period, rows: pd.DataFrame, people: pd.DataFrame, registry: dict[str, Kpi]) -> None:
    names = {
        row.technician_id: f"{row.technician_name} · {named('site', row.site_name)}" for row in people.itertuples()
    }
    left, right = st.columns([1, 3], gap="large")
    with left:
        person = url_state.pick(
            "person", t("technicians.person"), list(names), next(iter(names)), lambda option: names[option]
        )
    card = rows[rows["technician_id"] == person].sort_values("weight", ascending=False)
    total, band = card["total_score"].iloc[0], card["band"].iloc[0]
    with left:
        st.metric(
            t("column.total"),
            formats.decimals(total, 0),
            delta=t(f"band.{'none' if formats.is_missing(band) else band}"),
            delta_color="off",
            delta_arrow="off",
            border=True,
        )
    with right:
        components.section(
            str(card["technician_name"].iloc[0]),
            t("technicians.person_grain", name=card["technician_name"].iloc[0], period=period.name),
        )
        _person_table(scope, card, registry)


def _person_table(scope: Scope, card: pd.DataFrame, registry: dict[str, Kpi]) -> None:
    currency = scope.company.currency
    lines = []
    ranks = _ranks(card, "rank_low", "rank_high", "ranked_count")
    for row, rank in zip(card.to_dict("records"), ranks, strict=True):
        kpi = registry[str(row["kpi_id"])]
        has_interval = not formats.is_missing(row["interval_low"])
        lines.append(
            {
                "kpi": kpi.name,
                "value": formats.kpi(row["value"], kpi.unit, currency),
                "interval": formats.kpi_interval(row["interval_low"], row["interval_high"], kpi.unit, currency)
                if has_interval
                else formats.MISSING,
                "sample": formats.count(row["eligible_count"]),
                "expected": formats.kpi(row["expected_value"], kpi.unit, currency),
                "adjusted": formats.kpi(row["adjusted_value"], kpi.unit, currency),
                "rank": rank,
                "target": formats.kpi(row["target"], kpi.unit, currency),
                "score": row["score"] if row["is_enough_data"] else None,
                "weight": row["weight"],
                "comparison": t(f"comparison.{row['comparison']}"),
            }
        )
    heads = {
        "kpi": t("column.kpi"),
        "value": t("column.value"),
        "interval": t("column.interval"),
        "sample": t("column.sample"),
        "expected": t("column.expected"),
        "adjusted": t("column.adjusted"),
        "rank": t("column.rank"),
        "target": t("column.target"),
        "score": t("column.score"),
        "weight": t("column.weight"),
        "comparison": t("column.comparison"),
    }
    shown = pd.DataFrame(lines).rename(columns=heads)
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        column_config={
            heads["score"]: st.column_config.ProgressColumn(min_value=0, max_value=1, format="%.2f", color="primary")
        },
    )
    components.download("scorecard", shown)
