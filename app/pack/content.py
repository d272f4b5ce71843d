"""What stands in a pack: a page of summary, a page for each view, sources and definitions.

Every number is a published one, turned into words by app.formats.
"""

from __future__ import annotations

from collections.abc import Sequence

from app import cards, findings, formats, kpis, queries, trust
from app.kpis import CLASSES, EXECUTIVE, History
from app.pack.pages import read_pages
from app.pack.parts import Content, Definition, Group, Told
from app.pack.reading import Reading, is_doubted, lines_of
from app.scope import Scope
from app.words import feeds, named, t


def read_content(scope: Scope) -> Content:
    """Read the pack of a scope."""
    reading = Reading(scope, kpis.read_histories(scope), kpis.read_months(scope))
    known = [history for kpi_id, history in reading.current.items() if reading.has_value(kpi_id)]
    if not known:
        return Content(lead=t("pack.empty"), groups=(), notes=(), sources=_sources(scope, ()), feeds=_feeds(scope))
    groups = _groups(reading)
    found = [Told(finding.sentence, finding.sql) for finding in findings.read_findings(scope)]
    pages = [page for page in read_pages(reading) if page.lines or any(figure.svg for figure in page.figures)]
    lists = [*(group.lines for group in groups), *(page.lines for page in pages)]
    told = {line.kpi_id for lines in lists for line in lines}
    return Content(
        lead=_lead(scope),
        groups=groups,
        notes=_notes(reading, found),
        findings=found,
        pages=pages,
        sources=_sources(scope, known),
        feeds=_feeds(scope),
        definitions=[_definition(scope, reading.current[kpi_id]) for kpi_id in reading.current if kpi_id in told],
    )


def _lead(scope: Scope) -> str:
    period, before = scope.period, scope.compared_start
    if before is None:
        return t("pack.summary_lead_all", scope=scope.words)
    lead = t("pack.summary_lead", period=period.name, scope=scope.words, before=formats.period(period.grain, before))
    return lead if period.is_complete else f"{lead} {t('pack.incomplete', period=period.name)}"


def _groups(reading: Reading) -> list[Group]:
    groups = []
    for kpi_class in CLASSES:
        chosen = [kpi_id for kpi_id, history in reading.current.items()
                  if history.kpi.kpi_class == kpi_class and history.kpi.audience == EXECUTIVE]  # fmt: skip
        lines = lines_of(reading, chosen)
        if lines:
            shown = [line.status for line in lines if not line.is_withheld]
            counts = {status: shown.count(status) for status in cards.STATUSES if status in shown}
            groups.append(Group(t(f"class.{kpi_class}"), counts, lines))
    return groups


def _notes(reading: Reading, found: Sequence[Told]) -> list[str]:
    """What the summary does not show, and why."""
    left_out = [
        history for kpi_id, history in reading.current.items()
        if history.kpi.audience == EXECUTIVE and not reading.has_value(kpi_id)
    ]  # fmt: skip
    is_judged = reading.scope.period.is_complete and reading.scope.compared_start is not None
    notes = [t("findings.none")] if is_judged and not found else []
    missing = [history.kpi.name for history in left_out if history.kpi.missing_feeds]
    silent = [history.kpi.name for history in left_out if not history.kpi.missing_feeds]
    separator = t("list.separator")
    if silent:
        notes.append(t("pack.not_shown", period=reading.scope.period.name, kpis=separator.join(silent)))
    if missing:
        notes.append(t("pack.not_available", kpis=separator.join(missing)))
    if any(is_doubted(reading.scope, history) for history in reading.current.values()):
        notes.append(t("pack.care_note"))
    return notes


def _sources(scope: Scope, known: Sequence[History]) -> list[str]:
    stamps = [history.current.trust for history in known if history.current is not None]
    warned, withheld = stamps.count(trust.WARNED), stamps.count(trust.WITHHELD)
    doubts = t("pack.doubts", warned=warned, withheld=withheld) if warned or withheld else t("pack.no_doubts")
    rows = scope.read(queries.company.FEEDS)
    missing = feeds(rows.loc[~rows["is_connected"], "feed"])
    return [t("pack.how"), doubts, *([t("pack.missing_feeds", feeds=missing)] if missing else [])]


def _feeds(scope: Scope) -> list[tuple[str, str, str]]:
    rows = scope.read(queries.company.FEEDS)
    return [
        (
            named("feed", row.feed),
            formats.count(row.row_count),
            formats.moment(row.last_landed_at, scope.company.time_zone),
        )
        for row in rows[rows["is_connected"]].itertuples()
    ]


def _definition(scope: Scope, history: History) -> Definition:
    kpi, now = history.kpi, history.current
    facts = [t("kpi.owner", owner=kpi.owner), t("kpi.version", version=kpi.definition_version)]
    facts.append(t("kpi.unit", unit=formats.unit_name(kpi.unit, scope.company.currency)))
    if now is not None and now.value is not None:
        facts.append(t("kpi.sample", count=formats.count(now.eligible_count)))
        if now.interval_low is not None and now.interval_high is not None:
            ends = formats.kpi_interval(now.interval_low, now.interval_high, kpi.unit, scope.company.currency)
            facts.append(t("kpi.interval", interval=ends))
    return Definition(kpi.name, kpi.definition, " · ".join([*facts, kpi.kpi_id]))
