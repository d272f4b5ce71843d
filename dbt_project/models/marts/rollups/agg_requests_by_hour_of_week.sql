with tickets as (

    select
        cast({{ iso_weekday('created_date') }} as bigint) as iso_weekday,
        {{ local_hour('created_at') }} as local_hour,
        channel,
        exit_kind = 'merged' as is_merged,
        created_date
    from {{ ref('fct_tickets') }}

),

-- Every local hour between the first and the last request counts, also those in which nobody asked.
span as (

    select
        min(created_date) as first_date,
        max(created_date) as last_date
    from tickets

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

counted as (

    select
        iso_weekday,
        local_hour,
        channel,
        count(*) as request_count,
        count(*) filter (where is_merged) as merged_count
    from tickets
    group by iso_weekday, local_hour, channel

),

summed as (

    select * from counted

    union all

    select
        iso_weekday,
        local_hour,
        'all' as channel,
        cast(sum(request_count) as bigint) as request_count,
        cast(sum(merged_count) as bigint) as merged_count
    from counted
    group by iso_weekday, local_hour

),

averaged as (

    select
        summed.*,
        weekdays.hour_count,
        cast(summed.request_count as double) / weekdays.hour_count as mean_request_count
    from summed
    inner join weekdays on summed.iso_weekday = weekdays.iso_weekday

)

-- Of equally busy hours the earlier in the week is the peak.
select
    iso_weekday,
    local_hour,
    channel,
    hour_count,
    request_count,
    merged_count,
    mean_request_count,
    row_number() over (
        partition by channel order by mean_request_count desc, iso_weekday asc, local_hour asc
    ) = 1 as is_peak
from averaged
