select
    cast(customer_id as varchar) as customer_id,
    cast(_source as varchar) as source,
    cast(customer_kind as varchar) as customer_kind,
    cast(region as varchar) as region,
    cast(city as varchar) as city,
    cast(segment as varchar) as segment,
    cast(preferred_language as varchar) as preferred_language,
    cast(latitude as double) as latitude,
    cast(longitude as double) as longitude,
    cast(customer_since_at as timestamp) as customer_since_at,
    cast(updated_at as timestamp) as updated_at
from {{ source('raw', 'customers') }}
