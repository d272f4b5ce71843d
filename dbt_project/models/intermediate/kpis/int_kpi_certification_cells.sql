with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

technicians as (

    select * from {{ ref('dim_technicians') }}
    where not is_inferred

),

-- Nobody's certification known is no record of certifications, not a staff without any.
recording as (

    select bool_or(certified_until_date is not null) as is_recorded
    from technicians

),

employed as (

    select
        periods.period_grain,
        periods.period_start_date,
        technicians.site_id,
        recording.is_recorded,
        coalesce(technicians.certified_until_date >= periods.measured_date, false) as is_certified
    from periods
    cross join recording
    inner join technicians
        on
            (technicians.hired_date is null or periods.measured_date >= technicians.hired_date)
            and (technicians.left_date is null or periods.measured_date <= technicians.left_date)

)

select
    'certified_technician_share' as kpi_id,
    period_grain,
    site_id,
    case when not is_recorded then 'not_recorded' end as excluded_reason,
    cast(count(*) filter (where is_recorded and is_certified) as decimal(38, 4)) as numerator,
    cast(count(*) filter (where is_recorded) as decimal(38, 4)) as denominator,
    count(*) filter (where is_recorded) as eligible_count,
    count(*) filter (where not is_recorded) as excluded_count,
    period_start_date
from employed
group by period_grain, period_start_date, site_id, case when not is_recorded then 'not_recorded' end
