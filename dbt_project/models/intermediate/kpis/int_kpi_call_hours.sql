with as_of as (

    select as_of_at from {{ ref('int_kpi_as_of') }}

),

calls as (

    select
        *,
        coalesce(queue, 'unknown') as queue_or_unknown,
        coalesce(
            answered_at, {{ add_exact_seconds('offered_at', 'coalesce(wait_seconds, 0)') }}
        ) as busy_from_at
    from {{ ref('fct_calls') }}

),

-- Offered counts in the hour of the offer, whenever it was answered.
offered as (

    select
        {{ local_hour_start('offered_at') }} as hour_at,
        queue_or_unknown as queue,
        count(*) as offered_count,
        count(*) filter (where is_answered) as answered_count,
        count(*) filter (where is_answered_in_target) as answered_in_target_count,
        count(*) filter (where is_answered and wait_seconds is not null) as timed_count,
        count(*) filter (where outcome = 'abandoned') as abandoned_count,
        count(*) filter (where is_short_abandon) as short_abandon_count,
        count(*) filter (where outcome = 'voicemail') as voicemail_count,
        count(*) filter (
            where outcome in ('abandoned', 'voicemail') and not is_short_abandon
        ) as lost_count,
        count(handle_seconds) as measured_count,
        sum(wait_seconds) filter (where is_answered) as wait_seconds,
        sum(talk_seconds) as talk_seconds,
        sum(hold_seconds) as hold_seconds,
        sum(wrap_seconds) as wrap_seconds,
        sum(handle_seconds) as handle_seconds
    from calls
    where direction = 'inbound'
    group by {{ local_hour_start('offered_at') }}, queue_or_unknown

),

-- Busy is who handles, in each hour that the handling touches, to the millisecond.
handled as (

    select
        queue_or_unknown as queue,
        direction,
        busy_from_at,
        {{ add_exact_seconds('busy_from_at', 'workload_seconds') }} as busy_until_at,
        {{ local_hour_start('busy_from_at') }} as first_hour_at
    from calls
    where workload_seconds > 0

),

busy_hours as (

    select
        queue,
        direction,
        busy_from_at,
        busy_until_at,
        first_hour_at as hour_at
    from handled
    where busy_until_at <= {{ add_seconds('first_hour_at', 3600) }}

    union all

    select
        queue,
        direction,
        busy_from_at,
        busy_until_at,
        {{ list_hours('first_hour_at', 'busy_until_at') }} as hour_at
    from handled
    where busy_until_at > {{ add_seconds('first_hour_at', 3600) }}

),

busy as (

    select
        hour_at,
        queue,
        direction,
        sum({{ seconds_in_hour('busy_from_at', 'busy_until_at', 'hour_at') }}) as busy_seconds
    from busy_hours
    group by hour_at, queue, direction

),

shifts as (

    select
        fct_shifts.queue,
        fct_shifts.available_seconds,
        {{ elapsed_exact_seconds('fct_shifts.counted_from_at', 'fct_shifts.ends_at') }}
            as counted_seconds,
        fct_shifts.counted_from_at,
        least(fct_shifts.ends_at, as_of.as_of_at) as seen_until_at,
        {{ local_hour_start('fct_shifts.counted_from_at') }} as first_hour_at
    from {{ ref('fct_shifts') }} as fct_shifts
    cross join as_of
    where fct_shifts.is_phone_duty and fct_shifts.counted_from_at < fct_shifts.ends_at

),

-- An unknown break is the mean break, not none.
roster as (

    select
        min(first_hour_at) as first_hour_at,
        max(seen_until_at) as until_at,
        cast(sum(available_seconds) as double)
        / cast(
            sum(counted_seconds) filter (where available_seconds is not null) as double
        ) as mean_share
    from shifts

),

shift_hours as (

    select
        queue,
        available_seconds,
        counted_seconds,
        counted_from_at,
        seen_until_at,
        {{ list_hours('first_hour_at', 'seen_until_at') }} as hour_at
    from shifts

),

rostered as (

    select
        shift_hours.hour_at,
        shift_hours.queue,
        sum(cast(
            cast({{ seconds_in_hour(
                'shift_hours.counted_from_at', 'shift_hours.seen_until_at', 'shift_hours.hour_at'
            ) }} as double)
            * coalesce(
                cast(shift_hours.available_seconds as double)
                / cast(shift_hours.counted_seconds as double),
                roster.mean_share,
                1
            ) / 3600 as decimal(18, 6)
        )) as agents
    from shift_hours
    cross join roster
    group by shift_hours.hour_at, shift_hours.queue

),

