{%- set grains = ['quarter', 'year'] -%}
{%- set counts = ['ticket_count', 'visit_count', 'travelled_visit_count'] -%}
{%- set cost_groups = ['labor', 'parts', 'operations'] -%}

with months as (

    select
        month_start_date,
        site_id,
        {%- for count in counts %}
            {{ count }},
        {%- endfor %}
        travel_minutes,
        work_minutes,
        -- Decimals: unlike those of floating-point numbers their sums do not depend on the order.
        cast(available_hours as decimal(18, 6)) as available_hours,
        {%- for cost_group in cost_groups %}
            cast(0 as decimal(18, 4)) as {{ cost_group }}_amount,
        {%- endfor %}
        false as is_cost
    from {{ ref('agg_sites_monthly') }}

    union all

    select
        month_start_date,
        site_id,
        {%- for count in counts %}
            0 as {{ count }},
        {%- endfor %}
        cast(null as decimal(18, 4)) as travel_minutes,
        cast(0 as decimal(18, 4)) as work_minutes,
        cast(null as decimal(18, 6)) as available_hours,
        {%- for cost_group in cost_groups %}
            case when cost_group = '{{ cost_group }}' then amount else 0 end
                as {{ cost_group }}_amount,
        {%- endfor %}
        true as is_cost
    from {{ ref('agg_cost_composition_monthly') }}
    where segment in ('all', 'site')

),

periods as (

    {%- for grain in grains %}
        select
            '{{ grain }}' as period_grain,
            cast(date_trunc('{{ grain }}', month_start_date) as date) as period_start_date,
            *
        from months
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

summed as (

    select
        period_grain,
        period_start_date,
        site_id,
        {%- for count in counts %}
            cast(sum({{ count }}) as bigint) as {{ count }},
        {%- endfor %}
        cast(sum(travel_minutes) as decimal(18, 4)) as travel_minutes,
        cast(sum(work_minutes) as decimal(18, 4)) as work_minutes,
        cast(sum(available_hours) as decimal(18, 6)) as available_hours,
        {%- for cost_group in cost_groups %}
            cast(case when bool_or(is_cost) then sum({{ cost_group }}_amount) end as decimal(18, 4))
                as {{ cost_group }}_amount,
        {%- endfor %}
        cast(sum(work_minutes) as double)
        / nullif(cast(sum(available_hours) as double), 0) as work_minutes_per_hour
    from periods
    group by period_grain, period_start_date, site_id

),

cost_per_ticket as (

    select
        period_grain,
        period_start_date,
        site_id,
        value
    from {{ ref('kpi_values') }}
    where kpi_id = 'cost_per_ticket' and segment in ('all', 'site')

),

rated as (

    select
        summed.*,
        cost_per_ticket.value as cost_per_ticket
    from summed
    left join cost_per_ticket
        on
            summed.period_grain = cost_per_ticket.period_grain
            and summed.period_start_date = cost_per_ticket.period_start_date
            and summed.site_id = cost_per_ticket.site_id

)

select
    rated.period_grain,
    rated.period_start_date,
    rated.site_id,
    case when rated.site_id = 'all' then 'all' else 'site' end as segment,
    sites.site_kind,
    sites.city,
    rated.ticket_count,
    rated.visit_count,
    rated.travelled_visit_count,
    rated.travel_minutes,
    cast(rated.travel_minutes as double) / nullif(rated.travelled_visit_count, 0)
        as travel_mean_minutes,
    rated.work_minutes,
    rated.available_hours,
    rated.work_minutes_per_hour,
    rated.work_minutes_per_hour / nullif(company.work_minutes_per_hour, 0) as load_ratio,
    {%- for cost_group in cost_groups %}
        rated.{{ cost_group }}_amount,
    {%- endfor %}
    cast(
        {% for cost_group in cost_groups -%}
            rated.{{ cost_group }}_amount{{ ' + ' if not loop.last }}
        {%- endfor %} as decimal(18, 4)
    ) as cost_amount,
    rated.cost_per_ticket,
    rated.cost_per_ticket / nullif(company.cost_per_ticket, 0) as cost_ratio,
    cast(rated.period_start_date + case rated.period_grain
        when 'quarter' then interval 3 month else interval 12 month
    end as date) <= cast(as_of.last_date + interval 1 day as date) as is_complete
from rated
cross join {{ ref('int_kpi_as_of') }} as as_of
left join rated as company
    on
        rated.period_grain = company.period_grain
        and rated.period_start_date = company.period_start_date
        and company.site_id = 'all'
left join {{ ref('dim_sites') }} as sites on rated.site_id = sites.site_id
