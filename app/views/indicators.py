"""Definition and rows: what one KPI means, why it moved, what of it is signal, and the rows behind its number."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import behind, cards, cells, charts, components, formats, noise, queries, restated, trust, url_state, why
from app.behind import Behind, Subject
from app.kpis import History, Kpi, Reading, read_histories
from app.scope import ALL, Scope
from app.words import feeds, language, named, t

# What a reader opens most often is the first choice.
_FIRST = "first_response_sla_attainment"


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.indicators"))
    histories = read_histories(scope)
    if not histories:
        st.info(t("app.empty_title"), icon=":material/inbox:")
        return
    first = _FIRST if _FIRST in histories else next(iter(histories))
    kpi_id = url_state.pick(
        "kpi", t("indicators.kpi"), list(histories), first, lambda option: histories[option].kpi.name
    )
    history = histories[kpi_id]
    st.markdown(f"**{formats.plain(history.kpi.name)}** — {formats.plain(history.kpi.definition)}")
    card, registered = st.columns([1, 2])
    with card:
        cards.kpi_cards(scope, [history], per_row=1, opens=False)
    with registered:
        _registered(scope, history.kpi)
    _reported(scope, history.kpi)
    why.show(scope, history)
    noise.show(scope, history)
    _by_kind(scope, history.kpi)
    _rows(scope, history)
    _past(scope, kpi_id)
    _lineage(scope, kpi_id)


def _registered(scope: Scope, kpi: Kpi) -> None:
    row = scope.read(queries.indicators.REGISTERED, (kpi.kpi_id,)).iloc[0]
    currency = scope.company.currency
    target = formats.MISSING
    if not formats.is_missing(row["target"]):
        since, until = formats.day(row["valid_from_date"]), row["valid_to_date"]
        value = formats.kpi(row["target"], kpi.unit, currency)
        words = "indicators.target_since" if formats.is_missing(until) else "indicators.target_between"
        target = t(words, value=value, since=since, until="" if formats.is_missing(until) else formats.day(until))
    facts = {
        "indicators.id": kpi.kpi_id,
        "indicators.class": t(f"class.{kpi.kpi_class}"),
        "indicators.formula": t(f"formula.{row['kind']}"),
        "indicators.unit": formats.unit_name(kpi.unit, currency),
        "indicators.direction": t(f"direction.{kpi.direction}"),
        "indicators.target": target,
        "indicators.interval": t(f"interval.{row['interval_method']}"),
        "indicators.owner": kpi.owner,
        "indicators.version": kpi.definition_version,
        "indicators.missing": feeds(kpi.missing_feeds) if kpi.missing_feeds else t("indicators.none_missing"),
    }
    st.table({t(key): formats.plain(value) for key, value in facts.items()}, border="horizontal")


def _reported(scope: Scope, kpi: Kpi) -> None:
    """What others report of the KPI, or the documents claim of them; no status is judged by it."""
    day = scope.period.end
    for _, row in scope.read(queries.indicators.REFERENCES, (kpi.kpi_id, day, day)).iterrows():
        values = [formats.kpi(row[f"value_{when}"], kpi.unit, scope.company.currency) for when in ("before", "after")]
        change = "" if formats.is_missing(row["relative_change"]) else f"{100 * row['relative_change']:+.0f} %"
        is_told = not formats.is_missing(row["value_before"])
        words = t(
            "indicators.reported_values" if is_told else "indicators.reported_change",
            change=change,
            before=values[0],
            after=values[1],
        )
        badge = f":orange-badge[{t('indicators.claim')}] " if row["is_claim"] else ""
        source = formats.plain(row[f"source_{language()}"])
        st.markdown(f":material/compare_arrows: {t('indicators.reported')} {formats.plain(words)} {badge}— {source}")


def _by_kind(scope: Scope, kpi: Kpi) -> None:
    """The KPI's months of the whole company by kinds of requests that no filter has."""
    rows = scope.read(queries.indicators.BY_KIND_OF_REQUEST, (kpi.kpi_id, *scope.trend_range))
    if rows.empty:
        return
    components.section(t("indicators.by_kind"), t("indicators.by_kind_grain"), scope)
    kinds = list(dict.fromkeys(rows["kind_of"]))
    kind_of = url_state.pick(
        "kind_of", t("indicators.kind_of"), kinds, kinds[0], lambda option: t(f"kind_of.{option}"), "segments"
    )
    if not trust.show(scope, [(kpi.kpi_id, kpi.name)]):
        return
    charts.draw(by_kind(scope, kpi, rows[rows["kind_of"] == kind_of]), t("indicators.by_kind"))


