"""Improvement: what was found, what is done about it and by whom, and what came of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app import charts, components, formats, kpis, queries, trust
from app.scope import Scope
from app.words import language, named, t

FEEDS = ("improvement_actions",)
OPEN, OVERDUE = "open", "overdue"
IMPROVED, WORSENED, NOT_TOLD, TOO_EARLY = "improved", "worsened", "not_told", "too_early"
_BADGES = {
    IMPROVED: ("green", "trending_up"),
    WORSENED: ("red", "trending_down"),
    NOT_TOLD: ("gray", "drag_handle"),
    TOO_EARLY: ("blue", "hourglass_top"),
}
_SIDES = ("before", "left_out", "after", "expected")


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.actions"))
    if scope.connected_feeds.isdisjoint(FEEDS):
        components.nothing(scope, FEEDS)
        st.caption(t("actions.how"))
        return
    narrowed = (scope.site_id, scope.site_id, scope.family, scope.family)
    actions = scope.read(queries.actions.ACTIONS, narrowed)
    effects = scope.read(queries.actions.ACTION_EFFECTS, narrowed)
    if actions.empty:
        components.nothing(scope)
        return
    registry = kpis.read_kpis(scope)
    components.not_narrowed(scope, components.BY_SITE)
    _sentence(scope, actions, effects, registry)
    _numbers(actions, effects)
    left, right = st.columns(2, gap="large")
    with left:
        _funnel(scope)
    with right:
        _reading(effects)
    _list(scope, actions, effects, registry)
    _effects(scope, actions, effects, registry)


def _action(row: dict[str, Any]) -> str:
    """What is done, in the report's language; where nothing is decided yet, what was found."""
    text = row[f"action_{language()}"]
    return str(row[f"finding_{language()}"] if formats.is_missing(text) else text)


def _sentence(scope: Scope, actions: pd.DataFrame, effects: pd.DataFrame, registry: dict[str, kpis.Kpi]) -> None:
    """What there is to know, in a sentence or two."""
    done = int(actions["done_date"].notna().sum())
    overdue = int((actions["status"] == OVERDUE).sum())
    words = [t("actions.stands", count=len(actions), done=done, overdue=overdue)]
    judged = effects[effects["effect"].notna()]
    if len(judged):
        moved = judged[judged["verdict"].isin((IMPROVED, WORSENED))]
        words.append(
            t(
                "actions.came_of_it",
                judged=len(judged),
                improved=int((judged["verdict"] == IMPROVED).sum()),
                worsened=int((judged["verdict"] == WORSENED).sum()),
            )
        )
        by_id = {row["action_id"]: row for row in actions.to_dict("records")}
        if len(moved):
            first = moved.to_dict("records")[0]
            action = by_id[first["action_id"]]
            kpi = registry[action["kpi_id"]]
            change = formats.kpi_change(first["effect"], kpi.unit, scope.company.currency)
            words.append(t("actions.most", action=_action(action), kpi=kpi.name, change=change or formats.MISSING))
    st.markdown(f"**{formats.plain(words[0])}** {formats.plain(' '.join(words[1:]))}")


def _numbers(actions: pd.DataFrame, effects: pd.DataFrame) -> None:
    judged = effects[effects["effect"].notna()]
    shown = {
        "actions.overdue": int((actions["status"] == OVERDUE).sum()),
        "actions.open": int((actions["status"] == OPEN).sum()),
        "actions.done": int(actions["done_date"].notna().sum()),
    }
    columns = st.columns(4)
    for column, (key, value) in zip(columns, shown.items(), strict=False):
        column.metric(t(key), formats.count(value), border=True)
    improved = int((effects["verdict"] == IMPROVED).sum())
    columns[3].metric(t("actions.effective"), t("actions.of", part=improved, whole=len(judged)), border=True)


def _funnel(scope: Scope) -> None:
    components.section(t("actions.funnel"), t("actions.funnel_grain"), scope, ("site",))
    rows = scope.read(queries.actions.ACTION_FUNNEL, (scope.site_id,))
    if rows.empty:
        components.nothing(scope)
        return
    bars = pd.DataFrame(
        {
            "name": [named("action_step", step) for step in rows["step"]],
            "value": rows["case_count"],
            "shown": rows["case_count"].map(formats.count),
        }
    )
    charts.draw(charts.bars(bars, t("column.loop_cases")), t("actions.funnel"))


