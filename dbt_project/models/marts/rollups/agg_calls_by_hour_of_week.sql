with hours as (

    select * from {{ ref('agg_calls_hourly') }}

),

-- Every local hour between the first and the last offer counts, also those in which nobody called.
span as (

    select
        min(local_date) as first_date,
        max(local_date) as last_date
    from hours
    where offered_count > 0

),

weekdays as (

    select
        dates.iso_weekday,
        count(*) as hour_count
    from {{ ref('dim_dates') }} as dates
    cross join span
    where dates.date_day between span.first_date and span.last_date
    group by dates.iso_weekday

),

summed as (

    select
        hours.iso_weekday,
        hours.local_hour,
        hours.queue,
        cast(sum(hours.offered_count) as bigint) as offered_count,
        cast(sum(hours.answered_count) as bigint) as answered_count,
        cast(sum(hours.answered_in_target_count) as bigint) as answered_in_target_count,
        cast(sum(hours.abandoned_count) as bigint) as abandoned_count,
        sum(hours.busy_seconds) as busy_seconds,
        sum(hours.rostered_agents) as rostered_agents,
        count(hours.rostered_agents) as rostered_hour_count,
        count(*) filter (where hours.agent_gap <= -0.5) as understaffed_hour_count
    from hours
    cross join span
    where hours.local_date between span.first_date and span.last_date
    group by hours.iso_weekday, hours.local_hour, hours.queue

),

averaged as (

    select
        summed.*,
        weekdays.hour_count,
        cast(summed.offered_count as double) / weekdays.hour_count as mean_offered_count
    from summed
    inner join weekdays on summed.iso_weekday = weekdays.iso_weekday

)

select
    iso_weekday,
    local_hour,
    queue,
    hour_count,
    offered_count,
    answered_count,
    answered_in_target_count,
    abandoned_count,
    mean_offered_count,
    cast(busy_seconds as double) / (3600 * hour_count) as mean_load_erlangs,
    case
        when queue = 'all'
            then cast(rostered_agents as double) / nullif(rostered_hour_count, 0)
    end as mean_rostered_agents,
    cast(understaffed_hour_count as bigint) as understaffed_hour_count,
    row_number() over (
        partition by queue order by mean_offered_count desc, iso_weekday asc, local_hour asc
    ) = 1 as is_peak
from averaged
