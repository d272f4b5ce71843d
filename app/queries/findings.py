"""What stands out in a period: at most five findings, as the marts rank them."""

from __future__ import annotations

from typing import Final

# Parameters: grain, period start.
FINDINGS: Final = """
select
    agg_findings.kpi_id, agg_findings.finding_rank, agg_findings.finding_kind, agg_findings.unit, agg_findings.signal,
    agg_findings.value, agg_findings.previous_value, agg_findings.change, agg_findings.change_low,
    agg_findings.change_high, agg_findings.limit_low, agg_findings.limit_center, agg_findings.limit_high,
    agg_findings.target, agg_findings.off_target_count, agg_findings.judged_count, agg_findings.is_split,
    agg_findings.cause_dimension, agg_findings.cause_member, cause_sites.site_name as cause_site_name,
    agg_findings.cause_driver, agg_findings.cause_previous_value, agg_findings.cause_value,
    agg_findings.cause_previous_weight, agg_findings.cause_weight, agg_findings.part_dimension,
    agg_findings.part_member, part_sites.site_name as part_site_name, agg_findings.part_driver,
    agg_findings.part_previous_value, agg_findings.part_value, agg_findings.part_previous_weight,
    agg_findings.part_weight
from marts.agg_findings
left join marts.dim_sites as cause_sites
    on agg_findings.cause_dimension = 'site' and agg_findings.cause_member = cause_sites.site_id
left join marts.dim_sites as part_sites
    on agg_findings.part_dimension = 'site' and agg_findings.part_member = part_sites.site_id
where
    agg_findings.period_grain = ?
    and agg_findings.period_start_date = ?
order by agg_findings.finding_rank
"""
