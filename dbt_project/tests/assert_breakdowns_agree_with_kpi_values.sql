-- What the report breaks down by whole periods adds up to the KPIs beside it.
with kpi_values as (

    select * from {{ ref('kpi_values') }}
    where
        region = 'all' and channel = 'all' and priority = 'all'

),

fixes as (

    select
        'first_time_fix_rate' as kpi_id,
        period_grain,
        period_start_date,
        site_id,
        product_family,
        sum(case when is_reason then 0 else item_count end) as numerator,
        sum(item_count) as denominator
    from {{ ref('agg_reasons') }}
    where reason_kind = 'non_fix'
    group by period_grain, period_start_date, site_id, product_family

),

repeats as (

    select
        'repeat_contact_rate' as kpi_id,
        period_grain,
        period_start_date,
        site_id,
        'all' as product_family,
        sum(repeated_count) as numerator,
        sum(judged_count) as denominator
    from {{ ref('agg_repeats_by_issue') }}
    group by period_grain, period_start_date, site_id

),

complaints as (

    select
        'complaint_closed_share' as kpi_id,
        period_grain,
        period_start_date,
        site_id,
        product_family,
        sum(complaint_count - open_count) as numerator,
        sum(complaint_count) as denominator
    from {{ ref('agg_complaints_by_kind') }}
    group by kind_of, period_grain, period_start_date, site_id, product_family

),

calls as (

    select
        'call_abandonment_rate' as kpi_id,
        period_grain,
        period_start_date,
        'all' as site_id,
        'all' as product_family,
        sum(abandoned_count) as numerator,
        cast(null as bigint) as denominator
    from {{ ref('agg_calls_by_queue') }}
    group by period_grain, period_start_date

),

found as (

    select * from fixes
    union all
    select * from repeats
    union all
    select * from complaints
    union all
    select * from calls

)

select
    found.kpi_id,
    found.period_grain,
    found.period_start_date,
    found.site_id,
    found.product_family,
    found.numerator as found_numerator,
    kpi_values.numerator as expected_numerator,
    found.denominator as found_denominator,
    kpi_values.denominator as expected_denominator
from found
left join kpi_values
    on
        found.kpi_id = kpi_values.kpi_id
        and found.period_grain = kpi_values.period_grain
        and found.period_start_date = kpi_values.period_start_date
        and found.site_id = kpi_values.site_id
        and found.product_family = kpi_values.product_family
where
    kpi_values.kpi_id is null
    or found.numerator <> kpi_values.numerator
    or found.denominator <> kpi_values.denominator
