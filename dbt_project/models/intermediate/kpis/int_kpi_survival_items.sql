with clocks as (

    select * from {{ ref('int_kpi_ticket_clocks') }}

),

sites as (

    select
        site_id,
        coalesce(region, 'unknown') as region
    from {{ ref('dim_sites') }}

),

curves as (

    select
        'first_response' as metric,
        ticket_id,
        site_id,
        product_family,
        channel,
        priority,
        response_curve_state as curve_state,
        response_curve_seconds as curve_seconds,
        'answered' as curve_exit,
        created_date
    from clocks

    union all

    select
        'resolution' as metric,
        ticket_id,
        site_id,
        product_family,
        channel,
        priority,
        resolution_curve_state as curve_state,
        resolution_curve_seconds as curve_seconds,
        curve_exit,
        created_date
    from clocks

)

select
    curves.metric,
    curves.ticket_id,
    curves.site_id,
    coalesce(sites.region, 'unknown') as region,
    curves.product_family,
    curves.channel,
    curves.priority,
    curves.curve_state,
    curves.curve_exit,
    curves.curve_seconds,
    curves.created_date,
    cast(date_trunc('month', curves.created_date) as date) as month_start_date,
    cast(date_trunc('year', curves.created_date) as date) as year_start_date
from curves
left join sites on curves.site_id = sites.site_id
