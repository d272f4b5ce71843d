with points as (

    select distinct
        latitude,
        longitude
    from {{ ref('int_customers_located') }}
    where location_source <> 'unknown'

),

-- A hotline goes nowhere.
sites as (

    select
        site_id,
        latitude,
        longitude,
        opened_date,
        closed_date
    from {{ ref('stg_sites') }}
    where
        latitude between -90 and 90
        and longitude between -180 and 180
        and coalesce(site_kind, 'repair_shop') <> 'hotline'

),

-- The band of latitude spares the formula for what is too far north or south anyway.
measured as (

    select
        points.latitude,
        points.longitude,
        sites.site_id,
        sites.opened_date,
        sites.closed_date,
        {{ great_circle_km(
            'points.latitude', 'points.longitude', 'sites.latitude', 'sites.longitude'
        ) }} as distance_km
    from points
    inner join sites
        on
            points.latitude >= sites.latitude - 0.91
            and points.latitude <= sites.latitude + 0.91

)

select
    latitude,
    longitude,
    site_id,
    distance_km,
    opened_date,
    closed_date
from measured
where distance_km <= 100
