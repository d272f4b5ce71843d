select
    cast(calendar_id as varchar) as calendar_id,
    cast(_source as varchar) as source,
    cast(opens as varchar) as opens,
    cast(closes as varchar) as closes,
    cast(iso_weekday as bigint) as iso_weekday,
    cast(valid_from_date as date) as valid_from_date,
    cast(valid_to_date as date) as valid_to_date,
    cast(reason as varchar) as reason
from {{ source('policy', 'calendar_hours') }}
