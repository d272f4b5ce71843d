"""What stock could be, as parts of the page of parts: visits lost to parts, and the frontier of stock."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app import charts, components, formats, kpis, queries, trust
from app.scope import ALL, Scope
from app.words import named, t

_PART_FEEDS = ("part_lines", "part_stock")
_VISIT_FEEDS = ("visits",)
_MOST_LOST = 12
# Above it a share of one decimal would say 100 %.
_NEARLY_ALL = 0.9995


def lost_visits(scope: Scope, grain: str, start: date) -> None:
    """Visits lost to parts by site and by part: who stands out, and what it cost."""
    period = formats.period(grain, start)
    components.section(t("plans.lost"), t("plans.lost_grain", period=period), scope, ("site",))
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.VISITS_LOST)):
        return
    sites = scope.read(queries.plans.LOST, (grain, start, ALL, "site", scope.site_id, scope.site_id))
    segment = "part" if scope.site_id == ALL else "site_and_part"
    parts = scope.read(queries.plans.LOST, (grain, start, segment, segment, scope.site_id, scope.site_id))
    if sites.empty:
        components.nothing(scope, _VISIT_FEEDS)
        return
    st.markdown(formats.plain(_lost_words(scope, sites)))
    left, right = st.columns(2, gap="large")
    with left:
        shown = sites[(sites["segment"] == "site") & (sites["lost_visit_count"] > 0)]
        _lost_points(shown, [named("site", name) for name in shown["site_name"]], t("plans.lost_sites"))
    with right:
        shown = parts[parts["lost_visit_count"] > 0]
        _lost_points(shown, [named("part", name) for name in shown["part_name"]], t("plans.lost_parts"))
    _lost_table(scope, pd.concat([sites[sites["segment"] == "site"], parts], ignore_index=True))


def _lost_words(scope: Scope, rows: pd.DataFrame) -> str:
    """One sentence of the whole, and one of who stands out."""
    whole = rows[rows["segment"] == (ALL if scope.site_id == ALL else "site")].iloc[0]
    said = t(
        "plans.lost_whole",
        lost=formats.count(whole["lost_visit_count"]),
        visits=formats.count(whole["visit_count"]),
        again=formats.count(whole["repeat_visit_count"]),
        wait=formats.duration(whole["wait_mean_seconds"]),
        amount=formats.money(whole["repeat_amount"], scope.company.currency),
    )
    out = rows[rows["is_standing_out"].astype(bool)]
    names = [
        t(
            f"lost_by.{row['standing_out_by']}",
            name=named("site", row["site_name"]),
            lost=formats.count(row["lost_visit_count"]),
            expected=formats.decimals(row["expected_visit_count"], 1),
            long=formats.count(row["long_wait_visit_count"]),
        )
        for row in out.to_dict("records")
    ]
    told = t("plans.lost_out", names=t("list.separator").join(names)) if names else t("plans.lost_none")
    return f"{said} {told}"


def _lost_points(rows: pd.DataFrame, names: list[str], title: str) -> None:
    if rows.empty:
        st.caption(t("parts.none_lost"))
        return
    points = pd.DataFrame(
        {
            "name": names,
            "value": rows["lost_share"],
            "low": rows["lost_share_low"],
            "high": rows["lost_share_high"],
            "shown": rows["lost_share"].map(formats.share),
            "interval": [
                f"{formats.share(low)} … {formats.share(high)}"
                for low, high in zip(rows["lost_share_low"], rows["lost_share_high"], strict=True)
            ],
            "sample": rows["visit_count"].map(formats.count),
            "status": ["off_target" if out else "no_target" for out in rows["is_standing_out"]],
            "is_enough": True,
        }
    )
    charts.draw(charts.intervals(points.head(_MOST_LOST), title, is_share=True), title)


def _lost_table(scope: Scope, rows: pd.DataFrame) -> None:
    rows = rows[rows["lost_visit_count"] > 0]
    if rows.empty:
        return
    currency = scope.company.currency
    shown = pd.DataFrame(
        {
            "site": _members("site", rows["site_id"], rows["site_name"]),
            "part": _members("part", rows["part_id"], rows["part_name"]),
            "visits": rows["visit_count"],
            "lost": rows["lost_visit_count"],
            "expected": [formats.decimals(expected, 1) for expected in rows["expected_visit_count"]],
            "out": ["" if kind == "nothing" else t(f"stands_out.{kind}") for kind in rows["standing_out_by"]],
            "again": rows["repeat_visit_count"],
            "wait": rows["wait_mean_seconds"].map(formats.duration),
            "amount": [formats.money(amount, currency) for amount in rows["repeat_amount"].astype(float)],
        }
    )
    columns = {
        "site": t("column.site"),
        "part": t("column.part"),
        "visits": t("column.visits"),
        "lost": t("column.lost_visits"),
        "expected": t("column.lost_expected"),
        "out": t("column.stands_out"),
        "again": t("column.visits_again"),
        "wait": t("column.wait_mean"),
        "amount": t("column.repeat_amount"),
    }
    shown.attrs = rows.attrs
    components.table("visits_lost", shown, columns, height=330)


def _members(kind: str, ids: pd.Series, names: pd.Series) -> list[str]:
    """Names of sites or parts; nothing where a row is of all."""
    return ["" if member == ALL else named(kind, name) for member, name in zip(ids, names, strict=True)]


def stock(scope: Scope) -> None:
    """The frontier of stock with today's point, and what to raise or lower."""
    components.section(t("plans.stock"), t("plans.stock_grain"), scope, ("site",))
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.PART_SHARES[:1])):
        return
    rows = scope.read(queries.plans.FRONTIER, (scope.site_id,))
    if rows.empty:
        components.nothing(scope, _PART_FEEDS)
        st.caption(t("plans.stock_short"))
        return
    st.markdown(formats.plain(_stock_words(scope, rows)))
    _frontier(scope, rows)
    _base_stock(scope)


