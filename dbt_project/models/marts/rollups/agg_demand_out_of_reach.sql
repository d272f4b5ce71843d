with settings as (

    select last_date from {{ ref('int_kpi_as_of') }}

),

customers as (

    select
        customer_id,
        region,
        coalesce(nullif(trim(city), ''), 'unknown') as city
    from {{ ref('dim_customers') }}

),

-- Whose region nobody wrote down lives in that of the city, if there is one city of the name.
city_regions as (

    select
        city,
        case when min(region) = max(region) then min(region) end as region
    from customers
    where city <> 'unknown'
    group by city

),

placed as (

    select
        customers.customer_id,
        coalesce(customers.region, city_regions.region, 'unknown') as region,
        customers.city,
        coalesce(locations.location_source, 'unknown') as location_source,
        locations.latitude,
        locations.longitude
    from customers
    left join city_regions on customers.city = city_regions.city
    left join {{ ref('int_customers_located') }} as locations
        on customers.customer_id = locations.customer_id

),

-- Points of a kilometre, not requests, are measured from here on.
points as (

    select
        coalesce(placed.region, 'unknown') as region,
        coalesce(placed.city, 'unknown') as city,
        coalesce(placed.location_source, 'unknown') <> 'unknown' as is_located,
        placed.latitude,
        placed.longitude,
        count(*) as ticket_count
    from {{ ref('fct_tickets') }} as tickets
    cross join settings
    left join placed on tickets.customer_id = placed.customer_id
    where
        tickets.exit_kind <> 'merged'
        and tickets.created_date > settings.last_date - interval 365 day
        and tickets.created_date <= settings.last_date
    group by
        coalesce(placed.region, 'unknown'),
        coalesce(placed.city, 'unknown'),
        coalesce(placed.location_source, 'unknown') <> 'unknown',
        placed.latitude,
        placed.longitude

),

-- The network as it stands: the sites that are open at as-of.
nearest as (

    select
        points_reached.latitude,
        points_reached.longitude,
        min(points_reached.distance_km) as nearest_site_km
    from {{ ref('int_points_reached') }} as points_reached
    cross join settings
    where
        (points_reached.opened_date is null or points_reached.opened_date <= settings.last_date)
        and (points_reached.closed_date is null or points_reached.closed_date >= settings.last_date)
    group by points_reached.latitude, points_reached.longitude

),

judged as (

    select
        points.*,
        points.is_located and coalesce(nearest.nearest_site_km > 50, true) as is_out_of_reach
    from points
    left join nearest
        on points.latitude = nearest.latitude and points.longitude = nearest.longitude

),

cities as (

    select
        region,
        city,
        sum(ticket_count) as ticket_count,
        sum(case when is_located then ticket_count else 0 end) as located_count,
        sum(case when is_out_of_reach then ticket_count else 0 end) as out_of_reach_count,
        -- The middle of what is out of reach: where a site would be wanted.
        cast(
            sum(cast(latitude as decimal(18, 2)) * ticket_count) filter (where is_out_of_reach)
            as double
        ) / sum(ticket_count) filter (where is_out_of_reach) as latitude,
        cast(
            sum(cast(longitude as decimal(18, 2)) * ticket_count) filter (where is_out_of_reach)
            as double
        ) / sum(ticket_count) filter (where is_out_of_reach) as longitude
    from judged
    group by region, city

),

-- The band of latitude spares the formula for what is too far north or south anyway.
gained as (

    select
        cities.region,
        cities.city,
        sum(judged.ticket_count) as gained_count,
        count(distinct judged.region || '|' || judged.city) as gained_city_count
    from cities
    inner join judged
        on
            judged.is_out_of_reach
            and judged.latitude >= cities.latitude - 0.46
            and judged.latitude <= cities.latitude + 0.46
    where
        {{ great_circle_km(
            'cities.latitude', 'cities.longitude', 'judged.latitude', 'judged.longitude'
        ) }} <= 50
    group by cities.region, cities.city

),

sites as (

    select
        dim_sites.site_id,
        dim_sites.latitude,
        dim_sites.longitude
    from {{ ref('dim_sites') }} as dim_sites
    cross join settings
    where
        dim_sites.latitude between -90 and 90
        and dim_sites.longitude between -180 and 180
        and coalesce(dim_sites.site_kind, 'repair_shop') <> 'hotline'
        and (dim_sites.opened_date is null or dim_sites.opened_date <= settings.last_date)
        and (dim_sites.closed_date is null or dim_sites.closed_date >= settings.last_date)

),

-- Cities × sites: both few.
distances as (

    select
        cities.region,
        cities.city,
        sites.site_id,
        {{ great_circle_km(
            'cities.latitude', 'cities.longitude', 'sites.latitude', 'sites.longitude'
        ) }} as distance_km
    from cities
    cross join sites
    where cities.out_of_reach_count > 0

),

nearest_sites as (

    select
        region,
        city,
        site_id,
        distance_km,
        row_number() over (partition by region, city order by distance_km, site_id) as nearness
    from distances

),

company as (

    select sum(located_count) as located_count from cities

)

select
    cities.region,
    cities.city,
    nearest_sites.site_id as nearest_site_id,
    cast(cities.ticket_count as bigint) as ticket_count,
    cast(cities.located_count as bigint) as located_count,
    cast(cities.ticket_count - cities.located_count as bigint) as unlocated_count,
    cast(cities.out_of_reach_count as bigint) as out_of_reach_count,
    round(nearest_sites.distance_km) as nearest_site_km,
    cast(coalesce(gained.gained_count, 0) as bigint) as gained_count,
    cast(coalesce(gained.gained_city_count, 0) as bigint) as gained_city_count,
    cast(coalesce(gained.gained_count, 0) as double)
    / nullif(cast(company.located_count as double), 0) as gained_share
from cities
cross join company
left join gained on cities.region = gained.region and cities.city = gained.city
left join nearest_sites
    on
        cities.region = nearest_sites.region
        and cities.city = nearest_sites.city
        and nearest_sites.nearness = 1
