{#- Fewer customers are not told apart: a distance to each site would say where they live. -#}
{%- set fewest_customers = 5 -%}

with points as (

    select * from {{ ref('int_demand_points') }}

),

sizes as (

    select
        region,
        city,
        sum(customer_count) as customer_count
    from points
    group by region, city

),

-- Small cities of a region are taken together.
gathered as (

    select
        points.region,
        points.city as own_city,
        case
            when sizes.customer_count >= {{ fewest_customers }} then points.city
            else 'other'
        end as city,
        points.latitude,
        points.longitude,
        points.customer_count,
        points.ticket_count,
        points.visit_count
    from points
    inner join sizes on points.region = sizes.region and points.city = sizes.city

)

select
    region,
    city,
    own_city,
    latitude,
    longitude,
    customer_count,
    ticket_count,
    visit_count,
    sum(customer_count) over (partition by region, city) >= {{ fewest_customers }} as is_told
from gathered
