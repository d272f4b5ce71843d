select
    cast(review_id as varchar) as review_id,
    cast(_source as varchar) as source,
    cast(platform as varchar) as platform,
    {{ protect_column('customer_id', 'varchar', 'customer_key') }} as customer_id,
    cast(product_id as varchar) as product_id,
    cast(site_id as varchar) as site_id,
    cast(rating as decimal(9, 3)) as rating,
    cast(scale_max as decimal(9, 3)) as scale_max,
    {{ protect_column('comment', 'varchar', 'free_text') }} as comment,
    cast(language as varchar) as language,
    cast(reviewed_at as timestamp) as reviewed_at
from {{ source('raw', 'reviews') }}