def by_kind(scope: Scope, kpi: Kpi, rows: pd.DataFrame) -> charts.Drawing:
    """A line for each kind of request; the kinds of most requests first."""
    currency = scope.company.currency
    order = rows.groupby("kind")["eligible_count"].sum().sort_values(ascending=False, kind="stable").index
    lines = pd.DataFrame(
        {
            "when": rows["month_start_date"],
            "value": rows["value"],
            "series": [named("request_kind", kind) for kind in rows["kind"]],
            "shown": [formats.kpi(value, kpi.unit, currency) for value in rows["value"]],
            "sample": [formats.count(count) for count in rows["eligible_count"]],
            "is_complete": ~rows["month_start_date"].dt.date.isin(scope.incomplete_months),
        }
    )
    return charts.trend(
        lines,
        formats.unit_name(kpi.unit, currency),
        [named("request_kind", kind) for kind in order],
        is_share=formats.is_percentage(kpi.unit),
        is_duration=kpi.unit == "seconds",
    )


def _rows(scope: Scope, history: History) -> None:
    kpi, current = history.kpi, history.current
    components.section(t("indicators.rows"), t("indicators.rows_grain", period=scope.period.name, scope=scope.words))
    if not kpi.is_available:
        st.info(t("kpi.needs", feeds=feeds(kpi.missing_feeds)), icon=":material/link_off:")
        return
    if not kpi.is_published_by(scope.segment):
        components.not_published(scope, [kpi])
        return
    if current is None:
        st.info(t("indicators.not_told"), icon=":material/inbox:")
        return
    if not trust.show(scope, [(kpi.kpi_id, kpi.name)]):
        st.info(t("indicators.withheld"), icon=":material/visibility_off:")
        return
    found = behind.read_behind(scope, kpi.kpi_id)
    if not found.has_items:
        table = found.subjects[0].table if found.subjects else "kpi_values"
        st.info(t("indicators.elsewhere", table=f"marts.{table}"), icon=":material/info:")
        _sql(t("indicators.sql_number"), behind.published_sql(scope, kpi.kpi_id))
        return
    st.caption(t(f"indicators.rule_{found.rule}"))
    states = behind.read_states(scope, found)
    _states(states, current)
    if len(states):
        _items(scope, found, states)
    _sql(t("indicators.sql_number"), behind.number_sql(found, behind.window_of(scope, found)))


