select
    cast(calendar_id as varchar) as calendar_id,
    cast(_source as varchar) as source,
    cast(name_en as varchar) as name_en,
    cast(name_zh as varchar) as name_zh,
    cast(time_zone as varchar) as time_zone,
    cast(holiday_region as varchar) as holiday_region,
    cast(reason as varchar) as reason
from {{ source('policy', 'calendars') }}
