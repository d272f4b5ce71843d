with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

tickets as (

    select
        ticket_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority,
        exit_kind,
        customer_id,
        coalesce(asset_id, '') as asset_key,
        coalesce(issue_family, '') as issue_key,
        created_at,
        first_resolved_at,
        first_resolved_date
    from {{ ref('fct_tickets') }}

),

calls as (

    select
        ticket_id,
        offered_at
    from {{ ref('fct_calls') }}
    where direction = 'inbound' and ticket_id is not null

),

reopenings as (

    select
        ticket_id,
        entered_at
    from {{ ref('int_ticket_stages_sequenced') }}
    where is_reopening

),

-- A blank identity never clusters: without customer, or without anything that says what the issue
-- is, nothing repeats.
identified as (

    select * from tickets
    where customer_id is not null and (asset_key <> '' or issue_key <> '')

),

-- Every request is a contact, also one that was merged or cancelled later: the customer had to come
-- back. Our own calls are not.
contacts as (

    select
        customer_id,
        asset_key,
        issue_key,
        created_at as contact_at
    from identified

    union all

    select
        identified.customer_id,
        identified.asset_key,
        identified.issue_key,
        calls.offered_at as contact_at
    from identified
    inner join calls on identified.ticket_id = calls.ticket_id

    union all

    select
        identified.customer_id,
        identified.asset_key,
        identified.issue_key,
        reopenings.entered_at as contact_at
    from identified
    inner join reopenings on identified.ticket_id = reopenings.ticket_id

),

moments as (

    select
        '' as ticket_id,
        customer_id,
        asset_key,
        issue_key,
        0 as moment_order,
        contact_at,
        contact_at as moment_at
    from contacts

    union all

    select
        ticket_id,
        customer_id,
        asset_key,
        issue_key,
        1 as moment_order,
        cast(null as timestamp) as contact_at,
        first_resolved_at as moment_at
    from identified
    where first_resolved_at is not null

),

-- The order puts a contact at the very second of the resolution before it: it is no consequence.
followed as (

    select
        ticket_id,
        moment_order,
        min(contact_at) over (
            partition by customer_id, asset_key, issue_key
            order by moment_at, moment_order, ticket_id
            rows between 1 following and unbounded following
        ) as next_contact_at
    from moments

),

resolutions as (

    select
        ticket_id,
        next_contact_at
    from followed
    where moment_order = 1

)

select
    tickets.ticket_id,
    tickets.technician_id,
    tickets.site_id,
    tickets.product_family,
    coalesce(nullif(tickets.issue_key, ''), 'unknown') as issue_family,
    tickets.channel,
    tickets.priority,
    case
        when tickets.exit_kind in ('merged', 'cancelled') then tickets.exit_kind
        when tickets.customer_id is null then 'customer_unknown'
        when resolutions.ticket_id is null then 'issue_unknown'
        when tickets.first_resolved_at + interval 7 day > as_of.as_of_at then 'immature'
        else 'counted'
    end as item_state,
    coalesce(
        resolutions.next_contact_at <= tickets.first_resolved_at + interval 7 day, false
    ) as is_repeated,
    tickets.first_resolved_date,
    resolutions.next_contact_at
from tickets
cross join as_of
left join resolutions on tickets.ticket_id = resolutions.ticket_id
where tickets.first_resolved_at is not null
