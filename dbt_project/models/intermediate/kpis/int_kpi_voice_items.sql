with answers as (

    select * from {{ ref('fct_survey_answers') }}

),

complaints as (

    select * from {{ ref('fct_complaints') }}

),

reviews as (

    select * from {{ ref('fct_reviews') }}

),

audits as (

    select * from {{ ref('fct_audits') }}

),

-- A questionnaire is one piece of feedback, however many questions it has.
questionnaires as (

    select
        min(answer_id) as answer_id,
        min(technician_id) as technician_id,
        min(site_id) as site_id,
        min(product_family) as product_family,
        min(answered_date) as counted_date
    from answers
    group by
        case
            when invitation_id is not null then 'invitation ' || invitation_id
            when coalesce(ticket_id, customer_id) is not null
                then
                    'asked '
                    || survey_kind
                    || ' '
                    || coalesce('ticket ' || ticket_id, 'customer ' || customer_id)
                    || ' '
                    || cast(answered_at as varchar)
            else 'answer ' || answer_id
        end

),

feedback as (

    select
        'answer' as subject_kind,
        answer_id as subject_id,
        technician_id,
        site_id,
        product_family,
        counted_date
    from questionnaires

    union all

    select
        'complaint' as subject_kind,
        complaint_id as subject_id,
        technician_id,
        site_id,
        product_family,
        raised_date as counted_date
    from complaints

    union all

    select
        'review' as subject_kind,
        review_id as subject_id,
        cast(null as varchar) as technician_id,
        site_id,
        product_family,
        reviewed_date as counted_date
    from reviews

),

pieces as (

    select
        'feedback_count' as kpi_id,
        subject_kind,
        subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        'counted' as item_state,
        cast(1 as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        counted_date
    from feedback

),

ratings as (

    select
        'review_rating_mean' as kpi_id,
        'review' as subject_kind,
        review_id as subject_id,
        cast(null as varchar) as technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        case
            when rating is null then 'no_score'
            when coalesce(scale_max, 0) <> 5 then 'other_scale'
            when is_valid then 'counted'
            else 'off_scale'
        end as item_state,
        cast(rating as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        reviewed_date as counted_date
    from reviews

),

-- The aspects judged at one occasion are one item: they share the shopper, the day and the mood.
occasions as (

    select
        min(audit_id) as audit_id,
        audit_kind,
        technician_id,
        site_id,
        product_family,
        case when is_valid then 'counted' else 'off_scale' end as item_state,
        cast(
            100 * sum(score) filter (where is_valid) / sum(scale_max) filter (where is_valid)
            as decimal(18, 4)
        ) as points,
        audited_date
    from audits
    group by
        audit_kind,
        technician_id,
        site_id,
        product_family,
        ticket_id,
        case when is_valid then 'counted' else 'off_scale' end,
        audited_date,
        audited_at

),

shoppers as (

    select
        'mystery_shopper_score' as kpi_id,
        'audit' as subject_kind,
        audit_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        item_state,
        points as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        audited_date as counted_date
    from occasions
    where audit_kind = 'mystery_shopper'

),

monitored as (

    select
        'service_monitoring_score' as kpi_id,
        'audit' as subject_kind,
        audit_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        item_state,
        points as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        audited_date as counted_date
    from occasions
    where audit_kind = 'monitoring'

)

select * from pieces
union all
select * from ratings
union all
select * from shoppers
union all
select * from monitored
