with costs as (

    select * from {{ ref('fct_costs') }}

),

tickets as (

    select
        ticket_id,
        is_warranty
    from {{ ref('fct_tickets') }}

),

clocks as (

    select
        clocks.site_id,
        clocks.product_family,
        tickets.is_warranty,
        clocks.finished_date
    from {{ ref('int_kpi_ticket_clocks') }} as clocks
    left join tickets on clocks.ticket_id = tickets.ticket_id
    where clocks.finished_date is not null

),

-- Early: there may be dozens of cost rows per ticket.
booked as (

    select
        costs.cost_month_date as month_start_date,
        costs.site_id,
        costs.product_family,
        costs.cost_group,
        costs.cost_group <> 'parts' and costs.allocation <> 'direct' as is_from_ledger,
        costs.allocation in ('unallocated', 'call_without_ticket') as is_unallocated,
        costs.visit_id is not null and costs.ticket_id is null as is_without_ticket,
        costs.ticket_id is not null as is_of_ticket,
        tickets.is_warranty,
        sum(costs.amount) as amount,
        count(*) as row_count
    from costs
    left join tickets on costs.ticket_id = tickets.ticket_id
    group by
        costs.cost_month_date,
        costs.site_id,
        costs.product_family,
        costs.cost_group,
        costs.cost_group <> 'parts' and costs.allocation <> 'direct',
        costs.allocation in ('unallocated', 'call_without_ticket'),
        costs.visit_id is not null and costs.ticket_id is null,
        costs.ticket_id is not null,
        tickets.is_warranty

),

-- The books of labour and of operations close month by month. Until each that the company keeps is
-- in, the tickets of a month would look cheap, and without any cost free.
last_books as (

    select max(month_start_date) as last_month_date
    from booked
    where is_from_ledger
    group by cost_group

),

closed_until as (

    select min(last_month_date) as last_month_date
    from last_books

),

closed_months as (

    select
        booked.month_start_date,
        bool_or(not booked.is_without_ticket) as is_charged
    from booked
    cross join closed_until
    where
        closed_until.last_month_date is null
        or booked.month_start_date <= closed_until.last_month_date
    group by booked.month_start_date

),

charged_months as (

    select month_start_date
    from closed_months
    where is_charged

),

finished as (

    select
        cast(date_trunc('month', finished_date) as date) as month_start_date,
        site_id,
        product_family,
        is_warranty,
        count(*) as ticket_count
    from clocks
    group by
        cast(date_trunc('month', finished_date) as date), site_id, product_family, is_warranty

),

charged_booked as (

    select
        booked.*,
        case
            when booked.is_without_ticket then 'visit_without_ticket'
            when charged_months.month_start_date is null then 'books_open'
        end as excluded_reason
    from booked
    left join charged_months on booked.month_start_date = charged_months.month_start_date

),

