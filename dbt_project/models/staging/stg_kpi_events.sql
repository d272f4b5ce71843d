select
    cast(event_id as varchar) as event_id,
    cast(_source as varchar) as source,
    cast(kpi_id as varchar) as kpi_id,
    cast(site_id as varchar) as site_id,
    cast(name_en as varchar) as name_en,
    cast(name_zh as varchar) as name_zh,
    cast(reason as varchar) as reason,
    cast(event_date as date) as event_date
from {{ source('policy', 'kpi_events') }}
