with complaints as (

    select
        site_id,
        product_family,
        coalesce(complaint_kind, 'unknown') as complaint_kind,
        coalesce(severity, 'unknown') as severity,
        case when is_open then 'open' else coalesce(outcome, 'unknown') end as outcome,
        acknowledge_seconds,
        handling_seconds,
        is_open,
        is_recurrent,
        cast(date_trunc('month', raised_date) as date) as month_start_date
    from {{ ref('fct_complaints') }}

)

select
    month_start_date,
    complaint_kind,
    severity,
    outcome,
    case
        when grouping(site_id) = 0 and grouping(product_family) = 0 then 'site_and_product_family'
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
    cast(coalesce(sum(acknowledge_seconds), 0) as bigint) as acknowledge_seconds,
    cast(coalesce(sum(handling_seconds), 0) as bigint) as handling_seconds,
    cast(sum(acknowledge_seconds) as double)
    / nullif(count(acknowledge_seconds), 0) as acknowledge_mean_seconds,
    cast(sum(handling_seconds) as double)
    / nullif(count(handling_seconds), 0) as handling_mean_seconds
from complaints
group by grouping sets (  -- noqa: PRS
    (month_start_date, complaint_kind, severity, outcome),
    (month_start_date, complaint_kind, severity, outcome, site_id),
    (month_start_date, complaint_kind, severity, outcome, product_family),
    (month_start_date, complaint_kind, severity, outcome, site_id, product_family)
)
