select
    cast(rule_id as varchar) as rule_id,
    cast(_source as varchar) as source,
    cast(site_id as varchar) as site_id,
    cast(service_hours as varchar) as service_hours,
    cast(country as varchar) as country,
    cast(calendar_id as varchar) as calendar_id,
    cast(valid_from_date as date) as valid_from_date,
    cast(valid_to_date as date) as valid_to_date,
    cast(reason as varchar) as reason
from {{ source('policy', 'calendar_rules') }}
