"""Data health: what this version was built from, which checks it passed, and what was left out and why."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import checks as build_checks
from app import components, formats, queries, restated
from app.scope import Scope
from app.words import named, t

# Models shown; meta.steps has all.
_SLOWEST = 10


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.health"))
    builds, feeds = scope.read(queries.company.BUILDS), scope.read(queries.company.FEEDS)
    build_id = str(builds["build_id"].iloc[0]) if len(builds) else ""
    if not scope.is_whole_company:
        _version_facts(scope, builds, feeds)
        restated.headline(scope, builds)
        st.header(t("restated.title"), anchor=False)
        restated.render(scope)
        components.withheld("door.no_site_health")
        return
    rejects = scope.read(queries.health.REJECTS)
    gates = scope.read(queries.health.GATES, (build_id,))
    gates["result"] = build_checks.results(gates)
    _summary(scope, builds, feeds, gates)
    restated.headline(scope, builds)
    checks, past, sources, noticed, rejected, steps, versions, tables = st.tabs(
        [
            t("health.tab_checks"),
            t("health.tab_restated"),
            t("health.tab_feeds"),
            t("health.tab_notices"),
            t("health.tab_rejects"),
            t("health.tab_steps"),
            t("health.tab_versions"),
            t("health.tab_tables"),
        ]
    )
    with checks:
        build_checks.render(scope, gates, build_id)
    with past:
        restated.render(scope)
    with sources:
        _feeds(scope, feeds)
    with noticed:
        _notices(scope, build_id)
    with rejected:
        _rejects(rejects)
    with steps:
        _steps(scope, build_id)
    with versions:
        _versions(scope, builds)
    with tables:
        _tables(scope)


def _summary(scope: Scope, builds: pd.DataFrame, feeds: pd.DataFrame, gates: pd.DataFrame) -> None:
    passed, total = int((gates["result"] == "passed").sum()), len(gates)
    _version_facts(
        scope,
        builds,
        feeds,
        (t("health.gates"), t("health.gates_value", passed=formats.count(passed), total=formats.count(total))),
        (t("health.rejected"), formats.count(feeds["rejected_count"].sum())),
    )


def _version_facts(scope: Scope, builds: pd.DataFrame, feeds: pd.DataFrame, *more: tuple[str, str]) -> None:
    """Cards of what this version is; `more` are labels and values that not everybody may see."""
    zone = scope.company.time_zone
    build = builds.iloc[0] if len(builds) else None
    facts = [
        (t("health.as_of"), formats.moment(scope.company.as_of_at, zone)),
        (t("health.published"), formats.MISSING if build is None else formats.moment(build["published_at"], zone)),
        (t("health.duration"), formats.MISSING if build is None else formats.duration(build["duration_seconds"])),
        (
            t("health.feeds_connected"),
            t("health.gates_value", passed=int(feeds["is_connected"].sum()), total=len(feeds)),
        ),
        *more,
    ]
    for column, (label, value) in zip([*st.columns(3), *st.columns(3)], facts, strict=False):
        column.metric(label, value, border=True, height="stretch")


def _feeds(scope: Scope, feeds: pd.DataFrame) -> None:
    st.caption(t("health.feeds_grain"))
    rows = feeds.assign(
        feed=[named("feed", feed) for feed in feeds["feed"]],
        connected=[f"✓ {t('yes')}" if connected else f"– {t('no')}" for connected in feeds["is_connected"]],
        landed=[formats.moment(landed, scope.company.time_zone) for landed in feeds["last_landed_at"]],
    )
    components.table(
        "feeds",
        rows,
        {
            "feed": t("column.feed"),
            "connected": t("column.connected"),
            "sources": t("column.sources"),
            "delivered_count": t("column.delivered"),
            "row_count": t("column.rows"),
            "superseded_count": t("column.superseded"),
            "filtered_count": t("column.filtered"),
            "rejected_count": t("column.rejected"),
            "landed": t("column.landed"),
        },
        height=36 * (len(rows) + 1) + 4,
    )


def _notices(scope: Scope, build_id: str) -> None:
    st.caption(t("health.notices_grain"))
    notices = scope.read(queries.health.NOTICES)
    if notices.empty:
        st.success(t("health.no_notices"), icon=":material/verified:")
        return
    new = int((notices["build_id"] == build_id).sum())
    if new:
        st.info(t("health.new_notices", count=formats.count(new)), icon=":material/info:")
    rows = notices.assign(
        noticed=[formats.moment(moment, scope.company.time_zone) for moment in notices["noticed_at"]],
        feed=[named("feed", feed) for feed in notices["feed"]],
        kind=[named("notice", kind) for kind in notices["kind"]],
    )
    components.table(
        "notices",
        rows,
        {
            "noticed": t("column.noticed"),
            "feed": t("column.feed"),
            "source": t("column.source"),
            "kind": t("column.notice"),
            "place": t("column.place"),
            "column_name": t("column.column"),
            "message": t("column.message"),
        },
    )


def _rejects(rejects: pd.DataFrame) -> None:
    st.caption(t("health.rejects_grain"))
    if rejects.empty:
        st.success(t("health.no_rejects"), icon=":material/verified:")
        return
    rows = rejects.assign(
        feed=[named("feed", feed) for feed in rejects["feed"]],
        reason_kind=[named("reason", kind) for kind in rejects["reason_kind"]],
    )
    components.table(
        "rejects",
        rows,
        {
            "feed": t("column.feed"),
            "source": t("column.source"),
            "column_name": t("column.column"),
            "reason_kind": t("column.reason"),
            "row_count": t("column.row_count"),
            "example": t("column.example"),
        },
    )


def _steps(scope: Scope, build_id: str) -> None:
    """How this build went: its steps in their order, then the models that took longest."""
    st.caption(t("health.steps_grain"))
    found = scope.read(queries.health.STEPS, (build_id,))
    is_model = found["kind"] == "model"
    steps = found[~is_model]
    components.table(
        "steps",
        steps.assign(
            step=[_step_name(step, kind) for step, kind in zip(steps["step"], steps["kind"], strict=True)],
            seconds=steps["seconds"].round(1),
            cpu_seconds=steps["cpu_seconds"].round(1),
            memory=(steps["peak_memory_bytes"] / 1e6).round(),
        ),
        {
            "step": t("column.step"),
            "seconds": t("column.seconds"),
            "cpu_seconds": t("column.cpu_seconds"),
            "memory": t("column.memory"),
            "rows_in": t("column.delivered"),
            "rows_out": t("column.rows"),
            "rejected_count": t("column.rejected"),
        },
        height=36 * (len(steps) + 1) + 4,
    )
    st.header(t("health.slowest_models"), anchor=False)
    models = found[is_model].sort_values(["seconds", "step"], ascending=[False, True]).head(_SLOWEST)
    components.table(
        "models",
        models.assign(seconds=models["seconds"].round(2)),
        {"step": t("column.model"), "seconds": t("column.seconds"), "rows_out": t("column.row_count")},
    )


def _step_name(step: str, kind: str) -> str:
    """The step's name; that of a feed's with the feed."""
    if kind == "extract":
        return t("step.extract", feed=named("feed", step.removeprefix("extract:")))
    return named("gate", step) if kind == "gate" else t(f"step.{kind}")


def _versions(scope: Scope, builds: pd.DataFrame) -> None:
    st.caption(t("health.versions_grain"))
    zone = scope.company.time_zone
    rows = builds.assign(
        as_of=[formats.moment(moment, zone) for moment in builds["as_of_at"]],
        published=[formats.moment(moment, zone) for moment in builds["published_at"]],
        duration=builds["duration_seconds"].map(formats.duration),
    )
    components.table(
        "versions",
        rows,
        {
            "build_id": t("column.build"),
            "as_of": t("column.as_of"),
            "published": t("column.published"),
            "duration": t("column.duration"),
            "code_version": t("column.code"),
            "duckdb_version": t("column.engine"),
        },
    )


def _tables(scope: Scope) -> None:
    st.caption(t("health.tables_grain"))
    rows = scope.read(queries.health.TABLES)
    components.table(
        "tables",
        rows,
        {
            "schema_name": t("column.schema"),
            "table_name": t("column.table"),
            "row_count": t("column.row_count"),
        },
        height=36 * (len(rows) + 1) + 4,
    )
