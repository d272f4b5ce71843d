-- Which places reach a point within 50 km: what any set of sites covers is then known without the
-- point.
with reached as (

    select
        region,
        city,
        latitude,
        longitude,
        {{ dbt.listagg("place_id", "'|'", "order by place_id") }} as reached_from
    from {{ ref('int_demand_distances') }}
    where distance_km <= 50
    group by region, city, latitude, longitude

),

points as (

    select
        cities.region,
        cities.city,
        coalesce(reached.reached_from, '') as reached_from,
        cities.ticket_count
    from {{ ref('int_demand_cities') }} as cities
    left join reached
        on
            cities.region = reached.region
            and cities.city = reached.city
            and cities.latitude = reached.latitude
            and cities.longitude = reached.longitude
    where cities.is_told

)

select
    region,
    city,
    reached_from,
    cast(sum(ticket_count) as bigint) as ticket_count
from points
group by region, city, reached_from
having sum(ticket_count) > 0
