"""Early warning: which open tickets and customers are likely to go wrong, why, and how far that can be believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from app import charts, components, formats, queries, url_state
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = ("tickets",)
PURCHASES = ("purchases",)
RISKS = ("breach", "comeback", "leave")
_REASONS = 3
# How the value of a feature is read; the others are counts.
_NUMBERS: Mapping[str, Callable[[float], str]] = {
    "promise_used_share": lambda share: formats.share(share, 0),
    "site_breach_share": lambda share: formats.share(share, 0),
    "technician_return_share": lambda share: formats.share(share, 0),
    "age_hours": lambda hours: formats.duration(hours * 3600),
    "days_since_purchase": lambda days: formats.duration(days * 86400),
    "longest_days": lambda days: formats.duration(days * 86400),
}
_FLAGS = ("is_answered", "is_reopened", "is_visit_planned", "is_part_awaited", "has_contract")
_LEVELS = {
    "priority": "priority",
    "channel": "channel",
    "product_family": "family",
    "stage": "ticket_status",
    "weekday": "weekday",
    "last_bought_within": "last_bought",
}


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.early_warning"))
    rows = scope.read(queries.early_warning.MODELS)
    models = {row["risk"]: row for row in rows.to_dict("records")}
    if not models or scope.connected_feeds.isdisjoint(FEEDS):
        components.nothing(scope, FEEDS)
        return
    for risk in ("breach", "comeback"):
        _tickets(scope, models[risk])
        st.divider()
    _customers(scope, models["leave"])
    st.divider()
    _evaluation(scope, rows)


def _tickets(scope: Scope, model: Mapping[str, Any]) -> None:
    risk = model["risk"]
    components.section(t(f"early.{risk}"), t(f"early.{risk}_grain"), scope, components.BY_TICKET)
    if not model["is_used"]:
        _switched_off(model)
        return
    asked = (risk, *scope.ticket_members)
    (counts,) = scope.read(queries.early_warning.TICKET_COUNTS, asked).to_dict("records")
    if not counts["ticket_count"]:
        st.caption(t("early.no_tickets"))
        return
    st.markdown(
        t(
            f"early.{risk}_found",
            likely=formats.count(counts["likely_count"]),
            count=formats.count(counts["ticket_count"]),
        )
    )
    rows = scope.read(queries.early_warning.TICKETS, asked)
    rows["chance"] = [formats.share(value, 0) for value in rows["probability"]]
    _add_reasons(rows)
    rows["due"] = [formats.moment(due, scope.company.time_zone) for due in rows["due_at"]]
    for column, kind in (
        ("priority", "priority"),
        ("stage", "ticket_status"),
        ("channel", "channel"),
        ("product_family", "family"),
        ("site_name", "site"),
    ):
        rows[column] = [named(kind, value) for value in rows[column]]
    columns = {
        "chance": t("column.chance"),
        "ticket_id": t("column.ticket"),
        "due": t("column.due"),
        **_reason_columns(),
        "priority": t("column.priority"),
        "stage": t("column.stage"),
    }
    if scope.site_id == ALL:
        columns["site_name"] = t("column.site")
    if scope.family == ALL:
        columns["product_family"] = t("column.family")
    components.table(f"tickets_at_risk_{risk}", rows, columns, height=420)


def _customers(scope: Scope, model: Mapping[str, Any]) -> None:
    components.section(t("early.leave"), t("early.leave_grain"))
    if not (scope.is_whole_company and scope.sees_people):
        components.withheld("door.no_customers_at_risk")
        return
    components.not_narrowed(scope)
    if scope.connected_feeds.isdisjoint(PURCHASES):
        components.nothing(scope, PURCHASES)
        return
    if not model["is_used"]:
        _switched_off(model)
        return
    (counts,) = scope.read(queries.early_warning.CUSTOMER_COUNTS, (model["risk"],)).to_dict("records")
    st.markdown(
        t(
            "early.leave_found",
            likely=formats.count(counts["likely_count"]),
            count=formats.count(counts["customer_count"]),
        )
    )
    rows = scope.read(queries.early_warning.CUSTOMERS, (model["risk"],))
    rows["chance"] = [formats.share(value, 0) for value in rows["probability"]]
    _add_reasons(rows)
    rows["amount"] = [formats.money(value, scope.company.currency) for value in rows["purchase_amount"]]
    rows["bought"] = [formats.duration(value * 86400) for value in rows["days_since_purchase"]]
    columns = {
        "chance": t("column.chance"),
        "customer_id": t("column.customer"),
        **_reason_columns(),
        "amount": t("column.at_stake"),
        "bought": t("column.since_purchase"),
        "request_count": t("column.tickets"),
    }
    components.table("customers_at_risk", rows, columns, height=420)


def _switched_off(model: Mapping[str, Any]) -> None:
    st.info(t(f"early.off_{model['verdict']}"), icon=":material/notifications_off:")


def _add_reasons(rows: pd.DataFrame) -> None:
    """Put the reasons into words, an arrow before each: up where it makes it more likely."""
    for place in range(1, _REASONS + 1):
        name = f"reason_{place}"
        rows[f"why_{place}"] = [
            _reason(feature, str(value), effect)
            for feature, value, effect in zip(rows[name], rows[f"{name}_value"], rows[f"{name}_effect"], strict=True)
        ]


def _reason_columns() -> dict[str, str]:
    return {f"why_{place}": t(f"early.why_{place}") for place in range(1, _REASONS + 1)}


def _reason(feature: object, value: str, effect: float) -> str:
    if formats.is_missing(feature):
        return ""
    arrow = "↑" if effect > 0 else "↓"
    return t("early.reason", arrow=arrow, feature=t(f"feature.{feature}"), value=reason_value(str(feature), value))


def reason_value(feature: str, value: str) -> str:
    """The value of a feature as it is read: a level in words, a share, a duration, yes or no, or a count."""
    if value in ("nan", "None", "<NA>"):
        return t("value.unknown")
    if feature in _LEVELS:
        return named(_LEVELS[feature], value)
    if feature in _FLAGS:
        return t("yes" if value == "True" else "no")
    return _NUMBERS.get(feature, formats.count)(float(value))


def _evaluation(scope: Scope, rows: pd.DataFrame) -> None:
    """How far the probabilities can be believed."""
    st.header(t("early.evaluation"), anchor=False)
    if not scope.is_whole_company:
        components.withheld("door.no_site_models")
        return
    components.not_narrowed(scope)
    st.subheader(t("early.models"), anchor=False)
    st.caption(formats.plain(t("early.models_grain")))
    _models(rows)
    st.subheader(t("early.calibration"), anchor=False)
    st.caption(formats.plain(t("early.calibration_grain")))
    left, _ = st.columns(2, gap="large")
    with left:
        risk = url_state.pick(
            "risk", t("early.which"), RISKS, RISKS[0], lambda option: t(f"early.{option}_short"), "segments"
        )
        chart = calibration(scope.read(queries.early_warning.CALIBRATION, (risk,)))
        if chart is None:
            st.caption(t("early.not_judged"))
        else:
            charts.draw(chart, t("early.calibration"))


def calibration(rows: pd.DataFrame) -> charts.Drawing | None:
    """What was foretold against what came; None where nothing was judged."""
    if rows.empty:
        return None
    points = pd.DataFrame(
        {
            "foretold": rows["mean_probability"],
            "came": rows["event_share"],
            "low": rows["event_share_low"],
            "high": rows["event_share_high"],
            "count": rows["judged_count"],
            "shown": [formats.share(value) for value in rows["event_share"]],
            "interval": [
                f"{formats.share(low)} … {formats.share(high)}"
                for low, high in zip(rows["event_share_low"], rows["event_share_high"], strict=True)
            ],
            "sample": rows["judged_count"].map(formats.count),
        }
    )
    return charts.calibration(points, t("early.foretold"), t("early.came"))


def _models(rows: pd.DataFrame) -> None:
    shown = pd.DataFrame(
        {
            "risk": [t(f"early.{risk}_short") for risk in rows["risk"]],
            "verdict": [t(f"early.verdict_{verdict}") for verdict in rows["verdict"]],
            "judged": rows["judged_count"],
            "share": rows["event_share"].map(formats.share),
            "brier": [formats.decimals(value, 3) for value in rows["brier"]],
            "base": [formats.decimals(value, 3) for value in rows["base_brier"]],
            "group": [formats.decimals(value, 3) for value in rows["group_brier"]],
            "gain": _with_interval(rows, "brier_gain", 3),
            "auc": _with_interval(rows, "auc", 2),
        }
    ).sort_values("risk", key=lambda names: names.map({t(f"early.{r}_short"): n for n, r in enumerate(RISKS)}))
    columns = {
        "risk": t("column.risk"),
        "verdict": t("column.verdict"),
        "judged": t("column.forecasts"),
        "share": t("column.came"),
        "brier": t("column.brier"),
        "base": t("column.base_brier"),
        "group": t("column.group_brier"),
        "gain": t("column.brier_gain"),
        "auc": t("column.auc"),
    }
    shown.attrs = rows.attrs
    components.table("risk_models", shown, columns)


def _with_interval(rows: pd.DataFrame, name: str, places: int) -> list[str]:
    return [
        formats.MISSING
        if formats.is_missing(low)
        else t(
            "early.with_interval",
            value=formats.decimals(value, places),
            low=formats.decimals(low, places),
            high=formats.decimals(high, places),
        )
        for value, low, high in zip(rows[name], rows[f"{name}_low"], rows[f"{name}_high"], strict=True)
    ]