def _states(states: pd.DataFrame, reading: Reading) -> None:
    """The counts that the published value has, beside the rows that stand for them."""
    counts = {
        "counted": reading.eligible_count,
        "immature": reading.immature_count,
        "censored": reading.censored_count,
        "excluded": reading.excluded_count,
    }
    for column, (state, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
        column.metric(t(f"item_state.{state}"), formats.count(count), help=t(f"item_state.{state}_help"), border=True)
    if len(states):
        components.table(
            "indicator_states",
            states.assign(
                kind=[named("subject_kind", kind) for kind in states["subject_kind"]],
                state=[t(f"item_state.{state}") for state in states["state"]],
                reason=["" if formats.is_missing(r) else named("item_reason", r) for r in states["reason"]],
            ),
            {
                "kind": t("column.subject_kind"),
                "state": t("column.item_state"),
                "reason": t("column.reason"),
                "row_count": t("column.rows"),
                "case_count": t("column.cases"),
            },
        )


def _items(scope: Scope, found: Behind, states: pd.DataFrame) -> None:
    subjects = {subject.kind: subject for subject in found.subjects}
    kinds = [kind for kind in dict.fromkeys(states["subject_kind"]) if kind in subjects]
    left, right = st.columns(2)
    with left:
        kind = url_state.pick(
            "kind", t("column.subject_kind"), kinds, kinds[0], lambda option: named("subject_kind", option), "segments"
        )
    of_kind = states[states["subject_kind"] == kind]
    shown_states = [ALL, *[state for state in behind.STATES if state in set(of_kind["state"])]]
    with right:
        state = url_state.pick(
            "state",
            t("column.item_state"),
            shown_states,
            ALL,
            lambda option: t("filter.all_states") if option == ALL else t(f"item_state.{option}"),
            "segments",
        )
    subject = subjects[kind]
    rows = behind.read_items(scope, found, subject, state)
    total = int(of_kind.loc[(of_kind["state"] == state) | (state == ALL), "row_count"].sum())
    if total > len(rows):
        st.caption(t("indicators.first_rows", shown=formats.count(len(rows)), total=formats.count(total)))
    else:
        st.caption(t("indicators.all_rows", total=formats.count(total)))
    _table(scope, found, subject, rows)
    _sql(t("indicators.sql_rows"), behind.rows_sql(found, behind.window_of(scope, found), subject))


def _table(scope: Scope, found: Behind, subject: Subject, rows: pd.DataFrame) -> None:
    zone = scope.company.time_zone
    sites = scope.read(queries.company.SITES).set_index("site_id")["site_name"]
    shown = rows.assign(
        counted_date=cells.told(subject.kind, "counted_date", rows["counted_date"], zone),
        site_id=[named("site", sites.get(site, site)) for site in rows["site_id"]],
        state=[t(f"item_state.{state}") for state in rows["state"]],
        reason=["" if formats.is_missing(r) else named("item_reason", r) for r in rows["reason"]],
        product_family=cells.told(subject.kind, "product_family", rows["product_family"], zone),
    )
    columns = {
        "subject_id": named("subject_kind", subject.kind),
        "counted_date": t("column.counted_date"),
        "site_id": t("column.site"),
        "product_family": t("column.product_family"),
        "state": t("column.item_state"),
        "reason": t("column.reason"),
        "numerator": t("column.numerator"),
        "denominator": t("column.denominator"),
    }
    if set(rows["item_count"]) - {0, 1}:
        columns["item_count"] = t("column.cases")
    for column in subject.columns:
        # Of what an item and its row both tell, the item's is shown.
        if column not in shown or column in columns:
            continue
        shown[column] = cells.told(subject.kind, column, shown[column], zone)
        columns[column] = t(f"subject_column.{column}")
    components.table(f"rows_{found.kpi_id}", shown, columns, height=420)


def _sql(label: str, statement: str) -> None:
    with st.expander(label, icon=":material/code:"):
        st.caption(t("indicators.sql_how"))
        st.code(statement, language="sql")


def _past(scope: Scope, kpi_id: str) -> None:
    components.section(t("indicators.history"), t("indicators.history_grain", scope=scope.words))
    history = read_histories(scope, "month", scope.trend_range[1])[kpi_id]
    components.not_published(scope, [history.kpi])
    restated.of_kpi(scope, history.kpi)
    rows = components.trend_rows(scope, history)
    if rows["value"].notna().sum() < 2 or not trust.show(scope, [(kpi_id, history.kpi.name)]):
        components.nothing(scope)
        return
    unit = history.kpi.unit
    charts.draw(
        charts.trend(
            rows,
            formats.unit_name(unit, scope.company.currency),
            [history.kpi.name],
            is_share=formats.is_percentage(unit),
            is_duration=unit == "seconds",
        ),
        history.kpi.name,
    )


def _lineage(scope: Scope, kpi_id: str) -> None:
    components.section(t("indicators.lineage"), t("indicators.lineage_grain"))
    rows = scope.ask("lineage", {"kpi_id": kpi_id})
    if rows.empty:
        st.caption(t("nothing.rows"))
        return
    for schema in ("raw", "policy", "marts"):
        tables = rows.loc[rows["schema_name"] == schema, "table_name"]
        if len(tables):
            words = [named("feed", name) if schema == "raw" else f"`{name}`" for name in tables]
            st.markdown(f"**{t(f'indicators.{schema}')}** {t('list.separator').join(words)}")
