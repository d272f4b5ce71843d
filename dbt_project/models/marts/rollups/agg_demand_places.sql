with cities as (

    select
        region,
        city,
        is_told,
        sum(customer_count) as customer_count,
        sum(ticket_count) as ticket_count,
        sum(visit_count) as visit_count
    from {{ ref('int_demand_cities') }}
    group by region, city, is_told

),

covered as (

    select
        region,
        city,
        latitude,
        longitude,
        max(ticket_count) as ticket_count
    from {{ ref('int_demand_distances') }}
    where place_kind = 'site' and distance_km <= 50
    group by region, city, latitude, longitude

),

covered_cities as (

    select
        region,
        city,
        sum(ticket_count) as covered_count
    from covered
    group by region, city

),

nearest as (

    select
        region,
        city,
        site_id,
        mean_km,
        row_number() over (partition by region, city order by mean_km, site_id) as nearness
    from {{ ref('agg_demand_distances') }}
    where place_kind = 'site'

)

select
    cities.region,
    cities.city,
    places.place_id,
    places.latitude,
    places.longitude,
    nearest.site_id as nearest_site_id,
    nearest.mean_km as nearest_site_km,
    cast(cities.customer_count as bigint) as customer_count,
    cast(cities.ticket_count as bigint) as ticket_count,
    cast(cities.visit_count as bigint) as visit_count,
    cast(
        case when cities.is_told then coalesce(covered_cities.covered_count, 0) end as bigint
    ) as covered_count,
    cast(cities.visit_count as double) * nearest.mean_km as travel_km,
    cities.is_told
from cities
left join covered_cities
    on cities.region = covered_cities.region and cities.city = covered_cities.city
left join nearest
    on
        cities.region = nearest.region
        and cities.city = nearest.city
        and nearest.nearness = 1
left join {{ ref('int_network_places') }} as places
    on
        places.place_kind = 'city'
        and cities.region = places.region
        and cities.city = places.city
