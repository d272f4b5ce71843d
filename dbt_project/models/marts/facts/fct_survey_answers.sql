with settings as (

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

resolutions as (

    select
        ticket_id,
        stage_number,
        technician_id,
        entered_at
    from {{ ref('int_ticket_stages_sequenced') }}
    where is_resolution

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
        survey_answers.comment,
        survey_answers.language,
        survey_answers.raw_score,
        survey_answers.scale_min,
        survey_answers.scale_max,
        -- Scales without an agreed top box, and a recommendation asked on anything but 0–10, do not
        -- count.
        coalesce(
            survey_answers.raw_score between survey_answers.scale_min and survey_answers.scale_max
            and case survey_answers.question_kind
                when 'nps' then survey_answers.scale_min = 0 and survey_answers.scale_max = 10
                when 'ces' then survey_answers.scale_min = 1 and survey_answers.scale_max = 7
                when 'fcr' then survey_answers.scale_min = 0 and survey_answers.scale_max = 1
                else survey_answers.scale_min = 1 and survey_answers.scale_max in (3, 5)
            end,
            false
        ) as is_valid,
        survey_answers.answered_at
    from {{ ref('stg_survey_answers') }} as survey_answers
    cross join settings
    left join tickets on survey_answers.ticket_id = tickets.ticket_id
    where survey_answers.answered_at <= settings.as_of_at

),

-- Who resolved the ticket before the answer was given; a later hand-over does not move the credit.
resolutions_before as (

    select
        answers.answer_id,
        resolutions.technician_id,
        row_number()
            over (partition by answers.answer_id order by resolutions.stage_number desc)
            as recency
    from answers
    inner join resolutions
        on
            answers.ticket_id = resolutions.ticket_id
            and answers.answered_at >= resolutions.entered_at

),

ranked as (

    select
        *,
        -- A later answer without a valid score does not take an earlier score away.
        row_number() over (
            partition by
                question_kind,
                survey_kind,
                aspect,
                case
                    when ticket_id is not null then 'ticket ' || ticket_id
                    when customer_id is not null then 'customer ' || customer_id
                    else 'answer ' || answer_id
                end
            order by is_valid desc, answered_at desc, answer_id desc
        ) as recency
    from answers

)

select
    ranked.answer_id,
    ranked.source,
    ranked.invitation_id,
    ranked.customer_id,
    ranked.ticket_id,
    coalesce(
        ranked.named_technician_id, resolutions_before.technician_id, ranked.ticket_technician_id
    ) as technician_id,
    ranked.site_id,
    ranked.product_family,
    ranked.channel,
    ranked.priority,
    ranked.question_kind,
    ranked.survey_kind,
    ranked.aspect,
    case
        when ranked.question_kind <> 'nps' or not ranked.is_valid then cast(null as varchar)
        when ranked.raw_score >= 9 then 'promoter'
        when ranked.raw_score >= 7 then 'passive'
        else 'detractor'
    end as nps_group,
    ranked.comment,
    ranked.language,
    ranked.raw_score,
    ranked.scale_min,
    ranked.scale_max,
    ranked.is_valid,
    ranked.recency = 1 as is_latest,
    case
        when not ranked.is_valid then cast(null as boolean)
        when ranked.question_kind = 'ces' then ranked.raw_score >= 5
        when
            ranked.question_kind in ('csat', 'aspect') and ranked.scale_max = 5
            then ranked.raw_score >= 4
        when ranked.question_kind in ('csat', 'aspect') then ranked.raw_score >= 3
    end as is_top_box,
    {{ local_date('ranked.answered_at') }} as answered_date,
    ranked.answered_at
from ranked
left join resolutions_before
    on ranked.answer_id = resolutions_before.answer_id and resolutions_before.recency = 1
