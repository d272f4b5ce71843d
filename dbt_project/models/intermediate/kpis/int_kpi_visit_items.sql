with visits as (

    select * from {{ ref('fct_visits') }}

),

jobs as (

    select
        first_visit_id,
        is_mature,
        completed_at
    from {{ ref('int_jobs_judged') }}

)

-- One item per corrective job, charged to who made its first visit.
select
    'first_time_fix_rate' as kpi_id,
    visits.technician_id,
    visits.site_id,
    visits.product_family,
    'unknown' as channel,
    'unknown' as priority,
    case when jobs.is_mature then 'counted' else 'immature' end as item_state,
    cast(case when visits.is_first_time_fix then 1 else 0 end as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    {{ local_date('jobs.completed_at') }} as counted_date
from jobs
inner join visits on jobs.first_visit_id = visits.visit_id
