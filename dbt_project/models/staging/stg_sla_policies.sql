select
    cast(policy_id as varchar) as policy_id,
    cast(_source as varchar) as source,
    cast(metric as varchar) as metric,
    cast(priority as varchar) as priority,
    cast(calendar_id as varchar) as calendar_id,
    cast(target_minutes as decimal(18, 4)) as target_minutes,
    cast(paused_stages as varchar) as paused_stages,
    cast(valid_from_date as date) as valid_from_date,
    cast(valid_to_date as date) as valid_to_date,
    cast(reason as varchar) as reason
from {{ source('policy', 'sla_policies') }}
