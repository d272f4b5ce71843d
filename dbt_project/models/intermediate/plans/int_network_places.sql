{#- As many cities as are asked for, those with the most requests. -#}
{%- set most_cities = 100 -%}

with settings as (

    select {{ local_date('as_of_at - interval 1 microsecond') }} as last_date
    from {{ ref('stg_build_settings') }}

),

cities as (

    select
        region,
        city,
        sum(ticket_count) as ticket_count,
        cast(sum(cast(latitude as decimal(18, 2)) * customer_count) as double)
        / sum(customer_count) as latitude,
        cast(sum(cast(longitude as decimal(18, 2)) * customer_count) as double)
        / sum(customer_count) as longitude
    from {{ ref('int_demand_cities') }}
    where is_told and city not in ('other', 'unknown')
    group by region, city

),

ranked as (

    select
        *,
        row_number() over (order by ticket_count desc, region asc, city asc) as size_rank
    from cities

)

-- The network of as-of; a hotline goes nowhere.
select
    'site ' || sites.site_id as place_id,
    'site' as place_kind,
    sites.site_id,
    sites.region,
    sites.city,
    cast(sites.latitude as double) as latitude,
    cast(sites.longitude as double) as longitude
from {{ ref('stg_sites') }} as sites
cross join settings
where
    sites.latitude between -90 and 90
    and sites.longitude between -180 and 180
    and coalesce(sites.site_kind, 'repair_shop') <> 'hotline'
    and (sites.opened_date is null or sites.opened_date <= settings.last_date)
    and (sites.closed_date is null or sites.closed_date >= settings.last_date)

union all

select
    'city ' || region || '/' || city as place_id,
    'city' as place_kind,
    cast(null as varchar) as site_id,
    region,
    city,
    round(latitude, 2) as latitude,
    round(longitude, 2) as longitude
from ranked
where size_rank <= {{ most_cities }}
