-- Every complaint is in each breakdown once, and their times are those of the KPIs.
with complaints as (

    select count(*) as complaint_count from {{ ref('fct_complaints') }}

),

monthly as (

    select * from {{ ref('agg_complaints_monthly') }}

),

kpi_values as (

    select * from {{ ref('kpi_values') }}
    where
        period_grain = 'month'
        and segment in ('all', 'site', 'product_family', 'site_and_product_family')

),

by_segment as (

    select
        month_start_date,
        segment,
        site_id,
        product_family,
        sum(complaint_count) as complaint_count,
        sum(handled_count) as handled_count,
        sum(handling_seconds) as handling_seconds,
        sum(acknowledged_count) as acknowledged_count,
        sum(acknowledge_seconds) as acknowledge_seconds,
        sum(recurrent_count) as recurrent_count,
        sum(complaint_count - open_count) as closed_count
    from monthly
    group by month_start_date, segment, site_id, product_family

),

totals as (

    select
        segment,
        sum(complaint_count) as complaint_count
    from by_segment
    group by segment

)

select
    totals.segment as what,
    cast(null as date) as month_start_date,
    totals.complaint_count as found,
    complaints.complaint_count as expected
from totals
cross join complaints
where totals.complaint_count <> complaints.complaint_count

union all

select
    kpi_values.kpi_id as what,
    kpi_values.period_start_date as month_start_date,
    case kpi_values.kpi_id
        when 'complaint_handling_time_mean' then by_segment.handling_seconds
        when 'complaint_acknowledge_time_mean' then by_segment.acknowledge_seconds
        when 'complaint_recurrence_rate' then by_segment.recurrent_count
        else by_segment.closed_count
    end as found,
    kpi_values.numerator as expected
from kpi_values
inner join by_segment
    on
        kpi_values.period_start_date = by_segment.month_start_date
        and kpi_values.segment = by_segment.segment
        and kpi_values.site_id = by_segment.site_id
        and kpi_values.product_family = by_segment.product_family
where
    (
        kpi_values.kpi_id = 'complaint_handling_time_mean'
        and (
            kpi_values.numerator <> by_segment.handling_seconds
            or kpi_values.denominator <> by_segment.handled_count
        )
    )
    or (
        kpi_values.kpi_id = 'complaint_acknowledge_time_mean'
        and (
            kpi_values.numerator <> by_segment.acknowledge_seconds
            or kpi_values.denominator <> by_segment.acknowledged_count
        )
    )
    or (
        kpi_values.kpi_id = 'complaint_recurrence_rate'
        and kpi_values.numerator <> by_segment.recurrent_count
    )
    or (
        kpi_values.kpi_id = 'complaint_closed_share'
        and kpi_values.numerator <> by_segment.closed_count
    )
