-- The base case of scenarios is the demand that agg_demand_out_of_reach has: all that is located,
-- and of what is told as much within reach; the groups of customers add up to their city.
with places as (

    select
        sum(ticket_count) as ticket_count,
        sum(case when is_told then ticket_count else 0 end) as told_count,
        sum(covered_count) as covered_count
    from {{ ref('agg_demand_places') }}

),

out_of_reach as (

    select
        sum(located_count) as located_count,
        sum(out_of_reach_count) as out_of_reach_count
    from {{ ref('agg_demand_out_of_reach') }}

),

reached as (

    select
        sum(ticket_count) as ticket_count,
        coalesce(
            sum(case when reached_from like '%site %' then ticket_count else 0 end), 0
        ) as covered_count
    from {{ ref('agg_demand_reach') }}

)

select
    places.ticket_count,
    out_of_reach.located_count,
    reached.ticket_count as reached_count
from places
cross join out_of_reach
cross join reached
where
    places.ticket_count <> out_of_reach.located_count
    or places.told_count <> reached.ticket_count
    or places.covered_count <> reached.covered_count
    or (
        places.told_count = places.ticket_count
        and places.covered_count
        <> out_of_reach.located_count - out_of_reach.out_of_reach_count
    )
