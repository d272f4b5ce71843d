with reach as (

    select * from {{ ref('int_kpi_ticket_reach') }}

),

sites as (

    select
        site_id,
        service_hours
    from {{ ref('dim_sites') }}

),

covered as (

    select
        'coverage_within_50km' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        site_id,
        product_family,
        channel,
        priority,
        reach_state as item_state,
        cast(case when nearest_site_km <= 50 then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from reach

),

open_longer as (

    select
        'extended_hours_share' as kpi_id,
        'ticket' as subject_kind,
        reach.ticket_id as subject_id,
        reach.site_id,
        reach.product_family,
        reach.channel,
        reach.priority,
        case
            when reach.reach_state = 'merged' then 'merged'
            when sites.service_hours is null then 'hours_unknown'
            else 'counted'
        end as item_state,
        cast(
            case when sites.service_hours in ('extended', '24x7') then 1 else 0 end
            as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        reach.created_date as counted_date
    from reach
    left join sites on reach.site_id = sites.site_id

),

network_items as (

    select * from covered
    union all
    select * from open_longer

)

select
    kpi_id,
    subject_kind,
    subject_id,
    cast(null as varchar) as technician_id,
    site_id,
    product_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from network_items
