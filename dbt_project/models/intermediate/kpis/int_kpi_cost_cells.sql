with costs as (

    select * from {{ ref('fct_costs') }}

),

tickets as (

    select
        site_id,
        product_family,
        finished_date
    from {{ ref('int_kpi_ticket_clocks') }}
    where finished_date is not null

),

-- Early: there may be a dozen cost rows per ticket.
booked as (

    select
        cost_month_date as month_start_date,
        site_id,
        product_family,
        cost_group,
        allocation = 'unallocated' as is_unallocated,
        visit_id is not null and ticket_id is null as is_without_ticket,
        sum(amount) as amount,
        count(*) as row_count
    from costs
    group by
        cost_month_date,
        site_id,
        product_family,
        cost_group,
        allocation = 'unallocated',
        visit_id is not null and ticket_id is null

),

-- A month whose books are not in yet would make its tickets look free.
charged_months as (

    select distinct month_start_date
    from booked
    where not is_without_ticket

),

finished as (

    select
        cast(date_trunc('month', finished_date) as date) as month_start_date,
        site_id,
        product_family,
        count(*) as ticket_count
    from tickets
    group by cast(date_trunc('month', finished_date) as date), site_id, product_family

),

totals as (

    select
        'cost_total' as kpi_id,
        site_id,
        product_family,
        cast(null as varchar) as excluded_reason,
        amount as numerator,
        cast(0 as decimal(38, 4)) as denominator,
        row_count as eligible_count,
        0 as excluded_count,
        month_start_date
    from booked

),

labor_shares as (

    select
        'labor_cost_share' as kpi_id,
        site_id,
        product_family,
        cast(null as varchar) as excluded_reason,
        case when cost_group = 'labor' then amount else 0 end as numerator,
        amount as denominator,
        row_count as eligible_count,
        0 as excluded_count,
        month_start_date
    from booked

),

unallocated_shares as (

    select
        'unallocated_cost_share' as kpi_id,
        site_id,
        product_family,
        cast(null as varchar) as excluded_reason,
        case when is_unallocated then amount else 0 end as numerator,
        amount as denominator,
        row_count as eligible_count,
        0 as excluded_count,
        month_start_date
    from booked

),

charged as (

    select
        'cost_per_ticket' as kpi_id,
        site_id,
        product_family,
        case when is_without_ticket then 'visit_without_ticket' end as excluded_reason,
        case when is_without_ticket then 0 else amount end as numerator,
        cast(0 as decimal(38, 4)) as denominator,
        0 as eligible_count,
        case when is_without_ticket then row_count else 0 end as excluded_count,
        month_start_date
    from booked

),

served as (

    select
        'cost_per_ticket' as kpi_id,
        finished.site_id,
        finished.product_family,
        case
            when charged_months.month_start_date is null then 'no_cost_booked'
        end as excluded_reason,
        cast(0 as decimal(38, 4)) as numerator,
        cast(
            case when charged_months.month_start_date is null then 0 else finished.ticket_count end
            as decimal(38, 4)
        ) as denominator,
        case
            when charged_months.month_start_date is null then 0
            else finished.ticket_count
        end as eligible_count,
        case
            when charged_months.month_start_date is null then finished.ticket_count
            else 0
        end as excluded_count,
        finished.month_start_date
    from finished
    left join charged_months on finished.month_start_date = charged_months.month_start_date

),

parts as (

    select * from totals
    union all
    select * from labor_shares
    union all
    select * from unallocated_shares
    union all
    select * from charged
    union all
    select * from served

)

select
    kpi_id,
    site_id,
    product_family,
    excluded_reason,
    cast(sum(numerator) as decimal(38, 4)) as numerator,
    cast(sum(denominator) as decimal(38, 4)) as denominator,
    cast(sum(eligible_count) as bigint) as eligible_count,
    cast(sum(excluded_count) as bigint) as excluded_count,
    month_start_date
from parts
group by kpi_id, site_id, product_family, excluded_reason, month_start_date