inbound_busy as (

    select
        hour_at,
        queue,
        busy_seconds
    from busy
    where direction = 'inbound'

),

queue_hours as (

    select
        coalesce(offered.hour_at, inbound_busy.hour_at) as hour_at,
        coalesce(offered.queue, inbound_busy.queue) as queue,
        coalesce(offered.offered_count, 0) as offered_count,
        coalesce(offered.answered_count, 0) as answered_count,
        coalesce(offered.answered_in_target_count, 0) as answered_in_target_count,
        coalesce(offered.timed_count, 0) as timed_count,
        coalesce(offered.abandoned_count, 0) as abandoned_count,
        coalesce(offered.short_abandon_count, 0) as short_abandon_count,
        coalesce(offered.voicemail_count, 0) as voicemail_count,
        coalesce(offered.lost_count, 0) as lost_count,
        coalesce(offered.measured_count, 0) as measured_count,
        offered.wait_seconds,
        offered.talk_seconds,
        offered.hold_seconds,
        offered.wrap_seconds,
        offered.handle_seconds,
        coalesce(inbound_busy.busy_seconds, 0) as busy_seconds
    from offered
    full outer join inbound_busy
        on offered.hour_at = inbound_busy.hour_at and offered.queue = inbound_busy.queue

),

company_hours as (

    select
        hour_at,
        cast(sum(offered_count) as bigint) as offered_count,
        cast(sum(answered_count) as bigint) as answered_count,
        cast(sum(answered_in_target_count) as bigint) as answered_in_target_count,
        cast(sum(timed_count) as bigint) as timed_count,
        cast(sum(abandoned_count) as bigint) as abandoned_count,
        cast(sum(short_abandon_count) as bigint) as short_abandon_count,
        cast(sum(voicemail_count) as bigint) as voicemail_count,
        cast(sum(lost_count) as bigint) as lost_count,
        cast(sum(measured_count) as bigint) as measured_count,
        sum(wait_seconds) as wait_seconds,
        sum(talk_seconds) as talk_seconds,
        sum(hold_seconds) as hold_seconds,
        sum(wrap_seconds) as wrap_seconds,
        sum(handle_seconds) as handle_seconds,
        sum(busy_seconds) as busy_seconds
    from queue_hours
    group by hour_at

),

outbound_busy as (

    select
        hour_at,
        sum(busy_seconds) as outbound_busy_seconds
    from busy
    where direction = 'outbound'
    group by hour_at

),

all_rostered as (

    select
        hour_at,
        sum(agents) as agents
    from rostered
    group by hour_at

),

active_hours as (

    select hour_at from company_hours
    union
    select hour_at from outbound_busy
    union
    -- Also the hours within the roster in which nobody is rostered.
    select {{ list_hours('first_hour_at', 'until_at') }} as hour_at
    from roster

),

hours as (

    select
        active_hours.hour_at,
        'all' as queue,
        coalesce(company_hours.offered_count, 0) as offered_count,
        coalesce(company_hours.answered_count, 0) as answered_count,
        coalesce(company_hours.answered_in_target_count, 0) as answered_in_target_count,
        coalesce(company_hours.timed_count, 0) as timed_count,
        coalesce(company_hours.abandoned_count, 0) as abandoned_count,
        coalesce(company_hours.short_abandon_count, 0) as short_abandon_count,
        coalesce(company_hours.voicemail_count, 0) as voicemail_count,
        coalesce(company_hours.lost_count, 0) as lost_count,
        coalesce(company_hours.measured_count, 0) as measured_count,
        company_hours.wait_seconds,
        company_hours.talk_seconds,
        company_hours.hold_seconds,
        company_hours.wrap_seconds,
        company_hours.handle_seconds,
        coalesce(company_hours.busy_seconds, 0) as busy_seconds,
        coalesce(outbound_busy.outbound_busy_seconds, 0) as outbound_busy_seconds,
        all_rostered.agents
    from active_hours
    left join company_hours on active_hours.hour_at = company_hours.hour_at
    left join outbound_busy on active_hours.hour_at = outbound_busy.hour_at
    left join all_rostered on active_hours.hour_at = all_rostered.hour_at

    union all

    select
        queue_hours.*,
        null as outbound_busy_seconds,
        -- Agents for all queues serve each of them.
        coalesce(own.agents, 0) + coalesce(shared.agents, 0) as agents
    from queue_hours
    left join rostered as own
        on queue_hours.hour_at = own.hour_at and queue_hours.queue = own.queue
    left join rostered as shared
        on queue_hours.hour_at = shared.hour_at and shared.queue is null

),

