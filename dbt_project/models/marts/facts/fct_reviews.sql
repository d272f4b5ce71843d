with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

reviews as (

    select reviews.*
    from {{ ref('stg_reviews') }} as reviews
    cross join settings
    where reviews.reviewed_at <= settings.as_of_at

),

products as (

    select
        product_id,
        product_family
    from {{ ref('dim_products') }}

)

select
    reviews.review_id,
    reviews.source,
    reviews.customer_id,
    reviews.product_id,
    coalesce(reviews.site_id, 'unknown') as site_id,
    reviews.platform,
    coalesce(products.product_family, 'unknown') as product_family,
    reviews.comment,
    reviews.language,
    reviews.rating,
    reviews.scale_max,
    coalesce(reviews.rating between 0 and reviews.scale_max and reviews.scale_max > 0, false)
        as is_valid,
    {{ local_date('reviews.reviewed_at') }} as reviewed_date,
    reviews.reviewed_at
from reviews
left join products on reviews.product_id = products.product_id
