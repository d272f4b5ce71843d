select
    cast(reference_id as varchar) as reference_id,
    cast(_source as varchar) as source,
    cast(kind as varchar) as kind,
    cast(kpi_id as varchar) as kpi_id,
    cast(source_en as varchar) as source_en,
    cast(source_zh as varchar) as source_zh,
    cast(reason as varchar) as reason,
    cast(value_before as double) as value_before,
    cast(value_after as double) as value_after,
    cast(relative_change as double) as relative_change,
    cast(is_claim as boolean) as is_claim,
    cast(valid_from_date as date) as valid_from_date,
    cast(valid_to_date as date) as valid_to_date
from {{ source('policy', 'reference_values') }}
