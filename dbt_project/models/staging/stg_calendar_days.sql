select
    cast(holiday_region as varchar) as holiday_region,
    cast(_source as varchar) as source,
    cast(kind as varchar) as kind,
    cast(opens as varchar) as opens,
    cast(closes as varchar) as closes,
    cast(name_en as varchar) as name_en,
    cast(name_zh as varchar) as name_zh,
    cast(works_like_weekday as bigint) as works_like_weekday,
    cast(day_date as date) as day_date
from {{ source('policy', 'calendar_days') }}
