-- What the money KPIs are made of. Cost rows come in bundles, of one ticket or visit (or, of
-- nobody, one site) and month: there may be dozens per ticket, and item_count says how many.
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
        clocks.ticket_id,
        clocks.site_id,
        clocks.product_family,
        tickets.is_warranty,
        clocks.finished_date,
        cast(date_trunc('month', clocks.finished_date) as date) as month_start_date
    from {{ ref('int_kpi_ticket_clocks') }} as clocks
    left join tickets on clocks.ticket_id = tickets.ticket_id
    where clocks.finished_date is not null

),

bundles as (

    select
        cost_month_date as month_start_date,
        site_id,
        product_family,
        ticket_id,
        case when ticket_id is null then visit_id end as visit_id,
        cast(sum(amount) as decimal(18, 4)) as amount,
        cast(
            coalesce(sum(amount) filter (where cost_group = 'labor'), 0) as decimal(18, 4)
        ) as labor_amount,
        cast(
            coalesce(sum(amount) filter (where cost_group = 'parts'), 0) as decimal(18, 4)
        ) as parts_amount,
        cast(
            coalesce(sum(amount) filter (where cost_group = 'operations'), 0) as decimal(18, 4)
        ) as operations_amount,
        cast(
            coalesce(
                sum(amount) filter (
                    where allocation in ('unallocated', 'call_without_ticket')
                ), 0
            ) as decimal(18, 4)
        ) as unallocated_amount,
        count(*) as row_count
    from costs
    group by
        cost_month_date,
        site_id,
        product_family,
        ticket_id,
        case when ticket_id is null then visit_id end

),

booked as (

    select
        bundles.*,
        case
            when bundles.ticket_id is not null then 'ticket_costs'
            when bundles.visit_id is not null then 'visit_costs'
            else 'site_costs'
        end as subject_kind,
        coalesce(bundles.ticket_id, bundles.visit_id, bundles.site_id) as subject_id,
        bundles.visit_id is not null as is_without_ticket,
        bundles.ticket_id is not null as is_of_ticket,
        tickets.is_warranty
    from bundles
    left join tickets on bundles.ticket_id = tickets.ticket_id

),

