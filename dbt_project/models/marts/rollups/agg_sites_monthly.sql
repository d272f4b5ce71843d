with sites as (

    select
        site_id,
        service_hours
    from {{ ref('dim_sites') }}

),

technicians as (

    select
        technician_id,
        work_role
    from {{ ref('dim_technicians') }}

),

products as (

    select
        product_id,
        product_line
    from {{ ref('dim_products') }}

),

tickets as (

    select
        tickets.site_id,
        tickets.product_family,
        products.product_line,
        tickets.service_mode,
        cast(date_trunc('month', tickets.created_date) as date) as month_start_date
    from {{ ref('fct_tickets') }} as tickets
    left join products on tickets.product_id = products.product_id
    where tickets.exit_kind <> 'merged'

),

visits as (

    select
        *,
        lag(outcome = 'not_fixed' and coalesce(non_fix_reason, '') = 'part_missing') over (
            partition by coalesce(work_order_id, visit_id)
            order by coalesce(arrived_at, completed_at, scheduled_at, requested_at), visit_id
        ) as is_after_lost_visit,
        cast(
            date_trunc(
                'month',
                {{ local_date('coalesce(completed_at, arrived_at, scheduled_at, requested_at)') }}
            ) as date
        ) as month_start_date
    from {{ ref('fct_visits') }}
    where outcome in ('completed', 'not_fixed', 'no_show')

),

shifts as (

    select
        shifts.site_id,
        shifts.available_seconds,
        cast(date_trunc('month', shifts.shift_date) as date) as month_start_date
    from {{ ref('fct_shifts') }} as shifts
    inner join technicians on shifts.technician_id = technicians.technician_id
    where
        shifts.shift_kind = 'work'
        and shifts.is_over
        and not shifts.is_time_fault
        and technicians.work_role = 'technician'

),

-- Site and company come from one set of rows each, so that sites always add up to the company; what
-- does not add up, such as different product families, is counted in both.
ticket_totals as (

    select
        month_start_date,
        coalesce(site_id, 'all') as site_id,
        count(*) as ticket_count,
        count(*) filter (where service_mode = 'on_site') as on_site_ticket_count,
        count(*) filter (where service_mode = 'in_shop') as in_shop_ticket_count,
        count(*) filter (where service_mode = 'remote') as remote_ticket_count,
        count(distinct case when product_family <> 'unknown' then product_family end)
            as product_family_count,
        count(distinct product_line) as product_line_count
    from tickets
    group by grouping sets ((month_start_date), (month_start_date, site_id))  -- noqa: PRS

),

visit_totals as (

    select
        month_start_date,
        coalesce(site_id, 'all') as site_id,
        count(*) as visit_count,
        count(travel_minutes) filter (where coalesce(service_mode, 'on_site') = 'on_site')
            as travelled_visit_count,
        sum(travel_minutes) filter (where coalesce(service_mode, 'on_site') = 'on_site')
            as travel_minutes,
        sum(labor_minutes) as work_minutes,
        count(*) filter (where visit_kind = 'corrective' and outcome <> 'no_show')
            as corrective_visit_count,
        count(*) filter (
            where
            visit_kind = 'corrective'
            and outcome = 'not_fixed'
            and non_fix_reason = 'part_missing'
        ) as lost_visit_count,
        count(*) filter (where is_after_lost_visit) as repeat_visit_count
    from visits
    group by grouping sets ((month_start_date), (month_start_date, site_id))  -- noqa: PRS

),

shift_totals as (

    select
        month_start_date,
        coalesce(site_id, 'all') as site_id,
        sum(available_seconds) as available_seconds
    from shifts
    group by grouping sets ((month_start_date), (month_start_date, site_id))  -- noqa: PRS

),

site_months as (

    select
        month_start_date,
        site_id
    from ticket_totals
    union
    select
        month_start_date,
        site_id
    from visit_totals
    union
    select
        month_start_date,
        site_id
    from shift_totals

),

joined as (

    select
        site_months.month_start_date,
        site_months.site_id,
        coalesce(ticket_totals.ticket_count, 0) as ticket_count,
        coalesce(ticket_totals.on_site_ticket_count, 0) as on_site_ticket_count,
        coalesce(ticket_totals.in_shop_ticket_count, 0) as in_shop_ticket_count,
        coalesce(ticket_totals.remote_ticket_count, 0) as remote_ticket_count,
        coalesce(ticket_totals.product_family_count, 0) as product_family_count,
        coalesce(ticket_totals.product_line_count, 0) as product_line_count,
        coalesce(visit_totals.visit_count, 0) as visit_count,
        coalesce(visit_totals.travelled_visit_count, 0) as travelled_visit_count,
        coalesce(visit_totals.corrective_visit_count, 0) as corrective_visit_count,
        coalesce(visit_totals.lost_visit_count, 0) as lost_visit_count,
        coalesce(visit_totals.repeat_visit_count, 0) as repeat_visit_count,
        cast(coalesce(visit_totals.work_minutes, 0) as decimal(18, 4)) as work_minutes,
        cast(visit_totals.travel_minutes as decimal(18, 4)) as travel_minutes,
        cast(visit_totals.travel_minutes as double)
        / nullif(visit_totals.travelled_visit_count, 0) as travel_mean_minutes,
        cast(shift_totals.available_seconds / 3600 as double) as available_hours,
        cast(coalesce(visit_totals.work_minutes, 0) as double)
        / nullif(cast(shift_totals.available_seconds / 3600 as double), 0)
            as work_minutes_per_hour
    from site_months
    left join ticket_totals
        on
            site_months.month_start_date = ticket_totals.month_start_date
            and site_months.site_id = ticket_totals.site_id
    left join visit_totals
        on
            site_months.month_start_date = visit_totals.month_start_date
            and site_months.site_id = visit_totals.site_id
    left join shift_totals
        on
            site_months.month_start_date = shift_totals.month_start_date
            and site_months.site_id = shift_totals.site_id

),

company as (

    select
        month_start_date,
        work_minutes_per_hour
    from joined
    where site_id = 'all'

)

select
    joined.month_start_date,
    joined.site_id,
    case when joined.site_id = 'all' then 'all' else 'site' end as segment,
    sites.service_hours,
    joined.ticket_count,
    joined.on_site_ticket_count,
    joined.in_shop_ticket_count,
    joined.remote_ticket_count,
    joined.product_family_count,
    joined.product_line_count,
    joined.visit_count,
    joined.travelled_visit_count,
    joined.corrective_visit_count,
    joined.lost_visit_count,
    joined.repeat_visit_count,
    joined.work_minutes,
    joined.travel_minutes,
    joined.travel_mean_minutes,
    joined.available_hours,
    joined.work_minutes_per_hour,
    joined.work_minutes_per_hour / nullif(company.work_minutes_per_hour, 0) as load_ratio
from joined
inner join company on joined.month_start_date = company.month_start_date
left join sites on joined.site_id = sites.site_id
