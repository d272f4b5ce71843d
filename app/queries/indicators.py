"""One KPI in full: its row of the registry, and what stands behind it."""

from __future__ import annotations

from typing import Final

# Parameters: KPI.
REGISTERED: Final = """
select kind, interval_method, target, valid_from_date, valid_to_date
from marts.dim_kpis
where kpi_id = ?
"""

# Parameters: KPI.
SUBJECTS: Final = """
select subject_kind, table_name, key_expression, shown_columns, rows_rule, remaining_share
from marts.dim_kpi_subjects
where kpi_id = ?
order by subject_kind
"""