def _reading(effects: pd.DataFrame) -> None:
    """What may be concluded, said before the effects are looked at."""
    components.section(t("actions.reading"), t("actions.reading_grain"))
    judged = int(effects["effect"].notna().sum())
    st.markdown(
        "\n".join(
            f"- {formats.plain(words)}"
            for words in (
                t("actions.reading_association"),
                t("actions.reading_chance", count=judged, chance=formats.decimals(judged / 20)),
                t("actions.reading_regression"),
                t("actions.reading_early"),
            )
        )
    )


def _of(row: dict[str, Any]) -> str:
    """Of what the indicator is to move, in words."""
    if row["segment"] == "all":
        return t("app.scope_all")
    if row["segment"] == "site":
        return named("site", row["site_name"])
    return named("family" if row["segment"] == "product_family" else row["segment"], row["member"])


def _list(scope: Scope, actions: pd.DataFrame, effects: pd.DataFrame, registry: dict[str, kpis.Kpi]) -> None:
    components.section(t("actions.list"), t("actions.list_grain"), scope, components.BY_SITE)
    verdicts = dict(zip(effects["action_id"], effects["verdict"], strict=True))
    rows = actions.to_dict("records")
    undecided = t("actions.undecided")
    shown = pd.DataFrame(
        {
            "status": [named("status", row["status"]) for row in rows],
            "late": [formats.count(row["late_days"]) if row["late_days"] else "" for row in rows],
            "finding": [row[f"finding_{language()}"] for row in rows],
            "cause": [named("cause", row["cause"]) for row in rows],
            "action": [
                undecided if formats.is_missing(row[f"action_{language()}"]) else row[f"action_{language()}"]
                for row in rows
            ],
            "owner": [named("owner", row["owner_role"]) for row in rows],
            "due": actions["due_date"].map(formats.day),
            "done": ["" if formats.is_missing(row["done_date"]) else formats.day(row["done_date"]) for row in rows],
            "kpi": [registry[row["kpi_id"]].name for row in rows],
            "of": [_of(row) for row in rows],
            "effect": [
                named("effect", verdicts[row["action_id"]]) if row["action_id"] in verdicts else "" for row in rows
            ],
            "complaint": actions["complaint_id"],
            "raised": actions["raised_date"].map(formats.day),
            "action_id": actions["action_id"],
        }
    )
    columns = {
        "status": t("column.status"),
        "late": t("column.late_days"),
        "action": t("column.measure"),
        "owner": t("column.owner"),
        "due": t("column.due"),
        "done": t("column.done"),
        "effect": t("column.effect"),
        "kpi": t("column.kpi"),
        "of": t("column.of"),
        "finding": t("column.finding"),
        "cause": t("column.cause"),
        "complaint": t("column.complaint"),
        "raised": t("column.raised"),
        "action_id": t("column.number"),
    }
    shown.attrs = actions.attrs
    components.table("improvement_actions", shown, columns)


def _effects(scope: Scope, actions: pd.DataFrame, effects: pd.DataFrame, registry: dict[str, kpis.Kpi]) -> None:
    components.section(t("actions.effects"), t("actions.effects_grain"), scope, components.BY_SITE)
    if effects.empty:
        st.caption(t("actions.none_done"))
        return
    narrowed = (scope.site_id, scope.site_id, scope.family, scope.family)
    months = scope.read(queries.actions.ACTION_MONTHS, narrowed)
    by_id = {row["action_id"]: row for row in actions.to_dict("records")}
    found = effects.to_dict("records")
    for first in range(0, len(found), 2):
        for column, effect in zip(st.columns(2, gap="large"), found[first : first + 2], strict=False):
            with column.container(border=True, height="stretch"):
                action = by_id[effect["action_id"]]
                of_it = months[months["action_id"] == effect["action_id"]]
                _effect(scope, action, effect, of_it, registry[action["kpi_id"]])


