"""The checks of a build in data health: what passed, how each fared in earlier builds, and the build's pages."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from app import components, data_docs, formats, queries
from app.scope import Scope
from app.words import language, named, t

RECENT_BUILDS = 10
_SIGNS = {"failed": "✕", "withheld": "⊘", "warned": "!", "passed": "✓", "none": "·"}
_RANKS = {"failed": 0, "withheld": 1, "warned": 2, "passed": 3}
_FAILED_AS = {"stop": "failed", "withhold": "withheld", "warn": "warned"}
_IDENTITY = ["gate", "schema_name", "table_name", "column_name", "expectation"]
_PAGE_HEIGHT = 640


def results(checks: pd.DataFrame) -> list[str]:
    """Of each row of checks: failed, withheld (the KPIs that it touches), warned or passed."""
    return [
        "passed" if passed else _FAILED_AS[severity]
        for passed, severity in zip(checks["is_success"], checks["severity"], strict=True)
    ]


def render(scope: Scope, checks: pd.DataFrame, build_id: str) -> None:
    """Draw `checks`, those of `build_id` with their results."""
    warned = int(checks["result"].isin(["warned", "withheld"]).sum())
    if len(checks) and (checks["result"] == "passed").all():
        st.success(t("health.checks_good"), icon=":material/verified:")
    elif warned:
        st.warning(t("health.checks_warn", count=warned), icon=":material/warning:")
    rows = checks.assign(rank=checks["result"].map(_RANKS)).sort_values("rank", kind="stable")
    _table(scope, rows, build_id)
    if len(rows):
        _history(scope, rows, build_id)
    _pages(scope, rows, build_id)


def _table(scope: Scope, rows: pd.DataFrame, build_id: str) -> None:
    st.caption(t("health.checks_grain"))
    trends = scope.read(queries.health.GATE_TRENDS, (build_id, RECENT_BUILDS))
    shown = rows.merge(trends, on=_IDENTITY, how="left")
    shown["trend"] = ["".join(_SIGNS[each] for each in trend.split()) for trend in shown["trend"]]
    shown["result"] = [_result(result) for result in shown["result"]]
    shown["gate"] = [named("gate", gate) for gate in shown["gate"]]
    components.table(
        "checks",
        shown,
        {
            "result": t("column.result"),
            "trend": t("column.trend"),
            "gate": t("column.gate"),
            "table_name": t("column.table"),
            "column_name": t("column.column"),
            "expectation": t("column.expectation"),
            "message": t("column.message"),
            "unexpected_count": t("column.unexpected"),
            "element_count": t("column.checked"),
            "observed": t("column.observed"),
        },
        height=460,
    )


def _history(scope: Scope, rows: pd.DataFrame, build_id: str) -> None:
    components.section(t("health.history"), t("health.history_grain"))
    # A company may have a check twice: two rows of limits that name nothing.
    checks = rows.drop_duplicates(_IDENTITY).reset_index(drop=True)
    position = st.selectbox(
        t("health.history_pick"),
        range(len(checks)),
        format_func=[_name(check) for check in checks.to_dict("records")].__getitem__,
        key=f"pick_check_{build_id}_{language()}",
    )
    check = checks.loc[position]
    column = "" if formats.is_missing(check["column_name"]) else str(check["column_name"])
    identity = (str(check["gate"]), str(check["schema_name"]), str(check["table_name"]), column)
    history = scope.read(queries.health.GATE_HISTORY, (*identity, str(check["expectation"]), build_id))
    history["result"] = [_result(result) for result in results(history)]
    zone = scope.company.time_zone
    history["published"] = [formats.moment(moment, zone) for moment in history["published_at"]]
    columns = {
        "build_id": t("column.build"),
        "result": t("column.result"),
        "observed": t("column.observed"),
        "unexpected_count": t("column.unexpected"),
        "published": t("column.published"),
        "message": t("column.message"),
    }
    if history["example_rows"].notna().any():
        columns["example_rows"] = t("column.example")
    components.table("check_history", history, columns)


def _pages(scope: Scope, rows: pd.DataFrame, build_id: str) -> None:
    components.section(t("health.pages"), t("health.pages_grain"))
    if not scope.warehouse.limits.are_none:
        components.withheld("door.no_pages")
        return
    site = data_docs.site_of(Path(scope.warehouse.path), build_id)
    if site is None:
        st.info(t("health.no_pages", command=f"aftersales data-docs {build_id}"), icon=":material/inbox:")
        return
    st.download_button(
        t("health.pages_download"),
        partial(data_docs.write_zip, site),
        file_name=f"data_docs_{build_id}.zip",
        mime="application/zip",
        key="download_data_docs",
        on_click="ignore",
        icon=":material/download:",
    )
    pages = data_docs.table_pages(site)
    # The page of what did not pass, if anything: the rows begin with it.
    worst = next(iter([f"{row.gate}/{row.schema_name}.{row.table_name}" for row in rows.head(1).itertuples()]), "")
    page = st.selectbox(
        t("health.pages_pick"),
        pages,
        index=pages.index(worst) if worst in pages else 0,
        format_func={name: _page_name(name) for name in pages}.__getitem__,
        key=f"pick_page_{build_id}_{language()}",
    )
    # Its own policy lets the page run no script and fetch nothing.
    st.iframe(data_docs.read_page(site, page), height=_PAGE_HEIGHT)


def _result(result: str) -> str:
    return f"{_SIGNS[result]} {t(f'check.{result}')}"


def _name(check: dict[str, object]) -> str:
    column = "" if formats.is_missing(check["column_name"]) else f".{check['column_name']}"
    return f"{_SIGNS[str(check['result'])]} {check['table_name']}{column} · {check['expectation']}"


def _page_name(page: str) -> str:
    gate, _, table = page.partition("/")
    return f"{named('gate', gate)} · {table}"
