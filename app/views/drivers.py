"""Drivers: what goes with satisfaction, recommendation and buying again, who leaves after what, and what is at risk."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from app import charts, components, formats, queries, url_state
from app.scope import Scope
from app.words import named, t

FEEDS = {"csat": ("survey_answers",), "nps": ("survey_answers",), "repurchase": ("purchases",)}
_WAITS = ("resolution_time", "first_response_time")
_TOLD = "association"
# Most effects that are said in words; the others are in the chart.
_MOST_SAID = 2


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.drivers"))
    if not scope.is_whole_company:
        components.withheld("door.no_site_drivers")
        return
    rows = scope.read(queries.drivers.DRIVERS)
    if rows.empty:
        components.nothing(scope, (*FEEDS["csat"], *FEEDS["repurchase"]))
        return
    st.caption(formats.plain(f"{t('drivers.note')} {components.left_out(scope)}"))
    outcomes = [outcome for outcome in FEEDS if outcome in set(rows["outcome"])]
    outcome = url_state.pick(
        "outcome", t("drivers.outcome"), outcomes, outcomes[0], lambda option: t(f"drivers.{option}"), "segments"
    )
    of_outcome = rows[rows["outcome"] == outcome]
    _service(scope, outcome, of_outcome[of_outcome["driver_kind"] == "service"])
    left, right = st.columns(2, gap="large")
    with left:
        _responses(scope, outcome)
    with right:
        _aspects(scope, outcome, of_outcome[of_outcome["driver_kind"] == "aspect"])
    st.divider()
    _hazards(scope)
    _value_at_risk(scope)


def _service(scope: Scope, outcome: str, rows: pd.DataFrame) -> None:
    """What happened with the request."""
    title = t(f"drivers.service_{outcome}")
    components.section(title, t(f"drivers.service_{outcome}_grain"))
    if rows.empty:
        components.nothing(scope, FEEDS[outcome])
        return
    _say(effect_words(rows, outcome), rows)
    chart = effect_points(rows)
    if chart is not None:
        charts.draw(chart, title)
    _too_few(rows)
    _effect_table(rows)


def _aspects(scope: Scope, outcome: str, rows: pd.DataFrame) -> None:
    """What the customer says of it."""
    components.section(t("drivers.aspects"), t("drivers.aspects_grain"))
    if rows.empty:
        components.nothing(scope, FEEDS["csat"])
        return
    _say(effect_words(rows, outcome), rows)
    chart = effect_points(rows)
    if chart is not None:
        charts.draw(chart, t("drivers.aspects"))
    _too_few(rows)


def effect_words(rows: pd.DataFrame, outcome: str) -> list[str]:
    """The strongest associations as sentences."""
    told = rows[rows["verdict"] == _TOLD]
    told = told.reindex(told["adjusted_difference"].abs().sort_values(ascending=False, kind="stable").index)
    return [
        t(
            "drivers.found",
            where=named("drivers_where", row.driver)
            if row.driver_kind == "service"
            else t("drivers.rated_low", aspect=named("aspect", row.driver)),
            what=t(
                f"drivers.{'less' if row.adjusted_difference < 0 else 'more'}_{outcome}",
                difference=_size(row.adjusted_difference, row.unit),
            ),
            interval=_sizes(row.adjusted_low, row.adjusted_high, row.unit),
            mix=named("drivers_mix", row.adjusted_for),
        )
        for row in told.head(_MOST_SAID).itertuples()
    ]


def effect_points(rows: pd.DataFrame) -> charts.Drawing | None:
    """Differences as they are and with the mix held equal; None where all are of too few."""
    rows = rows[rows["adjusted_difference"].notna()]
    if rows.empty:
        return None
    rows = rows.reindex(rows["adjusted_difference"].sort_values(kind="stable").index)
    unit = str(rows["unit"].iloc[0])
    factor = 100 if unit == "share" else 1
    series = t("drivers.crude"), t("drivers.adjusted")
    points = [
        {
            "name": _name(row.driver, row.driver_kind),
            "series": name,
            "value": value * factor,
            "low": low * factor,
            "high": high * factor,
            "shown": _change(value, unit),
            "interval": _interval(low, high, unit),
            "sample": t(
                "drivers.against",
                exposed=formats.count(row.exposed_count),
                unexposed=formats.count(row.unexposed_count),
            ),
            "is_told": row.verdict == _TOLD,
        }
        for row in rows.itertuples()
        for name, value, low, high in (
            (series[0], row.crude_difference, row.crude_low, row.crude_high),
            (series[1], row.adjusted_difference, row.adjusted_low, row.adjusted_high),
        )
        if not formats.is_missing(value)
    ]
    title = t("column.difference_in", unit=t("drivers.percentage_points" if unit == "share" else "unit.points"))
    return charts.associations(pd.DataFrame(points), title, series)


def _effect_table(rows: pd.DataFrame) -> None:
    shown = pd.DataFrame(
        {
            "driver": [_name(driver, kind) for driver, kind in zip(rows["driver"], rows["driver_kind"], strict=True)],
            "verdict": [t(f"drivers_verdict.{verdict}") for verdict in rows["verdict"]],
            "exposed": rows["exposed_count"],
            "unexposed": rows["unexposed_count"],
            "exposed_value": [
                _level(value, unit) for value, unit in zip(rows["exposed_value"], rows["unit"], strict=True)
            ],
            "unexposed_value": [
                _level(value, unit) for value, unit in zip(rows["unexposed_value"], rows["unit"], strict=True)
            ],
            "crude": [_change(value, unit) for value, unit in zip(rows["crude_difference"], rows["unit"], strict=True)],
            "adjusted": [
                _change(value, unit) for value, unit in zip(rows["adjusted_difference"], rows["unit"], strict=True)
            ],
            "interval": [
                _interval(low, high, unit)
                for low, high, unit in zip(rows["adjusted_low"], rows["adjusted_high"], rows["unit"], strict=True)
            ],
            "mix": [_mix(mix) for mix in rows["adjusted_for"]],
        }
    )
    columns = {
        "driver": t("column.driver"),
        "verdict": t("column.verdict"),
        "exposed": t("column.exposed"),
        "unexposed": t("column.unexposed"),
        "exposed_value": t("column.exposed_value"),
        "unexposed_value": t("column.unexposed_value"),
        "crude": t("drivers.crude"),
        "adjusted": t("drivers.adjusted"),
        "interval": t("column.interval"),
        "mix": t("column.held_equal"),
    }
    shown.attrs = rows.attrs
    components.table("drivers", shown, columns)


def _responses(scope: Scope, outcome: str) -> None:
    """The outcome by bands of waiting."""
    components.section(t("drivers.responses"), t("drivers.responses_grain"))
    every = scope.read(queries.drivers.RESPONSES)
    every = every[every["outcome"] == outcome]
    waits = [wait for wait in _WAITS if wait in set(every["driver"])]
    if not waits:
        components.nothing(scope, FEEDS[outcome])
        return
    wait = url_state.pick("wait", t("drivers.wait"), waits, waits[0], lambda option: t(f"drivers.{option}"), "segments")
    rows = every[every["driver"] == wait]
    first = rows.iloc[0]
    if first["verdict"] == _TOLD:
        direction = "less" if first["step_difference"] < 0 else "more"
        words = t(
            "drivers.step",
            what=t(f"drivers.{direction}_{outcome}", difference=_size(first["step_difference"], first["unit"])),
            interval=_sizes(first["step_low"], first["step_high"], first["unit"]),
            mix=named("drivers_mix", first["adjusted_for"]),
        )
        st.markdown(f"**{formats.plain(words)}**")
    else:
        st.markdown(formats.plain(t(f"drivers.{'silent' if first['verdict'] == 'chance' else 'all_too_few'}")))
    charts.draw(response_lines(rows), t("drivers.responses"))


def response_lines(rows: pd.DataFrame) -> charts.Drawing:
    """Bands of waiting with the outcome as it is, and with the mix held equal."""
    unit = str(rows["unit"].iloc[0])
    series = t("drivers.crude"), t("drivers.adjusted")
    points: list[dict[str, object]] = []
    for row in rows.itertuples():
        shared = {"name": _band(row.over_seconds, row.to_seconds), "sample": formats.count(row.item_count)}
        points.append(
            shared
            | {
                "series": series[0],
                "value": row.value,
                "low": row.value_low,
                "high": row.value_high,
                "shown": _level(row.value, unit),
                "interval": formats.kpi_interval(row.value_low, row.value_high, unit, ""),
            }
        )
        if formats.is_missing(row.adjusted_value):
            continue
        # The first band is what the others are compared with: it has no interval of its own.
        is_first = formats.is_missing(row.adjusted_difference)
        base = row.adjusted_value - (0 if is_first else row.adjusted_difference)
        points.append(
            shared
            | {
                "series": series[1],
                "value": row.adjusted_value,
                "low": row.adjusted_value if is_first else base + row.adjusted_low,
                "high": row.adjusted_value if is_first else base + row.adjusted_high,
                "shown": _level(row.adjusted_value, unit),
                "interval": formats.MISSING if is_first else _interval(row.adjusted_low, row.adjusted_high, unit),
            }
        )
    title = t("column.share") if unit == "share" else t("column.points")
    return charts.responses(pd.DataFrame(points), title, series, is_share=unit == "share")


def _hazards(scope: Scope) -> None:
    """Who leaves after what."""
    components.section(t("drivers.hazards"), t("drivers.hazards_grain"))
    rows = scope.read(queries.drivers.HAZARDS)
    if rows.empty:
        components.nothing(scope, FEEDS["repurchase"])
        return
    _say(hazard_words(rows), rows)
    chart = hazard_points(rows)
    if chart is not None:
        charts.draw(chart, t("drivers.hazards"))
    _too_few(rows.assign(driver_kind="service"))
    shown = pd.DataFrame(
        {
            "driver": [named("drivers_name", driver) for driver in rows["driver"]],
            "verdict": [t(f"drivers_verdict.{verdict}") for verdict in rows["verdict"]],
            "exposed": rows["exposed_customer_count"],
            "unexposed": rows["unexposed_customer_count"],
            "exposed_leavers": rows["exposed_leaver_count"],
            "unexposed_leavers": rows["unexposed_leaver_count"],
            "exposed_hazard": rows["exposed_hazard"].map(formats.decimals),
            "unexposed_hazard": rows["unexposed_hazard"].map(formats.decimals),
            "crude": rows["crude_ratio"].map(formats.decimals),
            "adjusted": rows["hazard_ratio"].map(formats.decimals),
            "interval": [
                _between(low, high)
                for low, high in zip(rows["hazard_ratio_low"], rows["hazard_ratio_high"], strict=True)
            ],
            "mix": [_mix(mix) for mix in rows["adjusted_for"]],
        }
    )
    columns = {
        "driver": t("column.driver"),
        "verdict": t("column.verdict"),
        "exposed": t("column.exposed_customers"),
        "unexposed": t("column.unexposed_customers"),
        "exposed_leavers": t("column.exposed_leavers"),
        "unexposed_leavers": t("column.unexposed_leavers"),
        "exposed_hazard": t("column.exposed_hazard"),
        "unexposed_hazard": t("column.unexposed_hazard"),
        "crude": t("drivers.crude_ratio"),
        "adjusted": t("drivers.adjusted_ratio"),
        "interval": t("column.interval"),
        "mix": t("column.held_equal"),
    }
    shown.attrs = rows.attrs
    components.table("churn_hazards", shown, columns)


def hazard_words(rows: pd.DataFrame) -> list[str]:
    """The drivers after which customers leave otherwise, as sentences."""
    told = rows[(rows["verdict"] == _TOLD) & rows["hazard_ratio"].notna()]
    told = told.reindex(told["hazard_ratio"].sort_values(ascending=False, kind="stable").index)
    return [
        t(
            "drivers.leave",
            where=named("drivers_where", row.driver),
            ratio=formats.decimals(row.hazard_ratio),
            interval=_between(row.hazard_ratio_low, row.hazard_ratio_high),
            mix=named("drivers_mix", row.adjusted_for),
        )
        for row in told.head(_MOST_SAID).itertuples()
    ]


def hazard_points(rows: pd.DataFrame) -> charts.Drawing | None:
    """Ratios of the hazard of leaving; None where no driver has one."""
    rows = rows[rows["hazard_ratio"].gt(0) & rows["hazard_ratio_low"].gt(0)]
    if rows.empty:
        return None
    rows = rows.reindex(rows["hazard_ratio"].sort_values(ascending=False, kind="stable").index)
    series = t("drivers.crude_ratio"), t("drivers.adjusted_ratio")
    points = [
        {
            "name": named("drivers_name", row.driver),
            "series": name,
            "value": value,
            "low": low,
            "high": high,
            "shown": formats.decimals(value),
            "interval": _between(low, high),
            "sample": t(
                "drivers.against",
                exposed=formats.count(row.exposed_customer_count),
                unexposed=formats.count(row.unexposed_customer_count),
            ),
            "is_told": row.verdict == _TOLD,
        }
        for row in rows.itertuples()
        for name, value, low, high in (
            (series[0], row.crude_ratio, row.crude_low, row.crude_high),
            (series[1], row.hazard_ratio, row.hazard_ratio_low, row.hazard_ratio_high),
        )
        if not formats.is_missing(low)
    ]
    return charts.associations(pd.DataFrame(points), t("column.hazard_ratio"), series, is_ratio=True)


def _value_at_risk(scope: Scope) -> None:
    """What those exposed of late may take with them."""
    components.section(t("drivers.at_risk"), t("drivers.at_risk_grain"))
    rows = scope.read(queries.drivers.VALUES_AT_RISK)
    if rows.empty:
        st.markdown(formats.plain(t("drivers.nothing_at_risk")))
        return
    currency = scope.company.currency
    first = rows.iloc[0]
    words = t(
        "drivers.value_at_risk",
        where=named("drivers_where", first["driver"]),
        customers=formats.count(first["customer_count"]),
        amount=formats.money(first["value_at_risk"], currency),
        low=formats.money(first["value_at_risk_low"], currency),
        high=formats.money(first["value_at_risk_high"], currency),
    )
    st.markdown(f"**{formats.plain(words)}**")
    shown = pd.DataFrame(
        {
            "driver": [named("drivers_name", driver) for driver in rows["driver"]],
            "customers": rows["customer_count"],
            "bought": [formats.money(float(amount), currency) for amount in rows["yearly_amount"]],
            "leavers": rows["expected_leaver_count"].map(lambda count: formats.decimals(count, 1)),
            "value": [formats.money(amount, currency) for amount in rows["value_at_risk"]],
            "interval": [
                f"{formats.money(low, currency)} … {formats.money(high, currency)}"
                for low, high in zip(rows["value_at_risk_low"], rows["value_at_risk_high"], strict=True)
            ],
        }
    )
    columns = {
        "driver": t("column.driver"),
        "customers": t("column.customers"),
        "bought": t("column.bought_last_year"),
        "leavers": t("column.expected_leavers"),
        "value": t("column.value_at_risk"),
        "interval": t("column.interval"),
    }
    shown.attrs = rows.attrs
    components.table("value_at_risk", shown, columns)


def _say(sentences: Iterable[str], rows: pd.DataFrame) -> None:
    """What is found, or that nothing is."""
    found = list(sentences)
    for words in found:
        st.markdown(f"**{formats.plain(words)}**")
    if not found:
        is_tested = (rows["verdict"] != "too_few").any()
        st.markdown(formats.plain(t("drivers.silent" if is_tested else "drivers.all_too_few")))


def _too_few(rows: pd.DataFrame) -> None:
    """Name what is left out of a chart."""
    few = rows[rows["verdict"] == "too_few"]
    if not few.empty and len(few) < len(rows):
        names = [_name(driver, kind) for driver, kind in zip(few["driver"], few["driver_kind"], strict=True)]
        st.caption(formats.plain(t("drivers.too_few", names=t("list.separator").join(names))))


def _name(driver: str, kind: str) -> str:
    return named("aspect" if kind == "aspect" else "drivers_name", driver)


def _mix(mix: str) -> str:
    return formats.MISSING if mix == "none" else named("drivers_mix", mix)


def _band(over: int, to: int | None) -> str:
    if formats.is_missing(to):
        return t("drivers.over", time=formats.duration(over))
    if not over:
        return t("drivers.up_to", time=formats.duration(to))
    return t("drivers.between", low=formats.duration(over), high=formats.duration(to))


def _level(value: float, unit: str) -> str:
    return formats.kpi(value, unit, "")


def _change(value: float, unit: str) -> str:
    if formats.is_missing(value):
        return formats.MISSING
    return formats.kpi_change(value, unit, "") or "0"


def _size(value: float, unit: str) -> str:
    """A difference without its sign, which the sentence says in words."""
    return _change(abs(value), unit).removeprefix("+")


def _sizes(low: float, high: float, unit: str) -> str:
    """The ends of an interval that leaves out 0, without their sign, the smaller first."""
    return " … ".join(_size(end, unit) for end in sorted((low, high), key=abs))


def _interval(low: float, high: float, unit: str) -> str:
    return formats.MISSING if formats.is_missing(low) else f"{_change(low, unit)} … {_change(high, unit)}"


def _between(low: float, high: float) -> str:
    return formats.MISSING if formats.is_missing(low) else f"{formats.decimals(low)} … {formats.decimals(high)}"
