select
    {{ protect_column('technician_id', 'varchar', 'staff_key') }} as technician_id,
    cast(_source as varchar) as source,
    {{ protect_column('technician_name', 'varchar', 'staff') }} as technician_name,
    cast(role as varchar) as role,
    cast(site_id as varchar) as site_id,
    cast(certification_level as varchar) as certification_level,
    cast(certified_until_date as date) as certified_until_date,
    cast(hired_date as date) as hired_date,
    cast(left_date as date) as left_date,
    cast(updated_at as timestamp) as updated_at
from {{ source('raw', 'technicians') }}
