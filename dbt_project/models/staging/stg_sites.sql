select
    cast(site_id as varchar) as site_id,
    cast(_source as varchar) as source,
    cast(site_name as varchar) as site_name,
    cast(site_kind as varchar) as site_kind,
    cast(region as varchar) as region,
    cast(city as varchar) as city,
    cast(country as varchar) as country,
    cast(service_hours as varchar) as service_hours,
    cast(latitude as double) as latitude,
    cast(longitude as double) as longitude,
    cast(opened_date as date) as opened_date,
    cast(closed_date as date) as closed_date
from {{ source('raw', 'sites') }}
