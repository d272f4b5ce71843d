select
    cast(work_role as varchar) as work_role,
    cast(kpi_id as varchar) as kpi_id,
    cast(valid_from_date as date) as valid_from_date,
    cast(_source as varchar) as source,
    cast(reason as varchar) as reason,
    cast(weight as double) as weight,
    cast(minimum_sample as bigint) as minimum_sample,
    cast(is_case_mix_adjusted as boolean) as is_case_mix_adjusted,
    cast(valid_to_date as date) as valid_to_date
from {{ source('policy', 'scorecard_weights') }}
