-- Requests are those of the months, cost is the KPI of cost of the same site and period; sites add
-- up to the company.
with layout as (

    select * from {{ ref('agg_site_layout') }}

),

requests as (

    select
        cast(date_trunc('year', month_start_date) as date) as period_start_date,
        site_id,
        sum(ticket_count) as ticket_count,
        sum(travel_minutes) as travel_minutes
    from {{ ref('agg_sites_monthly') }}
    group by cast(date_trunc('year', month_start_date) as date), site_id

),

costs as (

    select * from {{ ref('kpi_values') }}
    where
        kpi_id = 'cost_total'
        and period_grain in ('quarter', 'year')
        and segment in ('all', 'site')

)

select
    'requests' as fault,
    requests.period_start_date,
    requests.site_id
from requests
left join layout
    on
        layout.period_grain = 'year'
        and requests.period_start_date = layout.period_start_date
        and requests.site_id = layout.site_id
where
    layout.ticket_count is distinct from requests.ticket_count
    or layout.travel_minutes is distinct from requests.travel_minutes

union all

select
    'cost' as fault,
    coalesce(layout.period_start_date, costs.period_start_date) as period_start_date,
    coalesce(layout.site_id, costs.site_id) as site_id
from layout
full outer join costs
    on
        layout.period_grain = costs.period_grain
        and layout.period_start_date = costs.period_start_date
        and layout.site_id = costs.site_id
where abs(coalesce(cast(layout.cost_amount as double), 0) - coalesce(costs.numerator, 0)) > 0.005

union all

select
    'sum of sites' as fault,
    period_start_date,
    period_grain as site_id
from layout
group by period_grain, period_start_date
having
    sum(case when segment = 'site' then ticket_count else -ticket_count end) <> 0
    or sum(case when segment = 'site' then cost_amount else -cost_amount end) <> 0
    or sum(case when segment = 'site' then work_minutes else -work_minutes end) <> 0