def _effect(scope: Scope, action: dict[str, Any], effect: dict[str, Any], months: pd.DataFrame, kpi: kpis.Kpi) -> None:
    """One measure: what can be said of it, why, and its months."""
    colour, icon = _BADGES[effect["verdict"]]
    st.subheader(formats.plain(_action(action)), anchor=False)
    facts = [kpi.name, _of(action), t("actions.done_on", day=formats.day(action["done_date"]))]
    st.caption(formats.plain(" · ".join(facts)))
    if not trust.show(scope, [(kpi.kpi_id, kpi.name)]):
        return
    badge = f":{colour}-badge[:material/{icon}: {formats.plain(named('effect', effect['verdict']))}]"
    st.markdown(f"{badge} {formats.plain(_told(scope, effect, kpi))}")
    notes = [t(f"actions.design_{effect['design']}", count=formats.count(effect["compared_member_count"]))]
    if effect["is_seasonally_adjusted"]:
        notes.append(t("actions.seasonal"))
    left_out = int(effect["trigger_count"] + effect["extreme_count"])
    if left_out:
        notes.append(t("actions.left_out", count=left_out))
    st.caption(formats.plain(" ".join(notes)))
    if not months.empty:
        charts.draw(_chart(scope, action, effect, months, kpi), _action(action))


def _told(scope: Scope, effect: dict[str, Any], kpi: kpis.Kpi) -> str:
    """The numbers behind a verdict, or why there are none."""
    unit, currency = kpi.unit, scope.company.currency
    if formats.is_missing(effect["effect"]):
        return t(
            f"actions.reason_{effect['reason']}",
            before=formats.count(effect["before_count"]),
            after=formats.count(effect["after_count"]),
        )
    low, high, change = (
        formats.kpi_change(effect[name], unit, currency) or formats.kpi(0.0, unit, currency)
        for name in ("effect_low", "effect_high", "effect")
    )
    return t(
        "actions.told",
        expected=formats.kpi(effect["expected_value"], unit, currency),
        after=formats.kpi(effect["after_value"], unit, currency),
        change=change,
        low=low,
        high=high,
    )


def _chart(
    scope: Scope, action: dict[str, Any], effect: dict[str, Any], months: pd.DataFrame, kpi: kpis.Kpi
) -> charts.Drawing:
    currency, is_share = scope.company.currency, formats.is_percentage(kpi.unit)
    divisor, title = 1.0, formats.unit_name(kpi.unit, currency)
    if kpi.unit == "seconds":
        divisor, unit = formats.duration_scale(months["value"].max())
        title = t(f"column.{unit}")
    elif is_share:
        title = t("column.share")
    elif kpi.unit == "rate":
        divisor = 0.01
    names = {side: t(f"actions.side_{side}") for side in _SIDES}
    sides = [phase if phase in ("before", "after") else "left_out" for phase in months["phase"]]
    points = pd.DataFrame(
        {
            # In the middle of its month.
            "when": months["month_start_date"] + pd.Timedelta(days=14),
            "value": months["value"] / divisor,
            "series": [names[side] for side in sides],
            "shown": [formats.kpi(value, kpi.unit, currency) for value in months["value"]],
            "sample": months["eligible_count"].map(formats.count),
        }
    )
    levels = []
    missing = float("nan")
    for side, value in (("before", "before_value"), ("after", "after_value"), ("expected", "expected_value")):
        span = months[months["phase"] == ("before" if side == "before" else "after")]["month_start_date"]
        if formats.is_missing(effect[value]) or span.empty:
            continue
        has_band = side == "expected"
        levels.append(
            {
                "start": span.min(),
                "end": span.max() + pd.offsets.MonthEnd(1),
                "value": effect[value] / divisor,
                # As far from what came as the interval of the effect says.
                "low": (effect["after_value"] - effect["effect_high"]) / divisor if has_band else missing,
                "high": (effect["after_value"] - effect["effect_low"]) / divisor if has_band else missing,
                "series": names[side],
                "shown": formats.kpi(effect[value], kpi.unit, currency),
            }
        )
    columns = ["start", "end", "value", "low", "high", "series", "shown"]
    return charts.before_after(
        points,
        pd.DataFrame(levels, columns=columns),
        pd.Timestamp(action["done_date"]),
        title,
        (names["before"], names["left_out"], names["after"], names["expected"]),
        is_share=is_share,
    )
