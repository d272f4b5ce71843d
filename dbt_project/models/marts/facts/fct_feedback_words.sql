with feedback as (

    select * from {{ ref('int_feedback_gathered') }}

),

words as (

    select * from {{ ref('stg_feedback_words') }}

)

select
    words.feedback_kind,
    words.feedback_id,
    words.theme,
    words.word,
    words.severity,
    case when words.severity = 0 then 'praise' else 'complaint' end as polarity,
    feedback.site_id,
    feedback.product_family,
    feedback.score,
    {{ local_date('feedback.written_at') }} as written_date
from words
inner join feedback
    on words.feedback_kind = feedback.feedback_kind and words.feedback_id = feedback.feedback_id
