select
    cast(policy_id as varchar) as policy_id,
    cast(_source as varchar) as source,
    cast(queue as varchar) as queue,
    cast(target_share as decimal(18, 4)) as target_share,
    cast(target_seconds as decimal(18, 4)) as target_seconds,
    cast(short_abandon_seconds as decimal(18, 4)) as short_abandon_seconds,
    cast(valid_from_date as date) as valid_from_date,
    cast(valid_to_date as date) as valid_to_date,
    cast(reason as varchar) as reason
from {{ source('policy', 'call_policies') }}
