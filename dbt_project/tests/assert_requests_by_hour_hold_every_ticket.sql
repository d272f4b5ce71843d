-- Every ticket was raised in one hour of the week by one channel, and every channel has one peak.
with hours as (

    select
        channel,
        sum(request_count) as request_count,
        sum(merged_count) as merged_count,
        count(*) filter (where is_peak) as peak_count
    from {{ ref('agg_requests_by_hour_of_week') }}
    group by channel

),

tickets as (

    select
        channel,
        count(*) as request_count,
        count(*) filter (where exit_kind = 'merged') as merged_count
    from {{ ref('fct_tickets') }}
    group by channel

    union all

    select
        'all' as channel,
        count(*) as request_count,
        count(*) filter (where exit_kind = 'merged') as merged_count
    from {{ ref('fct_tickets') }}
    having count(*) > 0

)

select
    hours.channel as channel_of_hours,
    tickets.channel,
    hours.request_count as request_count_of_hours,
    tickets.request_count,
    hours.peak_count
from hours
full outer join tickets on hours.channel = tickets.channel
where
    hours.channel is null
    or tickets.channel is null
    or hours.request_count <> tickets.request_count
    or hours.merged_count <> tickets.merged_count
    or hours.peak_count <> 1
