select
    cast(asset_id as varchar) as asset_id,
    cast(_source as varchar) as source,
    {{ protect_column('serial_number', 'varchar', 'indirect') }} as serial_number,
    {{ protect_column('customer_id', 'varchar', 'customer_key') }} as customer_id,
    cast(product_id as varchar) as product_id,
    cast(production_batch as varchar) as production_batch,
    cast(sold_date as date) as sold_date,
    cast(installed_date as date) as installed_date,
    cast(warranty_until_date as date) as warranty_until_date,
    cast(updated_at as timestamp) as updated_at
from {{ source('raw', 'assets') }}
