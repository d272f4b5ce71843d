"""One KPI in full: its row of the registry, and what stands behind it."""

from __future__ import annotations

from typing import Final

# Parameters: KPI.
REGISTERED: Final = """
select kind, interval_method, target, valid_from_date, valid_to_date
from marts.dim_kpis
where kpi_id = ?
"""

# What others report of it, in force on a day. Parameters: KPI, day twice.
REFERENCES: Final = """
select source_en, source_zh, value_before, value_after, relative_change, is_claim
from marts.dim_reference_values
where kpi_id = ? and valid_from_date <= ? and (valid_to_date is null or valid_to_date >= ?)
order by is_claim, reference_id
"""

# Parameters: KPI, first month, last month.
BY_KIND_OF_REQUEST: Final = """
select month_start_date, kind_of, kind, value, eligible_count
from marts.agg_requests_by_kind_monthly
where kpi_id = ? and month_start_date between ? and ? and value is not null
order by kind_of, kind, month_start_date
"""

# Parameters: KPI.
SUBJECTS: Final = """
select subject_kind, table_name, key_expression, shown_columns, rows_rule, remaining_share
from marts.dim_kpi_subjects
where kpi_id = ?
order by subject_kind
"""
