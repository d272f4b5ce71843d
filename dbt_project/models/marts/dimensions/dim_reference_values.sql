select
    reference_id,
    kind,
    kpi_id,
    source_en,
    source_zh,
    reason,
    value_before,
    value_after,
    coalesce(relative_change, (value_after - value_before) / nullif(value_before, 0))
        as relative_change,
    is_claim,
    valid_from_date,
    valid_to_date
from {{ ref('stg_reference_values') }}
