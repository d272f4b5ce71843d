select
    cast(delay_reason as varchar) as delay_reason,
    cast(_source as varchar) as source,
    cast(reason_group as varchar) as reason_group,
    cast(reason as varchar) as reason
from {{ source('policy', 'delay_reason_groups') }}
