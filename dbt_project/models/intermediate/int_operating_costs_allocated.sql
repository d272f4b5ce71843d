with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

ledger as (

    select operating_costs.*
    from {{ ref('stg_operating_costs') }} as operating_costs
    cross join settings
    where operating_costs.cost_month_date <= {{ local_date('settings.as_of_at') }}

),

tickets as (

    select
        ticket_id,
        site_id,
        product_family,
        is_warranty,
        {{ local_month('created_at') }} as created_month_date
    from {{ ref('int_tickets_classified') }}

),

ledger_components as (

    {{ unpivot_components(
        'ledger',
        ['site_id', 'source', 'cost_month_date'],
        ['rent', 'utilities', 'transport', 'tools']
    ) }}

),

-- The driver: every ticket raised at the site in the month weighs the same.
driver_tickets as (

    select
        ticket_id,
        site_id,
        product_family,
        is_warranty,
        created_month_date,
        1 as weight,
        row_number()
            over (partition by site_id, created_month_date order by ticket_id)
            as running_weight,
        count(*) over (partition by site_id, created_month_date) as total_weight
    from tickets

)

select
    ledger_components.source,
    driver_tickets.ticket_id,
    ledger_components.site_id,
    coalesce(driver_tickets.product_family, 'unknown') as product_family,
    ledger_components.component,
    case when driver_tickets.ticket_id is null then 'unallocated' else 'driver' end as allocation,
    case
        when driver_tickets.ticket_id is null then ledger_components.amount
        else
            {{ share_out(
                'ledger_components.amount',
                'driver_tickets.weight',
                'driver_tickets.running_weight',
                'driver_tickets.total_weight'
            ) }}
    end as amount,
    driver_tickets.is_warranty,
    ledger_components.cost_month_date
from ledger_components
left join driver_tickets
    on
        ledger_components.site_id = driver_tickets.site_id
        and ledger_components.cost_month_date = driver_tickets.created_month_date
