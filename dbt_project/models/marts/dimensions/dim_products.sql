with products as (

    select * from {{ ref('stg_products') }}

),

referenced_ids as (

    select product_id from {{ ref('stg_assets') }}
    union
    select product_id from {{ ref('stg_tickets') }}
    union
    select product_id from {{ ref('stg_visits') }}
    union
    select product_id from {{ ref('stg_reviews') }}
    union
    select product_id from {{ ref('stg_purchases') }}

)

select
    coalesce(products.product_id, referenced_ids.product_id) as product_id,
    products.source,
    coalesce(products.product_name, products.product_id, referenced_ids.product_id) as product_name,
    coalesce(products.product_family, 'unknown') as product_family,
    products.product_line,
    products.list_price_amount,
    products.product_id is null as is_inferred,
    products.launched_date
from products
full outer join referenced_ids on products.product_id = referenced_ids.product_id
where coalesce(products.product_id, referenced_ids.product_id) is not null
