select
    cast(site_id as varchar) as site_id,
    cast(part_id as varchar) as part_id,
    cast(stock_date as date) as stock_date,
    cast(_source as varchar) as source,
    cast(on_hand_quantity as decimal(18, 4)) as on_hand_quantity,
    cast(reserved_quantity as decimal(18, 4)) as reserved_quantity,
    cast(reorder_quantity as decimal(18, 4)) as reorder_quantity
from {{ source('raw', 'part_stock') }}
