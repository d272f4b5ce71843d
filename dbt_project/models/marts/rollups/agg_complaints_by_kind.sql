{%- set kinds = ['complaint_kind', 'severity', 'cause', 'outcome'] -%}
with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

complaints as (

    select
        site_id,
        product_family,
        coalesce(complaint_kind, 'unknown') as complaint_kind,
        coalesce(severity, 'unknown') as severity,
        coalesce(cause, 'unknown') as cause,
        case when is_open then 'open' else coalesce(outcome, 'unknown') end as outcome,
        acknowledge_seconds,
        handling_seconds,
        is_open,
        is_recurrent,
        cast(date_trunc('month', raised_date) as date) as month_start_date
    from {{ ref('fct_complaints') }}

),

-- noqa: disable=LT02
told_apart as (
    {% for kind in kinds %}
        select
            *,
            '{{ kind }}' as kind_of,
            {{ kind }} as kind
        from complaints
        {%- if not loop.last %}
        union all
        {%- endif %}
    {%- endfor %}

),
-- noqa: enable=LT02

spread as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.is_complete,
        told_apart.*
    from told_apart
    inner join periods
        on
            told_apart.month_start_date >= periods.period_start_date
            and told_apart.month_start_date <= periods.period_end_date

),

segmented as (

    select
        period_grain,
        period_start_date,
        is_complete,
        kind_of,
        kind,
        case
            when grouping(site_id) = 0 and grouping(product_family) = 0
                then 'site_and_product_family'
            when grouping(site_id) = 0 then 'site'
            when grouping(product_family) = 0 then 'product_family'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(product_family, 'all') as product_family,
        count(*) as complaint_count,
        count(*) filter (where is_open) as open_count,
        count(*) filter (where is_recurrent) as recurrent_count,
        count(acknowledge_seconds) as acknowledged_count,
        count(handling_seconds) as handled_count,
        cast(sum(acknowledge_seconds) as double) as acknowledge_seconds,
        cast(sum(handling_seconds) as double) as handling_seconds
    from spread
    group by grouping sets (  -- noqa: PRS
        (period_grain, period_start_date, is_complete, kind_of, kind),
        (period_grain, period_start_date, is_complete, kind_of, kind, site_id),
        (period_grain, period_start_date, is_complete, kind_of, kind, product_family),
        (period_grain, period_start_date, is_complete, kind_of, kind, site_id, product_family)
    )

),

wholes as (

    select
        *,
        sum(complaint_count) over (
            partition by
                period_grain, period_start_date, kind_of, segment, site_id, product_family
        ) as whole_count
    from segmented

)

select
    period_grain,
    period_start_date,
    kind_of,
    kind,
    segment,
    site_id,
    product_family,
    complaint_count,
    open_count,
    recurrent_count,
    acknowledged_count,
    handled_count,
    cast(complaint_count as double) / whole_count as complaint_share,
    acknowledge_seconds / nullif(acknowledged_count, 0) as acknowledge_mean_seconds,
    handling_seconds / nullif(handled_count, 0) as handling_mean_seconds,
    is_complete
from wholes
