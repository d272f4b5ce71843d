with tickets as (

    select * from {{ ref('fct_tickets') }}

),

locations as (

    select * from {{ ref('int_customers_located') }}

),

points_reached as (

    select * from {{ ref('int_points_reached') }}

),

asked as (

    select distinct
        locations.latitude,
        locations.longitude,
        tickets.created_date
    from tickets
    inner join locations on tickets.customer_id = locations.customer_id
    where locations.location_source <> 'unknown'

),

-- The sites that were open on the day of the request.
nearest as (

    select
        asked.latitude,
        asked.longitude,
        asked.created_date,
        min(points_reached.distance_km) as nearest_site_km
    from asked
    inner join points_reached
        on
            asked.latitude = points_reached.latitude
            and asked.longitude = points_reached.longitude
            and (
                points_reached.opened_date is null
                or asked.created_date >= points_reached.opened_date
            )
            and (
                points_reached.closed_date is null
                or asked.created_date <= points_reached.closed_date
            )
    group by asked.latitude, asked.longitude, asked.created_date

)

select
    tickets.ticket_id,
    tickets.site_id,
    tickets.product_family,
    tickets.channel,
    tickets.priority,
    case
        when tickets.exit_kind = 'merged' then 'merged'
        when tickets.customer_id is null then 'customer_unknown'
        when coalesce(locations.location_source, 'unknown') = 'unknown' then 'location_unknown'
        else 'counted'
    end as reach_state,
    coalesce(locations.location_source, 'unknown') as location_source,
    nearest.nearest_site_km,
    tickets.created_date
from tickets
left join locations on tickets.customer_id = locations.customer_id
left join nearest
    on
        locations.latitude = nearest.latitude
        and locations.longitude = nearest.longitude
        and tickets.created_date = nearest.created_date
