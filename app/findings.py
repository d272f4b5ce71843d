"""What a board should read of a period: the rows of marts.agg_findings as plain sentences, each with its query.

The sentences are put together by rule from what the rows say; no number in them is made here. The queries are text to
be read and pasted elsewhere; none of them is run by the report.
"""

# ruff: noqa: S608 - the statements are shown, not run
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import streamlit as st

from app import formats, queries, trust, url_state
from app.kpis import Kpi, read_kpis
from app.scope import ALL, PREVIOUS, Scope
from app.why import member_name
from app.words import t

_MOVED = ("worse", "better", "changed")
_BADGES = {
    "worse": ("red", "trending_down"),
    "better": ("green", "trending_up"),
    "changed": ("blue", "swap_vert"),
    "level": ("orange", "show_chart"),
    "off_target": ("orange", "flag"),
}


@dataclass(frozen=True)
class Finding:
    """One finding in words; `kind` is that of the mart, `sql` gives the numbers of the sentence."""

    kpi_id: str
    kind: str
    sentence: str
    sql: str


def read_findings(scope: Scope) -> list[Finding]:
    """The findings of the whole company in the period of the scope, the first to be read first."""
    registry = read_kpis(scope)
    rows = scope.read(queries.findings.FINDINGS, (scope.period.grain, scope.period.start))
    return [
        Finding(row["kpi_id"], row["finding_kind"], _sentence(scope, registry[row["kpi_id"]], row), _sql(scope, row))
        for row in rows.to_dict("records")
        if row["kpi_id"] in registry
    ]


def show(scope: Scope) -> None:
    """Draw them, each with its query on request; nothing where they are not of what the visitor looks at."""
    if scope.segment != ALL or not scope.is_whole_company or scope.comparison != PREVIOUS or scope.period.grain == ALL:
        return
    st.subheader(t("findings.title"), anchor=False)
    if not scope.period.is_complete:
        st.caption(t("findings.incomplete"))
        return
    found = read_findings(scope)
    if not found:
        st.caption(t("findings.none"))
        return
    for finding in found:
        colour, icon = _BADGES[finding.kind]
        badge = f":{colour}-badge[:material/{icon}: {t(f'findings.kind_{finding.kind}')}]"
        stamp = "" if not trust.read_doubts(scope, finding.kpi_id) else f" {trust.badge(trust.WARNED)}"
        link = url_state.link("indicators", kpi=finding.kpi_id)
        st.markdown(f"{badge}{stamp} {formats.plain(finding.sentence)} [{t('findings.look')}]({link})")
    with st.expander(t("findings.sql"), icon=":material/code:"):
        st.caption(t("indicators.sql_how"))
        for finding in found:
            st.markdown(f":small[{formats.plain(finding.sentence)}]")
            st.code(finding.sql, language="sql")


def _sentence(scope: Scope, kpi: Kpi, row: Mapping[str, Any]) -> str:
    """What moved, by how much, whether that is real, who made it, and who is to look."""
    currency = scope.company.currency

    def shown(column: str) -> str:
        return formats.kpi(row[column], kpi.unit, currency)

    parts = []
    if row["finding_kind"] in _MOVED:
        change = formats.kpi_change(row["change"], kpi.unit, currency) or "0"
        parts.append(
            t(
                f"findings.{row['finding_kind']}",
                kpi=kpi.name,
                before=shown("previous_value"),
                after=shown("value"),
                change=change,
            )
        )
        if formats.is_missing(row["change_low"]):
            limits = formats.natural_limits(row["limit_low"], row["limit_high"], kpi.unit, currency)
            parts.append(t("findings.by_limits", limits=limits))
        else:
            ends = [
                formats.kpi_change(row[column], kpi.unit, currency) or "0" for column in ("change_low", "change_high")
            ]
            parts.append(t("findings.by_interval", low=ends[0], high=ends[1]))
        if row["is_split"]:
            parts.append(_cause(scope, kpi, row))
    elif row["finding_kind"] == "level":
        side = "high" if row["value"] > row["limit_center"] else "low"
        parts.append(
            t(
                f"findings.{row['signal']}_{side}",
                kpi=kpi.name,
                value=shown("value"),
                center=shown("limit_center"),
                periods=t(f"standing.run_of_{scope.period.grain}"),
            )
        )
    if row["off_target_count"] and not formats.is_missing(row["target"]):
        count = int(row["off_target_count"])
        since = t(f"standing.off_{scope.period.grain}", count=count) if count > 1 else t("standing.off_first")
        target = t(f"kpi.target_{kpi.direction}", value=shown("target"))
        key = "findings.off_target" if row["finding_kind"] == "off_target" else "findings.and_off_target"
        parts.append(t(key, kpi=kpi.name, value=shown("value"), since=since, target=target))
    parts.append(t("findings.owner", owner=kpi.owner))
    return reduce(lambda said, more: t("findings.next", said=said, more=more), parts)


def _cause(scope: Scope, kpi: Kpi, row: Mapping[str, Any]) -> str:
    if formats.is_missing(row["cause_dimension"]):
        return t("findings.no_cause")
    said = _driven(scope, kpi, row, "cause")
    if formats.is_missing(row["part_dimension"]):
        return t("findings.cause", cause=said)
    return t("findings.cause_and_part", cause=said, part=_driven(scope, kpi, row, "part"))


def _driven(scope: Scope, kpi: Kpi, row: Mapping[str, Any], of: str) -> str:
    name = member_name(row[f"{of}_dimension"], row[f"{of}_member"], row[f"{of}_site_name"])
    driver = row[f"{of}_driver"]
    if driver == "mix":
        ends = [formats.share(row[f"{of}_{column}"]) for column in ("previous_weight", "weight")]
    else:
        ends = [
            formats.kpi(row[f"{of}_{column}"], kpi.unit, scope.company.currency)
            for column in ("previous_value", "value")
        ]
    return t(f"findings.by_{driver}", member=name, before=ends[0], after=ends[1])


def _sql(scope: Scope, row: Mapping[str, Any]) -> str:
    """The statement whose rows have the numbers of the sentence: of the KPI, then of who made its change."""
    of_kpi = (
        f"    kpi_id = '{row['kpi_id']}'\n    and period_grain = '{scope.period.grain}'\n"
        f"    and period_start_date = date '{scope.period.start}'"
    )
    first = f"""\
select
    value, previous_value, change, change_low, change_high, verdict, signal, limit_low, limit_center, limit_high,
    off_target_count
from marts.agg_kpi_changes
where
{of_kpi}
    and segment = 'all';"""
    if row["finding_kind"] not in _MOVED:
        return first
    return f"""{first}

select dimension, member, driver, previous_value, value, previous_weight, weight, effect
from marts.agg_kpi_change_split
where
{of_kpi}
    and comparison = 'previous'
order by cause_rank
limit 5;

select
    dimension, member, second_dimension, second_member, driver, previous_value, value, previous_weight, weight, effect
from marts.agg_kpi_change_drill
where
{of_kpi}
    and comparison = 'previous'
order by cause_rank
limit 5;"""
