with customers as (

    select * from {{ ref('stg_customers') }}

),

-- Hundredths of a degree, about a kilometre: near enough to judge a reach, too coarse for a door.
cities as (

    select
        lower(trim(city)) as city_key,
        round(
            cast(sum(cast(latitude as decimal(18, 9))) as double) / count(*), 2
        ) as latitude,
        round(
            cast(sum(cast(longitude as decimal(18, 9))) as double) / count(*), 2
        ) as longitude
    from {{ ref('stg_sites') }}
    where latitude between -90 and 90 and longitude between -180 and 180 and city is not null
    group by lower(trim(city))

),

-- A service writes 0, 0 for what it did not find.
judged as (

    select
        *,
        coalesce(
            latitude between -90 and 90
            and longitude between -180 and 180
            and (latitude <> 0 or longitude <> 0),
            false
        ) as is_located
    from customers

)

select
    judged.customer_id,
    case
        when judged.is_located then 'customer'
        when cities.city_key is not null then 'city'
        else 'unknown'
    end as location_source,
    case when judged.is_located then round(judged.latitude, 2) else cities.latitude end
        as latitude,
    case when judged.is_located then round(judged.longitude, 2) else cities.longitude end
        as longitude
from judged
left join cities on lower(trim(judged.city)) = cities.city_key
