with answers as (

    select * from {{ ref('int_survey_answers_judged') }}

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

)

select
    answers.answer_id,
    answers.source,
    answers.invitation_id,
    answers.customer_id,
    answers.ticket_id,
    coalesce(
        answers.named_technician_id, resolutions_before.technician_id, answers.ticket_technician_id
    ) as technician_id,
    answers.site_id,
    answers.product_family,
    answers.channel,
    answers.priority,
    answers.question_kind,
    answers.survey_kind,
    answers.aspect,
    case
        when answers.question_kind <> 'nps' or answers.invalid_reason is not null
            then cast(null as varchar)
        when answers.raw_score >= 9 then 'promoter'
        when answers.raw_score >= 7 then 'passive'
        else 'detractor'
    end as nps_group,
    answers.polarity,
    answers.invalid_reason,
    answers.comment,
    answers.language,
    answers.raw_score,
    answers.scale_min,
    answers.scale_max,
    answers.ease_score,
    answers.invalid_reason is null as is_valid,
    answers.is_latest,
    answers.is_within_contact_cap,
    case
        when answers.invalid_reason is not null then cast(null as boolean)
        when answers.question_kind = 'ces' then answers.ease_score >= 5
        when
            answers.question_kind in ('csat', 'aspect') and answers.scale_max = 5
            then answers.raw_score >= 4
        when answers.question_kind in ('csat', 'aspect') then answers.raw_score >= 3
    end as is_top_box,
    {{ local_date('answers.answered_at') }} as answered_date,
    answers.answered_at
from answers
left join resolutions_before
    on answers.answer_id = resolutions_before.answer_id and resolutions_before.recency = 1
