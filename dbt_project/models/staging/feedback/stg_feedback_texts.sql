with texts as (

    {{ feedback_texts() }}

),

-- What many wrote alike ("ok") is read once.
told_apart as (

    select distinct
        comment,
        language
    from texts
    where language is not null

),

scored as (

    select
        comment,
        language,
        comment_score(comment, language) as tone
    from told_apart

)

select
    texts.feedback_kind,
    texts.feedback_id,
    texts.language,
    scored.tone,
    cast(length(trim(texts.comment)) as bigint) as character_count,
    texts.written_at
from texts
left join scored on texts.comment = scored.comment and texts.language = scored.language
where texts.is_first
