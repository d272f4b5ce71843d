with reach as (

    select
        ticket_reach.*,
        coalesce(customers.region, sites.region, 'unknown') as region,
        sites.service_hours,
        cast(date_trunc('month', ticket_reach.created_date) as date) as month_start_date
    from (
        select
            ticket_reach.*,
            tickets.customer_id
        from {{ ref('int_kpi_ticket_reach') }} as ticket_reach
        inner join {{ ref('fct_tickets') }} as tickets
            on ticket_reach.ticket_id = tickets.ticket_id
        where ticket_reach.reach_state <> 'merged'
    ) as ticket_reach
    left join {{ ref('dim_customers') }} as customers
        on ticket_reach.customer_id = customers.customer_id
    left join {{ ref('dim_sites') }} as sites on ticket_reach.site_id = sites.site_id

),

segmented as (

    select
        month_start_date,
        coalesce(region, 'all') as region,
        case when grouping(region) = 0 then 'region' else 'all' end as segment,
        count(*) as ticket_count,
        count(*) filter (where reach_state = 'counted' and location_source = 'customer')
            as located_by_customer_count,
        count(*) filter (where reach_state = 'counted' and location_source = 'city')
            as located_by_city_count,
        count(*) filter (where reach_state <> 'counted') as unlocated_count,
        count(*) filter (where reach_state = 'counted' and nearest_site_km <= 25)
            as within_25km_count,
        count(*) filter (where reach_state = 'counted' and nearest_site_km <= 50)
            as within_50km_count,
        count(*) filter (where reach_state = 'counted' and nearest_site_km <= 100)
            as within_100km_count,
        count(*) filter (where service_hours = 'extended') as extended_hours_count,
        count(*) filter (where service_hours = '24x7') as around_the_clock_count,
        count(*) filter (where service_hours = 'standard') as standard_hours_count,
        count(distinct case when product_family <> 'unknown' then product_family end)
            as product_family_count,
        count(distinct case when site_id <> 'unknown' then site_id end) as site_count
    from reach
    group by grouping sets ((month_start_date), (month_start_date, region))  -- noqa: PRS

),

counted as (

    select
        *,
        cast(within_50km_count as double) as covered,
        cast(located_by_customer_count + located_by_city_count as double) as located
    from segmented

)

select
    month_start_date,
    region,
    segment,
    ticket_count,
    located_by_customer_count,
    located_by_city_count,
    unlocated_count,
    within_25km_count,
    within_50km_count,
    within_100km_count,
    standard_hours_count,
    extended_hours_count,
    around_the_clock_count,
    product_family_count,
    site_count,
    cast(within_25km_count as double) / nullif(located, 0) as within_25km_share,
    covered / nullif(located, 0) as within_50km_share,
    {{ wilson_bound('covered', 'located', '-') }} as within_50km_low,
    {{ wilson_bound('covered', 'located', '+') }} as within_50km_high,
    cast(within_100km_count as double) / nullif(located, 0) as within_100km_share
from counted
