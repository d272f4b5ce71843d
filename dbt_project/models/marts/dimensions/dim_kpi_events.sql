select
    event_id,
    kpi_id,
    site_id,
    name_en,
    name_zh,
    reason,
    event_date
from {{ ref('stg_kpi_events') }}
