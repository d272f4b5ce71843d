-- For one metric and priority, at most one policy row is in force on any day:
-- else an outcome would be counted twice.
select
    earlier.policy_id as earlier_policy_id,
    later.policy_id as later_policy_id
from {{ ref('dim_sla_policies') }} as earlier
inner join {{ ref('dim_sla_policies') }} as later
    on
        earlier.metric = later.metric
        and earlier.priority = later.priority
        and earlier.policy_id <> later.policy_id
        and earlier.valid_from_date <= later.valid_from_date
        and coalesce(earlier.valid_to_date, date '9999-12-31') >= later.valid_from_date
