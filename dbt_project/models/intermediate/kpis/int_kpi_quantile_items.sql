with curves as (

    select * from {{ ref('int_kpi_survival_items') }}

),

kpis as (

    select
        kpi_id,
        metric
    from {{ ref('int_kpi_quantile_kpis') }}

)

-- The curve falls at events alone; those who left another way were at risk until then, and count.
select
    kpis.kpi_id,
    'ticket' as subject_kind,
    curves.ticket_id as subject_id,
    cast(null as varchar) as technician_id,
    curves.site_id,
    curves.product_family,
    curves.channel,
    curves.priority,
    case curves.curve_state
        when 'event' then 'counted'
        when 'other_exit' then 'counted'
        when 'open' then 'censored'
        else curves.curve_state
    end as item_state,
    case when curves.curve_state = 'other_exit' then 'other_exit' end as counted_reason,
    cast(curves.curve_seconds as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    curves.created_date as counted_date
from curves
inner join kpis on curves.metric = kpis.metric
