select
    site_id,
    metric,
    count(*) as promise_count,
    count(*) filter (where priority = 'urgent') as urgent_count,
    due_hour,
    due_date
from {{ ref('agg_sla_at_risk') }}
where outcome = 'pending' and due_date is not null
group by site_id, metric, due_hour, due_date
