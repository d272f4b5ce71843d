with as_of as (

    select
        as_of_date,
        last_date
    from {{ ref('int_kpi_as_of') }}

),

complaints as (

    select
        complaint_id,
        cause
    from {{ ref('int_complaints_judged') }}

),

-- What was done after as-of is not known to be done.
actions as (

    select
        actions.*,
        case when actions.done_date <= as_of.last_date then actions.done_date end
            as known_done_date,
        as_of.as_of_date
    from {{ ref('stg_improvement_actions') }} as actions
    cross join as_of
    where actions.raised_date <= as_of.last_date

)

select
    actions.action_id,
    actions.source,
    actions.complaint_id,
    complaints.complaint_id is not null as is_complaint_known,
    actions.finding_en,
    actions.finding_zh,
    coalesce(actions.cause, complaints.cause) as cause,
    actions.action_en,
    actions.action_zh,
    actions.owner_role,
    actions.kpi_id,
    actions.segment,
    coalesce(actions.member, 'all') as member,
    case when actions.segment = 'site' then actions.member else 'all' end as site_id,
    case when actions.segment = 'product_family' then actions.member else 'all' end
        as product_family,
    case when actions.segment = 'channel' then actions.member else 'all' end as channel,
    case when actions.segment = 'priority' then actions.member else 'all' end as priority,
    case
        when actions.known_done_date <= actions.due_date then 'done'
        when actions.known_done_date is not null then 'done_late'
        when actions.due_date < actions.as_of_date then 'overdue'
        else 'open'
    end as status,
    cast(
        {{ dbt.datediff(
            'actions.raised_date', 'coalesce(actions.known_done_date, actions.as_of_date)', 'day'
        ) }} as bigint
    ) as running_days,
    cast(
        greatest(
            0,
            {{ dbt.datediff(
                'actions.due_date', 'coalesce(actions.known_done_date, actions.as_of_date)', 'day'
            ) }}
        ) as bigint
    ) as late_days,
    actions.raised_date,
    actions.trigger_from_date,
    actions.trigger_to_date,
    actions.due_date,
    actions.known_done_date as done_date
from actions
left join complaints on actions.complaint_id = complaints.complaint_id
