-- The hours add up to the KPIs and to the work itself: offered, answered and abandoned contacts are
-- those of kpi_values, of all queues and of their sum, and no second of handling is lost or doubled
-- where contacts are spread over the hours that they occupy.
with hours as (

    select
        queue = 'all' as is_all,
        sum(offered_count) as offered_count,
        sum(timed_count) as timed_count,
        sum(abandoned_count) as abandoned_count,
        sum(busy_seconds) as busy_seconds,
        sum(outbound_busy_seconds) as outbound_busy_seconds
    from {{ ref('int_kpi_call_hours') }}
    group by queue = 'all'

),

published as (

    select
        sum(numerator) filter (where kpi_id = 'calls_offered') as offered_count,
        sum(denominator) filter (where kpi_id = 'average_speed_of_answer') as timed_count,
        sum(numerator) filter (where kpi_id = 'call_abandonment_rate') as abandoned_count
    from {{ ref('kpi_values') }}
    where period_grain = 'all' and segment = 'all'

),

worked as (

    select
        sum(workload_seconds) filter (where direction = 'inbound') as busy_seconds,
        sum(workload_seconds) filter (where direction = 'outbound') as outbound_busy_seconds
    from {{ ref('fct_calls') }}

)

select
    hours.is_all,
    hours.offered_count,
    hours.busy_seconds
from hours
cross join published
cross join worked
where
    hours.offered_count is distinct from published.offered_count
    or hours.timed_count is distinct from published.timed_count
    or hours.abandoned_count is distinct from published.abandoned_count
    or hours.busy_seconds <> coalesce(worked.busy_seconds, 0)
    or (hours.is_all and hours.outbound_busy_seconds <> coalesce(worked.outbound_busy_seconds, 0))
