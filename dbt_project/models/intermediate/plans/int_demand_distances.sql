select
    points.region,
    points.city,
    points.latitude,
    points.longitude,
    points.customer_count,
    points.ticket_count,
    points.visit_count,
    places.place_id,
    places.place_kind,
    places.site_id,
    {{ great_circle_km(
        'points.latitude', 'points.longitude', 'places.latitude', 'places.longitude'
    ) }} as distance_km
from {{ ref('int_demand_cities') }} as points
cross join {{ ref('int_network_places') }} as places
where points.is_told
