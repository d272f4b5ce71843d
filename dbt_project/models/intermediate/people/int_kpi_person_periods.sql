with cells as (

    select * from {{ ref('int_kpi_person_cells') }}

),

periods as (

    select * from {{ ref('int_kpi_periods') }}
    where period_grain in ('month', 'quarter', 'year')

),

months_in_periods as (

    select
        months.period_start_date as month_start_date,
        periods.period_grain,
        periods.period_start_date
    from periods
    inner join periods as months
        on
            months.period_grain = 'month'
            and periods.period_start_date <= months.period_start_date
            and periods.period_end_date >= months.period_start_date

),

technicians as (

    select * from {{ ref('dim_technicians') }}

),

recording as (

    select bool_or(certified_until_date is not null) as is_recorded
    from technicians

),

by_month as (

    select
        kpi_id,
        technician_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(numerator_squares) as numerator_squares,
        sum(eligible_count) as eligible_count,
        month_start_date
    from cells
    group by kpi_id, technician_id, month_start_date

)

select
    by_month.kpi_id,
    months_in_periods.period_grain,
    by_month.technician_id,
    cast(sum(by_month.numerator) as decimal(38, 4)) as numerator,
    cast(sum(by_month.denominator) as decimal(38, 4)) as denominator,
    cast(sum(by_month.numerator_squares) as decimal(38, 8)) as numerator_squares,
    cast(sum(by_month.eligible_count) as bigint) as eligible_count,
    months_in_periods.period_start_date
from by_month
inner join months_in_periods on by_month.month_start_date = months_in_periods.month_start_date
group by
    by_month.kpi_id,
    months_in_periods.period_grain,
    by_month.technician_id,
    months_in_periods.period_start_date

union all

-- A certification is a state of the period's last day: months of it do not add up.
select
    'certified_technician_share' as kpi_id,
    periods.period_grain,
    technicians.technician_id,
    cast(
        case
            when technicians.certified_until_date >= periods.measured_date then 1
            else 0
        end as decimal(38, 4)
    ) as numerator,
    cast(1 as decimal(38, 4)) as denominator,
    cast(
        case
            when technicians.certified_until_date >= periods.measured_date then 1
            else 0
        end as decimal(38, 8)
    ) as numerator_squares,
    cast(1 as bigint) as eligible_count,
    periods.period_start_date
from periods
cross join recording
inner join technicians
    on
        not technicians.is_inferred
        and (technicians.hired_date is null or periods.measured_date >= technicians.hired_date)
        and (technicians.left_date is null or periods.measured_date <= technicians.left_date)
where recording.is_recorded
