select
    cast(purchase_id as varchar) as purchase_id,
    cast(_source as varchar) as source,
    cast(order_id as varchar) as order_id,
    {{ protect_column('customer_id', 'varchar', 'customer_key') }} as customer_id,
    cast(product_id as varchar) as product_id,
    cast(purchase_kind as varchar) as purchase_kind,
    cast(quantity as decimal(18, 4)) as quantity,
    cast(unit_price_amount as decimal(18, 4)) as unit_price_amount,
    cast(contract_start_date as date) as contract_start_date,
    cast(contract_end_date as date) as contract_end_date,
    cast(country as varchar) as country,
    cast(purchased_at as timestamp) as purchased_at,
    cast(updated_at as timestamp) as updated_at
from {{ source('raw', 'purchases') }}
