-- Every cohort has every period from 0 on, up to the same last month, in exact and unbounded form;
-- all of it is active in period 0; and one form bounds the other: who is active in a month is in
-- its bracket, who is in a bracket comes in its first month or later, and fewer come later.
with cohorts as (

    select * from {{ ref('agg_retention_cohorts') }}

),

summed as (

    select
        source,
        activity,
        retention_form,
        cohort_month_date,
        count(*) as period_count,
        max(period_number) + 1 as expected_period_count,
        max(period_start_date) as last_month_date,
        min(case when period_number = 0 then active_count end) as first_active_count,
        min(cohort_size) as cohort_size,
        max(cohort_size) as largest_cohort_size
    from cohorts
    where retention_form in ('n_period', 'unbounded')
    group by source, activity, retention_form, cohort_month_date

),

compared as (

    select
        *,
        max(last_month_date) over () as overall_last_month_date
    from summed

),

broken as (

    select
        source,
        activity,
        cohort_month_date,
        cast(null as bigint) as period_number,
        'not whole' as fault
    from compared
    where
        period_count <> expected_period_count
        or last_month_date <> overall_last_month_date
        or first_active_count is distinct from cohort_size
        or cohort_size <> largest_cohort_size

),

bounded as (

    select
        narrow.source,
        narrow.activity,
        narrow.cohort_month_date,
        narrow.period_number,
        'more than the form that holds it' as fault
    from cohorts as narrow
    inner join cohorts as wide
        on
            narrow.source = wide.source
            and narrow.activity = wide.activity
            and narrow.cohort_month_date = wide.cohort_month_date
            and (
                (
                    narrow.retention_form in ('n_period', 'bracket')
                    and wide.retention_form = 'unbounded'
                    and narrow.period_number = wide.period_number
                )
                or (
                    narrow.retention_form = 'unbounded'
                    and wide.retention_form = 'unbounded'
                    and narrow.period_number = wide.period_number + 1
                )
                or (
                    narrow.retention_form = 'n_period'
                    and wide.retention_form = 'bracket'
                    and narrow.period_number between wide.period_number and wide.last_period_number
                )
            )
    where
        narrow.active_count > wide.active_count
        or narrow.amount > wide.amount
        or narrow.active_count > narrow.cohort_size

)

select * from broken
union all
select * from bounded
