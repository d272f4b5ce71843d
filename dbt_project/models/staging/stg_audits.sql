select
    cast(audit_id as varchar) as audit_id,
    cast(_source as varchar) as source,
    cast(audit_kind as varchar) as audit_kind,
    cast(site_id as varchar) as site_id,
    {{ protect_column('technician_id', 'varchar', 'staff_key') }} as technician_id,
    cast(ticket_id as varchar) as ticket_id,
    cast(aspect as varchar) as aspect,
    cast(score as decimal(9, 3)) as score,
    cast(scale_max as decimal(9, 3)) as scale_max,
    {{ protect_column('comment', 'varchar', 'free_text') }} as comment,
    cast(audited_at as timestamp) as audited_at
from {{ source('raw', 'audits') }}
