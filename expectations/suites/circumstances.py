"""What a suite is made from, besides the table that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from expectations.limits import Limits
from expectations.tables import TableSpec


@dataclass(frozen=True)
class Circumstances:
    """`tables` are those of the run that are as promised, by name; `previous` the tables of the last version
    (`meta.feeds`), empty where there is none; `kpi_ids` the KPIs of the registry. Without `as_of` nothing is too late.
    """

    limits: Limits
    as_of: datetime | None = None
    tables: Mapping[str, TableSpec] = field(default_factory=dict)
    previous: frozenset[str] = frozenset()
    kpi_ids: tuple[str, ...] = ()