-- The books of labour and of operations close month by month. Until each that the company keeps is
-- in, the tickets of a month would look cheap, and without any cost free.
last_books as (

    select max(cost_month_date) as last_month_date
    from costs
    where cost_group <> 'parts' and allocation <> 'direct'
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

charged_booked as (

    select
        booked.*,
        case
            when booked.is_without_ticket then 'visit_without_ticket'
            when charged_months.month_start_date is null then 'books_open'
            else 'counted'
        end as item_state
    from booked
    left join charged_months on booked.month_start_date = charged_months.month_start_date

),

charged_finished as (

    select
        clocks.*,
        case
            when charged_months.month_start_date is null then 'no_cost_booked' else 'counted'
        end as item_state
    from clocks
    left join charged_months on clocks.month_start_date = charged_months.month_start_date

),

totals as (

    select
        'cost_total' as kpi_id,
        subject_kind,
        subject_id,
        site_id,
        product_family,
        'counted' as item_state,
        amount as numerator,
        cast(0 as decimal(18, 4)) as denominator,
        row_count as item_count,
        month_start_date as counted_date
    from booked

),

labor_shares as (

    select
        'labor_cost_share' as kpi_id,
        subject_kind,
        subject_id,
        site_id,
        product_family,
        'counted' as item_state,
        labor_amount as numerator,
        amount as denominator,
        row_count as item_count,
        month_start_date as counted_date
    from booked

),

parts_shares as (

    select
        'parts_cost_share' as kpi_id,
        subject_kind,
        subject_id,
        site_id,
        product_family,
        'counted' as item_state,
        parts_amount as numerator,
        amount as denominator,
        row_count as item_count,
        month_start_date as counted_date
    from booked

),

-- Of these lines nobody knows the cost.
unpriced_parts as (

    select
        'parts_cost_share' as kpi_id,
        'part_line' as subject_kind,
        part_line_id as subject_id,
        site_id,
        product_family,
        'no_cost_known' as item_state,
        cast(null as decimal(18, 4)) as numerator,
        cast(null as decimal(18, 4)) as denominator,
        1 as item_count,
        coalesce({{ local_date('used_at') }}, requested_date) as counted_date
    from {{ ref('fct_part_lines') }}
    where cost_amount is null

),

operations_shares as (

    select
        'operations_cost_share' as kpi_id,
        subject_kind,
        subject_id,
        site_id,
        product_family,
        'counted' as item_state,
        operations_amount as numerator,
        amount as denominator,
        row_count as item_count,
        month_start_date as counted_date
    from booked

),

unallocated_shares as (

    select
        'unallocated_cost_share' as kpi_id,
        subject_kind,
        subject_id,
        site_id,
        product_family,
        'counted' as item_state,
        unallocated_amount as numerator,
        amount as denominator,
        row_count as item_count,
        month_start_date as counted_date
    from booked

),

charged as (

    select
        'cost_per_ticket' as kpi_id,
        subject_kind,
        subject_id,
        site_id,
        product_family,
        item_state,
        amount as numerator,
        cast(0 as decimal(18, 4)) as denominator,
        case when item_state = 'counted' then 0 else row_count end as item_count,
        month_start_date as counted_date
    from charged_booked

),

served as (

    select
        'cost_per_ticket' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        site_id,
        product_family,
        item_state,
        cast(0 as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        1 as item_count,
        finished_date as counted_date
    from charged_finished

),

-- Only what tickets carry: nobody knows for whom the rest was spent.
apart as (

    select
        subject_kind,
        subject_id,
        site_id,
        product_family,
        is_warranty,
        case when is_warranty is null then 'warranty_unknown' else item_state end as item_state,
        amount as numerator,
        cast(0 as decimal(18, 4)) as denominator,
        case
            when item_state = 'counted' and is_warranty is not null then 0 else row_count
        end as item_count,
        month_start_date as counted_date
    from charged_booked
    where is_of_ticket

    union all

    select
        'ticket' as subject_kind,
        ticket_id as subject_id,
        site_id,
        product_family,
        is_warranty,
        case when is_warranty is null then 'warranty_unknown' else item_state end as item_state,
        cast(0 as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        1 as item_count,
        finished_date as counted_date
    from charged_finished

),

warranty as (

    select
        'cost_per_ticket_warranty' as kpi_id,
        subject_kind,
        subject_id,
        site_id,
        product_family,
        item_state,
        numerator,
        denominator,
        item_count,
        counted_date
    from apart
    where coalesce(is_warranty, true)

),

paid as (

    select
        'cost_per_ticket_paid' as kpi_id,
        subject_kind,
        subject_id,
        site_id,
        product_family,
        item_state,
        numerator,
        denominator,
        item_count,
        counted_date
    from apart
    where not coalesce(is_warranty, false)

),

recovered as (

    select
        'service_fee_cost_share' as kpi_id,
        case when fees.ticket_id is null then 'visit' else 'ticket' end as subject_kind,
        coalesce(fees.ticket_id, fees.visit_id) as subject_id,
        fees.site_id,
        fees.product_family,
        case
            when closed_months.month_start_date is null then 'no_cost_booked'
            else fees.fee_state
        end as item_state,
        fees.fee_amount as numerator,
        cast(0 as decimal(18, 4)) as denominator,
        case
            when closed_months.month_start_date is null or fees.fee_state <> 'counted' then 1
            else 0
        end as item_count,
        fees.charged_date as counted_date
    from {{ ref('int_kpi_fees_charged') }} as fees
    left join closed_months
        on cast(date_trunc('month', fees.charged_date) as date) = closed_months.month_start_date
    -- Free of charge, where the books are closed: nothing to show.
    where
        closed_months.month_start_date is null
        or fees.fee_state <> 'counted'
        or fees.fee_amount <> 0

),

to_recover as (

    select
        'service_fee_cost_share' as kpi_id,
        booked.subject_kind,
        booked.subject_id,
        booked.site_id,
        booked.product_family,
        case when closed_months.month_start_date is null then 'books_open' else 'counted' end
            as item_state,
        cast(0 as decimal(18, 4)) as numerator,
        booked.amount as denominator,
        booked.row_count as item_count,
        booked.month_start_date as counted_date
    from booked
    left join closed_months on booked.month_start_date = closed_months.month_start_date

),

spending as (

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
    subject_kind,
    subject_id,
    cast(null as varchar) as technician_id,
    site_id,
    product_family,
    'unknown' as channel,
    'unknown' as priority,
    item_state,
    numerator,
    denominator,
    item_count,
    counted_date
from spending
