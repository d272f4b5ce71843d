with jobs as (

    select * from {{ ref('int_jobs_judged') }}

)

select
    job_id,
    first_visit_id,
    ticket_id,
    customer_id,
    asset_id,
    product_family,
    site_id,
    technician_id,
    issue_family,
    fix_state,
    -- Fixed at one visit, and the fault came back: no visit says why.
    case
        when non_fix_reason is not null then non_fix_reason
        when not is_first_time_fix_30d and visit_count = 1 then 'came_back'
        when not is_first_time_fix_30d then 'not_recorded'
    end as non_fix_reason,
    visit_count,
    no_show_count,
    is_completed,
    is_first_time_fix_14d,
    is_first_time_fix_30d,
    {{ local_date('requested_at') }} as requested_date,
    {{ local_date('completed_at') }} as completed_date,
    requested_at,
    first_visited_at,
    completed_at,
    returned_at
from jobs
