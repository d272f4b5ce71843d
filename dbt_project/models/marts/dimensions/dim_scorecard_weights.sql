select
    work_role,
    kpi_id,
    valid_from_date,
    reason,
    weight,
    minimum_sample,
    is_case_mix_adjusted,
    valid_to_date
from {{ ref('stg_scorecard_weights') }}
