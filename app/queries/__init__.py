"""Every SQL statement of the report: rows of public marts and of meta as they stand, filtered and named.

No statement computes a KPI: values, medians, shares and intervals are columns of the marts. Question marks are
parameters. The segment columns of a mart (site_id, product_family, …) hold "all" where a row is not narrowed by them.
"""

from app.queries import (
    actions,
    calls,
    changes,
    company,
    complaints,
    cost,
    drivers,
    early_warning,
    feedback,
    findings,
    health,
    indicators,
    kpis,
    network,
    parts,
    plans,
    resolution,
    response,
    retention,
    satisfaction,
    schema,
    signals,
    staffing,
    technicians,
)

__all__ = [
    "actions",
    "calls",
    "changes",
    "company",
    "complaints",
    "cost",
    "drivers",
    "early_warning",
    "feedback",
    "findings",
    "health",
    "indicators",
    "kpis",
    "network",
    "parts",
    "plans",
    "resolution",
    "response",
    "retention",
    "satisfaction",
    "schema",
    "signals",
    "staffing",
    "technicians",
]
