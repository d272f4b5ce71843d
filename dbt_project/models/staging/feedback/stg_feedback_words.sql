with texts as (

    {{ feedback_texts() }}

),

told_apart as (

    select distinct
        comment,
        language,
        {{ spaced_words('comment') }} as spaced
    from texts
    where language is not null

),

words as (

    select
        _source,
        theme,
        language,
        word,
        severity,
        valid_from_date,
        coalesce(valid_to_date, date '9999-12-31') as valid_to_date,
        trim({{ spaced_words('word') }}) as needle
    from {{ source('policy', 'feedback_themes') }}

),

-- What the company says of a word stands in the place of what ships.
decided as (

    select *
    from words
    qualify
        dense_rank() over (
            partition by language, needle
            order by case when _source = 'company' then 0 else 1 end
        ) = 1

),

-- Chinese has no spaces: a word is found anywhere. An English one begins where a word begins and
-- ends where one ends, or anywhere if it ends in *.
sought as (

    select
        *,
        case
            when language = 'zh' then needle
            when right(word, 1) = '*' then ' ' || needle
            else ' ' || needle || ' '
        end as spaced_needle
    from decided

),

met as (

    select
        told_apart.comment,
        told_apart.language,
        sought.theme,
        sought.word,
        sought.needle,
        sought.severity,
        sought.valid_from_date,
        sought.valid_to_date
    from told_apart
    inner join sought
        on
            told_apart.language = sought.language
            and contains(told_apart.spaced, sought.spaced_needle)
    where
        contains(
            {{ without_negated('told_apart.spaced', 'sought.spaced_needle', 'sought.language') }},
            sought.spaced_needle
        )

),

said as (

    select
        texts.feedback_kind,
        texts.feedback_id,
        met.theme,
        met.word,
        met.needle,
        met.severity
    from texts
    inner join met
        on
            texts.comment = met.comment
            and texts.language = met.language
            and {{ local_date('texts.written_at') }} >= met.valid_from_date
            and {{ local_date('texts.written_at') }} <= met.valid_to_date
    where texts.is_first

),

-- The longest word says what is meant: 不满意 is not 满意, and "poor service" is no "service".
swallowed as (

    select distinct
        said.feedback_kind,
        said.feedback_id,
        said.needle
    from said
    inner join said as longer
        on
            said.feedback_kind = longer.feedback_kind
            and said.feedback_id = longer.feedback_id
            and length(said.needle) < length(longer.needle)
            and contains(longer.needle, said.needle)

)

select
    said.feedback_kind,
    said.feedback_id,
    said.theme,
    said.word,
    said.severity
from said
left join swallowed
    on
        said.feedback_kind = swallowed.feedback_kind
        and said.feedback_id = swallowed.feedback_id
        and said.needle = swallowed.needle
where swallowed.needle is null
