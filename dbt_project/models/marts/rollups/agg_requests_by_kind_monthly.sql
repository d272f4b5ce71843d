{%- set kpis = [
    'first_response_time_mean',
    'resolution_time_mean',
    'handling_time_mean',
    'first_response_sla_attainment',
    'resolution_sla_attainment',
    'sla_completion_rate',
    'first_contact_resolution_rate',
    'reopen_rate',
] -%}
{%- set kinds = ['complexity', 'service_mode', 'delay_reason_group'] -%}
with tickets as (

    select
        ticket_id,
        coalesce(complexity, 'unknown') as complexity,
        coalesce(service_mode, 'unknown') as service_mode,
        -- As in agg_reasons_monthly: nobody recorded a delay, which is not the same as unknown.
        coalesce(delay_reason_group, 'no_delay_recorded') as delay_reason_group
    from {{ ref('fct_tickets') }}

),

kpis as (

    select kpi_id
    from {{ ref('dim_kpis') }}
    where is_available

),

-- The very items of which kpi_values is made, with their states and days: nothing is counted anew.
items as (
    {% for model in ['int_kpi_ticket_items', 'int_kpi_sla_items', 'int_kpi_resolution_items'] %}
        select
            kpi_id,
            ticket_id,
            item_state,
            numerator,
            denominator,
            counted_date
        from {{ ref(model) }}
        where
            kpi_id in (
                '{{ kpis | join("', '") }}'
            )
        {% if not loop.last %}
            union all
        {% endif %}
    {%- endfor %}
),

-- Few cells, so that the kinds need not be laid side by side for every item.
cells as (

    select
        items.kpi_id,
        {%- for kind in kinds %}
            coalesce(tickets.{{ kind }}, 'unknown') as {{ kind }},
        {%- endfor %}
        sum(items.numerator) filter (where items.item_state = 'counted') as numerator,
        sum(items.denominator) filter (where items.item_state = 'counted') as denominator,
        count(*) as item_count,
        count(*) filter (where items.item_state = 'counted' and items.denominator <> 0)
            as eligible_count,
        count(*) filter (where items.item_state = 'immature') as immature_count,
        count(*) filter (where items.item_state = 'censored') as censored_count,
        count(*) filter (where items.item_state not in ('counted', 'immature', 'censored'))
            as excluded_count,
        cast(date_trunc('month', items.counted_date) as date) as month_start_date
    from items
    inner join kpis on items.kpi_id = kpis.kpi_id
    left join tickets on items.ticket_id = tickets.ticket_id
    group by
        items.kpi_id,
        {%- for kind in kinds %}
            coalesce(tickets.{{ kind }}, 'unknown'),
        {%- endfor %}
        cast(date_trunc('month', items.counted_date) as date)

),

kinds as (
    {% for kind in kinds %}
        select
            *,
            '{{ kind }}' as kind_of,
            {{ kind }} as kind
        from cells
        {% if not loop.last %}
            union all
        {% endif %}
    {%- endfor %}
),

summed as (

    select
        kpi_id,
        kind_of,
        kind,
        coalesce(sum(numerator), 0) as numerator,
        coalesce(sum(denominator), 0) as denominator,
        cast(sum(item_count) as bigint) as item_count,
        cast(sum(eligible_count) as bigint) as eligible_count,
        cast(sum(immature_count) as bigint) as immature_count,
        cast(sum(censored_count) as bigint) as censored_count,
        cast(sum(excluded_count) as bigint) as excluded_count,
        month_start_date
    from kinds
    group by kpi_id, kind_of, kind, month_start_date

)

select
    kpi_id,
    kind_of,
    kind,
    cast(numerator as double) / nullif(cast(denominator as double), 0) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    item_count,
    eligible_count,
    immature_count,
    censored_count,
    excluded_count,
    month_start_date
from summed
