"""KPIs of the registry with their published values and what is said of their changes, selected by scope; nothing is
computed but a difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from app import formats, queries
from app.scope import ALL, YEAR_BEFORE, Scope
from app.words import language, named

EXECUTIVE = "executive"
FRONT_LINE = "front_line"
REAL = "real"
CLASSES = ("customer", "internal", "financial", "learning")

# The KPIs that views other than the overview put forward; one that a registry lacks is left out.
RESPONSE_CARDS = (
    "first_response_time_mean",
    "first_response_sla_attainment",
    "resolution_time_mean",
    "resolution_sla_attainment",
)
ATTAINMENT = ("first_response_sla_attainment", "resolution_sla_attainment")
# The KPIs that charts of other marts show month by month.
FIRST_RESPONSE = ("first_response_time_median", "first_response_time_p90")
RESOLUTION = ("resolution_time_median", "resolution_time_p90")
CES = "ces_easy_share"
NPS = "nps"
COST_TOTAL = "cost_total"
BREAKDOWN = (*ATTAINMENT, "first_response_time_mean", "resolution_time_mean")
SATISFACTION_CARDS = (
    "csat_top_box_share",
    "nps",
    "ces_mean",
    "survey_response_rate",
    "csat_mean",
    "nps_transactional",
    "complaint_rate",
    "complaint_handling_time_mean",
)
CSAT = "csat_top_box_share"
RESOLUTION_CARDS = (
    "first_contact_resolution_rate",
    "repeat_contact_rate",
    "first_time_fix_rate",
    "resolution_rate",
    "reopen_rate",
    "fcr_issue_rate",
    "remote_fix_rate",
    "unresolved_count",
)
REPEATS = ("repeat_contact_rate",)
FIRST_TIME_FIX = ("first_time_fix_rate", "first_time_fix_rate_14d")
RESOLVED = ("resolution_rate", "reopen_rate")
RESOLUTION_BY_SITE = (
    "first_contact_resolution_rate",
    "repeat_contact_rate",
    "first_time_fix_rate",
    "reopen_rate",
    "resolution_rate",
)
COMPLAINT_CARDS = (
    "complaint_rate",
    "complaint_handling_time_mean",
    "complaint_recurrence_rate",
    "complaint_closed_share",
    "complaint_severe_share",
    "review_rating_mean",
    "mystery_shopper_score",
    "service_monitoring_score",
)
COMPLAINT_RATE = ("complaint_rate",)
COMPLAINT_TIMES = ("complaint_acknowledge_time_mean", "complaint_handling_time_mean")
AUDITS = ("mystery_shopper_score", "service_monitoring_score")
REVIEWS = ("review_rating_mean",)
COMPLAINTS_BY_SITE = ("complaint_rate", "complaint_handling_time_mean", "complaint_recurrence_rate", *AUDITS)
CALL_CARDS = (
    "call_service_level_20s",
    "average_speed_of_answer",
    "call_abandonment_rate",
    "aht_per_contact",
    "calls_offered",
    "agent_occupancy",
    "call_transfer_rate",
    "contacts_per_rostered_hour",
)
CALL_SHARES = ("call_service_level_20s", "call_abandonment_rate")
CALL_TIMES = ("average_speed_of_answer", "aht_per_contact")
NETWORK_CARDS = ("coverage_within_50km", "extended_hours_share")
PART_CARDS = (
    "visits_lost_to_parts_rate",
    "parts_fill_rate",
    "parts_on_time_rate",
    "parts_arrival_time_mean",
    "stock_sufficiency",
    "stock_cover_days",
)
COVERAGE = ("coverage_within_50km",)
PART_SHARES = ("parts_fill_rate", "parts_on_time_rate", "stock_sufficiency")
VISITS_LOST = ("visits_lost_to_parts_rate",)
PARTS_BY_SITE = ("visits_lost_to_parts_rate", "parts_fill_rate", "parts_on_time_rate", "stock_sufficiency")
RETENTION_CARDS = ("retention_rate", "repurchase_rate", "renewal_rate", "net_revenue_retention")
COST_CARDS = ("cost_total", "cost_per_ticket", "labor_cost_share", "unallocated_cost_share")
COST_BY_SITE = ("cost_per_ticket", "cost_total", "unallocated_cost_share")


@dataclass(frozen=True)
class Kpi:
    """A KPI of the registry as in force at as-of; `missing_feeds` are those that it lacks, `segments` what it is
    published by beside the whole company."""

    kpi_id: str
    name_en: str
    name_zh: str
    definition_en: str
    definition_zh: str
    kpi_class: str
    audience: str
    owned_by: str
    unit: str
    direction: str
    definition_version: str
    missing_feeds: tuple[str, ...]
    segments: frozenset[str]
    is_available: bool

    @property
    def name(self) -> str:
        """Its name in the session's language."""
        return self.name_zh if language() == "zh" else self.name_en

    def is_published_by(self, segment: str) -> bool:
        """Whether it has values of this segment at all."""
        return segment == ALL or segment in self.segments

    @property
    def definition(self) -> str:
        """Its definition in the session's language."""
        return self.definition_zh if language() == "zh" else self.definition_en

    @property
    def owner(self) -> str:
        """Who answers for it, in the session's language."""
        return named("owner", self.owned_by)


