"""The KPIs of a pack as lines of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app import formats, trust
from app.kpis import History
from app.pack.parts import Line
from app.scope import Scope
from app.words import t

# Points of a line beside a value: a year and the month before it.
_POINTS = 13


@dataclass(frozen=True)
class Reading:
    """What the pages are read from: the KPIs of the period, and the same month by month."""

    scope: Scope
    current: Mapping[str, History]
    monthly: Mapping[str, History]

    def has_value(self, kpi_id: str) -> bool:
        """Whether there is something to say of the KPI: a value, or that it is withheld."""
        history = self.current.get(kpi_id)
        reading = None if history is None else history.current
        return reading is not None and (reading.value is not None or reading.trust == trust.WITHHELD)


def lines_of(reading: Reading, kpi_ids: Sequence[str]) -> list[Line]:
    """The lines of those KPIs of which there is something to say."""
    chosen = [kpi_id for kpi_id in kpi_ids if reading.has_value(kpi_id)]
    return [_line(reading, reading.current[kpi_id]) for kpi_id in chosen]


def _line(reading: Reading, history: History) -> Line:
    kpi, now, currency = history.kpi, history.current, reading.scope.company.currency
    assert now is not None
    if now.trust == trust.WITHHELD:
        return Line(kpi.kpi_id, kpi.name, t("pack.withheld"), is_withheld=True)
    target = "" if now.target is None else t(
        f"pack.target_{kpi.direction}", value=formats.kpi(now.target, kpi.unit, currency)
    )  # fmt: skip
    change = history.change(currency)
    before = history.previous is not None and history.previous.value is not None
    return Line(
        kpi_id=kpi.kpi_id,
        name=f"{kpi.name} †" if is_doubted(reading.scope, history) else kpi.name,
        value=formats.kpi(now.value, kpi.unit, currency),
        target=target,
        status=now.status,
        status_words="" if now.status == "no_target" else t(f"status.{now.status}"),
        change=change or (t("kpi.no_change") if before else ""),
        verdict="" if history.judged is None else t(f"pack.{history.judged.verdict}"),
        really=history.is_really or "",
        sample=formats.count(now.eligible_count),
        points=tuple(each.value for each in history.readings[-_POINTS:]),
    )


def is_doubted(scope: Scope, history: History) -> bool:
    """Whether the KPI's value is to be read with care."""
    now = history.current
    return now is not None and now.trust == trust.WARNED and bool(trust.read_doubts(scope, history.kpi.kpi_id))
