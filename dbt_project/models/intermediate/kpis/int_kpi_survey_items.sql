with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

invitations as (

    select
        invitation_id,
        ticket_id,
        sent_at
    from {{ ref('stg_survey_invitations') }}

),

tickets as (

    select
        ticket_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority
    from {{ ref('fct_tickets') }}

),

answers as (

    select
        survey_answers.*,
        coalesce(tickets.issue_family, 'unknown') as issue_family,
        case
            when survey_answers.raw_score is null then 'no_score'
            when not survey_answers.is_valid then 'off_scale'
            when not survey_answers.is_latest then 'superseded'
            else 'counted'
        end as answer_state
    from {{ ref('fct_survey_answers') }} as survey_answers
    left join tickets on survey_answers.ticket_id = tickets.ticket_id

),

first_answers as (

    select
        invitation_id,
        min(answered_at) as answered_at
    from answers
    where invitation_id is not null
    group by invitation_id

),

top_boxes as (

    select
        'csat_top_box_share' as kpi_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        case
            when answer_state = 'counted' and is_top_box is null then 'other_scale'
            else answer_state
        end as item_state,
        cast(case when is_top_box then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from answers
    where question_kind = 'csat' and aspect = 'overall' and survey_kind = 'transactional'

),

satisfaction as (

    select
        'csat_mean' as kpi_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        case
            when answer_state = 'counted' and not (scale_min = 1 and scale_max = 5)
                then 'other_scale'
            else answer_state
        end as item_state,
        cast(raw_score as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from answers
    where question_kind = 'csat' and aspect = 'overall' and survey_kind = 'transactional'

),

relationship_promoters as (

    select
        'nps' as kpi_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        answer_state as item_state,
        cast(
            case nps_group when 'promoter' then 1 when 'detractor' then -1 else 0 end
            as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from answers
    where question_kind = 'nps' and survey_kind = 'relationship'

),

service_promoters as (

    select
        'nps_transactional' as kpi_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        answer_state as item_state,
        cast(
            case nps_group when 'promoter' then 1 when 'detractor' then -1 else 0 end
            as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from answers
    where question_kind = 'nps' and survey_kind = 'transactional'

),

ease as (

    select
        'ces_mean' as kpi_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        case
            when answer_state = 'counted' and not (scale_min = 1 and scale_max = 7)
                then 'other_scale'
            else answer_state
        end as item_state,
        cast(raw_score as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from answers
    where question_kind = 'ces'

),

-- An answer after the window does not count, and an invitation younger than the window is not
-- judged: else the share of a month would grow as its answers trickle in.
responses as (

    select
        'survey_response_rate' as kpi_id,
        tickets.technician_id,
        coalesce(tickets.site_id, 'unknown') as site_id,
        coalesce(tickets.product_family, 'unknown') as product_family,
        coalesce(tickets.issue_family, 'unknown') as issue_family,
        coalesce(tickets.channel, 'unknown') as channel,
        coalesce(tickets.priority, 'unknown') as priority,
        case
            when invitations.sent_at + interval 14 day > as_of.as_of_at then 'immature'
            else 'counted'
        end as item_state,
        cast(
            case
                when first_answers.answered_at <= invitations.sent_at + interval 14 day then 1
                else 0
            end
            as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        {{ local_date('invitations.sent_at') }} as counted_date
    from invitations
    cross join as_of
    left join tickets on invitations.ticket_id = tickets.ticket_id
    left join first_answers on invitations.invitation_id = first_answers.invitation_id
    where invitations.sent_at <= as_of.as_of_at

)

select * from top_boxes
union all
select * from satisfaction
union all
select * from relationship_promoters
union all
select * from service_promoters
union all
select * from ease
union all
select * from responses
