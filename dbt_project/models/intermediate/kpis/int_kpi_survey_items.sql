with tickets as (

    select
        ticket_id,
        issue_family
    from {{ ref('fct_tickets') }}

),

answers as (

    select
        survey_answers.*,
        coalesce(tickets.issue_family, 'unknown') as issue_family,
        case
            when not survey_answers.is_valid then survey_answers.invalid_reason
            when not survey_answers.is_latest then 'superseded'
            when survey_answers.is_within_contact_cap then 'contact_cap'
            else 'counted'
        end as answer_state
    from {{ ref('fct_survey_answers') }} as survey_answers
    left join tickets on survey_answers.ticket_id = tickets.ticket_id

),

-- What was asked about a service, on the scale of which the KPI speaks; a KPI of another scale is
-- another KPI.
asked as (

    select
        *,
        case
            when answer_state = 'counted' and not (scale_min = 1 and scale_max = 5)
                then 'other_scale'
            else answer_state
        end as five_point_state,
        case
            when answer_state = 'counted' and not (scale_min = 1 and scale_max = 3)
                then 'other_scale'
            else answer_state
        end as three_point_state,
        cast(case when is_top_box then 1 else 0 end as decimal(18, 4)) as top_box
    from answers
    where question_kind in ('csat', 'aspect') and survey_kind = 'transactional'

),

overall as (

    select * from asked
    where question_kind = 'csat' and aspect = 'overall'

),

top_boxes as (

    select
        'csat_top_box_share' as kpi_id,
        'answer' as subject_kind,
        answer_id as subject_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        five_point_state as item_state,
        top_box as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from overall

),

top_boxes_of_three as (

    select
        'csat_top_box_share_3_point' as kpi_id,
        'answer' as subject_kind,
        answer_id as subject_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        three_point_state as item_state,
        top_box as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from overall

),

satisfaction as (

    select
        'csat_mean' as kpi_id,
        'answer' as subject_kind,
        answer_id as subject_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        five_point_state as item_state,
        cast(raw_score as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from overall

),

satisfaction_of_three as (

    select
        'csat_mean_3_point' as kpi_id,
        'answer' as subject_kind,
        answer_id as subject_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        three_point_state as item_state,
        cast(raw_score as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from overall

),

aspect_kpis as (

    select
        'attitude' as aspect,
        'attitude_top_box_share' as kpi_id
    union all
    select
        'communication' as aspect,
        'effective_communication_rate' as kpi_id
    union all
    select
        'professionalism' as aspect,
        'professionalism_top_box_share' as kpi_id
    union all
    select
        'timeliness' as aspect,
        'timeliness_top_box_share' as kpi_id
    union all
    select
        'quality' as aspect,
        'quality_top_box_share' as kpi_id
    union all
    select
        'effectiveness' as aspect,
        'effectiveness_top_box_share' as kpi_id
    union all
    select
        'product' as aspect,
        'product_top_box_share' as kpi_id
    union all
    select
        'friendliness' as aspect,
        'friendliness_top_box_share' as kpi_id
    union all
    select
        'empathy' as aspect,
        'empathy_top_box_share' as kpi_id

),

aspects as (

    select
        aspect_kpis.kpi_id,
        'answer' as subject_kind,
        asked.answer_id as subject_id,
        asked.technician_id,
        asked.site_id,
        asked.product_family,
        asked.issue_family,
        asked.channel,
        asked.priority,
        asked.five_point_state as item_state,
        asked.top_box as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        asked.answered_date as counted_date
    from asked
    inner join aspect_kpis on asked.aspect = aspect_kpis.aspect

),

relationship_promoters as (

    select
        'nps' as kpi_id,
        'answer' as subject_kind,
        answer_id as subject_id,
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
        'answer' as subject_kind,
        answer_id as subject_id,
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
        'answer' as subject_kind,
        answer_id as subject_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        answer_state as item_state,
        cast(ease_score as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from answers
    where question_kind = 'ces'

),

easy as (

    select
        'ces_easy_share' as kpi_id,
        'answer' as subject_kind,
        answer_id as subject_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        answer_state as item_state,
        cast(case when is_top_box then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from answers
    where question_kind = 'ces'

),

responses as (

    select
        'survey_response_rate' as kpi_id,
        'invitation' as subject_kind,
        invitation_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as issue_family,
        channel,
        priority,
        case when response_state = 'immature' then 'immature' else 'counted' end as item_state,
        cast(case when response_state = 'answered' then 1 else 0 end as decimal(18, 4))
            as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        sent_date as counted_date
    from {{ ref('int_kpi_survey_invitations') }}

)

select * from top_boxes
union all
select * from top_boxes_of_three
union all
select * from satisfaction
union all
select * from satisfaction_of_three
union all
select * from aspects
union all
select * from relationship_promoters
union all
select * from service_promoters
union all
select * from ease
union all
select * from easy
union all
select * from responses
