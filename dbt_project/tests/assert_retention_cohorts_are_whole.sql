-- Every cohort has every period from 0 on, up to the same last month; all of it is active in period
-- 0, and who is active in a period is active in it or later.
with cohorts as (

    select * from {{ ref('agg_retention_cohorts') }}

),

summed as (

    select
        source,
        activity,
        cohort_month_date,
        count(*) as period_count,
        max(period_number) + 1 as expected_period_count,
        max(period_start_date) as last_month_date,
        min(case when period_number = 0 then active_count end) as first_active_count,
        min(cohort_size) as cohort_size,
        max(cohort_size) as largest_cohort_size,
        bool_and(active_or_later_count between active_count and cohort_size) as is_ordered
    from cohorts
    group by source, activity, cohort_month_date

),

compared as (

    select
        *,
        max(last_month_date) over () as overall_last_month_date
    from summed

)

select * from compared
where
    period_count <> expected_period_count
    or last_month_date <> overall_last_month_date
    or first_active_count is distinct from cohort_size
    or cohort_size <> largest_cohort_size
    or not is_ordered
