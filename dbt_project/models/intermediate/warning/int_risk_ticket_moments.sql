-- The instants at which the past is looked at again, one a day back from as-of, at as-of's time of
-- day: a build then would have been asked the same.
{% set history_days = 730 %}
{% set recent_days = 90 %}
-- A ticket of a hundred days would be asked about a hundred times; it is on these days of its life,
-- and on the day of as-of. A choice by age alone: how long it will still live plays no part.
{% set asked_days = [0, 1, 2, 4, 8, 16, 32, 64] %}
-- Of a company with more tickets those with the smallest hashes stand for all; what is open now is
-- always in.
{% set most_tickets = 20000 %}

with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

moments as (

    select
        days.range as days_before,
        settings.as_of_at - to_days(cast(days.range as integer)) as moment_at
    from range(0, {{ history_days + 1 }}) as days
    cross join settings

),

tickets as (

    select
        ticket_id,
        customer_id,
        asset_id,
        product_family,
        channel,
        created_date,
        created_at,
        first_response_at
    from {{ ref('fct_tickets') }}

),

stages as (

    select
        ticket_id,
        stage_number,
        stage,
        site_id,
        -- Until somebody takes it nobody has it; a log that begins later tells its last person.
        case when stage <> 'new' then technician_id end as technician_id,
        priority,
        cycle_number,
        coalesce(
            sum(case when stage = 'waiting_customer' then duration_seconds else 0 end) over (
                partition by ticket_id
                order by stage_number
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as waited_before_seconds,
        entered_at,
        left_at
    from {{ ref('fct_ticket_stages') }}

),

-- What was open at each moment, by what had happened until then.
open_then as (

    select
        moments.days_before,
        moments.moment_at,
        stages.ticket_id,
        stages.stage_number,
        stages.stage,
        stages.site_id,
        stages.technician_id,
        stages.priority,
        stages.cycle_number,
        stages.waited_before_seconds
        + case
            when stages.stage = 'waiting_customer'
                then {{ seconds_between('stages.entered_at', 'moments.moment_at') }}
            else 0
        end as waited_seconds,
        count(*) over (partition by moments.moment_at, stages.site_id) as site_open_count
    from moments
    inner join stages
        on
            moments.moment_at >= stages.entered_at
            and moments.moment_at < coalesce(stages.left_at, timestamp 'infinity')
    where stages.stage in ('new', 'open', 'waiting_customer', 'waiting_parts', 'on_hold')

),

chosen as (

    select
        ticket_id,
        row_number() over (order by md5(ticket_id), ticket_id) as hash_position
    from tickets
    where ticket_id in (select open_then.ticket_id from open_then)

),

asked as (

    select open_then.*
    from open_then
    inner join chosen on open_then.ticket_id = chosen.ticket_id
    inner join tickets on open_then.ticket_id = tickets.ticket_id
    where
        open_then.days_before = 0
        or (
            chosen.hash_position <= {{ most_tickets }}
            and {{ seconds_between('tickets.created_at', 'open_then.moment_at') }} // 86400
            in ({{ asked_days | join(', ') }})
        )

),

-- When it was known of a promise whether it was kept.
promises as (

    select
        ticket_id,
        site_id,
        outcome,
        is_met,
        target_seconds,
        started_at,
        due_at,
        reached_at,
        case when is_met then reached_at when not is_met then due_at end as known_at
    from {{ ref('fct_sla_outcomes') }}
    where metric = 'resolution'

),

policies as (

    select
        priority,
        target_seconds,
        valid_from_date,
        valid_to_date
    from {{ ref('dim_sla_policies') }}
    where metric = 'resolution'

),

-- When it was known of a resolution whether the customer came back: after seven days.
resolutions as (

    select
        ticket_id,
        technician_id,
        exit_kind,
        identity_state,
        is_fcr_7d,
        first_resolved_at,
        first_resolved_at + interval 7 day as known_at
    from {{ ref('fct_ticket_resolutions') }}

),

-- Running totals of what was known, of each site and of all; the reader of a moment takes the last
-- before it.
site_totals as (

    select
        site_id,
        known_at,
        sum(count(*)) over (partition by site_id order by known_at) as promise_count,
        sum(count_if(not is_met)) over (partition by site_id order by known_at) as breach_count
    from promises
    where known_at is not null
    group by site_id, known_at

),

all_totals as (

    select
        known_at,
        sum(count(*)) over (order by known_at) as promise_count,
        sum(count_if(not is_met)) over (order by known_at) as breach_count
    from promises
    where known_at is not null
    group by known_at

),

person_totals as (

    select
        technician_id,
        known_at,
        sum(count(*)) over (partition by technician_id order by known_at) as resolution_count,
        sum(count_if(not is_fcr_7d)) over (partition by technician_id order by known_at)
            as return_count
    from resolutions
    where is_fcr_7d is not null and technician_id is not null
    group by technician_id, known_at

),

return_totals as (

    select
        known_at,
        sum(count(*)) over (order by known_at) as resolution_count,
        sum(count_if(not is_fcr_7d)) over (order by known_at) as return_count
    from resolutions
    where is_fcr_7d is not null
    group by known_at

),

sites_then as (

    select distinct
        moment_at,
        site_id,
        moment_at - interval {{ recent_days }} day as recent_from_at
    from asked

),

site_shares as (

    select
        sites_then.moment_at,
        sites_then.site_id,
        {{ shrunk_share(
            'coalesce(site_now.breach_count, 0) - coalesce(site_before.breach_count, 0)',
            'coalesce(site_now.promise_count, 0) - coalesce(site_before.promise_count, 0)',
            '(coalesce(all_now.breach_count, 0) - coalesce(all_before.breach_count, 0))',
            '(coalesce(all_now.promise_count, 0) - coalesce(all_before.promise_count, 0))'
        ) }} as site_breach_share
    from sites_then
    asof left join site_totals as site_now
        on
            sites_then.site_id = site_now.site_id
            and sites_then.moment_at >= site_now.known_at
    asof left join site_totals as site_before
        on
            sites_then.site_id = site_before.site_id
            and sites_then.recent_from_at >= site_before.known_at
    asof left join all_totals as all_now on sites_then.moment_at >= all_now.known_at
    asof left join all_totals as all_before on sites_then.recent_from_at >= all_before.known_at

),

people_then as (

    select distinct
        moment_at,
        technician_id
    from asked

),

person_shares as (

    select
        people_then.moment_at,
        people_then.technician_id,
        {{ shrunk_share(
            'coalesce(person_totals.return_count, 0)',
            'coalesce(person_totals.resolution_count, 0)',
            'return_totals.return_count',
            'return_totals.resolution_count'
        ) }} as technician_return_share
    from people_then
    asof left join person_totals
        on
            people_then.technician_id = person_totals.technician_id
            and people_then.moment_at >= person_totals.known_at
    asof left join return_totals on people_then.moment_at >= return_totals.known_at

),

visits_then as (

    select
        asked.ticket_id,
        asked.moment_at,
        count_if(visits.completed_at <= asked.moment_at) as visit_count,
        count_if(coalesce(visits.completed_at > asked.moment_at, true)) > 0 as is_visit_planned
    from asked
    inner join {{ ref('fct_visits') }} as visits
        on
            asked.ticket_id = visits.ticket_id
            and asked.moment_at >= visits.requested_at
    group by asked.ticket_id, asked.moment_at

),

parts_then as (

    select
        asked.ticket_id,
        asked.moment_at
    from asked
    inner join {{ ref('fct_part_lines') }} as part_lines
        on
            asked.ticket_id = part_lines.ticket_id
            and asked.moment_at >= part_lines.requested_at
            and asked.moment_at < coalesce(part_lines.delivered_at, timestamp 'infinity')
    group by asked.ticket_id, asked.moment_at

),

-- Requests before this one, by the same customer and about the same unit.
asked_before as (

    select
        ticket_id,
        case
            when customer_id is not null
                then
                    count(*) over (
                        partition by customer_id
                        order by created_at
                        range between interval {{ recent_days }} day preceding
                        and interval 1 microsecond preceding
                    )
        end as customer_request_count,
        case
            when asset_id is not null
                then
                    count(*) over (
                        partition by asset_id
                        order by created_at
                        range between interval {{ recent_days }} day preceding
                        and interval 1 microsecond preceding
                    )
        end as unit_request_count
    from tickets

)

select
    asked.ticket_id,
    asked.moment_at,
    cast(asked.days_before as bigint) as days_before,
    asked.site_id,
    tickets.product_family,
    tickets.channel,
    asked.priority,
    asked.stage,
    cast({{ iso_weekday(local_date('asked.moment_at')) }} as varchar) as weekday,
    round({{ seconds_between('tickets.created_at', 'asked.moment_at') }} / 3600, 4) as age_hours,
    round(
        ({{ seconds_between('tickets.created_at', 'asked.moment_at') }} - asked.waited_seconds)
        / coalesce(policies.target_seconds, promises.target_seconds),
        4
    ) as promise_used_share,
    coalesce(tickets.first_response_at <= asked.moment_at, false) as is_answered,
    asked.cycle_number > 1 as is_reopened,
    coalesce(visits_then.visit_count, 0) as visit_count,
    coalesce(visits_then.is_visit_planned, false) as is_visit_planned,
    parts_then.ticket_id is not null as is_part_awaited,
    asked.site_open_count,
    round(site_shares.site_breach_share, 6) as site_breach_share,
    round(person_shares.technician_return_share, 6) as technician_return_share,
    coalesce(asked_before.customer_request_count, 0) as customer_request_count,
    coalesce(asked_before.unit_request_count, 0) as unit_request_count,
    case
        when
            promises.started_at is null
            or promises.started_at > asked.moment_at
            or promises.reached_at <= asked.moment_at
            or promises.due_at <= asked.moment_at
            then 'not_asked'
        when promises.is_met then 'no'
        when not promises.is_met then 'yes'
        when promises.outcome in ('pending', 'paused') then 'open'
        else 'left_out'
    end as breach_state,
    promises.known_at as breach_known_at,
    case
        when asked.cycle_number > 1 or resolutions.first_resolved_at <= asked.moment_at
            then 'not_asked'
        when resolutions.is_fcr_7d then 'no'
        when not resolutions.is_fcr_7d then 'yes'
        when
            asked_tickets_end.exit_kind in ('cancelled', 'merged', 'unresolved')
            or resolutions.identity_state <> 'known'
            then 'left_out'
        else 'open'
    end as comeback_state,
    case when resolutions.is_fcr_7d is not null then resolutions.known_at end as comeback_known_at
from asked
inner join tickets on asked.ticket_id = tickets.ticket_id
inner join {{ ref('fct_tickets') }} as asked_tickets_end
    on asked.ticket_id = asked_tickets_end.ticket_id
left join promises on asked.ticket_id = promises.ticket_id
left join policies
    on
        asked.priority = policies.priority
        and tickets.created_date >= policies.valid_from_date
        and tickets.created_date < coalesce(policies.valid_to_date, date '9999-12-31')
left join resolutions on asked.ticket_id = resolutions.ticket_id
left join asked_before on asked.ticket_id = asked_before.ticket_id
left join site_shares
    on
        asked.moment_at = site_shares.moment_at
        and asked.site_id = site_shares.site_id
left join person_shares
    on
        asked.moment_at = person_shares.moment_at
        and asked.technician_id is not distinct from person_shares.technician_id
left join visits_then
    on
        asked.ticket_id = visits_then.ticket_id
        and asked.moment_at = visits_then.moment_at
left join parts_then
    on
        asked.ticket_id = parts_then.ticket_id
        and asked.moment_at = parts_then.moment_at
