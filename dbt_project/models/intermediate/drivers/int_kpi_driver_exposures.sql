with tickets as (

    select
        ticket_id,
        site_id,
        created_at,
        resolved_at
    from {{ ref('fct_tickets') }}
    where exit_kind <> 'merged'

),

promises as (

    select
        case metric
            when 'first_response' then 'late_first_response' else 'late_resolution'
        end as driver,
        ticket_id,
        not is_met as is_exposed,
        due_at as exposed_at
    from {{ ref('fct_sla_outcomes') }}
    where metric in ('first_response', 'resolution') and is_eligible

),

repeats as (

    select
        'repeat' as driver,
        ticket_id,
        is_repeat as is_exposed,
        contact_at as exposed_at
    from {{ ref('fct_episode_contacts') }}
    where contact_kind = 'ticket'

),

reopened as (

    select
        ticket_id,
        min(entered_at) as exposed_at
    from {{ ref('fct_ticket_stages') }}
    where is_reopening
    group by ticket_id

),

reopenings as (

    select
        'reopened' as driver,
        tickets.ticket_id,
        reopened.ticket_id is not null as is_exposed,
        reopened.exposed_at
    from tickets
    left join reopened on tickets.ticket_id = reopened.ticket_id
    where tickets.resolved_at is not null or reopened.ticket_id is not null

),

slow_sites as (

    select
        'slow_site' as driver,
        tickets.ticket_id,
        sites.is_slow as is_exposed,
        tickets.created_at as exposed_at
    from tickets
    inner join {{ ref('int_kpi_driver_sites') }} as sites on tickets.site_id = sites.site_id

),

-- What the customer says of an aspect of the same service: less than the two best of five points.
aspects as (

    select
        aspect as driver,
        ticket_id,
        not is_top_box as is_exposed,
        answered_at as exposed_at
    from {{ ref('fct_survey_answers') }}
    where
        question_kind = 'aspect'
        and aspect <> 'overall'
        and survey_kind = 'transactional'
        and ticket_id is not null
        and is_valid
        and is_latest
        and scale_min = 1
        and scale_max = 5

),

gathered as (

    select
        'service' as driver_kind,
        *
    from promises

    union all

    select
        'service' as driver_kind,
        *
    from repeats

    union all

    select
        'service' as driver_kind,
        *
    from reopenings

    union all

    select
        'service' as driver_kind,
        *
    from slow_sites

    union all

    select
        'aspect' as driver_kind,
        *
    from aspects

)

select
    gathered.driver_kind,
    gathered.driver,
    gathered.ticket_id,
    gathered.is_exposed,
    case when gathered.is_exposed then gathered.exposed_at end as exposed_at
from gathered
inner join tickets on gathered.ticket_id = tickets.ticket_id
where gathered.is_exposed is not null
