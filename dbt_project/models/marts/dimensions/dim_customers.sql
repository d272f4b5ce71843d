with customers as (

    select * from {{ ref('stg_customers') }}

),

settings as (

    select {{ local_date('as_of_at') }} as as_of_date from {{ ref('stg_build_settings') }}

),

locations as (

    select * from {{ ref('int_customers_located') }}

),

reached as (

    select
        points_reached.*,
        row_number() over (
            partition by points_reached.latitude, points_reached.longitude
            order by points_reached.distance_km, points_reached.site_id
        ) as nearness
    from {{ ref('int_points_reached') }} as points_reached
    cross join settings
    where
        (points_reached.opened_date is null or points_reached.opened_date <= settings.as_of_date)
        and (
            points_reached.closed_date is null
            or points_reached.closed_date >= settings.as_of_date
        )

),

referenced_ids as (

    select customer_id from {{ ref('stg_assets') }}
    union
    select customer_id from {{ ref('stg_tickets') }}
    union
    select customer_id from {{ ref('stg_complaints') }}
    union
    select customer_id from {{ ref('stg_visits') }}
    union
    select customer_id from {{ ref('stg_calls') }}
    union
    select customer_id from {{ ref('stg_survey_invitations') }}
    union
    select customer_id from {{ ref('stg_survey_answers') }}
    union
    select customer_id from {{ ref('stg_reviews') }}
    union
    select customer_id from {{ ref('stg_purchases') }}

)

select
    coalesce(customers.customer_id, referenced_ids.customer_id) as customer_id,
    customers.source,
    customers.customer_name,
    customers.customer_kind,
    customers.phone,
    customers.email,
    customers.address,
    customers.region,
    customers.city,
    customers.segment,
    customers.preferred_language,
    coalesce(locations.location_source, 'unknown') as location_source,
    reached.site_id as nearest_site_id,
    round(reached.distance_km) as nearest_site_km,
    customers.customer_id is null as is_inferred,
    customers.customer_since_at
from customers
full outer join referenced_ids on customers.customer_id = referenced_ids.customer_id
left join locations on customers.customer_id = locations.customer_id
left join reached
    on
        locations.latitude = reached.latitude
        and locations.longitude = reached.longitude
        and reached.nearness = 1
where coalesce(customers.customer_id, referenced_ids.customer_id) is not null
