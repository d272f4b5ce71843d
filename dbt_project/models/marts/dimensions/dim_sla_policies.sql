select
    policy_id,
    metric,
    priority,
    calendar_id,
    paused_stages,
    reason,
    cast(target_minutes * 60 as bigint) as target_seconds,
    valid_from_date,
    valid_to_date
from {{ ref('stg_sla_policies') }}