@dataclass(frozen=True)
class Reading:
    """A KPI's published row for one period and segment; durations in seconds, shares of 1, amounts in the currency."""

    start: date
    value: float | None
    unit: str
    status: str
    numerator: float
    denominator: float
    eligible_count: int
    immature_count: int
    censored_count: int
    excluded_count: int
    excluded_reason: str | None
    interval_low: float | None
    interval_high: float | None
    target: float | None
    is_complete: bool
    trust: str


@dataclass(frozen=True)
class Judgement:
    """What agg_kpi_changes says of the chosen period: `verdict` on its change against the one that it is compared with,
    what its natural limits say of the value, and how long the KPI is off target.

    signal: beyond_limits, near_limit, run or none; None where there are no limits. is_better: None where the KPI has no
    target; strength: None where the verdict is unknown.
    """

    verdict: str
    change_low: float | None
    change_high: float | None
    limit_low: float | None
    limit_high: float | None
    strength: float | None
    off_target_count: int
    is_better: bool | None
    signal: str | None = None
    limit_center: float | None = None

    @property
    def is_real(self) -> bool:
        """Whether the change is more than chance."""
        return self.verdict == REAL


@dataclass(frozen=True)
class History:
    """A KPI's readings up to the chosen period, oldest first; `current` is that period's, `previous` the one
    that it is compared with.

    judgement: None where the period is all time, or has no value.
    """

    kpi: Kpi
    readings: tuple[Reading, ...]
    current: Reading | None
    previous: Reading | None
    judgement: Judgement | None = None

    @property
    def judged(self) -> Judgement | None:
        """The judgement of its change; None where there is no change to judge: nothing before, or still in progress."""
        if self.previous is None or self.current is None:
            return None
        return None if self.previous.value is None or not self.current.is_complete else self.judgement

    @property
    def is_really(self) -> str | None:
        """better, worse, or changed where neither can be said; None unless the change is real."""
        if self.judgement is None or not self.judgement.is_real:
            return None
        return {True: "better", False: "worse", None: "changed"}[self.judgement.is_better]

    def change(self, currency: str) -> str | None:
        """The difference from the period it is compared with in words; None where there is none to tell."""
        if self.current is None or self.previous is None:
            return None
        if self.current.value is None or self.previous.value is None:
            return None
        return formats.kpi_change(self.current.value - self.previous.value, self.kpi.unit, currency)


def read_kpis(scope: Scope) -> dict[str, Kpi]:
    """The registry's KPIs by id, by class and audience."""
    rows = scope.read(queries.kpis.KPIS)
    return {
        row.kpi_id: Kpi(
            kpi_id=row.kpi_id,
            name_en=row.name_en,
            name_zh=row.name_zh,
            definition_en=row.definition_en,
            definition_zh=row.definition_zh,
            kpi_class=row.kpi_class,
            audience=row.audience,
            owned_by=row.owner,
            unit=row.unit,
            direction=row.direction,
            definition_version=row.definition_version,
            missing_feeds=tuple(_words(row.missing_feeds)),
            segments=frozenset(_words(row.segments)),
            is_available=bool(row.is_available),
        )
        for row in rows.itertuples()
    }


