with labor_costs as (

    select * from {{ ref('int_labor_costs_allocated') }}

),

operating_costs as (

    select * from {{ ref('int_operating_costs_allocated') }}

),

part_lines as (

    select * from {{ ref('int_part_lines_costed') }}

),

part_bookings as (

    select
        source,
        ticket_id,
        visit_id,
        site_id,
        technician_id,
        product_family,
        part_kind,
        booked_amount as amount,
        is_warranty,
        cost_month_date
    from part_lines
    where booked_amount <> 0

    union all

    select
        source,
        ticket_id,
        visit_id,
        site_id,
        technician_id,
        product_family,
        part_kind,
        -booked_amount as amount,
        is_warranty,
        credit_month_date as cost_month_date
    from part_lines
    where booked_amount <> 0 and credit_month_date is not null

),

parts_costs as (

    select
        min(source) as source,
        ticket_id,
        visit_id,
        site_id,
        min(technician_id) as technician_id,
        min(product_family) as product_family,
        part_kind as component,
        case when coalesce(visit_id, ticket_id) is null then 'unallocated' else 'direct' end
            as allocation,
        cast(sum(amount) as decimal(18, 4)) as amount,
        is_warranty,
        cost_month_date
    from part_bookings
    group by ticket_id, visit_id, site_id, part_kind, is_warranty, cost_month_date
    having sum(amount) <> 0

),

costs as (

    select
        source,
        ticket_id,
        visit_id,
        site_id,
        technician_id,
        product_family,
        'labor' as cost_group,
        component,
        work_kind,
        allocation,
        amount,
        is_warranty,
        cost_month_date
    from labor_costs

    union all

    select
        source,
        ticket_id,
        visit_id,
        site_id,
        technician_id,
        product_family,
        'parts' as cost_group,
        component,
        cast(null as varchar) as work_kind,
        allocation,
        amount,
        is_warranty,
        cost_month_date
    from parts_costs

    union all

    select
        source,
        ticket_id,
        visit_id,
        site_id,
        cast(null as varchar) as technician_id,
        product_family,
        'operations' as cost_group,
        component,
        cast(null as varchar) as work_kind,
        allocation,
        amount,
        is_warranty,
        cost_month_date
    from operating_costs

)

select
    source,
    ticket_id,
    visit_id,
    site_id,
    technician_id,
    product_family,
    cost_group,
    component,
    work_kind,
    allocation,
    amount,
    is_warranty,
    cost_month_date
from costs
