with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

tickets as (

    select * from {{ ref('int_tickets_classified') }}

),

milestones as (

    select * from {{ ref('int_ticket_milestones') }}

),

policies as (

    select * from {{ ref('dim_sla_policies') }}

),

promises as (

    select
        tickets.ticket_id,
        'first_response' as metric,
        milestones.first_response_at as reached_at,
        tickets.first_response_due_at as delivered_due_at,
        tickets.source_first_response_sla as source_outcome,
        milestones.exit_kind in ('merged', 'cancelled') as is_withdrawn,
        milestones.exit_kind <> 'open' as is_over,
        milestones.tells_first_responses as is_measured
    from tickets
    inner join milestones on tickets.ticket_id = milestones.ticket_id

    union all

    select
        tickets.ticket_id,
        'resolution' as metric,
        case when milestones.exit_kind = 'resolved' then milestones.resolved_at end as reached_at,
        tickets.resolution_due_at as delivered_due_at,
        tickets.source_resolution_sla as source_outcome,
        milestones.exit_kind in ('merged', 'cancelled') as is_withdrawn,
        milestones.exit_kind <> 'open' as is_over,
        -- Resolved at a time that nobody recorded.
        milestones.exit_kind <> 'resolved' or milestones.resolved_at is not null as is_measured
    from tickets
    inner join milestones on tickets.ticket_id = milestones.ticket_id

),

dues as (

    select
        promises.*,
        tickets.source,
        tickets.product_family,
        tickets.site_id,
        tickets.channel,
        tickets.priority,
        tickets.created_at,
        case
            when promises.delivered_due_at is not null then 'delivered'
            when policies.policy_id is not null then 'policy'
        end as due_source,
        case when promises.delivered_due_at is null then policies.policy_id end as policy_id,
        coalesce(
            promises.delivered_due_at,
            {{ add_seconds('tickets.created_at', 'policies.target_seconds') }}
        ) as due_at
    from promises
    inner join tickets on promises.ticket_id = tickets.ticket_id
    left join policies
        on
            promises.metric = policies.metric
            and tickets.priority = policies.priority
            and {{ local_date('tickets.created_at') }} >= policies.valid_from_date
            and {{ local_date('tickets.created_at') }}
            <= coalesce(policies.valid_to_date, date '9999-12-31')

),

decided as (

    select
        dues.*,
        settings.as_of_at,
        case
            when dues.is_withdrawn then 'cancelled'
            when dues.due_at is null then 'no_policy'
            when dues.reached_at < dues.created_at then 'fault'
            when dues.reached_at <= dues.due_at then 'met'
            when dues.reached_at > dues.due_at then 'breached_closed'
            when not dues.is_measured then 'not_recorded'
            when dues.due_at > settings.as_of_at then 'pending'
            when dues.is_over then 'breached_closed'
            else 'breached_open'
        end as outcome
    from dues
    cross join settings

),

judged as (

    select
        *,
        case
            when outcome = 'met' then true
            when outcome in ('breached_closed', 'breached_open') then false
        end as is_met
    from decided

)

select
    ticket_id,
    metric,
    source,
    due_source,
    policy_id,
    outcome,
    source_outcome,
    product_family,
    site_id,
    channel,
    priority,
    {{ seconds_between('created_at', 'due_at') }} as target_seconds,
    {{ seconds_between('coalesce(reached_at, as_of_at)', 'due_at') }} as margin_seconds,
    coalesce(due_at <= as_of_at, false)
    and outcome not in ('cancelled', 'no_policy', 'fault', 'not_recorded') as is_eligible,
    is_met,
    (source_outcome = 'met') <> is_met as is_disagreement,
    {{ local_date('due_at') }} as due_date,
    due_at,
    reached_at
from judged
