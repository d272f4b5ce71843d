select
    region,
    city,
    place_id,
    place_kind,
    site_id,
    cast(sum(ticket_count) as bigint) as ticket_count,
    cast(sum(visit_count) as bigint) as visit_count,
    -- Of what is asked for and driven to; a point with neither is none.
    round(
        cast(sum(cast(distance_km as decimal(18, 4)) * (ticket_count + visit_count)) as double)
        / sum(ticket_count + visit_count), 1
    ) as mean_km,
    cast(sum(case when distance_km <= 50 then ticket_count else 0 end) as bigint)
        as within_50km_count
from {{ ref('int_demand_distances') }}
group by region, city, place_id, place_kind, site_id