-- How long handling takes and how long callers have patience, over all time. Patience is the total
-- time waited, by whoever was served or gave up, over the number who gave up (the maximum likelihood
-- estimate for exponential patience, of which a served caller's wait is a censored observation).
queue_means as (

    select
        queue_or_unknown as queue,
        sum(handle_seconds) as handle_seconds,
        count(handle_seconds) as measured_count,
        sum(wait_seconds) filter (where not is_short_abandon) as wait_seconds,
        count(*) filter (where outcome = 'abandoned' and not is_short_abandon) as abandoned_count
    from calls
    where direction = 'inbound'
    group by queue_or_unknown

),

company_means as (

    select
        cast(sum(handle_seconds) as double)
        / nullif(cast(sum(measured_count) as double), 0) as mean_handle_seconds,
        cast(sum(wait_seconds) as double)
        / nullif(cast(sum(abandoned_count) as double), 0) as patience_seconds
    from queue_means

),

means as (

    select
        queue_means.queue,
        coalesce(
            cast(queue_means.handle_seconds as double)
            / nullif(cast(queue_means.measured_count as double), 0),
            company_means.mean_handle_seconds
        ) as mean_handle_seconds,
        -- Fewer than 30 who gave up say too little: the company's patience stands for the queue's.
        case
            when queue_means.abandoned_count >= 30
                then
                    cast(queue_means.wait_seconds as double)
                    / cast(queue_means.abandoned_count as double)
            else company_means.patience_seconds
        end as patience_seconds
    from queue_means
    cross join company_means

    union all

    select
        'all' as queue,
        mean_handle_seconds,
        patience_seconds
    from company_means

),

dated_hours as (

    select
        *,
        {{ local_date('hour_at') }} as local_date
    from hours

)

select
    hours.hour_at,
    hours.queue,
    dense_rank() over (
        order by
            cast(hours.busy_seconds as double)
            + cast(hours.lost_count as double) * coalesce(means.mean_handle_seconds, 0),
            means.mean_handle_seconds,
            means.patience_seconds,
            {{ call_policy('target_share') }},
            {{ call_policy('target_seconds') }}
    ) as load_id,
    hours.offered_count,
    hours.answered_count,
    hours.answered_in_target_count,
    hours.timed_count,
    hours.abandoned_count,
    hours.short_abandon_count,
    hours.voicemail_count,
    hours.lost_count,
    hours.measured_count,
    cast(hours.wait_seconds as decimal(18, 3)) as wait_seconds,
    cast(hours.talk_seconds as decimal(18, 3)) as talk_seconds,
    cast(hours.hold_seconds as decimal(18, 3)) as hold_seconds,
    cast(hours.wrap_seconds as decimal(18, 3)) as wrap_seconds,
    cast(hours.handle_seconds as decimal(18, 3)) as handle_seconds,
    cast(hours.busy_seconds as decimal(18, 3)) as busy_seconds,
    cast(hours.outbound_busy_seconds as decimal(18, 3)) as outbound_busy_seconds,
    -- What the callers would have kept agents busy with, had all of them been served.
    case
        when hours.lost_count = 0 then cast(hours.busy_seconds as double) / 3600
        else
            (
                cast(hours.busy_seconds as double)
                + cast(hours.lost_count as double) * means.mean_handle_seconds
            ) / 3600
    end as offered_load_erlangs,
    means.mean_handle_seconds,
    means.patience_seconds,
    cast({{ call_policy('target_share') }} as double) as target_share,
    cast({{ call_policy('target_seconds') }} as double) as target_seconds,
    -- Before the first shift and after the last nothing is known of a roster.
    case
        when hours.hour_at >= roster.first_hour_at and hours.hour_at < roster.until_at
            then cast(coalesce(hours.agents, 0) as decimal(18, 6))
    end as rostered_agents,
    hours.local_date
from dated_hours as hours
left join means on hours.queue = means.queue
cross join roster
{{ join_call_policies('hours.queue', 'hours.local_date') }}