charged_finished as (

    select
        finished.*,
        case when charged_months.month_start_date is null then 'no_cost_booked' end
            as excluded_reason
    from finished
    left join charged_months on finished.month_start_date = charged_months.month_start_date

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

parts_shares as (

    select
        'parts_cost_share' as kpi_id,
        site_id,
        product_family,
        cast(null as varchar) as excluded_reason,
        case when cost_group = 'parts' then amount else 0 end as numerator,
        amount as denominator,
        row_count as eligible_count,
        0 as excluded_count,
        month_start_date
    from booked

),

-- Of these lines nobody knows the cost.
unpriced_parts as (

    select
        'parts_cost_share' as kpi_id,
        site_id,
        product_family,
        'no_cost_known' as excluded_reason,
        cast(0 as decimal(38, 4)) as numerator,
        cast(0 as decimal(38, 4)) as denominator,
        0 as eligible_count,
        1 as excluded_count,
        cast(
            date_trunc('month', coalesce({{ local_date('used_at') }}, requested_date)) as date
        ) as month_start_date
    from {{ ref('fct_part_lines') }}
    where cost_amount is null

),

operations_shares as (

    select
        'operations_cost_share' as kpi_id,
        site_id,
        product_family,
        cast(null as varchar) as excluded_reason,
        case when cost_group = 'operations' then amount else 0 end as numerator,
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
        excluded_reason,
        case when excluded_reason is null then amount else 0 end as numerator,
        cast(0 as decimal(38, 4)) as denominator,
        0 as eligible_count,
        case when excluded_reason is null then 0 else row_count end as excluded_count,
        month_start_date
    from charged_booked

),

served as (

    select
        'cost_per_ticket' as kpi_id,
        site_id,
        product_family,
        excluded_reason,
        cast(0 as decimal(38, 4)) as numerator,
        cast(
            case when excluded_reason is null then ticket_count else 0 end as decimal(38, 4)
        ) as denominator,
        case when excluded_reason is null then ticket_count else 0 end as eligible_count,
        case when excluded_reason is null then 0 else ticket_count end as excluded_count,
        month_start_date
    from charged_finished

),

-- Only what tickets carry: nobody knows for whom the rest was spent.
apart as (

    select
        site_id,
        product_family,
        is_warranty,
        case when is_warranty is null then 'warranty_unknown' else excluded_reason end
            as excluded_reason,
        amount as numerator,
        0 as denominator,
        row_count,
        month_start_date
    from charged_booked
    where is_of_ticket

    union all

    select
        site_id,
        product_family,
        is_warranty,
        case when is_warranty is null then 'warranty_unknown' else excluded_reason end
            as excluded_reason,
        0 as numerator,
        ticket_count as denominator,
        ticket_count as row_count,
        month_start_date
    from charged_finished

),

warranty as (

    select
        'cost_per_ticket_warranty' as kpi_id,
        site_id,
        product_family,
        excluded_reason,
        case when excluded_reason is null then numerator else 0 end as numerator,
        cast(case when excluded_reason is null then denominator else 0 end as decimal(38, 4))
            as denominator,
        case when excluded_reason is null then denominator else 0 end as eligible_count,
        case when excluded_reason is null then 0 else row_count end as excluded_count,
        month_start_date
    from apart
    where coalesce(is_warranty, true)

),

paid as (

    select
        'cost_per_ticket_paid' as kpi_id,
        site_id,
        product_family,
        excluded_reason,
        case when excluded_reason is null then numerator else 0 end as numerator,
        cast(case when excluded_reason is null then denominator else 0 end as decimal(38, 4))
            as denominator,
        case when excluded_reason is null then denominator else 0 end as eligible_count,
        case when excluded_reason is null then 0 else row_count end as excluded_count,
        month_start_date
    from apart
    where not coalesce(is_warranty, false)

),

fees as (

    select
        site_id,
        product_family,
        fee_state,
        cast(date_trunc('month', charged_date) as date) as month_start_date,
        sum(fee_amount) as fee_amount,
        count(*) as row_count
    from {{ ref('int_kpi_fees_charged') }}
    group by
        site_id, product_family, fee_state, cast(date_trunc('month', charged_date) as date)

),

closed_fees as (

    select
        fees.*,
        case
            when closed_months.month_start_date is null then 'no_cost_booked'
            when fees.fee_state <> 'counted' then fees.fee_state
        end as excluded_reason
    from fees
    left join closed_months on fees.month_start_date = closed_months.month_start_date

),

recovered as (

    select
        'service_fee_cost_share' as kpi_id,
        site_id,
        product_family,
        excluded_reason,
        case when excluded_reason is null then fee_amount else 0 end as numerator,
        cast(0 as decimal(38, 4)) as denominator,
        0 as eligible_count,
        case when excluded_reason is null then 0 else row_count end as excluded_count,
        month_start_date
    from closed_fees
    -- No fee where nothing was booked either: nothing to show.
    where excluded_reason is not null or fee_amount <> 0

),

to_recover as (

    select
        'service_fee_cost_share' as kpi_id,
        booked.site_id,
        booked.product_family,
        case when closed_months.month_start_date is null then 'books_open' end as excluded_reason,
        cast(0 as decimal(38, 4)) as numerator,
        case when closed_months.month_start_date is null then 0 else booked.amount end
            as denominator,
        case when closed_months.month_start_date is null then 0 else booked.row_count end
            as eligible_count,
        case when closed_months.month_start_date is null then booked.row_count else 0 end
            as excluded_count,
        booked.month_start_date
    from booked
    left join closed_months on booked.month_start_date = closed_months.month_start_date

),

parts as (

    select * from totals
    union all
    select * from labor_shares
    union all
    select * from parts_shares
    union all
    select * from unpriced_parts
    union all
    select * from operations_shares
    union all
    select * from unallocated_shares
    union all
    select * from charged
    union all
    select * from served
    union all
    select * from warranty
    union all
    select * from paid
    union all
    select * from recovered
    union all
    select * from to_recover

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