def names_of(registry: Mapping[str, Kpi], kpi_ids: Iterable[str]) -> list[tuple[str, str]]:
    """Id and name of those of `kpi_ids` that the registry has."""
    return [(kpi_id, registry[kpi_id].name) for kpi_id in kpi_ids if kpi_id in registry]


def read_histories(scope: Scope, grain: str | None = None, until: date | None = None) -> Mapping[str, History]:
    """Every KPI of the registry with its readings in the scope, by id.

    grain, until: another length and last start than those of the chosen period, for monthly trends.
    """
    last = until or scope.period.start
    narrowed = (grain or scope.period.grain, *scope.members, last)
    limits = scope.warehouse.limits
    return _histories(
        (scope.warehouse.path, limits.sites, limits.sees_people),
        narrowed,
        scope.compared_start,
        scope.comparison,
        scope,
    )


# Read from rows that are cached too, but thousands of readings take longer to make than to read.
@st.cache_resource(max_entries=100, ttl="1h", show_spinner=False)
def _histories(
    version: tuple[str, tuple[str, ...] | None, bool],  # noqa: ARG001 - part of the key
    narrowed: tuple[str | date, ...],
    compared_start: date | None,
    comparison: str,
    _scope: Scope,
) -> Mapping[str, History]:
    rows = _scope.read(queries.kpis.KPI_HISTORY, narrowed)
    judgements = {
        row["kpi_id"]: _judgement(row, "year_" if comparison == YEAR_BEFORE else "")
        for row in _scope.read(queries.changes.KPI_CHANGES, narrowed).to_dict("records")
    }
    readings: dict[str, list[Reading]] = {}
    for row in rows.to_dict("records"):
        readings.setdefault(row["kpi_id"], []).append(_reading(row))
    last = narrowed[-1]
    return {
        kpi_id: History(
            kpi=kpi,
            readings=tuple(readings.get(kpi_id, ())),
            current=_at(readings.get(kpi_id, []), last),
            previous=_at(readings.get(kpi_id, []), compared_start),
            judgement=judgements.get(kpi_id),
        )
        for kpi_id, kpi in read_kpis(_scope).items()
    }


def read_months(scope: Scope) -> Mapping[str, History]:
    """Every KPI of the registry month by month up to the end of the trends, by id."""
    return read_histories(scope, "month", scope.trend_range[1])


def _at(readings: list[Reading], start: object) -> Reading | None:
    return next((reading for reading in readings if reading.start == start), None)


def _judgement(row: dict[str, object], of: str) -> Judgement:
    """The judgement in the columns whose names begin with `of`; limits and target are the same for both comparisons."""
    return Judgement(
        verdict=str(row[f"{of}verdict"]),
        change_low=_number(row[f"{of}change_low"]),
        change_high=_number(row[f"{of}change_high"]),
        limit_low=_number(row["limit_low"]),
        limit_high=_number(row["limit_high"]),
        strength=_number(row[f"{of}strength"]),
        off_target_count=int(_number(row["off_target_count"]) or 0),
        is_better=None if formats.is_missing(row[f"{of}is_better"]) else bool(row[f"{of}is_better"]),
        signal=None if formats.is_missing(row["signal"]) else str(row["signal"]),
        limit_center=_number(row["limit_center"]),
    )


def _reading(row: dict[str, object]) -> Reading:
    return Reading(
        start=pd.Timestamp(str(row["period_start_date"])).date(),
        value=_number(row["value"]),
        unit=str(row["unit"]),
        status=str(row["status"]),
        numerator=_number(row["numerator"]) or 0.0,
        denominator=_number(row["denominator"]) or 0.0,
        eligible_count=int(_number(row["eligible_count"]) or 0),
        immature_count=int(_number(row["immature_count"]) or 0),
        censored_count=int(_number(row["censored_count"]) or 0),
        excluded_count=int(_number(row["excluded_count"]) or 0),
        excluded_reason=None if formats.is_missing(row["excluded_reason"]) else str(row["excluded_reason"]),
        interval_low=_number(row["interval_low"]),
        interval_high=_number(row["interval_high"]),
        target=_number(row["target"]),
        is_complete=bool(row["is_complete"]),
        trust=str(row["trust"]),
    )


def _words(value: object) -> list[str]:
    return [] if formats.is_missing(value) else str(value).split()


def _number(value: object) -> float | None:
    return None if formats.is_missing(value) else float(str(value))
