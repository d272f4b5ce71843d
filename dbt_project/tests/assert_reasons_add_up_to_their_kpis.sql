-- Each kind of reason with its rest is the whole that the KPI counts: judged jobs, and decided
-- requests.
with reasons as (

    select
        case reason_kind
            when 'non_fix' then 'first_time_fix_rate'
            when 'unresolved' then 'resolution_rate'
        end as kpi_id,
        month_start_date,
        sum(item_count) filter (where not is_reason) as good_count,
        sum(item_count) as item_count
    from {{ ref('agg_reasons_monthly') }}
    where reason_kind in ('non_fix', 'unresolved')
    group by reason_kind, month_start_date

),

published as (

    select
        kpi_id,
        period_start_date,
        numerator,
        denominator
    from {{ ref('kpi_values') }}
    where
        kpi_id in ('first_time_fix_rate', 'resolution_rate')
        and period_grain = 'month'
        and segment = 'all'
        and denominator > 0

)

select
    reasons.kpi_id,
    published.kpi_id as published_kpi_id,
    reasons.month_start_date,
    published.period_start_date,
    reasons.good_count,
    published.numerator
from reasons
full outer join published
    on
        reasons.kpi_id = published.kpi_id
        and reasons.month_start_date = published.period_start_date
where
    reasons.kpi_id is null
    or published.kpi_id is null
    or coalesce(reasons.good_count, 0) <> published.numerator
    or reasons.item_count <> published.denominator
