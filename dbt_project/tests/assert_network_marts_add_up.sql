-- Sites and regions add up to the company: what is nobody's stays visible as "unknown".
with sites as (

    select
        month_start_date,
        segment,
        sum(ticket_count) as ticket_count,
        sum(visit_count) as visit_count,
        sum(work_minutes) as work_minutes,
        sum(lost_visit_count) as lost_visit_count
    from {{ ref('agg_sites_monthly') }}
    group by month_start_date, segment

),

regions as (

    select
        month_start_date,
        segment,
        sum(ticket_count) as ticket_count,
        sum(within_50km_count) as within_50km_count,
        sum(unlocated_count) as unlocated_count
    from {{ ref('agg_network_coverage') }}
    group by month_start_date, segment

),

parts as (

    select
        month_start_date,
        segment,
        sum(line_count) as line_count,
        sum(filled_line_count) as filled_line_count,
        sum(count_count) as count_count
    from {{ ref('agg_parts_sites_monthly') }}
    group by month_start_date, segment

)

select
    'site' as fault,
    month_start_date
from sites
group by month_start_date
having
    min(ticket_count) <> max(ticket_count)
    or min(visit_count) <> max(visit_count)
    or min(work_minutes) <> max(work_minutes)
    or min(lost_visit_count) <> max(lost_visit_count)
    or count(*) <> 2

union all

select
    'region' as fault,
    month_start_date
from regions
group by month_start_date
having
    min(ticket_count) <> max(ticket_count)
    or min(within_50km_count) <> max(within_50km_count)
    or min(unlocated_count) <> max(unlocated_count)
    or count(*) <> 2

union all

select
    'part' as fault,
    month_start_date
from parts
group by month_start_date
having
    min(line_count) <> max(line_count)
    or min(filled_line_count) <> max(filled_line_count)
    or min(count_count) <> max(count_count)
    or count(*) <> 4
