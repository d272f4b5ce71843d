-- The outcome, the due instant, the instant reached and as-of tell one story.
with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

)

select
    outcomes.metric,
    outcomes.subject_id,
    outcomes.outcome,
    outcomes.due_at,
    outcomes.reached_at
from {{ ref('fct_sla_outcomes') }} as outcomes
cross join settings
where
    (
        outcomes.outcome = 'met'
        and (outcomes.reached_at is null or outcomes.reached_at > outcomes.due_at)
    )
    or (outcomes.outcome = 'breached_closed' and outcomes.reached_at <= outcomes.due_at)
    or (
        outcomes.outcome = 'breached_open'
        and (outcomes.reached_at is not null or outcomes.due_at > settings.as_of_at)
    )
    or (
        outcomes.outcome = 'pending'
        and (outcomes.reached_at is not null or outcomes.due_at <= settings.as_of_at)
    )
    or (
        outcomes.outcome = 'paused'
        and (
            outcomes.due_at is not null
            or outcomes.reached_at is not null
            or outcomes.remaining_seconds is null
            or outcomes.remaining_seconds < 0
        )
    )
    -- Only while the clock stands still there is a target and no due time: else the calendar is not
    -- known for long enough.
    or (
        outcomes.due_source is not null
        and outcomes.due_at is null
        and outcomes.outcome not in ('paused', 'cancelled', 'not_recorded')
    )
    or (outcomes.outcome = 'no_policy' and outcomes.due_at is not null)
    or (outcomes.is_eligible and outcomes.is_met is null)
    or outcomes.reached_at > settings.as_of_at
