{%- set gap = "interval " ~ var('episode_gap_days') ~ " day" -%}
{%- set redial = "interval " ~ var('redial_minutes') ~ " minute" -%}
with gathered as (

    select * from {{ ref('int_contacts_gathered') }}

),

islands as (

    select * from {{ ref('int_contacts_islanded') }}

),

joined as (

    select * from {{ ref('int_islands_joined') }}

),

contacts as (

    select
        gathered.*,
        islands.identity_state,
        islands.key_customer_id,
        islands.key_asset_id,
        islands.key_issue_family,
        islands.near_rule,
        islands.near_contact_id,
        coalesce(joined.component_id, islands.island_id) as component_id,
        gathered.contact_kind = 'call'
        and gathered.ticket_id is null
        and islands.identity_state = 'issue_unknown' as is_open_call
    from gathered
    inner join islands on gathered.contact_id = islands.contact_id
    left join joined on islands.island_id = joined.island_id

),

-- Who gave up and rang again within minutes made one contact: the tries go with the last call.
tries as (

    select
        contact_id,
        customer_id,
        contact_at,
        is_open_call
        and is_given_up
        and coalesce(
            lead(contact_at) over (partition by customer_id order by contact_at, contact_id)
            <= ended_at + {{ redial }},
            false
        ) as is_redialled
    from contacts
    where contact_kind = 'call' and customer_id is not null

),

called as (

    select
        contact_id,
        is_redialled,
        first_value(case when not is_redialled then contact_id end ignore nulls) over (
            partition by customer_id
            order by contact_at, contact_id
            rows between current row and unbounded following
        ) as last_contact_id
    from tries

),

redials as (

    select * from called
    where is_redialled

),

issues as (

    select
        customer_id,
        component_id,
        min(contact_at) - {{ redial }} as begins_at,
        max(ended_at) + {{ gap }} as ends_at,
        row_number() over (
            partition by customer_id order by min(contact_at), component_id
        ) as issue_number
    from contacts
    where
        contact_kind <> 'own_call'
        and not is_open_call
        and (ticket_id is not null or visit_id is not null)
        and identity_state in ('known', 'issue_unknown')
    group by customer_id, component_id

),

-- A sweep over each customer's time: how many issues are under way, and the sum of their numbers,
-- which is the number of the only one.
moments as (

    select
        customer_id,
        cast(null as varchar) as contact_id,
        1 as moment_order,
        1 as issue_change,
        issue_number as number_change,
        begins_at as moment_at
    from issues

    union all

    select
        customer_id,
        contact_id,
        2 as moment_order,
        0 as issue_change,
        0 as number_change,
        contact_at as moment_at
    from contacts
    where is_open_call

    union all

    select
        customer_id,
        cast(null as varchar) as contact_id,
        3 as moment_order,
        -1 as issue_change,
        -issue_number as number_change,
        ends_at as moment_at
    from issues

),

swept as (

    select
        customer_id,
        contact_id,
        sum(issue_change) over (
            partition by customer_id
            order by moment_at, moment_order
            rows between unbounded preceding and current row
        ) as issue_count,
        sum(number_change) over (
            partition by customer_id
            order by moment_at, moment_order
            rows between unbounded preceding and current row
        ) as issue_number
    from moments

),

calls_of_issues as (

    select
        swept.contact_id,
        issues.component_id
    from swept
    inner join issues
        on
            swept.customer_id = issues.customer_id
            and swept.issue_number = issues.issue_number
    where swept.contact_id is not null and swept.issue_count = 1

),

components as (

    select
        contacts.contact_id,
        coalesce(calls_of_issues.component_id, contacts.component_id) as component_id,
        calls_of_issues.component_id is not null as is_call_of_issue
    from contacts
    left join calls_of_issues on contacts.contact_id = calls_of_issues.contact_id

),

gathered_episodes as (

    select
        contacts.*,
        coalesce(last_components.component_id, components.component_id) as episode_component_id,
        coalesce(redials.is_redialled, false) as is_redialled,
        case
            when redials.is_redialled then 'call_redialled_within_minutes'
            when components.is_call_of_issue then 'call_while_one_issue_open'
            else coalesce(contacts.named_rule, contacts.near_rule)
        end as link_rule,
        case
            when redials.is_redialled then redials.last_contact_id
            when components.is_call_of_issue then components.component_id
            else coalesce(contacts.named_contact_id, contacts.near_contact_id)
        end as linked_contact_id,
        -- A call comes before the request that it raised in the same second.
        case contacts.contact_kind
            when 'call' then 1
            when 'ticket' then 2
            when 'reopening' then 3
            when 'visit' then 4
            else 5
        end as kind_order
    from contacts
    inner join components on contacts.contact_id = components.contact_id
    left join redials on contacts.contact_id = redials.contact_id
    left join components as last_components
        on redials.last_contact_id = last_components.contact_id

),

followed as (

    select
        *,
        min(case when contact_kind in ('ticket', 'reopening') then contact_at end) over (
            partition by episode_component_id
            order by contact_at, kind_order, contact_id
            rows between current row and unbounded following
        ) as next_request_at
    from gathered_episodes

),

-- The call in which a request was raised or reopened is the same contact as the request.
judged as (

    select
        *,
        is_redialled
        or (contact_kind = 'call' and coalesce(next_request_at <= ended_at + {{ redial }}, false))
            as is_same_contact
    from followed

)

select
    contact_id,
    first_value(case when not is_same_contact then contact_id end ignore nulls) over (
        partition by episode_component_id
        order by contact_at, kind_order, contact_id
        rows between unbounded preceding and unbounded following
    ) as episode_id,
    contact_kind,
    ticket_id,
    call_id,
    visit_id,
    customer_id,
    asset_id,
    issue_family,
    technician_id,
    site_id,
    product_family,
    channel,
    priority,
    identity_state,
    key_customer_id,
    key_asset_id,
    key_issue_family,
    link_rule,
    linked_contact_id,
    row_number() over (
        partition by episode_component_id
        order by contact_at, kind_order, contact_id
    ) as position_number,
    effort_minutes,
    is_from_customer,
    is_same_contact,
    contact_at,
    ended_at
from judged
