-- Every request of the 365 days is in one city; what is out of reach is located; a site would cover
-- no more than is out of reach in all.
with cities as (

    select * from {{ ref('agg_demand_out_of_reach') }}

),

requests as (

    select count(*) as ticket_count
    from {{ ref('fct_tickets') }} as tickets
    cross join {{ ref('int_kpi_as_of') }} as as_of
    where
        tickets.exit_kind <> 'merged'
        and tickets.created_date > as_of.last_date - interval 365 day
        and tickets.created_date <= as_of.last_date

),

totals as (

    select
        coalesce(sum(ticket_count), 0) as ticket_count,
        coalesce(sum(out_of_reach_count), 0) as out_of_reach_count,
        max(gained_count) as most_gained_count
    from cities

)

select
    'requests' as fault,
    totals.ticket_count as amount,
    requests.ticket_count as expected_amount
from totals
cross join requests
where totals.ticket_count <> requests.ticket_count

union all

select
    'gained more than is out of reach' as fault,
    most_gained_count as amount,
    out_of_reach_count as expected_amount
from totals
where most_gained_count > out_of_reach_count

union all

select
    'city ' || city as fault,
    out_of_reach_count as amount,
    located_count as expected_amount
from cities
where
    out_of_reach_count > located_count
    or (out_of_reach_count = 0 and (gained_count > 0 or nearest_site_id is not null))
