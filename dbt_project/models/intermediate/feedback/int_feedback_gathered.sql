with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

texts as (

    select texts.*
    from {{ ref('stg_feedback_texts') }} as texts
    cross join settings
    where texts.written_at <= settings.as_of_at

),

tickets as (

    select
        ticket_id,
        site_id,
        product_family
    from {{ ref('int_tickets_classified') }}

),

products as (

    select
        product_id,
        product_family
    from {{ ref('stg_products') }}

),

placed as (

    select
        'survey' as feedback_kind,
        answer_id as feedback_id,
        source,
        customer_id,
        ticket_id,
        site_id,
        product_family,
        comment
    from {{ ref('int_survey_answers_judged') }}

    union all

    select
        'review' as feedback_kind,
        reviews.review_id as feedback_id,
        reviews.source,
        reviews.customer_id,
        cast(null as varchar) as ticket_id,
        reviews.site_id,
        products.product_family,
        reviews.comment
    from {{ ref('stg_reviews') }} as reviews
    left join products on reviews.product_id = products.product_id

    union all

    select
        'complaint' as feedback_kind,
        complaints.complaint_id as feedback_id,
        complaints.source,
        complaints.customer_id,
        complaints.ticket_id,
        complaints.site_id,
        complaints.product_family,
        staged.comment
    from {{ ref('int_complaints_judged') }} as complaints
    left join {{ ref('stg_complaints') }} as staged
        on complaints.complaint_id = staged.complaint_id

    union all

    select
        'audit' as feedback_kind,
        audits.audit_id as feedback_id,
        audits.source,
        cast(null as varchar) as customer_id,
        audits.ticket_id,
        coalesce(audits.site_id, tickets.site_id) as site_id,
        tickets.product_family,
        audits.comment
    from {{ ref('stg_audits') }} as audits
    left join tickets on audits.ticket_id = tickets.ticket_id

),

themes as (

    select
        feedback_kind,
        feedback_id,
        theme,
        max(severity) as severity
    from {{ ref('stg_feedback_words') }}
    group by feedback_kind, feedback_id, theme

),

-- Themes of praise have no severity.
weighed as (

    select
        feedback_kind,
        feedback_id,
        {{ dbt.listagg('theme', "' '", 'order by theme') }} as themes,
        max(severity) as severity,
        count(*) as theme_count,
        count(*) filter (where severity = 0) as praise_count
    from themes
    group by feedback_kind, feedback_id

),

-- The themes know the trade, the library knows the language: two thirds and one third where both
-- speak. Before anything was measured.
scored as (

    select
        texts.feedback_kind,
        texts.feedback_id,
        texts.language,
        texts.character_count,
        weighed.themes,
        coalesce(weighed.severity, 0) as severity,
        coalesce(weighed.theme_count, 0) as theme_count,
        case
            when weighed.theme_count is null then texts.tone
            else round((
                2e0 * (2 * weighed.praise_count - weighed.theme_count) / weighed.theme_count
                + texts.tone
            ) / 3, 4)
        end as score,
        texts.written_at
    from texts
    left join weighed
        on
            texts.feedback_kind = weighed.feedback_kind
            and texts.feedback_id = weighed.feedback_id

)

select
    scored.feedback_kind,
    scored.feedback_id,
    placed.source,
    placed.customer_id,
    placed.ticket_id,
    coalesce(placed.site_id, 'unknown') as site_id,
    coalesce(placed.product_family, 'unknown') as product_family,
    scored.language,
    case
        when scored.score is null then cast(null as varchar)
        when scored.score >= {{ neutral_band() }} then 'positive'
        when scored.score <= -{{ neutral_band() }} then 'negative'
        else 'neutral'
    end as sentiment,
    scored.score,
    scored.themes,
    scored.theme_count,
    scored.severity,
    placed.comment,
    scored.character_count,
    scored.written_at
from scored
inner join placed
    on scored.feedback_kind = placed.feedback_kind and scored.feedback_id = placed.feedback_id
