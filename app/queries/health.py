"""How the version was built and checked."""

from __future__ import annotations

from typing import Final

GATES: Final = """
select
    gate, schema_name, table_name, column_name, expectation, severity, observed, message, element_count,
    unexpected_count, is_success
from meta.gates
where build_id = ?
order by is_success, severity, gate, schema_name, table_name, column_name, expectation
"""

# Parameters: last build, number of builds. Each check's results in the last builds, oldest first; "none" where it was
# not evaluated.
GATE_TRENDS: Final = """
with builds as (
    select distinct gates.build_id
    from meta.gates
    where gates.build_id <= ?
    order by gates.build_id desc
    limit ?
),

results as (
    select
        gates.build_id, gates.gate, gates.schema_name, gates.table_name, gates.column_name, gates.expectation,
        case
            when bool_and(gates.is_success) then 'passed'
            when bool_or(not gates.is_success and gates.severity = 'stop') then 'failed'
            when bool_or(not gates.is_success and gates.severity = 'withhold') then 'withheld'
            else 'warned'
        end as result
    from meta.gates
    inner join builds on builds.build_id = gates.build_id
    group by gates.build_id, gates.gate, gates.schema_name, gates.table_name, gates.column_name, gates.expectation
),

checks as (
    select distinct gate, schema_name, table_name, column_name, expectation
    from results
)

select
    checks.gate, checks.schema_name, checks.table_name, checks.column_name, checks.expectation,
    string_agg(coalesce(results.result, 'none'), ' ' order by builds.build_id) as trend
from checks
cross join builds
left join results
    on
        results.build_id = builds.build_id
        and results.gate = checks.gate
        and results.schema_name = checks.schema_name
        and results.table_name = checks.table_name
        and results.column_name is not distinct from checks.column_name
        and results.expectation = checks.expectation
group by checks.gate, checks.schema_name, checks.table_name, checks.column_name, checks.expectation
order by checks.gate, checks.schema_name, checks.table_name, checks.column_name, checks.expectation
"""

# Parameters: gate, schema, table, column (empty for a check of the table), expectation, last build.
GATE_HISTORY: Final = """
select
    gates.build_id, gates.severity, gates.is_success, gates.observed, gates.unexpected_count, gates.message,
    gates.example_rows, builds.published_at
from meta.gates
left join meta.builds on builds.build_id = gates.build_id
where
    gates.gate = ?
    and gates.schema_name = ?
    and gates.table_name = ?
    and coalesce(gates.column_name, '') = ?
    and gates.expectation = ?
    and gates.build_id <= ?
order by gates.build_id desc, gates.message
"""

REJECTS: Final = """
select feed, source, column_name, reason_kind, example, row_count
from meta.rejects_summary
order by row_count desc, feed, source, column_name, reason_kind
"""

NOTICES: Final = """
select noticed_at, feed, source, kind, place, column_name, message, build_id
from meta.notices
order by noticed_at desc, feed, source, kind, place, column_name, message
"""

# Parameter: build.
STEPS: Final = """
select step, kind, started_at, seconds, cpu_seconds, peak_memory_bytes, rows_in, rows_out, rejected_count
from meta.steps
where build_id = ?
order by started_at, step
"""

# The version that the restatements compare with; no row where there was none, or it could not be read.
RESTATED_FROM: Final = """
select build_id
from meta.restated_from
"""

# Parameters: site, product family.
RESTATEMENTS: Final = """
select
    kpi_id, period_grain, period_start_date, old_value, new_value, change, old_target, new_target, cause, evidence
from meta.restatements
where
    site_id = ?
    and product_family = ?
    and region = 'all'
    and channel = 'all'
    and priority = 'all'
order by importance
"""

RESTATEMENT_COUNTS: Final = """
select cause, row_count
from meta.restatement_counts
order by cause, kpi_id
"""

WITHHELD: Final = """
select distinct kpi_id
from meta.kpi_trust
where trust = 'withheld'
order by kpi_id
"""

TABLES: Final = """
select schema_name, table_name, row_count
from meta.tables
order by schema_name, table_name
"""
