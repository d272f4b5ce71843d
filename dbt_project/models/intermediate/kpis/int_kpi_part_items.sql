select
    'parts_arrival_time_mean' as kpi_id,
    'part_line' as subject_kind,
    part_line_id as subject_id,
    cast(null as varchar) as technician_id,
    site_id,
    product_family,
    'unknown' as channel,
    'unknown' as priority,
    case
        when delivery_seconds >= 0 then 'counted'
        when delivered_at is not null then 'time_fault'
        when used_at is not null or returned_at is not null then 'not_recorded'
        else 'censored'
    end as item_state,
    cast(delivery_seconds as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    requested_date as counted_date
from {{ ref('fct_part_lines') }}
