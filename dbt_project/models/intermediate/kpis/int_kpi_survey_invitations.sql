{% set window_days = var('survey_window_days') %}

with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

invitations as (

    select
        invitations.invitation_id,
        invitations.ticket_id,
        invitations.survey_channel,
        invitations.sent_at,
        invitations.sent_at + interval {{ window_days }} day as window_ends_at,
        as_of.as_of_at
    from {{ ref('stg_survey_invitations') }} as invitations
    cross join as_of
    where invitations.sent_at <= as_of.as_of_at

),

tickets as (

    select
        ticket_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority
    from {{ ref('fct_tickets') }}

),

answers as (

    select
        answers.invitation_id,
        answers.answer_id,
        answers.is_top_box,
        answers.question_kind = 'csat'
        and answers.aspect = 'overall'
        and answers.is_valid as is_satisfaction,
        answers.answered_at,
        answers.answered_at <= invitations.window_ends_at as is_in_time
    from {{ ref('fct_survey_answers') }} as answers
    inner join invitations on answers.invitation_id = invitations.invitation_id

),

answered as (

    select
        invitation_id,
        bool_or(is_in_time) as is_in_time
    from answers
    group by invitation_id

),

-- The last valid answer in time to the question of satisfaction, each on its own scale: what an
-- invitation tells is whether its customer is satisfied.
verdicts as (

    select
        invitation_id,
        is_top_box,
        row_number() over (
            partition by invitation_id
            order by answered_at desc, answer_id desc
        ) as recency
    from answers
    where is_satisfaction and is_in_time

)

-- An answer after the window does not count, and an invitation younger than the window is not
-- judged: else the share of a month would grow as its answers trickle in.
select
    invitations.invitation_id,
    tickets.technician_id,
    coalesce(tickets.site_id, 'unknown') as site_id,
    coalesce(tickets.product_family, 'unknown') as product_family,
    coalesce(tickets.channel, 'unknown') as channel,
    coalesce(tickets.priority, 'unknown') as priority,
    case when invitations.ticket_id is null then 'relationship' else 'transactional' end
        as survey_kind,
    coalesce(invitations.survey_channel, 'unknown') as survey_channel,
    case
        when invitations.window_ends_at > invitations.as_of_at then 'immature'
        when answered.is_in_time then 'answered'
        when answered.invitation_id is not null then 'late'
        else 'unanswered'
    end as response_state,
    verdicts.is_top_box as is_satisfied,
    {{ local_date('invitations.sent_at') }} as sent_date
from invitations
left join tickets on invitations.ticket_id = tickets.ticket_id
left join answered on invitations.invitation_id = answered.invitation_id
left join verdicts
    on invitations.invitation_id = verdicts.invitation_id and verdicts.recency = 1
