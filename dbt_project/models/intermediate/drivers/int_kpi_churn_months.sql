with as_of as (

    -- The last month that has ended: who is gone at the end of a later one is not known.
    select {{ month_number('last_date + interval 1 day') }} - 1 as last_month
    from {{ ref('int_kpi_as_of') }}

),

customers as (

    select
        customer_id,
        coalesce(customer_kind, 'unknown') as customer_kind
    from {{ ref('dim_customers') }}

),

served as (

    select
        exposures.driver,
        tickets.customer_id,
        tickets.ticket_id,
        tickets.resolved_at,
        {{ month_number('tickets.resolved_date') }} as served_month,
        coalesce(tickets.site_id, 'unknown') as site_id,
        -- A reopening or a breach after the resolution would be one that nobody knew of yet.
        coalesce(exposures.exposed_at <= tickets.resolved_at, false) as is_exposed
    from {{ ref('int_kpi_driver_exposures') }} as exposures
    inner join {{ ref('fct_tickets') }} as tickets on exposures.ticket_id = tickets.ticket_id
    where
        exposures.driver_kind = 'service'
        and tickets.exit_kind = 'resolved'
        and tickets.customer_id is not null

),

-- A customer is followed from the first request on, and anew from the first one that exposed:
-- what lies before is time without exposure, whatever came later.
firsts as (

    select
        *,
        row_number() over (
            partition by driver, customer_id, is_exposed order by resolved_at, ticket_id
        ) as position_number,
        min(case when is_exposed then served_month end)
            over (partition by driver, customer_id) as exposed_month
    from served

),

starts as (

    select
        driver,
        customer_id,
        is_exposed,
        site_id,
        served_month as start_month,
        case when not is_exposed then exposed_month end as end_month
    from firsts
    where
        position_number = 1
        and (is_exposed or exposed_month is null or exposed_month > served_month)

),

-- Who buys is a customer for as long as the KPIs of retention say so.
spans as (

    select
        customer_id,
        from_month,
        to_month
    from {{ ref('int_kpi_customer_spans') }}
    where activity = 'purchase'

),

bought as (

    select distinct
        customer_id,
        {{ month_number('purchased_date') }} as bought_month
    from {{ ref('fct_purchases') }}
    where is_valid

),

active as (

    select
        starts.driver,
        starts.customer_id,
        starts.is_exposed,
        starts.site_id,
        starts.start_month,
        starts.end_month,
        spans.to_month,
        starts.start_month - max(bought.bought_month) as idle_months
    from starts
    inner join spans
        on
            starts.customer_id = spans.customer_id
            and starts.start_month between spans.from_month and spans.to_month
    inner join bought
        on
            starts.customer_id = bought.customer_id
            and starts.start_month >= bought.bought_month
    group by
        starts.driver,
        starts.customer_id,
        starts.is_exposed,
        starts.site_id,
        starts.start_month,
        starts.end_month,
        spans.to_month

),

numbers as (

    {% for number in range(1, months_followed() | int + 1) -%}
        {% if not loop.first %}union all{% endif %}
        select {{ number }} as month_count
    {% endfor %}

)

select
    active.driver,
    active.customer_id,
    active.is_exposed,
    active.start_month + numbers.month_count as at_risk_month,
    active.start_month + numbers.month_count = active.to_month + 1 as is_leaving,
    active.site_id,
    customers.customer_kind,
    cast(floor(active.idle_months / 3) as bigint) as idle_quarter,
    cast(floor((numbers.month_count - 1) / 3) as bigint) as followed_quarter
from active
inner join customers on active.customer_id = customers.customer_id
cross join numbers
cross join as_of
where
    active.start_month + numbers.month_count <= active.to_month + 1
    and active.start_month + numbers.month_count <= as_of.last_month
    and (active.end_month is null or active.start_month + numbers.month_count <= active.end_month)
