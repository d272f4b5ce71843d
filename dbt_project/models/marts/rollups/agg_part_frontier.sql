select
    site_id,
    cast(point_number as bigint) as point_number,
    point_kind,
    case when site_id = 'all' then 'all' else 'site' end as segment,
    fill_level,
    fill_rate,
    stock_amount,
    cast(level_quantity as bigint) as level_quantity,
    demand_quantity,
    cast(item_count as bigint) as item_count,
    cast(left_out_item_count as bigint) as left_out_item_count,
    idle_amount
from {{ ref('int_part_points') }}