def _stock_words(scope: Scope, rows: pd.DataFrame) -> str:
    points = {row["point_kind"]: row for row in rows.to_dict("records")}
    currency = scope.company.currency
    if "today" not in points:
        return t("plans.stock_uncounted")
    today, target = points["today"], points.get("target")
    said = t(
        "plans.stock_today",
        fill=_fill(today["fill_rate"]),
        amount=formats.money(today["stock_amount"], currency),
        idle=formats.money(today["idle_amount"], currency),
    )
    same = points.get("same_fill")
    if same is not None and same["stock_amount"] < today["stock_amount"]:
        said += " " + t("plans.stock_same_fill", amount=formats.money(same["stock_amount"], currency))
    richer = points.get("same_amount")
    if richer is not None and richer["fill_rate"] > today["fill_rate"]:
        said += " " + t("plans.stock_same_amount", fill=_fill(richer["fill_rate"]))
    if target is not None and target["fill_rate"] > today["fill_rate"]:
        said += " " + t("plans.stock_target", amount=formats.money(target["stock_amount"], currency))
    return said


def _fill(share: float) -> str:
    """A fill rate; no shelf fills everything."""
    return t("plans.nearly_all") if share > _NEARLY_ALL else formats.share(share)


def _frontier(scope: Scope, rows: pd.DataFrame) -> None:
    currency = scope.company.currency
    drawn = pd.DataFrame(
        {
            "fill_rate": rows["fill_rate"],
            "stock_amount": rows["stock_amount"],
            "is_today": rows["point_kind"] == "today",
            "label": [t(f"stock_point.{kind}") for kind in rows["point_kind"]],
            "shown_fill": rows["fill_rate"].map(_fill),
            "shown_amount": [formats.money(amount, currency) for amount in rows["stock_amount"]],
        }
    )
    titles = (t("column.stock_amount", currency=currency), t("column.fill_rate"))
    charts.draw(charts.frontier(drawn, *titles), t("plans.stock"))


def _base_stock(scope: Scope) -> None:
    rows = scope.read(queries.plans.BASE_STOCK, (scope.site_id, scope.site_id))
    if rows.empty:
        st.caption(t("plans.stock_keep"))
        return
    raised = int((rows["advice"] == "raise").sum())
    st.markdown(
        formats.plain(t("plans.stock_advice", raised=formats.count(raised), lowered=formats.count(len(rows) - raised)))
    )
    shown = pd.DataFrame(
        {
            "advice": [t(f"advice.{advice}") for advice in rows["advice"]],
            "site": [named("site", name) for name in rows["site_name"]],
            "part": [named("part", name) for name in rows["part_name"]],
            "demand": rows["demand_quantity"].astype(float),
            "lead": [formats.decimals(days, 1) for days in rows["lead_time_days"]],
            "on_hand": [formats.decimals(pieces, 1) for pieces in rows["on_hand_mean_quantity"]],
            "level": [
                t("plans.level", level=formats.count(level), low=formats.count(low), high=formats.count(high))
                for level, low, high in zip(
                    rows["target_level_quantity"],
                    rows["target_level_low_quantity"],
                    rows["target_level_high_quantity"],
                    strict=True,
                )
            ],
            "amount": [formats.signed_money(amount, scope.company.currency) for amount in rows["change_amount"]],
        }
    )
    columns = {
        "advice": t("column.advice"),
        "site": t("column.site"),
        "part": t("column.part"),
        "demand": t("column.part_demand"),
        "lead": t("column.lead_days"),
        "on_hand": t("column.on_hand_mean"),
        "level": t("column.base_stock"),
        "amount": t("column.stock_change"),
    }
    shown.attrs = rows.attrs
    components.table("base_stock", shown, columns, height=360)
