with jobs as (

    select
        'non_fix' as reason_kind,
        case when is_first_time_fix_30d then 'fixed' else non_fix_reason end as reason,
        cast(null as varchar) as reason_group,
        site_id,
        product_family,
        not is_first_time_fix_30d as is_reason,
        completed_date as counted_date
    from {{ ref('fct_jobs') }}
    where is_first_time_fix_30d is not null

),

clocks as (

    select * from {{ ref('int_kpi_ticket_clocks') }}

),

tickets as (

    select
        ticket_id,
        unresolved_reason,
        delay_reason,
        delay_reason_group
    from {{ ref('fct_tickets') }}

),

unresolved as (

    select
        'unresolved' as reason_kind,
        case
            when clocks.exit_kind = 'resolved' then 'resolved'
            else coalesce(tickets.unresolved_reason, 'not_recorded')
        end as reason,
        cast(null as varchar) as reason_group,
        clocks.site_id,
        clocks.product_family,
        clocks.exit_kind = 'unresolved' as is_reason,
        clocks.finished_date as counted_date
    from clocks
    inner join tickets on clocks.ticket_id = tickets.ticket_id
    where clocks.exit_kind in ('resolved', 'unresolved')

),

delays as (

    select
        'delay' as reason_kind,
        coalesce(tickets.delay_reason, 'no_delay_recorded') as reason,
        tickets.delay_reason_group as reason_group,
        clocks.site_id,
        clocks.product_family,
        tickets.delay_reason is not null as is_reason,
        clocks.created_date as counted_date
    from clocks
    inner join tickets on clocks.ticket_id = tickets.ticket_id
    where clocks.exit_kind <> 'merged'

),

items as (

    select * from jobs
    union all
    select * from unresolved
    union all
    select * from delays

)

select
    reason_kind,
    reason,
    reason_group,
    site_id,
    product_family,
    count(*) as item_count,
    is_reason,
    cast(date_trunc('month', counted_date) as date) as month_start_date
from items
group by
    reason_kind,
    reason,
    reason_group,
    site_id,
    product_family,
    is_reason,
    cast(date_trunc('month', counted_date) as date)
