with recursive settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

tickets as (

    select
        ticket_id,
        customer_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority
    from {{ ref('int_tickets_classified') }}

),

answers as (

    select
        survey_answers.answer_id,
        survey_answers.source,
        survey_answers.invitation_id,
        coalesce(survey_answers.customer_id, tickets.customer_id) as customer_id,
        survey_answers.ticket_id,
        survey_answers.technician_id as named_technician_id,
        tickets.technician_id as ticket_technician_id,
        coalesce(tickets.site_id, 'unknown') as site_id,
        coalesce(tickets.product_family, 'unknown') as product_family,
        coalesce(tickets.channel, 'unknown') as channel,
        coalesce(tickets.priority, 'unknown') as priority,
        survey_answers.question_kind,
        coalesce(
            survey_answers.survey_kind,
            case when survey_answers.ticket_id is null then 'relationship' else 'transactional' end
        ) as survey_kind,
        coalesce(survey_answers.aspect, 'overall') as aspect,
        case
            when survey_answers.question_kind = 'ces'
                then coalesce(survey_answers.polarity, 'high_is_easy')
        end as polarity,
        survey_answers.comment,
        survey_answers.language,
        survey_answers.raw_score,
        survey_answers.scale_min,
        survey_answers.scale_max,
        -- Scales without an agreed top box, and a recommendation asked on anything but 0–10, do not
        -- count.
        coalesce(
            case survey_answers.question_kind
                when 'nps' then survey_answers.scale_min = 0 and survey_answers.scale_max = 10
                when 'ces' then survey_answers.scale_min = 1 and survey_answers.scale_max = 7
                when 'fcr' then survey_answers.scale_min = 0 and survey_answers.scale_max = 1
                else survey_answers.scale_min = 1 and survey_answers.scale_max in (3, 5)
            end,
            false
        ) as is_accepted_scale,
        survey_answers.answered_at
    from {{ ref('stg_survey_answers') }} as survey_answers
    cross join settings
    left join tickets on survey_answers.ticket_id = tickets.ticket_id
    where survey_answers.answered_at <= settings.as_of_at

),

judged as (

    select
        *,
        case
            when raw_score is null then 'no_score'
            when not is_accepted_scale then 'refused_scale'
            when raw_score not between scale_min and scale_max then 'off_scale'
        end as invalid_reason
    from answers

),

ranked as (

    select
        *,
        -- A later answer without a valid score does not take an earlier score away. A customer who
        -- recommends again in another survey does not take the earlier one away: the contact cap
        -- decides.
        row_number() over (
            partition by
                question_kind,
                survey_kind,
                aspect,
                case
                    when ticket_id is not null then 'ticket ' || ticket_id
                    when question_kind = 'nps' and invitation_id is not null
                        then 'invitation ' || invitation_id
                    when question_kind <> 'nps' and customer_id is not null
                        then 'customer ' || customer_id
                    else 'answer ' || answer_id
                end
            order by invalid_reason is null desc, answered_at desc, answer_id desc
        ) = 1 as is_latest
    from judged

),

recommendations as (

    select
        answer_id,
        survey_kind,
        customer_id,
        answered_at,
        row_number() over (
            partition by survey_kind, customer_id
            order by answered_at, answer_id
        ) as answer_number
    from ranked
    where
        question_kind = 'nps'
        and invalid_reason is null
        and is_latest
        and customer_id is not null

),

reached as (

    select
        answer_id,
        survey_kind,
        customer_id,
        answer_number,
        -- The first answer after the cap has passed: it counts if this one does.
        min(answer_number) over (
            partition by survey_kind, customer_id
            order by answered_at
            range between
            interval {{ var('nps_contact_cap_days') }} day following and unbounded following
        ) as reached_number
    from recommendations

),

-- Always a later one, also without a cap: the recursion must end.
spaced as (

    select
        answer_id,
        survey_kind,
        customer_id,
        answer_number,
        case
            when reached_number <= answer_number then answer_number + 1
            else reached_number
        end as next_number
    from reached

),

counted as (

    select
        answer_id,
        survey_kind,
        customer_id,
        next_number
    from spaced
    where answer_number = 1

    union all

    select
        spaced.answer_id,
        spaced.survey_kind,
        spaced.customer_id,
        spaced.next_number
    from counted
    inner join spaced
        on
            counted.customer_id = spaced.customer_id
            and counted.survey_kind = spaced.survey_kind
            and counted.next_number = spaced.answer_number

)

select
    ranked.answer_id,
    ranked.source,
    ranked.invitation_id,
    ranked.customer_id,
    ranked.ticket_id,
    ranked.named_technician_id,
    ranked.ticket_technician_id,
    ranked.site_id,
    ranked.product_family,
    ranked.channel,
    ranked.priority,
    ranked.question_kind,
    ranked.survey_kind,
    ranked.aspect,
    ranked.polarity,
    ranked.invalid_reason,
    ranked.comment,
    ranked.language,
    ranked.raw_score,
    ranked.scale_min,
    ranked.scale_max,
    case
        when ranked.invalid_reason is not null then cast(null as decimal(9, 3))
        when ranked.polarity = 'high_is_easy' then ranked.raw_score
        when ranked.polarity = 'low_is_easy'
            then cast(ranked.scale_min + ranked.scale_max - ranked.raw_score as decimal(9, 3))
    end as ease_score,
    ranked.is_latest,
    -- Who is not known cannot be capped.
    case
        when
            ranked.question_kind = 'nps' and ranked.invalid_reason is null and ranked.is_latest
            then ranked.customer_id is not null and counted.answer_id is null
    end as is_within_contact_cap,
    ranked.answered_at
from ranked
left join counted on ranked.answer_id = counted.answer_id
