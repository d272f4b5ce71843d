with visits as (

    select * from {{ ref('int_visits_classified') }}

),

jobs as (

    select
        first_visit_id,
        is_first_time_fix_30d
    from {{ ref('int_jobs_judged') }}

)

select
    visits.visit_id,
    visits.source,
    visits.work_order_id,
    visits.ticket_id,
    visits.customer_id,
    visits.asset_id,
    visits.product_id,
    visits.product_family,
    visits.site_id,
    visits.technician_id,
    visits.visit_kind,
    visits.issue_family,
    visits.service_mode,
    visits.outcome,
    visits.non_fix_reason,
    visits.technician_count,
    visits.travel_minutes,
    visits.on_site_minutes,
    visits.phone_minutes,
    visits.admin_minutes,
    visits.labor_minutes,
    -- Only the first visit of a job answers, so that the mean over visits is the share of jobs.
    jobs.is_first_time_fix_30d as is_first_time_fix,
    visits.arrived_at <= visits.promised_at as is_on_time,
    {{ local_date('visits.requested_at') }} as requested_date,
    {{ local_date('visits.completed_at') }} as completed_date,
    visits.requested_at,
    visits.promised_at,
    visits.scheduled_at,
    visits.arrived_at,
    visits.completed_at
from visits
left join jobs on visits.visit_id = jobs.first_visit_id
