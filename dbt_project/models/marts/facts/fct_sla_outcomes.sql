with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

promises as (

    select * from {{ ref('int_promises_gathered') }}

),

timed as (

    select * from {{ ref('int_promises_timed') }}

),

dues as (

    select
        promises.*,
        case
            when promises.delivered_due_at is not null then 'delivered'
            when timed.policy_id is not null then 'policy'
        end as due_source,
        timed.policy_id,
        coalesce(timed.priority, promises.priority) as deciding_priority,
        case
            when promises.delivered_due_at is null then timed.target_seconds
            else {{ seconds_between('promises.start_at', 'promises.delivered_due_at') }}
        end as target_seconds,
        timed.paused_seconds,
        case
            when promises.delivered_due_at is null then timed.remaining_seconds
            else {{ seconds_between('settings.as_of_at', 'promises.delivered_due_at') }}
        end as remaining_seconds,
        coalesce(timed.is_paused, false) as is_paused,
        coalesce(promises.delivered_due_at, timed.due_at) as due_at,
        settings.as_of_at
    from promises
    cross join settings
    left join timed
        on
            promises.metric = timed.metric
            and promises.subject_id = timed.subject_id

),

-- A target without a due time is paused, or ends after the days that calendars know: not due yet.
-- Without a rest nothing is known of it, such as before the first day of its calendar.
decided as (

    select
        *,
        case
            when is_withdrawn then 'cancelled'
            when due_source is null or remaining_seconds is null then 'no_policy'
            when reached_at < start_at then 'fault'
            when reached_at <= coalesce(due_at, reached_at) then 'met'
            when reached_at > due_at then 'breached_closed'
            when not is_measured then 'not_recorded'
            when is_paused then 'paused'
            when coalesce(due_at > as_of_at, true) then 'pending'
            when is_over then 'breached_closed'
            else 'breached_open'
        end as outcome
    from dues

),

judged as (

    select
        *,
        case
            when outcome = 'met' then true
            when outcome in ('breached_closed', 'breached_open') then false
        end as is_met,
        outcome in ('pending', 'paused', 'breached_open') and not is_over as is_running
    from decided

)

select
    metric,
    subject_id,
    ticket_id,
    customer_id,
    source,
    due_source,
    policy_id,
    outcome,
    source_outcome,
    product_family,
    site_id,
    technician_id,
    channel,
    deciding_priority as priority,
    target_seconds,
    paused_seconds,
    case when is_running then remaining_seconds end as remaining_seconds,
    {{ seconds_between('coalesce(reached_at, as_of_at)', 'due_at') }} as margin_seconds,
    coalesce(due_at <= as_of_at, false)
    and outcome not in ('cancelled', 'no_policy', 'fault', 'not_recorded') as is_eligible,
    is_met,
    is_running,
    (source_outcome = 'met') <> is_met as is_disagreement,
    {{ local_date('due_at') }} as due_date,
    start_at as started_at,
    due_at,
    reached_at
from judged
