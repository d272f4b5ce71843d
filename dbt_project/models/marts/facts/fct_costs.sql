with labor_costs as (

    select * from {{ ref('int_labor_costs_allocated') }}

),

operating_costs as (

    select * from {{ ref('int_operating_costs_allocated') }}

),

part_lines as (

    select * from {{ ref('int_part_lines_costed') }}

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
        cast(sum(cost_amount) as decimal(18, 4)) as amount,
        is_warranty,
        cost_month_date
    from part_lines
    group by ticket_id, visit_id, site_id, part_kind, is_warranty, cost_month_date
    having sum(cost_amount) <> 0

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
        allocation,
        amount,
        is_warranty,
        cost_month_date
    from parts_costs

    union all

    select
        source,
        ticket_id,
        cast(null as varchar) as visit_id,
        site_id,
        cast(null as varchar) as technician_id,
        product_family,
        'operations' as cost_group,
        component,
        allocation,
        amount,
        is_warranty,
        cost_month_date
    from operating_costs

)

select
    case
        when visit_id is not null then 'visit ' || visit_id
        when ticket_id is not null then 'ticket ' || ticket_id
        when technician_id is not null then 'technician ' || technician_id
        else 'unallocated'
    end
    || '|' || component
    || '|' || cast(cost_month_date as varchar)
    || '|' || site_id
    || '|'
    || case is_warranty when true then 'warranty' when false then 'paid' else 'unknown' end
        as cost_id,
    source,
    ticket_id,
    visit_id,
    site_id,
    technician_id,
    product_family,
    cost_group,
    component,
    allocation,
    amount,
    is_warranty,
    cost_month_date
from costs
