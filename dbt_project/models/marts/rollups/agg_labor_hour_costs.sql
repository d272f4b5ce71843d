with settings as (

    select as_of_date from {{ ref('int_kpi_as_of') }}

),

technicians as (

    select
        technician_id,
        work_role
    from {{ ref('dim_technicians') }}

),

paid as (

    select
        technicians.work_role,
        costs.cost_month_date as month_start_date,
        bool_or(costs.allocation <> 'direct') as is_payroll,
        sum(costs.amount) as pay_amount
    from {{ ref('fct_costs') }} as costs
    inner join technicians on costs.technician_id = technicians.technician_id
    where costs.cost_group = 'labor'
    group by technicians.work_role, costs.cost_month_date

),

-- Work at a rate is booked at once, a payroll after its month.
booked as (

    select
        work_role,
        month_start_date,
        pay_amount,
        is_payroll or not bool_or(is_payroll) over (partition by work_role) as is_paid
    from paid

),

worked as (

    select
        technicians.work_role,
        cast(date_trunc('month', shifts.shift_date) as date) as month_start_date,
        sum(shifts.available_seconds) as available_seconds,
        count(*) as shift_count
    from {{ ref('fct_shifts') }} as shifts
    inner join technicians on shifts.technician_id = technicians.technician_id
    where
        shifts.shift_kind = 'work'
        and shifts.is_over
        and not shifts.is_time_fault
        and shifts.available_seconds > 0
    group by technicians.work_role, cast(date_trunc('month', shifts.shift_date) as date)

),

months as (

    select
        booked.work_role,
        booked.month_start_date,
        booked.pay_amount,
        worked.available_seconds,
        worked.shift_count,
        row_number() over (
            partition by booked.work_role order by booked.month_start_date desc
        ) as month_rank
    from booked
    inner join worked
        on
            booked.work_role = worked.work_role
            and booked.month_start_date = worked.month_start_date
    cross join settings
    where
        booked.is_paid
        and cast(booked.month_start_date + interval 1 month as date) <= settings.as_of_date

)

select
    work_role,
    count(*) as month_count,
    cast(sum(pay_amount) as decimal(18, 4)) as pay_amount,
    cast(sum(available_seconds) / 3600 as decimal(18, 4)) as available_hours,
    cast(round(
        cast(sum(pay_amount) as double) / (cast(sum(available_seconds) as double) / 3600), 4
    ) as decimal(18, 4)) as hour_cost_amount,
    cast(sum(available_seconds) as double) / 3600 / cast(sum(shift_count) as double)
        as shift_mean_hours,
    min(month_start_date) as first_month_date,
    max(month_start_date) as last_month_date
from months
where month_rank <= 12
group by work_role
