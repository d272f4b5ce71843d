select
    cast(complaint_id as varchar) as complaint_id,
    cast(_source as varchar) as source,
    {{ protect_column('customer_id', 'varchar', 'customer_key') }} as customer_id,
    cast(ticket_id as varchar) as ticket_id,
    cast(site_id as varchar) as site_id,
    {{ protect_column('technician_id', 'varchar', 'staff_key') }} as technician_id,
    cast(complaint_kind as varchar) as complaint_kind,
    cast(severity as varchar) as severity,
    cast(cause as varchar) as cause,
    cast(outcome as varchar) as outcome,
    {{ protect_column('comment', 'varchar', 'free_text') }} as comment,
    cast(raised_at as timestamp) as raised_at,
    cast(acknowledged_at as timestamp) as acknowledged_at,
    cast(closed_at as timestamp) as closed_at,
    cast(updated_at as timestamp) as updated_at
from {{ source('raw', 'complaints') }}
