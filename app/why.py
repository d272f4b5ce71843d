"""Why a KPI moved: the members that made its change, the parts of the one that stands out most, and both in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from app import charts, components, formats, queries, trust, url_state
from app.kpis import History, Kpi
from app.scope import ALL, Scope
from app.words import named, t

_KINDS = {"site": "site", "product_family": "family", "channel": "channel", "priority": "priority"}
# A chart of more members is a list to read: the smaller ones are one bar.
_MOST_MEMBERS = 12
PARTS = ("rate", "mix")


def member_name(dimension: str, member: object, site_name: object) -> str:
    """A member of a dimension as the report calls it."""
    if dimension == "site" and not formats.is_missing(site_name):
        return named("site", str(site_name))
    return named(_KINDS[dimension], str(member))


def cause_words(scope: Scope, kpi: Kpi, row: Mapping[str, Any]) -> str:
    """Who made a change, and whether by mix or by rate; then who within the member did, where a part stands out."""
    if not row["is_main_cause"]:
        return t("standing.cause_none")
    said = _driven(scope, kpi, member_name(row["dimension"], row["member"], row["site_name"]), row)
    if formats.is_missing(row["second_dimension"]):
        return said
    part = member_name(row["second_dimension"], row["second_member"], row["second_site_name"])
    second = {
        column: row[f"second_{column}"] for column in ("driver", "previous_value", "value", "previous_weight", "weight")
    }
    return t("why.and_within", cause=said, part=_driven(scope, kpi, part, second))


def _driven(scope: Scope, kpi: Kpi, name: str, row: Mapping[str, Any]) -> str:
    """One member with what it changed from and to."""
    if row["driver"] == "mix":
        ends = [formats.share(row[column]) for column in ("previous_weight", "weight")]
    else:
        ends = [formats.kpi(row[column], kpi.unit, scope.company.currency) for column in ("previous_value", "value")]
    return t(f"standing.cause_{row['driver']}", member=name, before=ends[0], after=ends[1])


def show(scope: Scope, history: History) -> None:
    """Draw what made the change of a KPI against the period that it is compared with."""
    kpi, before = history.kpi, scope.compared_start
    if before is None:
        return
    told = formats.period(scope.period.grain, before)
    components.section(t("why.title"), t("why.grain", period=scope.period.name, before=told))
    if not scope.is_whole_company:
        components.withheld("door.no_site_change")
        return
    if scope.segment != ALL:
        st.caption(t("why.whole_company"))
        return
    if not trust.show(scope, [(kpi.kpi_id, kpi.name)]):
        return
    # Of a year both comparisons are one.
    comparison = "previous" if scope.period.grain == "year" else scope.comparison
    parameters = (kpi.kpi_id, scope.period.grain, scope.period.start, comparison)
    rows = scope.read(queries.signals.KPI_SPLIT, parameters)
    change = history.change(scope.company.currency)
    if rows.empty or change is None:
        st.caption(t("why.no_change" if change is None else "why.not_split"))
        return
    parts = scope.read(queries.signals.KPI_DRILL, parameters)
    _sentence(scope, kpi, t("why.against", change=change, before=told), rows, parts)
    dimensions = list(dict.fromkeys(rows["dimension"]))
    left, right = st.columns(2, gap="large")
    with left:
        split = _pick("why_by", t("why.by"), dimensions)
        _effects(scope, kpi, _named(rows[rows["dimension"] == split], "dimension", "member", "site_name"), "kpi_split")
    with right:
        if parts.empty:
            st.caption(t("why.no_drill"))
            return
        lead = rows.iloc[0]
        name = member_name(lead["dimension"], lead["member"], lead["site_name"])
        second = _pick("why_within", t("why.within", member=name), list(dict.fromkeys(parts["second_dimension"])))
        of_second = parts[parts["second_dimension"] == second]
        _effects(scope, kpi, _named(of_second, "second_dimension", "second_member", "second_site_name"), "kpi_drill")


def _pick(name: str, label: str, dimensions: list[str]) -> str:
    return url_state.pick(
        name, label, dimensions, dimensions[0], lambda option: t(f"why.dimension_{option}"), "segments"
    )


def _named(rows: pd.DataFrame, dimension: str, member: str, site_name: str) -> pd.DataFrame:
    names = [member_name(*found) for found in zip(rows[dimension], rows[member], rows[site_name], strict=True)]
    return rows.assign(name=names)


def _sentence(scope: Scope, kpi: Kpi, change: str, rows: pd.DataFrame, parts: pd.DataFrame) -> None:
    """What is found, before what shows it."""
    lead = rows.iloc[0].to_dict()
    seconds = ("second_dimension", "second_member", "second_site_name", "driver", "previous_value", "value",
               "previous_weight", "weight")  # fmt: skip
    found = parts[parts["is_main_cause"]]
    second = dict.fromkeys(seconds) if found.empty else found.iloc[0].to_dict()
    told = {name if name.startswith("second_") else f"second_{name}": second[name] for name in seconds}
    st.markdown(formats.plain(t("why.sentence", change=change, cause=cause_words(scope, kpi, {**lead, **told}))))


def _effects(scope: Scope, kpi: Kpi, rows: pd.DataFrame, name: str) -> None:
    """The bars of the members, largest first, and all of them as a table."""
    rows = rows.loc[rows["effect"].abs().sort_values(ascending=False, kind="stable").index]
    charts.draw(effects_chart(scope, kpi, rows), t("why.title"))
    currency = scope.company.currency

    def change(value: float) -> str:
        return formats.MISSING if formats.is_missing(value) else formats.kpi_change(value, kpi.unit, currency) or "0"

    shown = pd.DataFrame(
        {
            "member": rows["name"],
            "before": [formats.kpi(value, kpi.unit, currency) for value in rows["previous_value"]],
            "after": [formats.kpi(value, kpi.unit, currency) for value in rows["value"]],
            "weight_before": rows["previous_weight"].map(formats.share),
            "weight_after": rows["weight"].map(formats.share),
            "mix": rows["mix_effect"].map(change),
            "rate": rows["rate_effect"].map(change),
            "effect": rows["effect"].map(change),
        }
    )
    shown.attrs = rows.attrs
    columns = {column: t(f"column.{word}") for column, word in _COLUMNS.items()}
    if rows["driver"].iloc[0] == "total":
        del columns["mix"], columns["rate"]
    with st.expander(t("why.table")):
        components.table(name, shown, columns)


_COLUMNS = {
    "member": "member",
    "before": "compared_value",
    "after": "current_value",
    "weight_before": "weight_before",
    "weight_after": "weight_after",
    "mix": "mix_effect",
    "rate": "rate_effect",
    "effect": "effect",
}


def effects_chart(scope: Scope, kpi: Kpi, rows: pd.DataFrame) -> charts.Drawing:
    """What each named row makes of the change, by rate and by mix; beyond _MOST_MEMBERS the rest together."""
    is_total = rows["driver"].iloc[0] == "total"
    columns = {"total": "effect"} if is_total else {part: f"{part}_effect" for part in PARTS}
    kept = rows.head(_MOST_MEMBERS if len(rows) > _MOST_MEMBERS + 1 else len(rows))
    rest = rows.iloc[len(kept) :]
    members = kept[list(dict.fromkeys(("name", "effect", *columns.values())))]
    if len(rest):
        summed = {column: rest[column].sum() for column in members.columns if column != "name"}
        name = t("why.others", count=len(rest))
        members = pd.concat([members, pd.DataFrame([{"name": name, **summed}])], ignore_index=True)
    currency, is_share = scope.company.currency, formats.is_percentage(kpi.unit)
    divisor, title = 1.0, formats.unit_name(kpi.unit, currency)
    if kpi.unit == "seconds":
        divisor, unit = formats.duration_scale(members["effect"].abs().max())
        title = t(f"column.{unit}")
    elif is_share:
        title = t("why.points")
    elif kpi.unit == "rate":
        divisor = 0.01

    def words(value: float) -> str:
        return formats.kpi_change(value, kpi.unit, currency) or "0"

    bars = pd.concat(
        [
            pd.DataFrame(
                {
                    "name": members["name"],
                    "part": t(f"why.part_{part}"),
                    "value": members[column] / divisor,
                    "shown": members[column].map(words),
                }
            )
            for part, column in columns.items()
        ],
        ignore_index=True,
    )
    parts = members[list(columns.values())] / divisor
    totals = pd.DataFrame(
        {
            "name": members["name"],
            "value": members["effect"] / divisor,
            "low": parts.clip(upper=0).sum(axis=1),
            "high": parts.clip(lower=0).sum(axis=1),
            "shown": members["effect"].map(words),
        }
    )
    return charts.effects(bars, totals, title, [t(f"why.part_{part}") for part in columns], is_share=is_share)
