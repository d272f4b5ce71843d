with complaints as (

    select * from {{ ref('int_complaints_judged') }}

)

select
    complaint_id,
    source,
    customer_id,
    ticket_id,
    site_id,
    technician_id,
    product_family,
    complaint_kind,
    severity,
    cause,
    outcome,
    {{ elapsed_seconds('raised_at', 'acknowledged_at') }} as acknowledge_seconds,
    {{ elapsed_seconds('raised_at', 'closed_at') }} as handling_seconds,
    closed_at is null as is_open,
    is_recurrent,
    {{ local_date('raised_at') }} as raised_date,
    raised_at,
    acknowledged_at,
    closed_at
from complaints
