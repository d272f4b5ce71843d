with tickets as (

    select
        classified.ticket_id,
        classified.site_id,
        milestones.exit_kind,
        {{ local_date('milestones.created_at') }} as created_date,
        milestones.created_at,
        milestones.accepted_at,
        milestones.first_response_at,
        milestones.resolved_at
    from {{ ref('int_tickets_classified') }} as classified
    inner join {{ ref('int_ticket_milestones') }} as milestones
        on classified.ticket_id = milestones.ticket_id

),

-- The rules are matched once per site and day, not once per ticket.
site_days as (

    select distinct
        site_id,
        created_date
    from tickets

),

ranked_rules as (

    select
        site_days.site_id,
        site_days.created_date,
        rules.calendar_id,
        row_number() over (
            partition by site_days.site_id, site_days.created_date
            order by
                rules.site_id is not null desc,
                rules.service_hours is not null desc,
                rules.country is not null desc,
                rules.valid_from_date desc,
                rules.rule_id asc
        ) as rank_number
    from site_days
    left join {{ ref('stg_sites') }} as sites on site_days.site_id = sites.site_id
    inner join {{ ref('stg_calendar_rules') }} as rules
        on
            (rules.site_id is null or site_days.site_id = rules.site_id)
            and (rules.service_hours is null or sites.service_hours = rules.service_hours)
            and (rules.country is null or sites.country = rules.country)
            and site_days.created_date >= rules.valid_from_date
            and site_days.created_date <= coalesce(rules.valid_to_date, date '9999-12-31')

),

dated as (

    select
        tickets.*,
        ranked_rules.calendar_id
    from tickets
    left join ranked_rules
        on
            tickets.site_id = ranked_rules.site_id
            and tickets.created_date = ranked_rules.created_date
            and ranked_rules.rank_number = 1

)

select
    dated.ticket_id,
    dated.calendar_id,
    {{ business_seconds('created', 'dated.created_at', 'accepted', 'dated.accepted_at') }}
        as acceptance_business_seconds,
    {{ business_seconds('created', 'dated.created_at', 'responded', 'dated.first_response_at') }}
        as first_response_business_seconds,
    case
        when dated.exit_kind = 'resolved'
            then
                {{ business_seconds(
                    'created', 'dated.created_at', 'resolved', 'dated.resolved_at'
                ) }}
    end as full_resolution_business_seconds
from dated
{{ join_open_hours('created', 'dated.calendar_id', 'dated.created_at') }}
{{ join_open_hours('accepted', 'dated.calendar_id', 'dated.accepted_at') }}
{{ join_open_hours('responded', 'dated.calendar_id', 'dated.first_response_at') }}
{{ join_open_hours('resolved', 'dated.calendar_id', 'dated.resolved_at') }}
