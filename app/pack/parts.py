"""What a pack consists of, all in words: plain data for the typesetter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A KPI's reading in words.

    status, really: codes for its signs, the latter better, worse or changed, or empty where a change is not real.
    points: earlier values up to this one.
    """

    kpi_id: str
    name: str
    value: str
    target: str = ""
    status: str = "no_value"
    status_words: str = ""
    change: str = ""
    verdict: str = ""
    really: str = ""
    sample: str = ""
    points: tuple[float | None, ...] = ()
    is_withheld: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart as SVG, or the words said instead of it; `is_wide` takes the whole width."""

    title: str
    caption: str = ""
    svg: str = ""
    note: str = ""
    is_wide: bool = False


@dataclass(frozen=True)
class Group:
    """KPIs of one class, and how many have which status."""

    title: str
    counts: Mapping[str, int]
    lines: Sequence[Line]


@dataclass(frozen=True)
class Page:
    """One view: its KPIs and its figures."""

    title: str
    lines: Sequence[Line]
    figures: Sequence[Figure]


@dataclass(frozen=True)
class Definition:
    """What a KPI is."""

    name: str
    definition: str
    facts: str


@dataclass(frozen=True)
class Told:
    """A finding: its sentence, and the query that has its numbers."""

    sentence: str
    sql: str


@dataclass(frozen=True)
class Content:
    """A whole pack. notes stand below the summary; feeds are name and rows."""

    lead: str
    groups: Sequence[Group]
    notes: Sequence[str]
    findings: Sequence[Told] = ()
    pages: Sequence[Page] = ()
    sources: Sequence[str] = ()
    feeds: Sequence[tuple[str, str, str]] = ()
    definitions: Sequence[Definition] = ()
