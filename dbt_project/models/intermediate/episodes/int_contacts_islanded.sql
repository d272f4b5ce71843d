{%- set gap = "interval " ~ var('episode_gap_days') ~ " day" -%}
{%- set guess = "interval " ~ var('unit_guess_days') ~ " day" -%}
with contacts as (

    select
        *,
        -- The request that says what the contact is about: the ticket that it names, or itself.
        case when contact_kind <> 'ticket' then 'ticket ' || ticket_id end as named_request_id,
        case
            when contact_kind <> 'ticket' and ticket_id is not null then 'ticket ' || ticket_id
            else contact_id
        end as request_id
    from {{ ref('int_contacts_gathered') }}

),

-- What says by itself whom and what it is about: everything that names no ticket, and tickets.
requests as (

    select
        contact_id,
        customer_id,
        asset_id,
        issue_family,
        contact_at,
        case
            when customer_id is null then 'customer_unknown'
            when
                count(*) over (
                    partition by customer_id, coalesce(asset_id, '')
                    order by contact_at
                    range between {{ gap }} preceding and {{ gap }} following
                ) > {{ var('shared_identity_contacts') }}
                then 'identity_shared'
            when asset_id is null and issue_family is null then 'issue_unknown'
            else 'known'
        end as identity_state
    from contacts
    where contact_kind = 'ticket' or ticket_id is null

),

neighbours as (

    select
        contact_id,
        customer_id,
        asset_id,
        issue_family,
        contact_at,
        {{ carry_forward('asset_id', 'customer_id, issue_family', 'contact_at, contact_id') }}
            as asset_id_before,
        {{ carry_forward(
            'case when asset_id is not null then contact_at end',
            'customer_id, issue_family',
            'contact_at, contact_id'
        ) }} as asset_before_at,
        {{ carry_forward(
            'asset_id', 'customer_id, issue_family', 'contact_at desc, contact_id desc'
        ) }} as asset_id_after,
        {{ carry_forward(
            'case when asset_id is not null then contact_at end',
            'customer_id, issue_family',
            'contact_at desc, contact_id desc'
        ) }} as asset_after_at
    from requests
    where identity_state = 'known'

),

keyed_requests as (

    select
        contact_id,
        customer_id,
        issue_family,
        contact_at,
        asset_id is not null as is_unit_named,
        case
            when asset_id is not null or issue_family is null then asset_id
            when
                contact_at <= asset_before_at + {{ guess }}
                and (
                    asset_after_at is null
                    or contact_at - asset_before_at <= asset_after_at - contact_at
                )
                then asset_id_before
            when asset_after_at <= contact_at + {{ guess }} then asset_id_after
        end as asset_id
    from neighbours

),

-- What names a ticket is about the ticket's issue, and does not come before it: the call in which it
-- was raised began earlier.
keyed_contacts as (

    select
        contacts.contact_id,
        keyed_requests.customer_id as key_customer_id,
        coalesce(keyed_requests.asset_id, '') as key_asset_id,
        coalesce(keyed_requests.issue_family, '') as key_issue_family,
        keyed_requests.is_unit_named,
        contacts.contact_kind = 'visit' and contacts.ticket_id is null as is_visit_alone,
        contacts.contact_id <> keyed_requests.contact_id as is_attached,
        greatest(contacts.contact_at, keyed_requests.contact_at) as key_at,
        greatest(contacts.ended_at, keyed_requests.contact_at) as ended_at
    from contacts
    inner join keyed_requests on contacts.request_id = keyed_requests.contact_id
    where contacts.contact_kind <> 'own_call'

),

ordered as (

    select
        *,
        max(ended_at) over (
            partition by key_customer_id, key_asset_id, key_issue_family
            order by key_at, is_attached, contact_id
            rows between unbounded preceding and 1 preceding
        ) as lasted_until,
        lag(contact_id) over (
            partition by key_customer_id, key_asset_id, key_issue_family
            order by key_at, is_attached, contact_id
        ) as previous_contact_id,
        lag(is_unit_named) over (
            partition by key_customer_id, key_asset_id, key_issue_family
            order by key_at, is_attached, contact_id
        ) as is_previous_unit_named
    from keyed_contacts

),

begun as (

    select
        *,
        coalesce(key_at > lasted_until + {{ gap }}, true) as is_island_start
    from ordered

),

islanded as (

    select
        *,
        {{ carry_forward(
            'case when is_island_start then contact_id end',
            'key_customer_id, key_asset_id, key_issue_family',
            'key_at, is_attached, contact_id'
        ) }} as island_id
    from begun

)

-- Without a key, a contact follows the ticket that it names, or stands alone.
select
    contacts.contact_id,
    coalesce(islanded.island_id, ticket_islands.island_id, named.contact_id, contacts.contact_id)
        as island_id,
    coalesce(requests.identity_state, named.identity_state) as identity_state,
    islanded.key_customer_id,
    islanded.key_asset_id,
    islanded.key_issue_family,
    case
        when contacts.contact_kind = 'own_call' or coalesce(islanded.is_island_start, true)
            then cast(null as varchar)
        when islanded.is_visit_alone then 'visit_same_asset_and_fault'
        when islanded.key_issue_family = '' then 'same_asset_within_w'
        when islanded.is_unit_named and islanded.is_previous_unit_named
            then 'same_asset_and_fault_within_w'
        else 'same_customer_and_fault_within_w'
    end as near_rule,
    case when not islanded.is_island_start then islanded.previous_contact_id end as near_contact_id
from contacts
left join requests on contacts.contact_id = requests.contact_id
left join requests as named on contacts.named_request_id = named.contact_id
left join islanded on contacts.contact_id = islanded.contact_id
left join islanded as ticket_islands on named.contact_id = ticket_islands.contact_id
