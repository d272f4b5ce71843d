with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

policies as (

    select
        policy_id,
        metric,
        priority,
        calendar_id,
        paused_stages,
        -- The same whole seconds as dim_sla_policies shows.
        cast(target_minutes * 60 as bigint) * 1000000 as target_us,
        valid_from_date,
        coalesce(valid_to_date, date '9999-12-31') as valid_to_date
    from {{ ref('stg_sla_policies') }}

),

promises as (

    select
        metric,
        subject_id,
        ticket_id,
        start_at,
        reached_at,
        {{ local_date('start_at') }} as start_date
    from {{ ref('int_promises_gathered') }}
    where delivered_due_at is null

),

-- One row per promise and priority that was in force while it ran, with the policy of the day on
-- which it began.
candidates as (

    select
        promises.metric,
        promises.subject_id,
        promises.ticket_id,
        coalesce(priorities.priority_number, 1) as priority_number,
        coalesce(priorities.priority, 'unknown') as priority,
        priorities.left_at as priority_left_at,
        policies.policy_id,
        policies.calendar_id,
        policies.target_us,
        promises.start_at,
        promises.reached_at
    from promises
    left join {{ ref('int_ticket_priorities_sequenced') }} as priorities
        on
            promises.ticket_id = priorities.ticket_id
            and (priorities.left_at is null or promises.start_at < priorities.left_at)
    left join policies
        on
            promises.metric = policies.metric
            and priorities.priority = policies.priority
            and promises.start_date >= policies.valid_from_date
            and promises.start_date <= policies.valid_to_date

),

-- The clock of a promise shows the open time of its calendar, less that of its pauses.
started as (

    select
        candidates.*,
        {{ open_us_at('opening', 'candidates.start_at') }} as start_us
    from candidates
    {{ join_open_hours('opening', 'candidates.calendar_id', 'candidates.start_at') }}

),

-- In which stages the clock of a policy stands still. That of the resolution also stands still
-- between a resolution and a reopening; no policy names these stages.
policy_stages as (

    select
        policy_id,
        {{ split_words("coalesce(paused_stages, '')") }} as stage,
        false as is_until_reopened
    from policies

    union distinct

    select
        policy_id,
        {{ split_words("'resolved closed'") }} as stage,
        true as is_until_reopened
    from policies
    where metric = 'resolution'

),

pauses as (

    select
        started.metric,
        started.subject_id,
        started.priority_number,
        started.calendar_id,
        started.target_us,
        started.start_us,
        stages.stage_number,
        greatest(stages.entered_at, started.start_at) as paused_at,
        -- Once the promise is kept its clock no longer matters; let it run on, so that what comes
        -- later does not move the due time.
        least(stages.left_at, started.reached_at) as resumed_at
    from started
    inner join policy_stages on started.policy_id = policy_stages.policy_id
    inner join {{ ref('int_ticket_stages_sequenced') }} as stages
        on
            started.ticket_id = stages.ticket_id
            and policy_stages.stage = stages.stage
    where
        -- What comes after the promise was kept is no pause of it.
        coalesce(stages.entered_at < started.reached_at, true)
        and coalesce(stages.left_at > started.start_at, not policy_stages.is_until_reopened)

),

measured_pauses as (

    select
        pauses.*,
        {{ open_us_at('pause', 'pauses.paused_at') }} as paused_us,
        case
            when pauses.resumed_at is not null
                then {{ open_us_at('resumption', 'pauses.resumed_at') }}
        end as resumed_us
    from pauses
    {{ join_open_hours('pause', 'pauses.calendar_id', 'pauses.paused_at') }}
    {{ join_open_hours('resumption', 'pauses.calendar_id', 'pauses.resumed_at') }}

),

pauses_with_use as (

    select
        *,
        -- What of the target was used when the pause began.
        paused_us - start_us - coalesce(
            sum(resumed_us - paused_us) over (
                partition by metric, subject_id, priority_number
                order by stage_number
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as used_us
    from measured_pauses

),

-- A pause that begins once the target is used up comes too late.
pause_sums as (

    select
        metric,
        subject_id,
        priority_number,
        sum(resumed_us - paused_us) as pause_us,
        max(target_us - used_us) filter (where resumed_at is null) as left_us
    from pauses_with_use
    where used_us < target_us
    group by metric, subject_id, priority_number

),

positioned as (

    select
        started.*,
        cast(coalesce(pause_sums.pause_us, 0) as bigint) as pause_us,
        cast(pause_sums.left_us as bigint) as left_us,
        -- Without an end of the pause nobody knows when the target is used up.
        case
            when pause_sums.left_us is null
                then
                    started.start_us
                    + started.target_us
                    + cast(coalesce(pause_sums.pause_us, 0) as bigint)
        end as due_us
    from started
    left join pause_sums
        on
            started.metric = pause_sums.metric
            and started.subject_id = pause_sums.subject_id
            and started.priority_number = pause_sums.priority_number

),

due as (

    select
        positioned.*,
        {{ due_at('opening', 'positioned.due_us') }} as due_at
    from positioned
    {{ join_due_hours('opening', 'positioned.calendar_id', 'positioned.due_us') }}

),

calendars as (

    select distinct
        policies.calendar_id,
        settings.as_of_at
    from policies
    cross join settings

),

calendar_positions as (

    select
        calendars.calendar_id,
        {{ open_us_at('opening', 'calendars.as_of_at') }} as as_of_us
    from calendars
    {{ join_open_hours('opening', 'calendars.calendar_id', 'calendars.as_of_at') }}

),

-- The priority under which the promise was kept, or broken, first: what came later changes nothing
-- of it. While nothing is decided, the priority in force now counts.
deciding as (

    select *
    from due
    qualify
        row_number() over (
            partition by metric, subject_id
            order by
                coalesce(reached_at < priority_left_at, false)
                or coalesce(due_at < priority_left_at, false)
                or priority_left_at is null desc,
                priority_number
        ) = 1

)

select
    deciding.metric,
    deciding.subject_id,
    deciding.priority,
    deciding.policy_id,
    cast(deciding.target_us / 1000000 as bigint) as target_seconds,
    cast(floor(deciding.pause_us / 1000000) as bigint) as paused_seconds,
    -- What is left of the target, in the time of its calendar; negative once overdue.
    cast(
        floor(coalesce(deciding.left_us, deciding.due_us - calendar_positions.as_of_us) / 1000000)
        as bigint
    ) as remaining_seconds,
    deciding.left_us is not null as is_paused,
    deciding.due_at
from deciding
left join calendar_positions on deciding.calendar_id = calendar_positions.calendar_id
