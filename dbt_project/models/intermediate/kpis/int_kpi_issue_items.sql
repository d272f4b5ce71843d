with tickets as (

    select
        ticket_id,
        customer_id,
        issue_family
    from {{ ref('fct_tickets') }}

),

-- One row per issue that was ever resolved: its first resolution, with the verdict that the request
-- has. Merged and cancelled requests speak for an issue only where it has no other.
issues as (

    select
        resolutions.episode_id,
        tickets.customer_id,
        resolutions.technician_id,
        resolutions.site_id,
        resolutions.product_family,
        coalesce(tickets.issue_family, 'unknown') as issue_family,
        resolutions.channel,
        resolutions.priority,
        resolutions.identity_state,
        case
            when resolutions.exit_kind in ('merged', 'cancelled') then resolutions.exit_kind
            when resolutions.identity_state <> 'known' then resolutions.identity_state
            when resolutions.is_fcr_7d is null then 'immature'
            else 'counted'
        end as item_state,
        resolutions.is_fcr_7d,
        resolutions.first_resolved_date
    from {{ ref('fct_ticket_resolutions') }} as resolutions
    left join tickets on resolutions.ticket_id = tickets.ticket_id
    qualify
        row_number() over (
            partition by resolutions.episode_id
            order by
                resolutions.exit_kind in ('merged', 'cancelled') asc,
                resolutions.first_resolved_at asc,
                resolutions.ticket_id asc
        ) = 1

),

-- One item per customer and month. It is judged once all of its issues are: else who came back
-- would count before who has not.
customers as (

    select
        customer_id,
        min(
            case
                when
                    customer_id is null
                    or identity_state in ('customer_unknown', 'identity_shared')
                    then episode_id
            end
        ) as lone_episode_id,
        case
            when bool_or(item_state = 'immature') then 'immature'
            when bool_or(item_state = 'counted') then 'counted'
            else min(item_state)
        end as item_state,
        bool_and(is_fcr_7d) filter (where item_state = 'counted') as is_fcr_7d,
        max(first_resolved_date) as counted_date
    from issues
    group by
        customer_id,
        date_trunc('month', first_resolved_date),
        -- Whose issue it is, nobody knows: each stands for itself.
        case
            when customer_id is null or identity_state in ('customer_unknown', 'identity_shared')
                then episode_id
        end

)

select
    'fcr_issue_rate' as kpi_id,
    'episode' as subject_kind,
    episode_id as subject_id,
    technician_id,
    site_id,
    product_family,
    issue_family,
    channel,
    priority,
    item_state,
    cast(case when is_fcr_7d then 1 else 0 end as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    first_resolved_date as counted_date
from issues

union all

select
    'fcr_customer_rate' as kpi_id,
    case when lone_episode_id is null then 'customer' else 'episode' end as subject_kind,
    coalesce(lone_episode_id, customer_id) as subject_id,
    cast(null as varchar) as technician_id,
    'unknown' as site_id,
    'unknown' as product_family,
    'unknown' as issue_family,
    'unknown' as channel,
    'unknown' as priority,
    item_state,
    cast(case when is_fcr_7d then 1 else 0 end as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    counted_date
from customers
