with as_of as (

    select last_date from {{ ref('int_kpi_as_of') }}

),

actions as (

    select
        actions.*,
        coalesce(effects.verdict = 'improved', false) as is_effective
    from {{ ref('fct_improvement_actions') }} as actions
    left join {{ ref('agg_action_effects') }} as effects
        on actions.action_id = effects.action_id and effects.is_deciding

),

complaints as (

    select
        complaints.complaint_id,
        complaints.site_id,
        complaints.product_family,
        complaints.cause,
        complaints.raised_date
    from {{ ref('fct_complaints') }} as complaints
    cross join as_of
    where complaints.raised_date > cast(as_of.last_date - interval 12 month as date)

),

-- A measure is about the complaint that it names, and about those of its cause, within its scope,
-- until it was done.
answered as (

    select
        complaints.complaint_id,
        max(case when actions.cause is not null then 1 else 0 end) as has_cause,
        max(case when actions.action_en is not null then 1 else 0 end) as has_action,
        max(case when actions.done_date is not null then 1 else 0 end) as has_done,
        max(case when actions.is_effective then 1 else 0 end) as has_effect
    from complaints
    inner join actions
        on
            complaints.complaint_id = actions.complaint_id
            or (
                complaints.cause = actions.cause
                and complaints.raised_date <= coalesce(actions.done_date, complaints.raised_date)
                and (
                    actions.segment = 'all'
                    or (actions.segment = 'site' and complaints.site_id = actions.site_id)
                    or (
                        actions.segment = 'product_family'
                        and complaints.product_family = actions.product_family
                    )
                )
            )
    group by complaints.complaint_id

),

cases as (

    select
        complaints.site_id,
        case
            when complaints.cause is not null then 1 else coalesce(answered.has_cause, 0)
        end as has_cause,
        coalesce(answered.has_action, 0) as has_action,
        coalesce(answered.has_done, 0) as has_done,
        coalesce(answered.has_effect, 0) as has_effect
    from complaints
    left join answered on complaints.complaint_id = answered.complaint_id

    union all

    -- What was found otherwise.
    select
        actions.site_id,
        case when actions.cause is not null then 1 else 0 end as has_cause,
        case when actions.action_en is not null then 1 else 0 end as has_action,
        case when actions.done_date is not null then 1 else 0 end as has_done,
        case when actions.is_effective then 1 else 0 end as has_effect
    from actions
    cross join as_of
    where
        not actions.is_complaint_known
        and actions.raised_date > cast(as_of.last_date - interval 12 month as date)

),

of_sites as (

    select
        'all' as site_id,
        has_cause,
        has_action,
        has_done,
        has_effect
    from cases

    union all

    select
        site_id,
        has_cause,
        has_action,
        has_done,
        has_effect
    from cases
    where site_id <> 'all'

),

-- A funnel: who is in a step is in those before.
counted as (

    select
        site_id,
        count(*) as raised_count,
        sum(has_cause) as cause_count,
        sum(has_cause * has_action) as action_count,
        sum(has_cause * has_action * has_done) as done_count,
        sum(has_cause * has_action * has_done * has_effect) as effect_count
    from of_sites
    group by site_id

),

steps as (

    select
        1 as step_number,
        'raised' as step
    union all
    select
        2 as step_number,
        'cause_known' as step
    union all
    select
        3 as step_number,
        'action_decided' as step
    union all
    select
        4 as step_number,
        'action_done' as step
    union all
    select
        5 as step_number,
        'effective' as step

)

select
    counted.site_id,
    steps.step,
    cast(steps.step_number as bigint) as step_number,
    cast(
        case steps.step_number
            when 1 then counted.raised_count
            when 2 then counted.cause_count
            when 3 then counted.action_count
            when 4 then counted.done_count
            else counted.effect_count
        end as bigint
    ) as case_count
from counted
cross join steps
