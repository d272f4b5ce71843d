with settings as (

    select {{ local_date('as_of_at - interval 1 microsecond') }} as last_date
    from {{ ref('stg_build_settings') }}

),

customers as (

    select
        customer_id,
        region,
        coalesce(nullif(trim(city), ''), 'unknown') as city
    from {{ ref('stg_customers') }}

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

tickets as (

    select
        tickets.customer_id,
        count(*) as ticket_count
    from {{ ref('int_tickets_classified') }} as tickets
    inner join {{ ref('int_ticket_milestones') }} as milestones
        on tickets.ticket_id = milestones.ticket_id
    cross join settings
    where
        milestones.exit_kind <> 'merged'
        and {{ local_date('milestones.created_at') }} > settings.last_date - interval 365 day
        and {{ local_date('milestones.created_at') }} <= settings.last_date
    group by tickets.customer_id

),

-- Ways to customers: visits made at their place.
dated_visits as (

    select
        customer_id,
        {{ local_date('coalesce(completed_at, arrived_at, scheduled_at, requested_at)') }}
            as worked_date
    from {{ ref('int_visits_classified') }}
    where
        outcome in ('completed', 'not_fixed', 'no_show')
        and coalesce(service_mode, 'on_site') = 'on_site'

),

visits as (

    select
        dated_visits.customer_id,
        count(*) as visit_count
    from dated_visits
    cross join settings
    where
        dated_visits.worked_date > settings.last_date - interval 365 day
        and dated_visits.worked_date <= settings.last_date
    group by dated_visits.customer_id

)

select
    coalesce(customers.region, city_regions.region, 'unknown') as region,
    customers.city,
    locations.latitude,
    locations.longitude,
    count(*) as customer_count,
    coalesce(sum(tickets.ticket_count), 0) as ticket_count,
    coalesce(sum(visits.visit_count), 0) as visit_count
from customers
inner join {{ ref('int_customers_located') }} as locations
    on customers.customer_id = locations.customer_id
left join city_regions on customers.city = city_regions.city
left join tickets on customers.customer_id = tickets.customer_id
left join visits on customers.customer_id = visits.customer_id
where
    locations.location_source <> 'unknown'
    and (tickets.customer_id is not null or visits.customer_id is not null)
group by
    coalesce(customers.region, city_regions.region, 'unknown'),
    customers.city,
    locations.latitude,
    locations.longitude
