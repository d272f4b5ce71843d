-- E = S + new + returning − churned; those who stayed are of those who were there; a period starts
-- with whom the month before it ended; the money of the groups is all the money; and the money of
-- the months of a year is that of the year.
with flows as (

    select * from {{ ref('agg_customer_flows') }}

),

months as (

    select * from flows
    where period_grain = 'month'

),

money as (

    select
        flows.activity,
        flows.period_grain,
        flows.period_start_date,
        min(flows.amount) as amount,
        sum(months.amount) as months_amount
    from flows
    inner join months
        on
            flows.activity = months.activity
            and (
                (
                    flows.period_grain = 'quarter'
                    and flows.period_start_date
                    = cast(date_trunc('quarter', months.period_start_date) as date)
                )
                or (
                    flows.period_grain = 'year'
                    and flows.period_start_date
                    = cast(date_trunc('year', months.period_start_date) as date)
                )
            )
    group by flows.activity, flows.period_grain, flows.period_start_date

)

select
    activity,
    period_grain,
    period_start_date,
    'identity' as fault
from flows
where
    end_count <> start_count + new_count + returning_count - churned_count
    or retained_count > start_count
    or retained_count > end_count
    or start_count - retained_count > churned_count
    or amount <> new_amount + returning_amount + retained_amount + churned_amount

union all

select
    later_flows.activity,
    later_flows.period_grain,
    later_flows.period_start_date,
    'start is not the end before' as fault
from flows as later_flows
inner join months
    on
        later_flows.activity = months.activity
        and later_flows.period_start_date
        = cast(months.period_start_date + interval 1 month as date)
where later_flows.start_count <> months.end_count

union all

select
    activity,
    period_grain,
    period_start_date,
    'money' as fault
from money
where amount is distinct from months_amount
