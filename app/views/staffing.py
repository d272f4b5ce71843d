"""Staffing: what is to come in the next four weeks, whether the usual roster covers it, and whether it did so far."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from app import charts, components, formats, queries, url_state
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = ("calls", "tickets", "visits")
KINDS = ("calls", "tickets", "visits")
# Of these alone there are sites.
OF_SITES = "visits"
_DAYS_BEFORE = 56
_DAYS_SHOWN = 7


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.staffing"))
    if scope.connected_feeds.isdisjoint(FEEDS):
        components.nothing(scope, FEEDS)
        return
    agents = _gaps(scope, "agent", ALL) if scope.is_whole_company else pd.DataFrame()
    sites = scope.read(queries.staffing.SITES_AHEAD, (scope.site_id, scope.site_id))
    _found(scope, agents, sites)
    st.divider()
    _forecast(scope)
    st.divider()
    if scope.is_whole_company:
        _hours(scope, agents)
        st.divider()
        _hindsight(scope, agents)
    else:
        components.withheld("door.no_site_calls")
    st.divider()
    _technicians(scope, sites)


def _gaps(scope: Scope, role: str, site: str) -> pd.DataFrame:
    first, last = scope.trend_range
    return scope.read(queries.staffing.GAPS, (role, site, first, last))


def _found(scope: Scope, agents: pd.DataFrame, sites: pd.DataFrame) -> None:
    """What is found, one sentence each: the days ahead, the months behind, the sites."""
    currency = scope.company.currency
    for row in agents[agents["is_ahead"]].to_dict("records") if len(agents) else []:
        days = {"first": formats.day(row["period_start_date"]), "last": formats.day(row["period_end_date"])}
        if row["verdict"] == "unknown":
            _say("unknown", t("staffing.no_roster"))
        elif not row["lacking_hours"]:
            _say("covered", t("staffing.ahead_covered", **days))
        else:
            words = t(
                "staffing.ahead_nearly" if row["verdict"] == "covered" else "staffing.ahead_lacking",
                **days,
                hours=formats.count(row["lacking_hours"]),
                count=formats.count(row["lacking_hour_count"]),
                share=formats.share(row["lacking_share"]),
                cost=formats.money(row["cost_amount"], currency),
            )
            _say(row["verdict"], words)
    months = agents[~agents["is_ahead"] & (agents["verdict"] != "unknown")] if len(agents) else agents
    if len(months):
        short = months[months["verdict"] == "understaffed"]
        if short.empty:
            _say("covered", t("staffing.past_covered", count=len(months)))
        else:
            listed = t("list.separator").join(
                t("staffing.past_month", month=f"{row.period_start_date:%Y-%m}", share=formats.share(row.lacking_share))
                for row in short.itertuples()
            )
            _say("understaffed", t("staffing.past_short", count=len(short), of=len(months), months=listed))
    known = sites[sites["verdict"] != "unknown"]
    if len(known):
        lacking = known[known["verdict"] == "understaffed"]
        names = t("list.separator").join(named("site", name) for name in lacking["site_name"])
        if lacking.empty:
            _say("covered", t("staffing.field_covered", count=len(known)))
        else:
            _say("understaffed", t("staffing.field_short", count=len(lacking), of=len(known), sites=names))


def _say(verdict: str, words: str) -> None:
    if verdict == "covered":
        st.success(formats.plain(words), icon=":material/check_circle:")
    elif verdict == "unknown":
        st.info(formats.plain(words), icon=":material/help:")
    else:
        st.warning(formats.plain(words), icon=":material/group_off:")


def _forecast(scope: Scope) -> None:
    first = scope.company.last_day - timedelta(days=_DAYS_BEFORE - 1)
    components.section(t("staffing.forecast"), t("staffing.forecast_grain", days=_DAYS_BEFORE), scope, ("site",))
    kinds = KINDS if scope.is_whole_company and scope.site_id == ALL else (OF_SITES,)
    kind = kinds[0]
    if len(kinds) > 1:
        kind = url_state.pick(
            "kind", t("staffing.kind"), kinds, kinds[0], lambda option: t(f"contact_kind.{option}"), "segments"
        )
    rows = scope.read(queries.staffing.FORECAST, (kind, scope.site_id, first))
    tests = scope.read(queries.staffing.BACKTESTS, (kind, scope.site_id))
    if rows.empty or tests.empty:
        components.nothing(scope, (kind,))
        return
    if not tests["is_chosen"].any():
        st.info(t(f"staffing.{tests['verdict'].iloc[0]}"), icon=":material/inbox:")
        return
    chosen = tests[tests["is_chosen"]].to_dict("records")[0]
    st.markdown(formats.plain(_how_good(chosen)))
    counted = rows["contact_count"].astype(float)
    shown = counted.where(~rows["is_ahead"], rows["expected_count"])
    points = pd.DataFrame(
        {
            "when": pd.to_datetime(rows["contact_date"]),
            "seen": counted,
            "expected": rows["expected_count"],
            "low": rows["low_count"],
            "high": rows["high_count"],
            "shown": [
                formats.decimals(value, 1) if ahead else formats.count(value)
                for value, ahead in zip(shown, rows["is_ahead"], strict=True)
            ],
            "interval": [
                formats.MISSING if formats.is_missing(low) else f"{formats.count(low)} … {formats.count(high)}"
                for low, high in zip(rows["low_count"], rows["high_count"], strict=True)
            ],
            "note": [t(f"day_kind.{day_kind}") for day_kind in rows["day_kind"]],
        }
    )
    names = (t("staffing.counted"), t("staffing.expected"))
    charts.draw(charts.forecast(points, t(f"contact_kind.{kind}"), names), t("staffing.forecast"))
    _backtests(tests)


def _how_good(chosen: dict[str, object]) -> str:
    """The method used, and how it proved, in a sentence."""
    method = t(f"forecast_method.{chosen['method']}")
    if chosen["verdict"] == "unjudged":
        return t("staffing.unjudged", method=method)
    words = "staffing.beats" if chosen["verdict"] == "better" else "staffing.baseline_used"
    return t(
        words,
        method=method,
        better=chosen["better_count"],
        count=chosen["cut_off_count"],
        error=formats.share(chosen["weighted_error_ratio"], 0),  # type: ignore[arg-type]
        coverage=formats.share(chosen["coverage_share"], 0),  # type: ignore[arg-type]
    )


def _backtests(tests: pd.DataFrame) -> None:
    st.caption(formats.plain(t("staffing.backtests_grain", count=tests["cut_off_count"].max())))
    shown = pd.DataFrame(
        {
            "method": [t(f"forecast_method.{method}") for method in tests["method"]],
            "verdict": [t(f"forecast_verdict.{verdict}") for verdict in tests["verdict"]],
            "used": [t("yes") if chosen else t("no") for chosen in tests["is_chosen"]],
            "better": [
                formats.MISSING if verdict == "baseline" else t("staffing.of", count=better, of=count)
                for verdict, better, count in zip(
                    tests["verdict"], tests["better_count"], tests["cut_off_count"], strict=True
                )
            ],
            "rmse": tests["root_mean_squared_error"].map(formats.decimals),
            "wape": tests["weighted_error_ratio"].map(formats.share),
            "mase": tests["scaled_error"].map(formats.decimals),
            "bias": tests["bias_ratio"].map(formats.share),
            "coverage": tests["coverage_share"].map(formats.share),
        }
    )
    shown.attrs = tests.attrs
    columns = {name: t(f"staffing.{name}") for name in shown.columns}
    components.table("forecast_backtests", shown, columns)


def _hours(scope: Scope, agents: pd.DataFrame) -> None:
    """The first week ahead hour by hour, and every hour ahead that lacks somebody."""
    ahead = agents[agents["is_ahead"]] if len(agents) else agents
    if ahead.empty:
        components.section(t("staffing.hours"), t("staffing.hours_grain_none"))
        components.nothing(scope, ("calls",))
        return
    first = ahead["period_start_date"].iloc[0].date()
    last = first + timedelta(days=_DAYS_SHOWN - 1)
    components.section(
        t("staffing.hours"), t("staffing.hours_grain", first=formats.day(first), last=formats.day(last)), scope
    )
    rows = scope.read(queries.staffing.HOURS_AHEAD, (first, last))
    hours = pd.DataFrame(
        {
            "when": rows["local_date"] + pd.to_timedelta(rows["local_hour"], unit="h"),
            "rostered": rows["rostered_agents"].astype(float),
            "required": rows["required_agents"],
            "offered": rows["expected_count"].round(1),
            "is_short": rows["is_lacking"].fillna(value=False).astype(bool),
            "shown_gap": [formats.decimals(gap, 1) for gap in rows["agent_gap"].astype(float)],
        }
    )
    names = (t("staffing.usual"), t("calls.required"), t("calls.short"))
    charts.draw(charts.load(hours, t("column.agents"), names), t("staffing.hours"))
    lacking = scope.read(queries.staffing.LACKING_HOURS)
    if lacking.empty:
        st.caption(t("staffing.no_lacking_hours"))
        return
    shown = pd.DataFrame(
        {
            "hour": [_hour(day, hour) for day, hour in zip(lacking["local_date"], lacking["local_hour"], strict=True)],
            "gap": [formats.decimals(gap, 1) for gap in lacking["agent_gap"].astype(float)],
            "rostered": [formats.decimals(agents, 1) for agents in lacking["rostered_agents"].astype(float)],
            "required": lacking["required_agents"],
            "expected": lacking["expected_count"].map(formats.decimals),
            "cost": [formats.money(cost, scope.company.currency) for cost in lacking["cost_amount"]],
        }
    )
    shown.attrs = lacking.attrs
    columns = {
        "hour": t("column.hour"),
        "gap": t("column.agent_gap"),
        "rostered": t("staffing.usual"),
        "required": t("calls.required"),
        "expected": t("staffing.calls_expected"),
        "cost": t("staffing.cost"),
    }
    components.table("agents_lacking_ahead", shown, columns)


def _hour(day: date, hour: int) -> str:
    return f"{formats.day(day)} {hour:02}:00"


def _hindsight(scope: Scope, agents: pd.DataFrame) -> None:
    """Month by month: the hours that were lacking of those that were required."""
    components.section(t("staffing.hindsight"), t("staffing.hindsight_grain"), scope)
    months = agents[~agents["is_ahead"]] if len(agents) else agents
    if months.empty:
        components.nothing(scope, ("shifts",))
        return
    known = months[months["verdict"] != "unknown"]
    if known["lacking_hours"].astype(float).sum() > 0:
        bars = pd.DataFrame(
            {
                "when": pd.to_datetime(known["period_start_date"]),
                "value": known["lacking_hours"].astype(float),
                "series": [
                    t("staffing_verdict.understaffed" if verdict == "understaffed" else "staffing.lacking_less")
                    for verdict in known["verdict"]
                ],
                "is_complete": known["is_complete"],
            }
        )
        # Set off in the second colour, which is the warm one.
        series = [t("staffing.lacking_less"), t("staffing_verdict.understaffed")]
        charts.draw(charts.stacked(bars, t("staffing.lacking"), series, is_wide=True), t("staffing.hindsight"))
    else:
        st.caption(t("staffing.no_lacking_months"))
    shown = _gap_table(scope, months.iloc[::-1])
    shown.insert(0, "month", [f"{start:%Y-%m}" for start in months["period_start_date"].iloc[::-1]])
    components.table("agents_lacking_monthly", shown, {"month": t("column.month"), **_gap_columns()}, height=320)


def _gap_table(scope: Scope, rows: pd.DataFrame) -> pd.DataFrame:
    shown = pd.DataFrame(
        {
            "verdict": [t(f"staffing_verdict.{verdict}") for verdict in rows["verdict"]],
            "required": [formats.count(hours) for hours in rows["required_hours"]],
            "rostered": [formats.count(hours) for hours in rows["rostered_hours"]],
            "lacking": [formats.count(hours) for hours in rows["lacking_hours"]],
            "share": rows["lacking_share"].map(formats.share),
            "cost": [formats.money(cost, scope.company.currency) for cost in rows["cost_amount"]],
        }
    )
    shown.attrs = rows.attrs
    return shown


def _gap_columns() -> dict[str, str]:
    return {
        "verdict": t("staffing.verdict"),
        "required": t("staffing.required"),
        "rostered": t("staffing.rostered"),
        "lacking": t("staffing.lacking"),
        "share": t("staffing.share"),
        "cost": t("staffing.cost"),
    }


def _technicians(scope: Scope, sites: pd.DataFrame) -> None:
    """The sites over the four weeks ahead: hours of technicians required by the visits expected, against the roster."""
    components.section(t("staffing.technicians"), t("staffing.technicians_grain"), scope, ("site",))
    if sites.empty:
        components.nothing(scope, ("visits",))
        return
    shown = _gap_table(scope, sites)
    shown.insert(0, "site", [named("site", name) for name in sites["site_name"]])
    columns = {"site": t("column.site"), **_gap_columns()}
    if not scope.is_whole_company:
        del columns["cost"]
    components.table("technicians_required", shown, columns)
