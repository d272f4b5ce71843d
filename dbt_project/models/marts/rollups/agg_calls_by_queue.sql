with periods as (

    select * from {{ ref('int_kpi_periods') }}

),

-- Early: few queues for many calls.
monthly as (

    select
        cast(date_trunc('month', offered_date) as date) as month_start_date,
        coalesce(queue, 'unknown') as queue,
        count(*) as offered_count,
        count(*) filter (where is_answered) as answered_count,
        count(*) filter (where is_answered_in_target) as answered_in_target_count,
        -- Known to be in time or not: neither an untimed answer nor a call that still rings.
        count(*) filter (
            where outcome <> 'in_progress' and not (is_answered and wait_seconds is null)
        ) as judged_count,
        count(*) filter (where outcome = 'abandoned') as abandoned_count,
        count(*) filter (where outcome <> 'in_progress') as finished_count,
        count(wait_seconds) filter (where is_answered) as timed_count,
        count(handle_seconds) filter (where is_answered and is_over) as measured_count,
        coalesce(sum(wait_seconds) filter (where is_answered), 0) as wait_seconds,
        coalesce(sum(handle_seconds) filter (where is_answered and is_over), 0) as handle_seconds
    from {{ ref('fct_calls') }}
    where direction = 'inbound'
    group by cast(date_trunc('month', offered_date) as date), coalesce(queue, 'unknown')

),

spread as (

    select
        periods.period_grain,
        periods.period_start_date,
        periods.is_complete,
        monthly.*
    from monthly
    inner join periods
        on
            monthly.month_start_date >= periods.period_start_date
            and monthly.month_start_date <= periods.period_end_date

),

summed as (

    select
        period_grain,
        period_start_date,
        is_complete,
        queue,
        cast(sum(offered_count) as bigint) as offered_count,
        cast(sum(answered_count) as bigint) as answered_count,
        cast(sum(answered_in_target_count) as bigint) as answered_in_target_count,
        cast(sum(abandoned_count) as bigint) as abandoned_count,
        cast(sum(answered_in_target_count) as double) as in_target,
        cast(sum(judged_count) as double) as judged,
        cast(sum(abandoned_count) as double) as abandoned,
        cast(sum(finished_count) as double) as finished,
        cast(sum(timed_count) as double) as timed,
        cast(sum(measured_count) as double) as measured,
        cast(sum(wait_seconds) as double) as wait_seconds,
        cast(sum(handle_seconds) as double) as handle_seconds
    from spread
    group by period_grain, period_start_date, is_complete, queue

)

select
    period_grain,
    period_start_date,
    queue,
    offered_count,
    answered_count,
    answered_in_target_count,
    abandoned_count,
    in_target / nullif(judged, 0) as service_level,
    {{ wilson_bound('in_target', 'judged', '-') }} as service_level_low,
    {{ wilson_bound('in_target', 'judged', '+') }} as service_level_high,
    abandoned / nullif(finished, 0) as abandonment_share,
    {{ wilson_bound('abandoned', 'finished', '-') }} as abandonment_low,
    {{ wilson_bound('abandoned', 'finished', '+') }} as abandonment_high,
    wait_seconds / nullif(timed, 0) as average_speed_of_answer_seconds,
    handle_seconds / nullif(measured, 0) as average_handle_seconds,
    is_complete
from summed
