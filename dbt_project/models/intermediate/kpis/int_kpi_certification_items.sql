with months as (

    select
        period_start_date,
        measured_date
    from {{ ref('int_kpi_periods') }}
    where period_grain = 'month'

),

technicians as (

    select * from {{ ref('dim_technicians') }}
    where not is_inferred

),

-- Nobody's certification known is no record of certifications, not a staff without any.
recording as (

    select bool_or(certified_until_date is not null) as is_recorded
    from technicians

)

select
    'certified_technician_share' as kpi_id,
    'technician' as subject_kind,
    technicians.technician_id as subject_id,
    technicians.technician_id,
    technicians.site_id,
    'unknown' as product_family,
    'unknown' as channel,
    'unknown' as priority,
    case when recording.is_recorded then 'counted' else 'not_recorded' end as item_state,
    cast(
        case when technicians.certified_until_date >= months.measured_date then 1 else 0 end
        as decimal(18, 4)
    ) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    months.measured_date as counted_date
from months
cross join recording
inner join technicians
    on
        (technicians.hired_date is null or months.measured_date >= technicians.hired_date)
        and (technicians.left_date is null or months.measured_date <= technicians.left_date)
