-- For one queue, or for all, at most one policy row is in force on any day: else a call would be
-- counted twice.
select
    earlier.policy_id as earlier_policy_id,
    later.policy_id as later_policy_id
from {{ ref('dim_call_policies') }} as earlier
inner join {{ ref('dim_call_policies') }} as later
    on
        earlier.queue is not distinct from later.queue
        and earlier.policy_id <> later.policy_id
        and earlier.valid_from_date <= later.valid_from_date
        and coalesce(earlier.valid_to_date, date '9999-12-31') >= later.valid_from_date
