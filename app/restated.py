"""Numbers of the past that this version tells otherwise than the one before it: which, by how much, and why."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import components, formats, queries, url_state
from app.kpis import Kpi, read_kpis
from app.scope import ALL, Scope
from app.words import WORDS, named, t

# Heavier first: what nobody can explain is said before what was to be expected.
CAUSES = ("unexplained", "withheld", "definition", "correction", "late_data", "maturity")
_INDIRECT = ", indirect"
# Facts that keep the rows of a feed are called like it; policies have its name already.
_PREFIX = "fct_"


def headline(scope: Scope, builds: pd.DataFrame) -> None:
    """Say in one sentence whether numbers of the past changed in the scope; `builds` are those of the version."""
    before = scope.read(queries.health.RESTATED_FROM)
    if before.empty:
        st.caption(t("restated.first" if len(builds) < 2 else "restated.not_compared"))
        return
    rows = scope.read(queries.health.RESTATEMENTS, (scope.site_id, scope.family))
    words = {"moment": formats.plain(_published(scope, builds, str(before["build_id"].iloc[0]))), "scope": scope.words}
    if rows.empty:
        st.success(t("restated.none", **words), icon=":material/history:")
        return
    found = rows["cause"].value_counts()
    causes = [f"{t(f'restated.{cause}')} {formats.count(found[cause])}" for cause in CAUSES if cause in found]
    told = t("restated.headline", count=formats.count(len(rows)), causes=t("list.separator").join(causes), **words)
    if "unexplained" in found:
        st.warning(told, icon=":material/history:")
    else:
        st.info(told, icon=":material/history:")


def render(scope: Scope) -> None:
    """Draw which numbers of the scope changed, and why; `headline` says the rest."""
    st.caption(formats.plain(t("restated.grain", scope=scope.words)))
    rows = scope.read(queries.health.RESTATEMENTS, (scope.site_id, scope.family))
    _all_segments(scope)
    if rows.empty:
        st.caption(t("restated.none_here"))
        return
    found = rows["cause"].value_counts()
    causes = [cause for cause in CAUSES if cause in found]
    components.table(
        "restated_causes",
        pd.DataFrame(
            {
                "cause": [t(f"restated.{cause}") for cause in causes],
                "count": [int(found[cause]) for cause in causes],
                "meaning": [t(f"restated.{cause}_means") for cause in causes],
            }
        ),
        {"cause": t("column.why"), "count": t("column.numbers"), "meaning": t("column.meaning")},
    )
    cause = url_state.pick(
        "cause",
        t("column.why"),
        [ALL, *causes],
        ALL,
        lambda option: t("restated.all_causes") if option == ALL else t(f"restated.{option}"),
        "segments",
    )
    shown = rows if cause == ALL else rows[rows["cause"] == cause]
    components.table("restated", _told(scope, shown), _columns("kpi", "period"), height=min(36 * len(shown) + 40, 420))


def of_kpi(scope: Scope, kpi: Kpi) -> None:
    """Say which published numbers of one KPI changed in the scope; nothing where none did."""
    rows = scope.read(queries.health.RESTATEMENTS, (scope.site_id, scope.family))
    rows = rows[rows["kpi_id"] == kpi.kpi_id]
    if rows.empty:
        return
    with st.expander(t("restated.of_kpi", count=formats.count(len(rows))), icon=":material/history:"):
        components.table(f"restated_{kpi.kpi_id}", _told(scope, rows), _columns("period"))


def evidence_words(evidence: str) -> str:
    """What meta.restatements.evidence names, in words: causes, and the feeds, policies or circumstances they lie in."""
    return t("list.semicolon").join(_piece(piece) for piece in evidence.split("; ") if piece)


def _piece(piece: str) -> str:
    kind, _, things = piece.rpartition(": ")
    cause = kind.removesuffix(_INDIRECT)
    if f"restated.{cause}" not in WORDS:
        # A circumstance alone, such as a changed profile.
        return _thing(piece)
    named_things = t("list.separator").join(_thing(thing) for thing in things.split(", "))
    words = "restated.evidence_indirect" if kind.endswith(_INDIRECT) else "restated.evidence"
    return t(words, cause=t(f"restated.{cause}"), things=named_things)


def _thing(thing: str) -> str:
    circumstance = f"evidence.{thing.partition(' (')[0].replace(' ', '_')}"
    return t(circumstance) if circumstance in WORDS else named("feed", thing.removeprefix(_PREFIX))


def _columns(*first: str) -> dict[str, str]:
    return {name: t(f"column.{name}") for name in (*first, "before", "now", "change", "why", "found_in")}


def _told(scope: Scope, rows: pd.DataFrame) -> pd.DataFrame:
    """The restatements in words."""
    kpis, currency = read_kpis(scope), scope.company.currency
    withheld = set(scope.read(queries.health.WITHHELD)["kpi_id"])
    told = []
    for row in rows.to_dict("records"):
        kpi = kpis.get(row["kpi_id"])
        unit = "number" if kpi is None else kpi.unit
        before, now = (formats.kpi(row[column], unit, currency) for column in ("old_value", "new_value"))
        found_in = [evidence_words(row["evidence"])] if row["evidence"] else []
        if row["old_target"] != row["new_target"] and not (
            formats.is_missing(row["old_target"]) and formats.is_missing(row["new_target"])
        ):
            targets = [formats.kpi(row[column], unit, currency) for column in ("old_target", "new_target")]
            found_in.append(t("restated.target", before=targets[0], now=targets[1]))
        change = formats.MISSING if formats.is_missing(row["change"]) else _change(row["change"], unit, currency)
        if row["kpi_id"] in withheld:
            before = now = change = t("trust.withheld")
        told.append(
            {
                "kpi": row["kpi_id"] if kpi is None else kpi.name,
                "period": formats.period(row["period_grain"], row["period_start_date"]),
                "before": before,
                "now": now,
                "change": change,
                "why": t(f"restated.{row['cause']}"),
                "found_in": t("list.semicolon").join(found_in),
            }
        )
    frame = pd.DataFrame(told, columns=["kpi", "period", "before", "now", "change", "why", "found_in"])
    frame.attrs = dict(rows.attrs)
    return frame


def _change(change: float, unit: str, currency: str) -> str:
    """A difference in words; one that is none, or too small for its unit, is told as that."""
    return formats.kpi_change(change, unit, currency) or t("restated.same" if change == 0 else "restated.too_small")


def _published(scope: Scope, builds: pd.DataFrame, build_id: str) -> str:
    """When a build was published; its name where the version does not know it."""
    of_build = builds.loc[builds["build_id"] == build_id, "published_at"]
    return formats.moment(of_build.iloc[0], scope.company.time_zone) if len(of_build) else build_id


def _all_segments(scope: Scope) -> None:
    """How many numbers changed in all segments together, told to who may see the whole company."""
    if scope.is_whole_company:
        total = int(scope.read(queries.health.RESTATEMENT_COUNTS)["row_count"].sum())
        st.caption(t("restated.all_segments", total=formats.count(total)))
