with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

purchases as (

    select purchases.*
    from {{ ref('stg_purchases') }} as purchases
    cross join settings
    where purchases.purchased_at <= settings.as_of_at

),

products as (

    select
        product_id,
        product_family
    from {{ ref('dim_products') }}

)

select
    purchases.purchase_id,
    purchases.source,
    purchases.order_id,
    purchases.customer_id,
    purchases.product_id,
    coalesce(products.product_family, 'unknown') as product_family,
    purchases.purchase_kind,
    purchases.country,
    purchases.quantity,
    purchases.unit_price_amount,
    {{ multiply_amounts('purchases.quantity', 'purchases.unit_price_amount') }} as amount,
    purchases.quantity > 0
    and purchases.unit_price_amount > 0
    and purchases.customer_id is not null as is_valid,
    {{ local_date('purchases.purchased_at') }} as purchased_date,
    purchases.contract_start_date,
    purchases.contract_end_date,
    purchases.purchased_at
from purchases
left join products on purchases.product_id = products.product_id
