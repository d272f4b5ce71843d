select
    policy_id,
    queue,
    reason,
    target_share,
    target_seconds,
    short_abandon_seconds,
    valid_from_date,
    valid_to_date
from {{ ref('stg_call_policies') }}
