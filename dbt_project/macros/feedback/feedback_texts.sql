{#
    The rows of every text of a customer or auditor as landed: kind of feedback, its number, when it was written, the text
    as delivered and the language in which it can be read. Raw texts: for the staging of feedback alone, which lets out
    none of them.

    A survey delivered with one row per question repeats its comment: one of them counts. A text with a Chinese character is
    Chinese, whatever the form said; one of Latin letters is English unless its source says another language.
#}
{% macro feedback_texts() -%}
    select
        feedback_kind,
        feedback_id,
        comment,
        case
            when regexp_matches(comment, '[一-鿿]') then 'zh'
            when
                regexp_matches(comment, '[A-Za-z]')
                and coalesce(left(lower(language), 2), 'en') in ('en', 'zh')
                then 'en'
        end as language,
        written_at,
        row_number() over (
            partition by feedback_kind, said_in, comment
            order by feedback_id
        ) = 1 as is_first
    from (
        select
            'survey' as feedback_kind,
            answer_id as feedback_id,
            coalesce(invitation_id, answer_id) as said_in,
            comment,
            language,
            answered_at as written_at
        from {{ source('raw', 'survey_answers') }}
        union all
        select
            'review' as feedback_kind,
            review_id as feedback_id,
            review_id as said_in,
            comment,
            language,
            reviewed_at as written_at
        from {{ source('raw', 'reviews') }}
        union all
        select
            'complaint' as feedback_kind,
            complaint_id as feedback_id,
            complaint_id as said_in,
            comment,
            cast(null as varchar) as language,
            raised_at as written_at
        from {{ source('raw', 'complaints') }}
        union all
        select
            'audit' as feedback_kind,
            audit_id as feedback_id,
            audit_id as said_in,
            comment,
            cast(null as varchar) as language,
            audited_at as written_at
        from {{ source('raw', 'audits') }}
    ) as delivered
    where trim(comment) <> ''
{%- endmacro %}

{# A text as words are looked for in it: small letters, digits and Chinese characters, all else one space; without apostrophes. #}
{% macro spaced_words(text) -%}
    ' ' || trim(regexp_replace(regexp_replace(lower({{ text }}), '[''’`]', '', 'g'), '[^a-z0-9一-鿿]+', ' ', 'g')) || ' '
{%- endmacro %}

{#
    A text of `spaced_words` without the places where a negation stands right before the word `needle`: "not friendly",
    "不贵". The pattern is made of letters, digits, spaces and Chinese characters alone.
#}
{% macro without_negated(text, needle, language) -%}
    regexp_replace(
        {{ text }},
        case
            when {{ language }} = 'zh' then '(不是很|不太|不够|不怎么|没有|不是|并不|不|没|未|无)'
            else ' (not|no|never|without|isnt|wasnt|arent|werent|hardly)( very| so| too| really| at all| a| any| the)?'
        end || {{ needle }},
        ' ',
        'g'
    )
{%- endmacro %}
