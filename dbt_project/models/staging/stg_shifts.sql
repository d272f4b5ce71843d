select
    cast(shift_id as varchar) as shift_id,
    cast(_source as varchar) as source,
    {{ protect_column('technician_id', 'varchar', 'staff_key') }} as technician_id,
    cast(site_id as varchar) as site_id,
    cast(queue as varchar) as queue,
    cast(shift_kind as varchar) as shift_kind,
    cast(break_minutes as decimal(18, 4)) as break_minutes,
    cast(starts_at as timestamp) as starts_at,
    cast(ends_at as timestamp) as ends_at,
    cast(updated_at as timestamp) as updated_at
from {{ source('raw', 'shifts') }}
