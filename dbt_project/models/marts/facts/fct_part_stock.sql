select
    site_id,
    part_id,
    stock_date,
    source,
    on_hand_quantity,
    reserved_quantity,
    reorder_quantity,
    free_quantity,
    used_90d_quantity,
    cast(on_hand_quantity as double) * 90 / nullif(cast(used_90d_quantity as double), 0)
        as cover_days,
    is_sufficient
from {{ ref('int_part_stock_judged') }}
