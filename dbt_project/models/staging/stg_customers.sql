select
    {{ protect_column('customer_id', 'varchar', 'customer_key') }} as customer_id,
    cast(_source as varchar) as source,
    {{ protect_column('customer_name', 'varchar', 'direct') }} as customer_name,
    cast(customer_kind as varchar) as customer_kind,
    {{ protect_column('phone', 'varchar', 'direct') }} as phone,
    {{ protect_column('email', 'varchar', 'direct') }} as email,
    {{ protect_column('address', 'varchar', 'direct') }} as address,
    cast(region as varchar) as region,
    cast(city as varchar) as city,
    cast(segment as varchar) as segment,
    cast(preferred_language as varchar) as preferred_language,
    {{ protect_column('latitude', 'double', 'indirect') }} as latitude,
    {{ protect_column('longitude', 'double', 'indirect') }} as longitude,
    cast(customer_since_at as timestamp) as customer_since_at,
    cast(updated_at as timestamp) as updated_at
from {{ source('raw', 'customers') }}
