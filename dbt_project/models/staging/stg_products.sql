select
    cast(product_id as varchar) as product_id,
    cast(_source as varchar) as source,
    cast(product_name as varchar) as product_name,
    cast(product_family as varchar) as product_family,
    cast(product_line as varchar) as product_line,
    cast(launched_date as date) as launched_date,
    cast(list_price_amount as decimal(18, 4)) as list_price_amount,
    cast(updated_at as timestamp) as updated_at
from {{ source('raw', 'products') }}
