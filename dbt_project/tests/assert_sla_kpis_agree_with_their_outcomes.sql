-- attainment = met / (met + breached): over all time the KPIs are the eligible outcomes of the
-- fact, urgent requests its slice of priority urgent, all promises together the sum of the four.
with outcomes as (

    select
        case metric
            when 'first_response' then 'first_response_sla_attainment'
            when 'resolution' then 'resolution_sla_attainment'
            when 'visit_arrival' then 'visit_on_time_rate'
            when 'parts_arrival' then 'parts_on_time_rate'
        end as kpi_id,
        metric,
        priority,
        outcome = 'met' as is_met
    from {{ ref('fct_sla_outcomes') }}
    where is_eligible

),

expected as (

    select
        kpi_id,
        count(*) filter (where is_met) as numerator,
        count(*) as denominator
    from outcomes
    group by kpi_id

    union all

    select
        'urgent_first_response_attainment' as kpi_id,
        count(*) filter (where is_met) as numerator,
        count(*) as denominator
    from outcomes
    where metric = 'first_response' and priority = 'urgent'

    union all

    select
        'promises_kept_rate' as kpi_id,
        count(*) filter (where is_met) as numerator,
        count(*) as denominator
    from outcomes

)

select
    expected.kpi_id,
    expected.numerator as expected_numerator,
    expected.denominator as expected_denominator,
    kpi_values.numerator,
    kpi_values.denominator
from expected
inner join {{ ref('kpi_values') }} as kpi_values
    on
        expected.kpi_id = kpi_values.kpi_id
        and kpi_values.period_grain = 'all'
        and kpi_values.segment = 'all'
where
    expected.numerator <> kpi_values.numerator
    or expected.denominator <> kpi_values.denominator
